"""What generated code uses beside NumPy."""

RUNTIME = {
    "checks": (
        "INTEGER",
        "PLAIN",
        "buffers",
        "count",
        "floating",
        "position",
        "positions",
        "sizes",
        "within",
    ),
    "columns": ("added_up", "scattered_product", "taken"),
    "elementwise": ("finite", "moderate", "sigmoid", "softplus"),
    "products": ("FEW", "add_outer", "outer", "product", "total"),
    "quiet": ("QUIET",),
}
"""What generated code may use of this package, in the order ruff would have it."""
