"""Evaluating index expressions at random points, all entries at once, in NumPy's complex numbers.

It shares nothing with the normal form. A derivative is a complex step: the value at x + ih, whose imaginary part over
h is exact to the last digits for the smooth functions of the notation. Where two values differ, the slow interpreter
(`interpret`) decides in 40 digits.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import Any, TypeAlias

import numpy as np
import sympy as sp

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import UndefinedError
from w2v_verified.symbolic.language.functions import Function, function_of
from w2v_verified.symbolic.language.indices import (
    axis_of,
    bound_indices,
    fresh,
    index,
    is_pointer,
    label_of,
    name_of,
)
from w2v_verified.symbolic.language.operators import BRACKETS, Below, Choose, Larger, Largest, Slope, Upto

Numbers: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

_STEP = 1e-30


def _of(function: Function, x: Numbers) -> Numbers:
    """A function of numbers at which it is defined."""
    condition = function.condition
    if condition is not None:
        outside = x.real[~(condition.positive(x).real > 0)]
        if outside.size:
            raise UndefinedError(condition.broken.format(f"{outside[0]:.8g}"))
    return np.asarray(function.complex(x))


@dataclass(frozen=True)
class Values:
    """An array and the index that each of its axes belongs to."""

    array: Numbers
    indices: tuple[Any, ...]

    def over(self, indices: tuple[Any, ...]) -> Numbers:
        """The array with its axes in the order of ``indices``, of length 1 where it does not depend on one."""
        order = [self.indices.index(i) for i in indices if i in self.indices]
        shape = [self.array.shape[self.indices.index(i)] if i in self.indices else 1 for i in indices]
        return self.array.transpose(order).reshape(shape)


def _together(parts: Iterable[Values]) -> tuple[tuple[Any, ...], list[Numbers]]:
    parts = list(parts)
    indices = tuple(dict.fromkeys(i for p in parts for i in p.indices))
    return indices, [p.over(indices) for p in parts]


@dataclass
class Point:
    """Sizes of the axes and values of the names; a name may stand for an expression (`definitions`).

    An array in ``moved`` has further axes at its end, one for each of the indices given there.
    """

    sizes: Mapping[str, int]
    arrays: dict[str, Numbers]
    definitions: Mapping[str, Equation] = field(default_factory=dict)
    moved: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    _known: dict[str, Values] = field(default_factory=dict)

    def value(self, e: Any) -> Values:
        """The values of ``e`` for all values of its free indices.

        Raises:
            UndefinedError: It has none somewhere.
        """
        if e.is_Rational:
            return Values(np.asarray(complex(e)), ())
        if isinstance(e, sp.Sum):
            return self._over(e, lambda x, at: np.sum(x, axis=at))
        if isinstance(e, Largest):
            return self._over(e, _maximum)
        if isinstance(e, BRACKETS):
            indices, (left, right) = _together(map(self._position, e.args))
            relate = np.less if isinstance(e, Below) else np.less_equal if isinstance(e, Upto) else np.equal
            return Values(relate(left, right).astype(complex), indices)
        if isinstance(e, Slope):
            return self._slope(*e.args)
        if isinstance(e, sp.Indexed):
            return self._entry(e.base.label.name, e.indices)
        if e.is_Symbol:
            size = self.sizes.get(e.name)
            return self._entry(e.name, ()) if size is None else Values(np.asarray(complex(size)), ())
        return self._applied(e)

    def entries(self, name: str) -> Numbers:
        """All entries of a name that stands for an expression."""
        return self._defined(name).array

    def _applied(self, e: Any) -> Values:
        """A function, a power or an operation of the values of the arguments."""
        if isinstance(e, sp.Pow) and e.exp.is_Integer:
            of = self.value(e.base)
            if e.exp < 0 and np.any(of.array == 0):
                raise UndefinedError("a divisor is 0")
            return Values(of.array ** int(e.exp), of.indices)
        if e in (sp.E, sp.pi):
            return Values(np.asarray(complex(np.e if e == sp.E else np.pi)), ())
        indices, parts = _together(map(self.value, e.args))
        if isinstance(e, sp.Add):
            return Values(reduce(np.add, parts), indices)
        if isinstance(e, sp.Mul):
            return Values(reduce(np.multiply, parts), indices)
        if isinstance(e, Larger):
            one, other = parts
            half = np.where(one.real == other.real, (one + other) / 2, other)
            return Values(np.asarray(np.where(one.real > other.real, one, half)), indices)
        if isinstance(e, Choose):
            low, high, then, otherwise = parts
            return Values(np.asarray(np.where(low.real < high.real, then, otherwise)), indices)
        row = function_of(e)
        if row is not None:
            return Values(_of(row, parts[0]), indices)
        if isinstance(e, sp.Pow):
            base, exponent = parts
            if np.any(base.real < 0) or (np.any(base == 0) and np.any(exponent.real <= 0)):
                raise UndefinedError("the base of a root or a power is not positive")
            return Values(np.asarray(np.power(base, exponent)), indices)
        raise TypeError(f"{e}: there is no number that a {type(e).__name__} stands for")

    def _over(self, e: Any, join: Callable[[Numbers, int], Numbers]) -> Values:
        """A sum or a maximum: its bound axes joined one by one."""
        inside = self.value(e.function)
        for k in bound_indices(e):
            size = self.sizes[axis_of(k)]
            if k in inside.indices:
                at = inside.indices.index(k)
                left = tuple(i for i in inside.indices if i != k)
                inside = Values(np.asarray(join(inside.array, at)), left)
            else:
                wide = np.broadcast_to(inside.array, (size, *inside.array.shape))
                inside = Values(np.asarray(join(wide, 0)), inside.indices)
        return inside

    def _position(self, i: Any) -> Values:
        """The integers that an index stands for."""
        if isinstance(i, sp.Indexed):
            return self._taken(self.arrays[name_of(i.base.label)], i.indices, ())
        if is_pointer(i):
            return Values(self.arrays[name_of(i)], ())
        return Values(np.arange(self.sizes[axis_of(i)]), (i,))

    def _entry(self, name: str, positions: tuple[Any, ...]) -> Values:
        if name not in self.definitions:
            return self._taken(self.arrays[name], positions, self.moved.get(name, ()))
        defined = self._defined(name)
        own = self.definitions[name].indices
        extra = defined.indices[len(own) :]
        return self._taken(defined.array, positions, extra)

    def _defined(self, name: str) -> Values:
        """All entries of a name that stands for an expression, its own axes in front."""
        if name not in self._known:
            known = _apart(self.definitions[name])
            own = known.indices
            found = self.value(known.expression)
            indices = (*own, *(i for i in found.indices if i not in own))
            shape = [self._size(i, found) for i in indices]
            self._known[name] = Values(np.broadcast_to(found.over(indices), shape), indices)
        return self._known[name]

    def _size(self, i: Any, found: Values) -> int:
        return found.array.shape[found.indices.index(i)] if i in found.indices else self.sizes[axis_of(i)]

    def _taken(self, array: Numbers, positions: tuple[Any, ...], extra: tuple[Any, ...]) -> Values:
        """Entries of an array at positions, whose further axes belong to the indices ``extra``."""
        running = [Values(np.arange(self.sizes[axis_of(i)]), (i,)) for i in extra]
        indices, places = _together([*map(self._position, positions), *running])
        if not places:
            return Values(array, ())
        return Values(array[tuple(np.asarray(p, dtype=int) for p in places)], indices)

    def _slope(self, e: Any, by: Any) -> Values:
        """The derivative by an entry, for all values of the indices of both."""
        name = label_of(by)
        if self.moved:
            raise NotImplementedError("a derivative of a derivative")
        array = self._defined(name).array if name in self.definitions else self.arrays[name]
        positions = by.indices if isinstance(by, sp.Indexed) else ()
        indices, places = _together(map(self._position, positions))
        extents = [self.sizes[axis_of(i)] for i in indices]
        axes: tuple[Numbers, ...] = np.indices(array.shape, sparse=True) if array.ndim else ()
        hit = np.asarray(True)
        for axis, place in zip(axes, places, strict=True):
            along = np.broadcast_to(place, extents).reshape((1,) * array.ndim + tuple(extents))
            hit = hit & (axis.reshape(axis.shape + (1,) * len(extents)) == along)
        moved = array.reshape(array.shape + (1,) * len(extents)) + 1j * _STEP * hit
        left = {n: d for n, d in self.definitions.items() if n != name}
        there = Point(self.sizes, {**self.arrays, name: moved}, left, {name: indices})
        found = there.value(e)
        return Values((found.array.imag / _STEP).astype(complex), found.indices)


@lru_cache(maxsize=1024)
def _apart(definition: Equation) -> Equation:
    """A definition whose indices, bound and free, occur nowhere else."""
    own = tuple(index(f"${name_of(i)}", axis_of(i)) for i in definition.indices)
    renamed = fresh(definition.expression).xreplace(dict(zip(definition.indices, own, strict=True)))
    return Equation(definition.name, own, renamed)


def _maximum(x: Numbers, axis: int) -> Numbers:
    if x.shape[axis] == 0:
        raise UndefinedError("a maximum of nothing")
    return np.asarray(np.max(x.real, axis=axis)).astype(complex)


__all__ = ["Numbers", "Point", "Values"]
