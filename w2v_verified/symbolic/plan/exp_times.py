"""Products with an exponential that may leave the range of numbers where the product does not: ``0 * exp(1000)``."""

from collections.abc import Callable
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.indices import BINDERS
from w2v_verified.symbolic.language.text import bracket

__all__ = ["ExpTimes", "careful", "plain"]


class ExpTimes(sp.Function):
    """``ExpTimes(x, h)``: ``x exp(h)``, computed so that neither the exponential overflows nor its inverse does."""

    is_real = True


def careful(e: Any, large: Callable[[Any], bool]) -> Any:
    """``e`` with ``ExpTimes`` for what is multiplied by an exponential of a ``large`` exponent, and for powers."""
    if not e.args or isinstance(e, sp.Indexed):
        return e
    if isinstance(e, BINDERS):
        return e.func(careful(e.function, large), *e.limits)
    e = e.func(*(careful(a, large) for a in e.args))
    if not isinstance(e, sp.Mul):
        return e
    exponentials = [f for f in e.args if isinstance(f, sp.exp)]
    exponent = sp.Add(*(f.args[0] for f in exponentials))
    apart = [f for f in e.args if f.is_number or isinstance(f, BINDERS) or bracket(f) is not None]
    times = [f for f in e.args if f not in apart and f not in exponentials]
    if not exponentials or not times:
        return e
    power = next((f for f in times if isinstance(f, sp.Pow) and f.exp.is_Integer and f.exp > 1), None)
    if power is not None:  # it may leave the range of numbers, whatever the exponent is
        others = (f for f in times if f != power)
        return sp.Mul(*apart, *others, ExpTimes(power.base, exponent / power.exp) ** power.exp)
    return sp.Mul(*apart, ExpTimes(sp.Mul(*times), exponent)) if large(exponent) else e


def plain(e: Any) -> Any:
    """``e`` with the product that each ``ExpTimes`` is."""
    return e.replace(ExpTimes, lambda x, h: x * sp.exp(h))
