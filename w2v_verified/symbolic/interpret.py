"""A slow interpreter that evaluates an index expression entry by entry, in any kind of number.

It is what generated code is compared with, and how a step of a proof is tried out at concrete sizes: it
shares nothing with the normal form or the emitter.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import mpmath as mp
import sympy as sp

from w2v_verified.symbolic.context import Definition
from w2v_verified.symbolic.functions import Choose, Expm1, Largest, Log1p, Sigmoid, Slope, Softplus
from w2v_verified.symbolic.indices import axis_of, bound_indices, label_of, name_of


class UndefinedError(ValueError):
    """An expression has no real value where it was evaluated."""


def _logarithm(x: Any) -> Any:
    if not x > 0:
        raise UndefinedError(f"the argument {mp.nstr(x, 8)} of a logarithm is not positive")
    return mp.log(x)


_FUNCTIONS: dict[Any, Any] = {
    sp.exp: mp.exp,
    sp.log: _logarithm,
    sp.sin: mp.sin,
    sp.cos: mp.cos,
    sp.tanh: mp.tanh,
    sp.Abs: abs,
    Sigmoid: lambda x: 1 / (1 + mp.exp(-x)),
    Softplus: lambda x: mp.log1p(mp.exp(x)),
    Log1p: mp.log1p,
    Expm1: mp.expm1,
}


@dataclass
class Setting:
    """Concrete sizes of the axes and values of the names (scalars, or arrays by tuples of integers)."""

    sizes: Mapping[str, int]
    values: dict[str, Any] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)

    def run(self, program: Iterable[Definition]) -> None:
        """Evaluate the statements of a program in their order and keep their values."""
        for statement in program:
            axes = [self.sizes[axis_of(i)] for i in statement.indices]
            entries = {
                at: self.value(statement.expression, dict(zip(statement.indices, at, strict=True)))
                for at in itertools.product(*map(range, axes))
            }
            self.values[statement.name] = entries if statement.indices else entries[()]

    def value(self, e: Any, at: Mapping[Any, int]) -> Any:
        """The value of ``e`` where the free indices have the values ``at``."""
        if e.is_Rational:
            return mp.mpf(int(e.p)) / int(e.q)
        if isinstance(e, sp.Add):
            return mp.fsum(self.value(a, at) for a in e.args)
        if isinstance(e, sp.Mul):
            return mp.fprod(self.value(a, at) for a in e.args)
        if isinstance(e, sp.Sum):
            return mp.fsum(self._over(e, at))
        if isinstance(e, sp.Max):
            return max(self.value(a, at) for a in e.args)
        if isinstance(e, Largest):
            return max(self._over(e.args[0], at))
        if isinstance(e, Choose):
            low, high = (self.value(a, at) for a in e.args[:2])
            return self.value(e.args[2] if low < high else e.args[3], at)
        if isinstance(e, sp.KroneckerDelta):
            left, right = (self.position(i, at) for i in e.args)
            return mp.mpf(left == right)
        if isinstance(e, Slope):
            return self._slope(e.args[0], e.args[1], at)
        if type(e) in _FUNCTIONS:
            return _FUNCTIONS[type(e)](self.value(e.args[0], at))
        if isinstance(e, sp.Pow):
            return mp.power(self.value(e.base, at), self.value(e.exp, at))
        if isinstance(e, sp.Indexed):
            return self._entry(e.base.label.name, tuple(self.position(i, at) for i in e.indices))
        return mp.mpf(self.sizes[e.name]) if e.name in self.sizes else self._entry(e.name, ())

    def position(self, i: Any, at: Mapping[Any, int]) -> int:
        """The integer an index, an index argument or an entry of one stands for."""
        if i in at:
            return at[i]
        if isinstance(i, sp.Indexed):
            return int(self.values[name_of(i.base.label)][tuple(self.position(j, at) for j in i.indices)])
        return int(self.values[name_of(i)])

    def _entry(self, name: str, positions: tuple[int, ...]) -> Any:
        if name in self.definitions:
            known = self.definitions[name]
            return self.value(known.expression, dict(zip(known.indices, positions, strict=True)))
        return self.values[name][positions] if positions else self.values[name]

    def _over(self, s: Any, at: Mapping[Any, int]) -> Iterable[Any]:
        indices = bound_indices(s)
        ranges = [range(self.sizes[axis_of(k)]) for k in indices]
        for values in itertools.product(*ranges):
            yield self.value(s.function, {**at, **dict(zip(indices, values, strict=True))})

    def _slope(self, e: Any, by: Any, at: Mapping[Any, int]) -> Any:
        """A central difference whose error is far below the precision steps are compared at."""
        name = label_of(by)
        where = tuple(self.position(i, at) for i in by.indices) if isinstance(by, sp.Indexed) else ()
        before = self.values[name]
        width = mp.mpf(2) ** (-mp.mp.prec // 3)

        def shifted(by_how_much: Any) -> Any:
            moved = before + by_how_much if where == () else {**before, where: before[where] + by_how_much}
            self.values[name] = moved
            return self.value(e, at)

        try:
            return (shifted(width) - shifted(-width)) / (2 * width)
        finally:
            self.values[name] = before
