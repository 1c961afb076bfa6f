"""The exponents of a sum of exponentials, and a factor that moves into them: ``exp(t) sum_k exp(x_k)``."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import sympy as sp

from w2v_verified.symbolic.language.exponentials import has_exponentials
from w2v_verified.symbolic.language.functions import Abs
from w2v_verified.symbolic.language.indices import bound_indices, free_indices, total
from w2v_verified.symbolic.language.operators import BRACKETS
from w2v_verified.symbolic.language.products import without
from w2v_verified.symbolic.language.text import bracket

_ZERO, _ONE = sp.Integer(0), sp.Integer(1)
_SMALLEST = sp.Rational(1, 10**300)
"""What is added to a weight, so that its logarithm is one of a positive number; 0 in single precision."""


class Exponent(NamedTuple):
    """An exponent in a sum: the indices it is summed over, and the brackets that leave some places out.

    Its exponential stands there times a ``weight``, which may be small, or 0.
    """

    over: tuple[Any, ...]
    brackets: tuple[Any, ...]
    weight: Any
    exponent: Any

    @property
    def weighted(self) -> bool:
        """Whether the weight is more than a number."""
        return not self.weight.is_number

    @property
    def size(self) -> Any:
        """The logarithm of the term's size, without numbers; of a weight of 0 it is that of a very small one."""
        found = self.exponent
        for f in sp.Mul.make_args(self.weight):
            base, n = f.as_base_exp() if isinstance(f, sp.Pow) and f.exp.is_Rational else (f, _ONE)
            found += n * sp.log(Abs(base) + _SMALLEST) if base.free_symbols else 0
        return found


def exponents_of(
    e: Any, over: tuple[Any, ...] = (), brackets: tuple[Any, ...] = (), weight: Any = _ONE
) -> Iterable[Exponent]:
    """The exponents of the terms of a sum; 0 for terms that have none."""
    if isinstance(e, sp.Add):
        for t in e.args:
            yield from exponents_of(t, over, brackets, weight)
    elif isinstance(e, sp.Sum) and has_exponentials(e):
        yield from exponents_of(e.function, (*over, *bound_indices(e)), brackets, weight)
    elif isinstance(e, sp.exp):
        yield _exponent(over, brackets, weight, e.args[0])
    elif isinstance(e, sp.Mul) and has_exponentials(e):
        factors = sp.Mul.make_args(e)
        left_out = tuple(f for f in factors if bracket(f) is not None and free_indices(f) & set(over))
        takes = _carrier(factors)
        others = (f for f in factors if f != takes and not f.is_number and bracket(f) is None)
        yield from exponents_of(takes, over, (*brackets, *left_out), weight * sp.Mul(*others))
    else:
        yield _exponent(over, brackets, weight * e, _ZERO)


def _exponent(over: tuple[Any, ...], brackets: tuple[Any, ...], weight: Any, exponent: Any) -> Exponent:
    known = free_indices(exponent) | free_indices(weight)
    own = tuple(k for k in over if k in known or any(k in b.free_symbols for b in brackets))
    return Exponent(own, brackets, weight, exponent)


def _carrier(factors: Iterable[Any]) -> Any:
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
        takes = _carrier(e.args)
        return _without_left_out(without(e, takes) * pushed(takes, t))
    return e * sp.exp(t)


def _without_left_out(e: Any) -> Any:
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


def joined(e: Any) -> Any:
    """A product with one exponential in place of several, whose exponents may be large with either sign."""
    exponents = [f.args[0] for f in sp.Mul.make_args(e) if isinstance(f, sp.exp)]
    if len(exponents) < 2:
        return e
    return without(e, *map(sp.exp, exponents)) * sp.exp(sp.Add(*exponents))


def divided(above: Any, m: Any, power: Any) -> Any:
    """``above * exp(-power m)``: a share for each sum that has exponentials, the rest for those in front of it."""
    factors = sp.Mul.make_args(above)
    exponents = [f.args[0] for f in factors if isinstance(f, sp.exp)]
    left, least = power, _ONE if exponents else _ZERO
    others = []
    for f in sorted((f for f in factors if not isinstance(f, sp.exp)), key=sp.default_sort_key):
        takes = left > least and has_exponentials(f)
        others.append(pushed(f, -min(left, _ONE) * m) if takes else f)
        left -= min(left, _ONE) if takes else _ZERO
    return _without_left_out(sp.Mul(*others, sp.exp(sp.Add(*exponents, -left * m))))


__all__ = ["Exponent", "divided", "exponents_of", "joined", "pushed"]
