"""Where arrays over bound indices keep their entries, of one input or of several together, whatever their sizes.

A `Frame` over bound indices w, b, ... (outermost first) has one entry for every choice of them: those of the first
input in C order, then those of the next. Arrays are flat, one number for every entry of their frame. An expression is
evaluated over the indices it depends on and no more, and repeated where it meets others.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import repeat
from math import prod
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from w2v_verified.notation.syntax import Bound

__all__ = [
    "NOT_FOLDED",
    "Array",
    "Count",
    "Fold",
    "Frame",
    "Integers",
    "Placed",
    "Rows",
    "Space",
    "space_of",
]

Array: TypeAlias = NDArray[Any]
Integers: TypeAlias = NDArray[np.intp]

Count: TypeAlias = int | Integers
"""How many: the same for every input, or a number for each."""

Fold: TypeAlias = Mapping[str, Integers]
"""Of the axes of an input that are folded: how many equal places each place stands for."""

NOT_FOLDED: Fold = MappingProxyType({})

_REMEMBERED = 1 << 17  # entries over all axes together of spaces that are kept


class Space:
    """The sizes of all axes, and the frames over them."""

    def __init__(self, extents: Sequence[Mapping[str, int]], folds: Sequence[Fold] = ()) -> None:
        self.inputs = len(extents)
        self.extents = {axis: np.array([each[axis] for each in extents], np.intp) for axis in extents[0]}
        self.counts = {
            axis: [
                fold.get(axis, np.ones(each[axis], np.intp))
                for fold, each in zip(folds, extents, strict=True)
            ]
            for axis in extents[0]
            if any(axis in fold for fold in folds)
        }
        """Of every axis that an input has folded: how many places each place stands for, input by input."""
        self._frames: dict[tuple[Bound, ...], Frame] = {}
        self._sizes: dict[str, Count] = {}

    def frame(self, bounds: tuple[Bound, ...]) -> "Frame":
        """The frame over some bound indices."""
        if bounds not in self._frames:
            self._frames[bounds] = Frame(self, bounds)
        return self._frames[bounds]

    def over(self, axes: Sequence[str]) -> "Frame":
        """The frame of an argument with these axes."""
        return self.frame(tuple(Bound(str(place), axis) for place, axis in enumerate(axes)))

    def size(self, axis: str) -> Count:
        """The size of an axis, what is folded unfolded."""
        if axis not in self._sizes:
            counts = self.counts.get(axis)
            extents = self.extents[axis] if counts is None else np.array([each.sum() for each in counts])
            self._sizes[axis] = int(extents[0]) if (extents == extents[0]).all() else extents
        return self._sizes[axis]


def space_of(extents: Sequence[Mapping[str, int]], folds: Sequence[Fold] = ()) -> Space:
    """The space of inputs with axes of these sizes; one that is asked for again and again is kept."""
    if any(folds):
        return Space(extents, folds)
    if sum(prod(each.values()) for each in extents) > _REMEMBERED:
        return Space(extents)
    return _known_space(tuple(tuple(each.items()) for each in extents))


@lru_cache(maxsize=128)
def _known_space(extents: tuple[tuple[tuple[str, int], ...], ...]) -> Space:
    return Space([dict(each) for each in extents])


class Frame:
    """The entries of arrays over some bound indices."""

    def __init__(self, space: Space, bounds: tuple[Bound, ...]) -> None:
        self.space, self.bounds = space, bounds
        self.names = tuple(bound.name for bound in bounds)
        self._extents = [space.extents[bound.axis] for bound in bounds]
        lengths = np.ones(space.inputs, np.intp)
        self.strides: list[Integers] = []
        for extents in reversed(self._extents):
            self.strides.insert(0, lengths)
            lengths = lengths * extents
        ends = lengths.cumsum()
        self.lengths, self.starts, self.total = lengths, ends - lengths, int(ends[-1])
        self._coordinates: dict[str, Integers] = {}
        self._onto: dict[Frame, Integers] = {}
        self._parts: dict[object, Frame] = {}
        self.selections: dict[object, tuple[Frame, Integers | None]] = {}

    @cached_property
    def inputs(self) -> Integers:
        """The number of the input that each entry belongs to."""
        return np.repeat(np.arange(self.space.inputs), self.lengths)

    def each(self, value: Any) -> Any:
        """For every entry, what holds for its input, where that differs."""
        return value[self.inputs] if isinstance(value, np.ndarray) else value

    @cached_property
    def _within(self) -> Integers:
        return np.arange(self.total) - self.starts[self.inputs]

    def coordinates(self, name: str) -> Integers:
        """The value of a bound index at every entry."""
        if name not in self._coordinates:
            place = self.names.index(name)
            strides, extents = self.strides[place][self.inputs], self._extents[place][self.inputs]
            self._coordinates[name] = self._within // strides % extents
        return self._coordinates[name]

    def counts(self, bound: Bound) -> Integers | None:
        """How many places the place of a bound index stands for, at every entry; None where no input folds its axis."""
        counts = self.space.counts.get(bound.axis)
        if counts is None:
            return None
        return np.concatenate(counts)[self.onto(self.part(frozenset((bound.name,))))]

    def onto(self, part: "Frame") -> Integers:
        """For every entry, that entry of a frame over some of the same indices that has the same values of them."""
        if part not in self._onto:
            found = part.starts[self.inputs]
            for name, strides in zip(part.names, part.strides, strict=True):
                found = found + self.coordinates(name) * strides[self.inputs]
            self._onto[part] = found
        return self._onto[part]

    def split(self, array: Array) -> list[Array]:
        """The array of each input, in its shape."""
        shapes = zip(*(extents.tolist() for extents in self._extents), strict=True)
        ends = zip(self.starts.tolist(), (self.starts + self.lengths).tolist(), strict=True)
        return [
            array[start:end].reshape(shape)
            for (start, end), shape in zip(ends, shapes if self.bounds else repeat(()), strict=False)
        ]

    def inner(self, bound: Bound) -> "Frame":
        """The frame with one more index inside."""
        if bound not in self._parts:
            self._parts[bound] = self.space.frame((*self.bounds, bound))
        return self._parts[bound]

    def part(self, names: frozenset[str]) -> "Frame":
        """The frame over those of the indices that are named."""
        if names not in self._parts:
            self._parts[names] = self.space.frame(tuple(each for each in self.bounds if each.name in names))
        return self._parts[names]

    def joined(self, *parts: "Frame") -> "Frame":
        """The frame over the indices of all parts of it."""
        first, *others = parts
        if all(other is first for other in others):
            return first
        if parts not in self._parts:
            self._parts[parts] = self.part(frozenset(name for part in parts for name in part.names))
        return self._parts[parts]

    @cached_property
    def outer(self) -> "Frame":
        """The frame without the last index."""
        return self.space.frame(self.bounds[:-1])

    @cached_property
    def rows(self) -> "Rows":
        """The entries row by row, along the last index."""
        return Rows(self._extents[-1][self.outer.inputs])


class Rows:
    """Consecutive entries that belong together."""

    def __init__(self, lengths: Integers) -> None:
        self.lengths = lengths
        filled = lengths > 0
        self._filled = None if filled.all() else filled
        starts = lengths.cumsum() - lengths
        self._starts = starts if self._filled is None else starts[self._filled]

    def reduced(self, operation: np.ufunc, array: Array, empty: object) -> Array:
        """The entries of each row combined into one, or what is to stand for no entries."""
        if self._filled is None and array.size:
            found: Array = operation.reduceat(array, self._starts)
            return found
        found = np.full(self.lengths.size, empty, dtype=array.dtype)
        if array.size:
            found[self._filled] = operation.reduceat(array, self._starts)
        return found

    def repeat(self, array: Array) -> Array:
        """What belongs to a row, for each of its entries."""
        return np.repeat(array, self.lengths)


class Placed(NamedTuple):
    """An array, and the frame whose entries it has."""

    array: Array
    frame: Frame
