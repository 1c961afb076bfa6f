"""Sums of exponentials, whatever else stands in their terms."""

from typing import Any

import sympy as sp

__all__ = ["has_exponentials", "is_below"]


def has_exponentials(e: Any) -> bool:
    """Whether ``e`` is an exponential, or a sum or a product with one among its terms or factors."""
    if isinstance(e, sp.exp):
        return True
    if isinstance(e, sp.Sum):
        return has_exponentials(e.function)
    return isinstance(e, sp.Add | sp.Mul) and any(map(has_exponentials, e.args))


def is_below(e: Any) -> bool:
    """Whether ``e`` is a power that is a divisor or a root."""
    power = isinstance(e, sp.Pow) and not isinstance(e, sp.exp)
    return bool(power and e.exp.is_Rational and not (e.exp.is_Integer and e.exp > 0))
