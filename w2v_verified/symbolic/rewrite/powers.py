"""Products as a number and whole powers of what is multiplied."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.indices import canonical


def powers_of(e: Any) -> tuple[Any, dict[Any, Any]]:
    """The number in a product, and the powers of its other factors, none of them 0."""
    number, rest = e.as_coeff_Mul()
    powers: dict[Any, Any] = {}
    for f in sp.Mul.make_args(rest):
        whole = isinstance(f, sp.Pow) and not isinstance(f, sp.exp) and f.exp.is_Integer
        base, power = (f.base, f.exp) if whole else (f, sp.Integer(1))
        if f != 1:
            base = canonical(base)
            powers[base] = powers.get(base, 0) + power
    return number, {b: p for b, p in powers.items() if p != 0}


def product_of(powers: Mapping[Any, Any]) -> Any:
    """The product of powers."""
    return sp.Mul(*(b**p for b, p in powers.items()))
