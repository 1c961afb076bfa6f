"""Where the values of an expression can lie: interval arithmetic over all admissible inputs.

An end that is not attained is open, so ``exp(x)`` lies in (0, oo) and is known to be positive. A name has the range of
its definition, a sum over an axis that may be empty may be 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.functions import Choose, Expm1, Largest, Log1p, Sigmoid, Softplus
from w2v_verified.symbolic.language.indices import axis_of, bound_indices

__all__ = ["REALS", "Range", "range_of"]

_ZERO, _ONE = sp.Integer(0), sp.Integer(1)


@dataclass(frozen=True)
class Range:
    """The numbers between ``low`` and ``high``, without an end that is open."""

    low: Any
    high: Any
    low_open: bool
    high_open: bool

    @property
    def positive(self) -> bool:
        """Whether every number in it is > 0."""
        return bool(self.low > 0 or (self.low == 0 and self.low_open))

    @property
    def nonnegative(self) -> bool:
        """Whether every number in it is >= 0."""
        return bool(self.low >= 0)

    @property
    def nonzero(self) -> bool:
        """Whether 0 is not in it."""
        return self.positive or bool(self.high < 0 or (self.high == 0 and self.high_open))


def _range(low: Any, high: Any, opened: bool = True) -> Range:
    return Range(sp.sympify(low), sp.sympify(high), opened, opened)


def _least(ends: Iterable[tuple[Any, bool]]) -> tuple[Any, bool]:
    """The lowest of some lower ends; of two equal ones that which is attained."""
    return min(ends, key=lambda end: (end[0], end[1]))


def _most(ends: Iterable[tuple[Any, bool]]) -> tuple[Any, bool]:
    return max(ends, key=lambda end: (end[0], not end[1]))


def _between(low: tuple[Any, bool], high: tuple[Any, bool]) -> Range:
    return Range(low[0], high[0], low[1], high[1])


REALS = _range(-sp.oo, sp.oo)
_POSITIVE, _NONNEGATIVE = _range(0, sp.oo), Range(_ZERO, sp.oo, False, True)


def _added(a: Range, b: Range) -> Range:
    return Range(a.low + b.low, a.high + b.high, a.low_open or b.low_open, a.high_open or b.high_open)


def _multiplied(a: Range, b: Range) -> Range:
    ends = []
    for x, y in product(
        ((a.low, a.low_open), (a.high, a.high_open)), ((b.low, b.low_open), (b.high, b.high_open))
    ):
        attained = (x[0] == 0 and not x[1]) or (y[0] == 0 and not y[1])
        value = _ZERO if x[0] == 0 or y[0] == 0 else x[0] * y[0]
        ends.append((value, (x[1] or y[1]) and not attained))
    return _between(_least(ends), _most(ends))


def _inverse(a: Range) -> Range:
    if not a.nonzero:
        return REALS
    if a.positive:
        low = (_ZERO, True) if a.high == sp.oo else (1 / a.high, a.high_open)
        return _between(low, (sp.oo, True) if a.low == 0 else (1 / a.low, a.low_open))
    return _multiplied(_range(-1, -1, False), _inverse(_multiplied(_range(-1, -1, False), a)))


def _power(a: Range, exponent: Any) -> Range:
    if exponent.is_Integer and exponent < 0:
        return _inverse(_power(a, -exponent))
    if exponent.is_Integer and exponent % 2 == 0:
        if a.nonnegative:
            return reduce(_multiplied, [a] * int(exponent))
        if a.high <= 0:
            return _power(_multiplied(_range(-1, -1, False), a), exponent)
        most = _most(((abs(a.low), a.low_open), (abs(a.high), a.high_open)))
        return _between((_ZERO, False), (most[0] ** exponent, most[1]))
    if exponent.is_Integer:
        return reduce(_multiplied, [a] * int(exponent))
    if not a.nonnegative:
        return REALS
    return _POSITIVE if a.positive else _NONNEGATIVE


def _summed(a: Range, least: int) -> Range:
    """``least`` or more numbers in ``a``, added up."""
    below = (least * a.low, a.low_open) if least else (_ZERO, False)
    above = (least * a.high, a.high_open) if least else (_ZERO, False)
    return _between(below if a.low >= 0 else (-sp.oo, True), above if a.high <= 0 else (sp.oo, True))


def _increasing(a: Range, fixed: tuple[Any, Any], values: Range) -> Range:
    """The range of an increasing function with ``values`` that takes ``fixed[0]`` to ``fixed[1]``."""
    at, value = fixed
    low = (value, a.low_open and a.low == at) if a.low >= at else (values.low, values.low_open)
    if a.low > at:
        low = (value, True)
    high = (value, a.high_open and a.high == at) if a.high <= at else (values.high, values.high_open)
    if a.high < at:
        high = (value, True)
    return _between(low, high)


_INCREASING: dict[Any, tuple[tuple[Any, Any], Range]] = {
    sp.exp: ((_ZERO, _ONE), _POSITIVE),
    sp.log: ((_ONE, _ZERO), REALS),
    sp.tanh: ((_ZERO, _ZERO), _range(-1, 1)),
    Sigmoid: ((_ZERO, sp.Rational(1, 2)), _range(0, 1)),
    Log1p: ((_ZERO, _ZERO), REALS),
    Expm1: ((_ZERO, _ZERO), _range(-1, sp.oo)),
}
"""Increasing functions: a point whose value is known, and all values there are."""
_VALUES: dict[Any, Range] = {
    Softplus: _POSITIVE,
    sp.sin: _range(-1, 1, False),
    sp.cos: _range(-1, 1, False),
    sp.Abs: _NONNEGATIVE,
    sp.KroneckerDelta: _range(0, 1, False),
}


def range_of(e: Any, least: Mapping[str, int], named: Mapping[str, Any]) -> Range:
    """A range that contains ``e`` wherever it is defined.

    ``least`` has the least size of each axis, ``named`` the expressions that names stand for.
    """

    def of(e: Any) -> Range:
        return range_of(e, least, named)

    if e.is_Rational:
        return _range(e, e, False)
    if isinstance(e, sp.Symbol | sp.Indexed):
        return _of_name(e, least, named)
    if isinstance(e, sp.Sum):
        places = 1
        for k in bound_indices(e):
            places *= least.get(axis_of(k), 0)
        return _summed(of(e.function), places)
    if isinstance(e, Largest):
        return of(e.function)
    if isinstance(e, sp.Max):
        ranges = [of(a) for a in e.args]
        return _between(
            _most((r.low, r.low_open) for r in ranges), _most((r.high, r.high_open) for r in ranges)
        )
    if isinstance(e, sp.Add):
        return reduce(_added, map(of, e.args))
    if isinstance(e, sp.Mul):
        return reduce(_multiplied, map(of, e.args))
    if type(e) in _INCREASING:
        fixed, values = _INCREASING[type(e)]
        return _increasing(of(e.args[0]), fixed, values)
    if type(e) in _VALUES:
        return _POSITIVE if isinstance(e, sp.Abs) and of(e.args[0]).nonzero else _VALUES[type(e)]
    if isinstance(e, sp.Pow):
        return _power(of(e.base), e.exp)
    if isinstance(e, Choose):
        then, otherwise = of(e.args[2]), of(e.args[3])
        return _between(
            _least([(then.low, then.low_open), (otherwise.low, otherwise.low_open)]),
            _most([(then.high, then.high_open), (otherwise.high, otherwise.high_open)]),
        )
    return _POSITIVE if e.is_positive else REALS


def _of_name(e: Any, least: Mapping[str, int], named: Mapping[str, Any]) -> Range:
    """An argument, the size of an axis, or a name that stands for an expression."""
    label = e.base.label if isinstance(e, sp.Indexed) else e
    if label.name in named:
        return range_of(named[label.name], least, {n: x for n, x in named.items() if n != label.name})
    if label.name in least and label.is_integer:
        return Range(sp.Integer(least[label.name]), sp.oo, False, True)
    return _POSITIVE if label.is_positive else REALS
