"""Inputs with one very long axis, judged at the cost of a short one: places that are equal are folded (counted).

A few dozen different places are repeated, in random order, to any length. Exact values and bounds are computed on the
different ones, each counted as often as it occurs, and unfolded; places that an index points at occur once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.bounds.tiers import Bounds, error_bound
from w2v_verified.verify.cases.arguments import Arguments, cast
from w2v_verified.verify.cases.layouts import LAYOUTS
from w2v_verified.verify.exact.oracle import Reference, reference
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.record import Record, Switch

__all__ = ["FoldedStandard", "LongCase", "folded_case", "switch_cases"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

_LONGEST = 1 << 17
_CHEAP = 1 << 20
_DIFFERENT = 61  # a prime: no block of a round size begins with the same place as another


@dataclass(frozen=True)
class LongCase:
    """One input with a name, and what it is judged by."""

    name: str
    arguments: Arguments
    standard: Standard


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


class FoldedStandard(Standard):
    """What a long input is judged by, computed on its different places."""

    def __init__(
        self,
        record: Record,
        arguments: Arguments,
        folded: Arguments,
        axis: str,
        places: NDArray[np.intp],
    ) -> None:
        super().__init__(record, arguments)
        self._folded, self._places = folded, places
        self._counts = {axis: np.bincount(places)}
        axes = {argument.name: argument.axes for argument in record.arguments}
        along = {result.name: axes.get(str(result.of), ()) for result in record.results}
        self._along = {name: names.index(axis) for name, names in along.items() if axis in names}
        self._short: dict[str, Bounds] = {}

    def bound(self, tier: str) -> Bounds:
        """The error bounds of a tier."""
        if tier not in self._bounds:
            self._short[tier] = error_bound(
                self._record,
                self._folded,
                self.dtype,
                tier,
                strict=self._short.get("strict"),
                counts=self._counts,
            )
            self._bounds[tier] = {
                name: self._unfolded(name, short) for name, short in self._short[tier].items()
            }
        return self._bounds[tier]

    @cached_property
    def exact(self) -> Reference:
        """The exact values."""
        self.bound("strict")
        short = reference(self._record, self._folded, self._short["strict"], self._counts)
        whole = Reference(_Unfolded(short.values, self._unfolded), short.precision)
        split = {
            name: (self._unfolded(name, high), self._unfolded(name, low))
            for name, (high, low) in short.split.items()
        }
        vars(whole)["split"] = split  # which would split every entry by itself
        return whole

    def _unfolded(self, name: str, array: Array) -> Array:
        return np.take(array, self._places, axis=self._along[name]) if name in self._along else array


def folded_case(
    record: Record,
    axis: str,
    size: int,
    *,
    others: Mapping[str, int] | None = None,
    dtype: str = "float64",
    layout: str = "C",
    seed: int = 0,
) -> LongCase:
    """An input whose `axis` has `size` places, of which few differ.

    Args:
        record: The function the arguments are for.
        axis: The long axis.
        size: Its size, at least a hundred or so.
        others: The sizes of other axes; 2 by default.
        dtype: Of every floating argument.
        layout: One of ``LAYOUTS``, of every array.
        seed: Chooses numbers and order.

    Raises:
        ValueError: The axis is too short to be folded.
    """
    generator = np.random.default_rng(seed)
    sizes = {a.name: max(2, a.minimum) for a in record.axes} | dict(others or {})
    into = [argument for argument in record.arguments if argument.into == axis]
    once = sum(prod(sizes[name] for name in a.axes if name != axis) for a in into)
    short = once + _DIFFERENT
    if size < short:
        raise ValueError(f"size: expected {short} or more to fold {axis} of {record.name}, got {size}")
    sizes[axis] = short
    places = np.concatenate([np.arange(short), generator.integers(once, short, size - short)])
    places = generator.permutation(places)
    first = np.empty(short, np.intp)
    first[places[::-1]] = np.arange(size)[::-1]
    folded: dict[str, object] = {}
    whole: dict[str, object] = {}
    used = 0
    for argument in record.arguments:
        shape = tuple(sizes[name] for name in argument.axes)
        if argument.into is None:
            values = cast(generator.standard_normal(shape), np.dtype(dtype), argument)
            long = values
        elif argument.into == axis:
            values = (used + np.arange(prod(shape))).reshape(shape)
            used += values.size
            long = first[values]
        else:
            values = long = generator.integers(0, sizes[argument.into], shape)
        if axis in argument.axes:
            long = np.take(long, places, axis=argument.axes.index(axis))
        folded[argument.name] = values if shape else int(values)
        whole[argument.name] = LAYOUTS[layout](long) if shape else int(long)
    name = f"{axis} = {size}, {dtype}, {layout} layout"
    return LongCase(name, whole, FoldedStandard(record, whole, folded, axis, places))


def switch_cases(record: Record) -> Iterator[LongCase]:
    """Inputs on both sides of every size at which the function takes another way, in each format and order.

    Of a size at which each of them takes long, one is below.
    """
    for switch in record.switches:
        ways = [(dtype, layout) for dtype in ("float64", "float32") for layout in ("C", "Fortran")]
        for n, (dtype, layout) in enumerate(ways):
            for step in (-1, 0, 1) if switch.size <= _CHEAP else (-1, 0) if n == 0 else (0,):
                yield from _beside(record, switch, step, dtype, layout)


def _beside(record: Record, switch: Switch, step: int, dtype: str, layout: str) -> Iterator[LongCase]:
    *rest, last = switch.axes
    entries = switch.size // np.dtype(dtype).itemsize if switch.bytes else switch.size
    others = dict.fromkeys(rest, max(2, entries // _LONGEST))
    size = -(-entries // prod(others.values())) + step
    try:
        yield folded_case(record, last, size, others=others, dtype=dtype, layout=layout)
    except ValueError:  # short enough for the deck and random examples
        return
