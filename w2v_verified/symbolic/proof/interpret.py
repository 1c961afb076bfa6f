"""A slow interpreter that evaluates an index expression entry by entry, in any kind of number.

It is what generated code is compared with, and how a step of a proof is tried out at concrete sizes: it
shares nothing with the normal form, a plan or its printers.
"""

import itertools
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import itemgetter, mul
from typing import Any, TypeAlias

import mpmath as mp
import sympy as sp

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import UndefinedError
from w2v_verified.symbolic.language.functions import Function, function_of
from w2v_verified.symbolic.language.indices import (
    axis_of,
    bound_indices,
    free_indices,
    is_pointer,
    label_of,
    name_of,
)
from w2v_verified.symbolic.language.operators import Below, Choose, Larger, Largest, Order, Slope


def _applied(function: Function) -> Callable[[Any], Any]:
    """A function where it is defined."""
    condition = function.condition
    if condition is None:
        return function.number

    def value(x: Any) -> Any:
        if not condition.positive(x) > 0:
            raise UndefinedError(condition.broken.format(mp.nstr(x, 8)))
        return function.number(x)

    return value


def _powered(base: Any, exponent: Any) -> Any:
    if base < 0 or (base == 0 and not exponent > 0):
        raise UndefinedError(f"the base {mp.nstr(base, 8)} of a root or a power is not positive")
    return mp.power(base, exponent)


def _whole_power(base: Any, exponent: int) -> Any:
    if exponent < 0 and base == 0:
        raise UndefinedError("a divisor is 0")
    return base**exponent


def _maximum(values: list[Any]) -> Any:
    if not values:
        raise UndefinedError("a maximum of nothing")
    return max(values)


_LARGE = 100_000  # binary digits before the point of what is differentiated
_ZERO, _ONE = mp.mpf(0), mp.mpf(1)
_EXACT = 2**53  # whole numbers below are exact at every precision in use

Evaluate: TypeAlias = "Callable[[Setting, Mapping[Any, int]], Any]"
"""How an expression is evaluated in a setting, where its free indices have given values."""


@dataclass
class Setting:
    """Concrete sizes of the axes and values of the names (scalars, or arrays by tuples of integers)."""

    sizes: Mapping[str, int]
    values: dict[str, Any] = field(default_factory=dict)
    definitions: dict[str, Equation] = field(default_factory=dict)
    _known: dict[Any, Any] = field(
        default_factory=dict
    )  # sums, and entries of definitions, at the present values

    def run(self, program: Iterable[Equation]) -> None:
        """Evaluate the statements of a program in their order and keep their values."""
        for statement in program:
            axes = [self.sizes[axis_of(i)] for i in statement.indices]
            evaluate = _evaluator(statement.expression)
            entries = {
                at: evaluate(self, dict(zip(statement.indices, at, strict=True)))
                for at in itertools.product(*map(range, axes))
            }
            self.values[statement.name] = entries if statement.indices else entries[()]

    def value(self, e: Any, at: Mapping[Any, int]) -> Any:
        """The value of ``e`` where the free indices have the values ``at``."""
        return _evaluator(e)(self, at)

    def entry(self, name: str, positions: tuple[int, ...]) -> Any:
        """An entry of a name, as it was given or as it is defined."""
        if name not in self.definitions:
            return self.values[name][positions] if positions else self.values[name]
        known = self.definitions[name]
        at = dict(zip(known.indices, positions, strict=True))
        return self.once((name, positions), lambda: self.value(known.expression, at))

    def once(self, what: Any, evaluate: Callable[[], Any]) -> Any:
        """What is evaluated at the present values and in the present precision, evaluated once."""
        key = (what, mp.mp.prec)
        if key not in self._known:
            self._known[key] = evaluate()
        return self._known[key]

    def slope(self, e: Any, name: str, where: tuple[int, ...], at: Mapping[Any, int]) -> Any:
        """A central difference whose error is far below the precision steps are compared at.

        A name that stands for an expression is varied by itself, from the values it has.
        """
        if name in self.definitions:
            others = {n: d for n, d in self.definitions.items() if n != name}
            held = Setting(self.sizes, dict(self.values), others)
            held.run([self.definitions[name]])
            return held.slope(e, name, where, at)
        before, known = self.values[name], self._known

        def moved(by_how_much: Any) -> Any:
            there = before + by_how_much if where == () else {**before, where: before[where] + by_how_much}
            self.values[name], self._known = there, {}
            return self.value(e, at)

        try:
            magnitude = max(0, int(mp.mag(moved(0) or 1)))
            if magnitude > _LARGE:
                raise OverflowError("a derivative of something too large")
            with mp.workprec(mp.mp.prec + 2 * magnitude):
                width = mp.mpf(2) ** (-mp.mp.prec // 3)
                return (moved(width) - moved(-width)) / (2 * width)
        finally:
            self.values[name], self._known = before, known


@lru_cache(maxsize=4096)
def _evaluator(e: Any) -> Evaluate:
    """How ``e`` is evaluated, looked at once and not at every entry."""
    if e.is_Rational:
        p, q = int(e.p), int(e.q)
        if q == 1 and abs(p) < _EXACT:
            number = mp.mpf(p)
            return lambda s, at: number
        return lambda s, at: mp.mpf(p) / q
    if e in (sp.E, sp.pi):
        known = mp.e if e == sp.E else mp.pi
        return lambda s, at: +known
    if isinstance(e, sp.Sum):
        return _once(e, _over(e), mp.fsum)
    if isinstance(e, Largest):
        return _once(e, _over(e), _maximum)
    if isinstance(e, sp.KroneckerDelta):
        left, right = map(_position, e.args)
        return lambda s, at: _ONE if left(s, at) == right(s, at) else _ZERO
    if isinstance(e, Order):
        holds = operator.lt if isinstance(e, Below) else operator.le
        first, second = map(_position, e.args)
        return lambda s, at: _ONE if holds(first(s, at), second(s, at)) else _ZERO
    if isinstance(e, Slope):
        body, by = e.args
        name, places = label_of(by), _positions(by.indices if isinstance(by, sp.Indexed) else ())
        return lambda s, at: s.slope(body, name, places(s, at), at)
    if isinstance(e, sp.Indexed):
        label, within = e.base.label.name, _positions(e.indices)
        return lambda s, at: s.entry(label, within(s, at))
    if e.is_Symbol:
        scalar = e.name
        return lambda s, at: mp.mpf(s.sizes[scalar]) if scalar in s.sizes else s.entry(scalar, ())
    parts = [_evaluator(a) for a in e.args]
    if isinstance(e, sp.Add):
        if len(parts) == 2:
            first, second = parts
            return lambda s, at: first(s, at) + second(s, at)
        return lambda s, at: mp.fsum([part(s, at) for part in parts])
    if isinstance(e, sp.Mul):
        if len(parts) == 2:
            first, second = parts
            return lambda s, at: first(s, at) * second(s, at)
        return lambda s, at: reduce(mul, [part(s, at) for part in parts])
    if isinstance(e, Larger):
        return lambda s, at: max(part(s, at) for part in parts)
    if isinstance(e, Choose):
        low, high, then, otherwise = parts
        return lambda s, at: (then if low(s, at) < high(s, at) else otherwise)(s, at)
    row = function_of(e)
    if row is not None:
        return _once(e, parts[0], _applied(row))
    if isinstance(e, sp.Pow):
        base, exponent = parts
        if e.exp.is_Integer:
            power = int(e.exp)
            return lambda s, at: _whole_power(base(s, at), power)
        return lambda s, at: _powered(base(s, at), exponent(s, at))
    raise TypeError(f"{e}: there is no number that a {type(e).__name__} stands for")


def _once(e: Any, terms: Callable[[Setting, Mapping[Any, int]], Any], joined: Any) -> Evaluate:
    """The terms of a sum joined, or a function of its argument, once for all values of other indices."""
    free = tuple(free_indices(e))
    return lambda s, at: s.once((joined, terms, *[at.get(i) for i in free]), lambda: joined(terms(s, at)))


def _position(i: Any) -> Callable[[Setting, Mapping[Any, int]], int]:
    """The integer an index, an index argument or an entry of one stands for."""
    if isinstance(i, sp.Indexed):
        table, places = name_of(i.base.label), _positions(i.indices)
        return lambda s, at: at[i] if i in at else int(s.values[table][places(s, at)])
    if not is_pointer(i):
        return lambda s, at: at[i]
    name = name_of(i)
    return lambda s, at: at[i] if i in at else int(s.values[name])


def _positions(indices: Sequence[Any]) -> Callable[[Setting, Mapping[Any, int]], tuple[int, ...]]:
    if any(is_pointer(i) for i in indices):
        each = [_position(i) for i in indices]
        return lambda s, at: tuple([position(s, at) for position in each])
    if len(indices) > 1:
        values = itemgetter(*indices)
        return lambda s, at: values(at)
    return lambda s, at: tuple([at[i] for i in indices])


def _over(e: Any) -> Callable[[Setting, Mapping[Any, int]], list[Any]]:
    """The terms of a sum."""
    indices, body = bound_indices(e), _evaluator(e.function)
    axes = [axis_of(k) for k in indices]

    def terms(s: Setting, at: Mapping[Any, int]) -> list[Any]:
        ranges = [range(s.sizes[axis]) for axis in axes]
        inside = dict(at)
        found = []
        for values in itertools.product(*ranges):
            inside.update(zip(indices, values, strict=True))
            found.append(body(s, inside))
        return found

    return terms
