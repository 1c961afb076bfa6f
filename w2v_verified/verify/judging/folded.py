"""Inputs with long axes, judged at the cost of short ones: places that are equal are folded (counted).

A few different places of an axis are repeated, in random order, to any length. Exact values and bounds are computed on
the different ones, each counted as often as it occurs, and unfolded; places that an index points at occur once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.cases.arguments import Arguments, cast
from w2v_verified.verify.cases.layouts import LAYOUTS
from w2v_verified.verify.cases.lengths import Sizes, lengths_of
from w2v_verified.verify.evaluation.frames import Fold
from w2v_verified.verify.exact.oracle import Reference
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.calling import Returned
from w2v_verified.verify.judging.compare import Comparison, deviations, working_dtype
from w2v_verified.verify.record import Argument, Record, Switch

__all__ = ["LongCase", "folded_case", "switch_cases"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Places: TypeAlias = Mapping[str, NDArray[np.intp]]
"""Of every axis that is folded: which of the different places stands at each."""

_LONGEST = 1 << 17
_CHEAP = 1 << 20
_DIFFERENT = 61  # a prime: no block of a round size begins with the same place as another


@dataclass(frozen=True)
class LongCase:
    """One input with a name, and what it is judged by.

    Attributes:
        name: What it is called.
        sizes: The size of every axis.
        make: Makes the arguments.
        standard: What it is judged by.
    """

    name: str
    sizes: Sizes
    make: Callable[[], Arguments]
    standard: Standard

    @property
    def arguments(self) -> Arguments:
        """The arguments, made anew each time: they take too much memory to be kept for every case."""
        return self.make()


class _Unfolded(Mapping[str, Array]):
    """The balls of every place, unfolded where they are asked for: most are judged by their halves alone."""

    def __init__(self, short: Mapping[str, Array], unfolded: Callable[[str, Array], Array]) -> None:
        self._short, self._unfolded = short, unfolded

    def __getitem__(self, name: str) -> Array:
        return self._unfolded(name, self._short[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._short)

    def __len__(self) -> int:
        return len(self._short)


class _FoldedStandard(Standard):
    """What a long input is judged by: exact values and bounds of its different places, unfolded to compare."""

    def __init__(
        self, record: Record, folded: Arguments, places: Places, whole: Callable[[], Arguments]
    ) -> None:
        fold: Fold = {axis: np.bincount(each) for axis, each in places.items()}
        super().__init__(record, folded, working_dtype(record, folded), fold)
        self._places, self._whole = places, whole
        axes = {argument.name: argument.axes for argument in record.arguments}
        self._along = {result.name: axes.get(str(result.of), ()) for result in record.results}

    def _deviations(self, returned: Returned, tier: str) -> Comparison:
        fields = [returned[field] for field in self._record.fields]
        bound = {name: self._unfolded(name, short) for name, short in self.bound(tier).items()}
        exact = Reference(_Unfolded(self.exact.values, self._unfolded), self.exact.precision)
        vars(exact)["split"] = {
            name: (self._unfolded(name, high), self._unfolded(name, low))
            for name, (high, low) in self.exact.split.items()
        }  # which would split every entry by itself
        return deviations(self._record, self._whole(), fields, exact, bound, tier)

    def _unfolded(self, name: str, array: Array) -> Array:
        return _taken(array, self._along[name], self._places)


def _taken(array: Array, axes: tuple[str, ...], places: Places) -> Array:
    for place, axis in enumerate(axes):
        if axis in places:
            array = np.take(array, places[axis], axis=place)
    return array


def folded_case(
    record: Record,
    sizes: Sizes,
    *,
    different: int = _DIFFERENT,
    dtype: str = "float64",
    layout: str = "C",
    seed: int = 0,
    plain: bool = False,
    tied: bool = False,
    scale: float | None = None,
) -> LongCase:
    """An input with axes of these sizes, of whose places few differ wherever that can be.

    Args:
        record: The function the arguments are for.
        sizes: The sizes of axes; of others 2, or the least they may have.
        different: How many places of a long axis differ, beside those that an index points at.
        dtype: Of every floating argument.
        layout: One of ``LAYOUTS``, of every array.
        seed: Chooses numbers and order.
        plain: Whether all numbers are 1, and those of the first different place -1: less to read.
        tied: Whether a place that an index points at has the numbers of one that is repeated.
        scale: How large scores are about, if they are not to be moderate.
    """
    sizes = {a.name: max(2, a.minimum) for a in record.axes} | dict(sizes)
    generator = np.random.default_rng(seed)
    lengths = lengths_of(record)
    short = lengths.short(sizes, different)
    places = {
        axis: _places(size, sizes[axis], lengths.once(axis, short), generator)
        for axis, size in short.items()
        if size < sizes[axis]
    }
    folded: dict[str, object] = {}
    used = dict.fromkeys(short, 0)
    first = next(each.name for each in record.arguments if each.into is None)
    for argument in record.arguments:
        shape = tuple(short[axis] for axis in argument.axes)
        if argument.into is None:
            values = generator.standard_normal(shape) / _spread(record, argument, sizes)
            if plain:
                values = np.ones(shape)
                np.atleast_1d(values)[..., :1] = -1.0
            for place, axis in enumerate(argument.axes if tied else ()):
                if axis in places:
                    along = np.moveaxis(values, place, 0)
                    along[0] = along[lengths.once(axis, short)]
            if argument.name == first and scale is not None:
                values = values * scale * _spread(record, argument, sizes)
            folded[argument.name] = cast(values, np.dtype(dtype), argument)
            continue
        pointed = used[argument.into] + np.arange(prod(shape))
        if argument.into not in places:
            pointed = generator.integers(0, short[argument.into], prod(shape))
        used[argument.into] += pointed.size
        folded[argument.name] = pointed.reshape(shape) if shape else int(pointed[0])

    def whole() -> Arguments:
        return {a.name: _whole(a, folded[a.name], places, LAYOUTS[layout]) for a in record.arguments}

    named = ", ".join(f"{axis} = {sizes[axis]}" for axis in sizes)
    name = f"{named}, {dtype}, {layout} layout"
    return LongCase(name, sizes, whole, _FoldedStandard(record, folded, places, whole))


def _places(short: int, size: int, once: int, generator: np.random.Generator) -> NDArray[np.intp]:
    repeated = generator.integers(once, short, size - short)
    places = generator.permutation(np.concatenate([np.arange(short), repeated]))
    first = int(np.flatnonzero(places == 0)[0])
    places[[first, -1]] = places[[-1, first]]  # what an index points at is at the very end
    return places


def _spread(record: Record, argument: Argument, sizes: Sizes) -> float:
    """What keeps sums of products moderate: equal places add up, and a large score would hide all others."""
    pointed = {each.into for each in record.arguments}
    return float(np.sqrt(prod(sizes[axis] for axis in set(argument.axes) if axis not in pointed)))


def _whole(argument: Argument, value: object, places: Places, layout: Callable[[Array], Array]) -> object:
    array = np.asarray(value)
    if argument.into is not None and argument.into in places:
        of = places[argument.into]
        first = np.empty(of.max() + 1, np.intp)
        first[of[::-1]] = np.arange(of.size)[::-1]
        array = first[array]
    array = _taken(array, argument.axes, places)
    return layout(array) if argument.axes else array if argument.into is None else int(array)


def switch_cases(record: Record) -> Iterator[LongCase]:
    """Inputs on both sides of every size at which the function takes another way, in each format and order.

    Of a size at which each of them takes long, one is below.
    """
    for switch in record.switches:
        ways = [(dtype, layout) for dtype in ("float64", "float32") for layout in ("C", "Fortran")]
        for n, (dtype, layout) in enumerate(ways):
            for step in (-1, 0, 1) if switch.size <= _CHEAP else (-1, 0) if n == 0 else (0,):
                yield _beside(record, switch, step, dtype, layout)


def _beside(record: Record, switch: Switch, step: int, dtype: str, layout: str) -> LongCase:
    *rest, last = switch.axes
    entries = switch.size // np.dtype(dtype).itemsize if switch.bytes else switch.size
    others = dict.fromkeys(rest, max(2, entries // _LONGEST))
    size = -(-entries // prod(others.values())) + step
    return folded_case(record, others | {last: size}, dtype=dtype, layout=layout)
