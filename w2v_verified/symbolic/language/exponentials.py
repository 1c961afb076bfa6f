"""Sums of exponentials, whatever else stands in their terms."""

from collections.abc import Iterable
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.indices import bound_indices, total
from w2v_verified.symbolic.language.operators import BRACKETS
from w2v_verified.symbolic.language.text import bracket

__all__ = ["carrier", "has_exponentials", "is_below", "pushed", "without", "without_left_out"]


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


def carrier(factors: Iterable[Any]) -> Any:
    """The factor of a product that takes a shift: an exponential, or a sum that has some."""
    found = [f for f in factors if has_exponentials(f)]
    return next((f for f in found if isinstance(f, sp.exp)), found[0])


def pushed(e: Any, t: Any) -> Any:
    """``exp(t) e`` with the factor inside the exponentials of ``e``."""
    if isinstance(e, sp.exp):
        return sp.exp(e.args[0] + t)
    if isinstance(e, sp.Add):
        return sp.Add(*(pushed(a, t) for a in e.args))
    if isinstance(e, sp.Sum) and has_exponentials(e):
        body = pushed(e.function, t)
        for k in bound_indices(e):
            body = total(k, body)
        return body
    if isinstance(e, sp.Mul) and has_exponentials(e):
        takes = carrier(e.args)
        return without_left_out(without(e, takes) * pushed(takes, t))
    return e * sp.exp(t)


def without(e: Any, *factors: Any) -> Any:
    """A product without some of its factors, which SymPy does not always find to be 1 over themselves."""
    return sp.Mul(*(f for f in sp.Mul.make_args(e) if f not in factors))


def without_left_out(e: Any) -> Any:
    """``[b] exp(x) = [b] exp([b] x)``: what a bracket leaves out cannot overflow."""
    brackets = sp.Mul(*(f for f in sp.Mul.make_args(e) if bracket(f) is not None))
    if brackets == 1:
        return e
    told = brackets.atoms(*BRACKETS)
    return sp.Mul(
        *(
            sp.exp(brackets * f.args[0]) if isinstance(f, sp.exp) and not f.has(*told) else f
            for f in sp.Mul.make_args(e)
        )
    )
