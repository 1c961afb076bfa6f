"""Where the values of an expression can lie: interval arithmetic over all admissible inputs.

An end that is not attained is open, so ``exp(x)`` lies in (0, oo) and is known to be positive. A name has the range of
its definition, a sum over an axis that may be empty may be 0.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.functions import function_of
from w2v_verified.symbolic.language.indices import axis_of, bound_indices, free_indices, substitute
from w2v_verified.symbolic.language.intervals import (
    NONNEGATIVE,
    POSITIVE,
    REALS,
    Range,
    between,
    interval,
)
from w2v_verified.symbolic.language.operators import BRACKETS, Choose, Larger, Largest, Slope

__all__ = ["Ranges"]

_ZERO = sp.Integer(0)


def _least(ends: Iterable[tuple[Any, bool]]) -> tuple[Any, bool]:
    """The lowest of some lower ends; of two equal ones that which is attained."""
    return min(ends, key=lambda end: (end[0], end[1]))


def _most(ends: Iterable[tuple[Any, bool]]) -> tuple[Any, bool]:
    return max(ends, key=lambda end: (end[0], not end[1]))


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
    return between(_least(ends), _most(ends))


def _inverse(a: Range) -> Range:
    if not a.nonzero:
        return REALS
    if a.positive:
        low = (_ZERO, True) if a.high == sp.oo else (1 / a.high, a.high_open)
        return between(low, (sp.oo, True) if a.low == 0 else (1 / a.low, a.low_open))
    return _multiplied(interval(-1, -1, False), _inverse(_multiplied(interval(-1, -1, False), a)))


def _power(a: Range, exponent: Any) -> Range:
    if exponent.is_Integer and exponent < 0:
        return _inverse(_power(a, -exponent))
    if exponent.is_Integer and exponent % 2 == 0:
        if a.nonnegative:
            return reduce(_multiplied, [a] * int(exponent))
        if a.high <= 0:
            return _power(_multiplied(interval(-1, -1, False), a), exponent)
        most = _most(((abs(a.low), a.low_open), (abs(a.high), a.high_open)))
        return between((_ZERO, False), (most[0] ** exponent, most[1]))
    if exponent.is_Integer:
        return reduce(_multiplied, [a] * int(exponent))
    if not a.nonnegative:
        return REALS
    return POSITIVE if a.positive else NONNEGATIVE


def _summed(a: Range, least: int) -> Range:
    """``least`` or more numbers in ``a``, added up."""
    below = (least * a.low, a.low_open) if least else (_ZERO, False)
    above = (least * a.high, a.high_open) if least else (_ZERO, False)
    return between(below if a.low >= 0 else (-sp.oo, True), above if a.high <= 0 else (sp.oo, True))


@dataclass(frozen=True)
class Ranges:
    """Where expressions lie, each looked at once.

    ``least`` has the least size of each axis, ``named`` the expressions that names stand for, ``given`` where the
    entries of arguments lie.
    """

    least: Mapping[str, int]
    named: Mapping[str, Any]
    given: Mapping[str, Range] = field(default_factory=dict)
    _found: dict[Any, Range] = field(default_factory=dict)

    def of(self, e: Any) -> Range:
        """A range that contains ``e`` wherever it is defined."""
        if e not in self._found:
            self._found[e] = self._range(e, frozenset())
        return self._found[e]

    def _range(self, e: Any, within: frozenset[str]) -> Range:
        """The range of what stands in the expressions of the names ``within``, which stand for themselves there."""

        def of(e: Any) -> Range:
            return self._range(e, within)

        if e.is_Rational:
            return interval(e, e, False)
        if isinstance(e, sp.Symbol | sp.Indexed):
            return self._of_name(e.base.label if isinstance(e, sp.Indexed) else e, within)
        if isinstance(e, sp.Sum):
            places = 1
            for k in bound_indices(e):
                places *= self.least.get(axis_of(k), 0)
            return self._with_own_places(e, _summed(of(e.function), places), of)
        if isinstance(e, Largest):
            return of(e.function)
        if isinstance(e, Larger):
            ranges = [of(a) for a in e.args]
            return between(
                _most((r.low, r.low_open) for r in ranges), _most((r.high, r.high_open) for r in ranges)
            )
        if isinstance(e, sp.Add):
            return reduce(_added, map(of, e.args))
        if isinstance(e, sp.Mul):
            return reduce(_multiplied, map(of, e.args))
        row = function_of(e)
        if row is not None:
            return row.values(of(e.args[0]))
        if isinstance(e, BRACKETS):
            return interval(0, 1, opened=False)
        if isinstance(e, sp.Pow):
            return _power(of(e.base), e.exp)
        if isinstance(e, Choose):
            then, otherwise = of(e.args[2]), of(e.args[3])
            return between(
                _least([(then.low, then.low_open), (otherwise.low, otherwise.low_open)]),
                _most([(then.high, then.high_open), (otherwise.high, otherwise.high_open)]),
            )
        if isinstance(e, Slope):
            return REALS
        if e == sp.pi:
            return interval(e, e, False)
        if e.is_number:
            return POSITIVE if e.is_positive else REALS
        raise TypeError(f"{e}: nothing is known of where the values of a {type(e).__name__} lie")

    def _with_own_places(self, e: Any, found: Range, of: Callable[[Any], Range]) -> Range:
        """The range of a sum of what is not negative, which is positive if one of its terms is.

        That may be the one where a bound index is another of its axis: ``(j <= i) * exp(s[j])`` is positive at i.
        """
        if found.positive or not found.nonnegative or len(e.limits) > 1:
            return found
        (k,) = bound_indices(e)
        free = free_indices(e)
        places = {x for b in e.function.atoms(*BRACKETS) if k in b.args for x in b.args if x != k}
        for place in sorted((x for x in places if free_indices(x) <= free), key=sp.default_sort_key):
            if of(substitute(e.function, {k: place})).positive:
                return between((_ZERO, True), (found.high, found.high_open))
        return found

    def _of_name(self, label: Any, within: frozenset[str]) -> Range:
        """An argument, the size of an axis, or a name that stands for an expression."""
        if label.name in self.named and label.name not in within:
            known = (label.name, within)
            if known not in self._found:
                self._found[known] = self._range(self.named[label.name], within | {label.name})
            return self._found[known]
        if label.name in self.least and label.is_integer:
            return Range(sp.Integer(self.least[label.name]), sp.oo, False, True)
        if label.name in self.given:
            return self.given[label.name]
        return POSITIVE if label.is_positive else NONNEGATIVE if label.is_nonnegative else REALS
