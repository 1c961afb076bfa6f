"""What has to be given values for a step to be evaluated, and random values of it."""

import itertools
import math
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import mpmath as mp
import numpy as np

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import name_of
from w2v_verified.symbolic.language.intervals import REALS, Range
from w2v_verified.symbolic.language.text import lettered, text
from w2v_verified.symbolic.proof.sampling import Numbers

DIGITS, MORE_DIGITS = 40, 300
ENOUGH = 5
"""Points with a place on every axis at which what is not proved has to be evaluated."""
_SIZES = (2, 3, 1, 5, 0, 7)
_POINTS = len(_SIZES)
_FURTHER = (4, 6, 8, 9, 10, 11, 12)
_MOST_CELLS = 20_000


@dataclass(frozen=True)
class Names:
    """What has to be given values for a step to be evaluated: arrays by axes, and index arguments.

    ``ranges`` says where entries lie, if that is not anywhere; ``orthogonal`` names square arrays that need orthonormal
    columns, ``one_to_one`` index arguments that point at no place twice; ``further`` are axes that no array has.
    ``held`` are stages that stand for themselves in the step: they have the values that they take. ``letters`` names
    the bound indices of each axis in messages.
    """

    arrays: Mapping[str, tuple[str, ...]]
    ranges: Mapping[str, Range]
    pointers: Mapping[str, tuple[tuple[str, ...], str]]
    letters: Mapping[str, tuple[str, ...]]
    orthogonal: frozenset[str] = frozenset()
    one_to_one: frozenset[str] = frozenset()
    further: frozenset[str] = frozenset()
    held: tuple[Equation, ...] = ()

    @cached_property
    def axes(self) -> tuple[str, ...]:
        """The axes that occur."""
        found = {a for axes in self.arrays.values() for a in axes}
        found |= {a for own, into in self.pointers.values() for a in (*own, into)}
        return tuple(sorted(found | self.further))

    def spelled(self, e: Any, over: Iterable[Any] = ()) -> str:
        """``e`` in the author's notation."""
        taken = {*self.arrays, *self.pointers, *(name_of(i) for i in over)}
        return text(lettered(e, self.letters, frozenset(taken)))


def sizes_to_try(
    axes: tuple[str, ...],
    least: Mapping[str, int],
    across: int,
    fixed: Mapping[str, int] = MappingProxyType({}),
) -> Iterator[dict[str, int]]:
    """Sizes of the axes in mixed combinations, for each in an order of its own; the least it may have is among them."""
    orders = []
    for m, axis in enumerate(axes):
        low = least.get(axis, 0)
        allowed = list(dict.fromkeys((*(n for n in _SIZES if n >= low), low, low + 1)))
        order = allowed[2:]
        random.Random(f"{m}").shuffle(order)
        orders.append((allowed[:2] if m % 2 else allowed[1::-1]) + order)
    for n in range(_POINTS):
        chosen = (order[(n + n // len(order) * m) % len(order)] for m, order in enumerate(orders))
        sizes = {
            **dict(zip(axes, chosen, strict=True)),
            **{axis: fixed[axis] for axis in axes if axis in fixed},
        }
        largest = max(sizes.values(), default=0)
        if largest**across <= (_MOST_CELLS if largest > 3 else 10 * _MOST_CELLS):
            yield sizes


def more_sizes(axes: tuple[str, ...], least: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """The sizes up to 12 that `sizes_to_try` leaves out: of all axes, and of one at a time among small ones."""
    source = random.Random(0)
    low = {axis: least.get(axis, 0) for axis in axes}
    orders = {axis: source.sample(_FURTHER, len(_FURTHER)) for axis in axes}
    for n in range(len(_FURTHER)):
        large = {
            axis: order[n] + (low[axis] if order[n] < low[axis] else 0) for axis, order in orders.items()
        }
        yield large
        for one in axes if len(axes) > 1 else ():
            yield {axis: large[axis] if axis == one else low[axis] + source.randint(1, 3) for axis in axes}


def values_for(
    names: Names, sizes: Mapping[str, int], source: random.Random, digits: int = DIGITS
) -> dict[str, Numbers] | None:
    """Random entries for every array, random positions for every index argument.

    Orthonormal columns are so to as many ``digits``. None where there can be no such position, or too many entries.
    """
    values: dict[str, Numbers] = {}
    counts = [np.prod([float(sizes[a]) for a in axes]) for axes in names.arrays.values()]
    if max(counts, default=0) > _MOST_CELLS:
        return None
    for name, axes in names.arrays.items():
        low, high = _ends(names.ranges.get(name, REALS))
        shape = tuple(sizes[a] for a in axes)
        wide = 4.0 if source.random() < _WIDE and low == -high else 1.0
        drawn = [wide * source.uniform(low, high) for _ in range(int(np.prod(shape)))]
        values[name] = np.array(drawn, dtype=complex).reshape(shape)
        if name in names.orthogonal:
            with mp.workdps(digits):
                values[name] = _orthonormal(shape[0], source)
    for name, (axes, into) in names.pointers.items():
        shape = tuple(sizes[a] for a in axes)
        count = int(np.prod(shape))
        if count and not sizes[into]:
            return None
        if name in names.one_to_one:
            if count > sizes[into]:
                return None
            places = source.sample(range(sizes[into]), count)
        else:
            places = [source.randrange(sizes[into]) for _ in range(count)]
        values[name] = np.array(places, dtype=int).reshape(shape)
    return values


_WIDE = 1 / 4
"""How often an argument that may be any number is drawn from a wider range."""


def _ends(values: Range) -> tuple[float, float]:
    """Ends of the numbers to draw: moderate ones, away from the ends of their range."""
    low, high = float(values.low), float(values.high)
    if math.isinf(low) and math.isinf(high):
        return -1.5, 1.5
    if math.isinf(low) or math.isinf(high):
        return (low + 0.25, low + 1.5) if math.isinf(high) else (high - 1.5, high - 0.25)
    return low + (high - low) / 8, high - (high - low) / 8


def _orthonormal(size: int, source: random.Random) -> Numbers:
    """A product of rotations of pairs of axes, and of a reflection or none, to the precision of the interpreter."""
    q = [[mp.mpf(int(row == column)) for column in range(size)] for row in range(size)]
    if size and source.random() < 1 / 2:
        q[0][0] = -q[0][0]
    for i, j in itertools.combinations(range(size), 2):
        angle = source.uniform(0, 6)
        c, s = mp.cos(angle), mp.sin(angle)
        for row in q:
            row[i], row[j] = c * row[i] + s * row[j], c * row[j] - s * row[i]
    return np.array(q, dtype=object).reshape(size, size)


def entries_of(array: Numbers) -> Any:
    """An array as the interpreter takes it: numbers by their places, or one number."""

    def number(x: Any) -> Any:
        return int(x) if array.dtype.kind == "i" else mp.mpf(x.real)

    if array.ndim == 0:
        return number(array[()])
    return {at: number(array[at]) for at in np.ndindex(array.shape)}


__all__ = [
    "DIGITS",
    "ENOUGH",
    "MORE_DIGITS",
    "Names",
    "entries_of",
    "more_sizes",
    "sizes_to_try",
    "values_for",
]
