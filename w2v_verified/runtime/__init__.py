"""What generated code uses beside NumPy."""

__all__ = ["RUNTIME"]

RUNTIME = {
    "checks": (
        "INTEGER",
        "PLAIN",
        "buffers",
        "check_between",
        "check_nonnegative",
        "check_positive",
        "count",
        "floating",
        "position",
        "positions",
        "sizes",
        "within",
    ),
    "columns": ("added_up", "scattered_product", "taken"),
    "distances": ("pulled", "squared_distances"),
    "elementwise": ("exp_times", "finite", "log1p", "moderate", "sigmoid", "softplus"),
    "products": ("FEW", "MANY", "add_outer", "outer", "parts", "product", "total"),
    "quiet": ("HEARD", "QUIET"),
}
"""What generated code may use of this package, in the order ruff would have it."""
