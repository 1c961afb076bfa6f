"""Make a counterexample small (minimise it): fewer words, shorter vectors, plainer numbers, as long as the fault shows.

Hypothesis shrinks what it drew itself. A fault found by the deck is an input nobody drew, so this works on the
arguments: it needs the record and a function that says whether a smaller input still shows the fault.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, arrays, cast
from w2v_verified.verify.cases.layouts import LAYOUTS, layout_of
from w2v_verified.verify.exact.oracle import OracleError
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Record, axis_sizes

__all__ = ["shrink"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Fault: TypeAlias = Callable[[Arguments], Finding | None]

_ENTRIES_TRIED_ONE_BY_ONE = 40
_SLICES_TRIED_ONE_BY_ONE = 12
_SMALL = 100  # entries


def shrink(record: Record, found: Finding, start: Arguments, fault: Fault, effort: int) -> Finding:
    """The finding of the same kind on the smallest input found with so much effort.

    Args:
        record: The function the arguments are for.
        found: The fault as it was found.
        start: The input to begin from.
        fault: Judges an input; a finding of the same kind means the fault still shows.
        effort: How many small inputs may be tried; a large one counts as several.
    """
    left = float(effort)
    best, current, improved = found, start, True
    while improved:
        improved = False
        for simpler in _simpler(record, current):
            left -= 1 + sum(array.size for array in arrays(record, simpler).values()) / _SMALL
            if left < 0:
                return best
            try:
                again = fault(simpler)
            except OracleError:  # nobody knows what would be right there
                continue
            if again is not None and again.kind == found.kind:
                best, current, improved = replace(again, case=found.case), simpler, True
                break
    return best


def _simpler(record: Record, arguments: Arguments) -> Iterator[Arguments]:
    yield from _fewer(record, arguments)
    yield from _plainer_arrays(record, arguments)
    yield from _plainer_indices(record, arguments)
    yield from _plainer_entries(record, arguments)


def _fewer(record: Record, arguments: Arguments) -> Iterator[Arguments]:
    shape = axis_sizes(record, arguments)
    for common in (1, 2):  # one axis alone cannot shrink where a fault needs two of a size
        both: Arguments = arguments
        for axis in record.axes:
            both = _keeping(record, both, axis.name, list(range(min(common, shape[axis.name]))))
        if axis_sizes(record, both) != shape and all(common >= axis.minimum for axis in record.axes):
            yield both
    for axis in record.axes:
        size = shape[axis.name]
        smaller = sorted({axis.minimum, 1, 2, 3, size // 4, size // 2, size * 3 // 4})
        for fewer in smaller:
            if axis.minimum <= fewer < size:
                yield _keeping(record, arguments, axis.name, list(range(fewer)))
                yield _keeping(record, arguments, axis.name, list(range(size - fewer, size)))
        if axis.minimum < size <= _SLICES_TRIED_ONE_BY_ONE:
            for dropped in range(size):
                yield _keeping(record, arguments, axis.name, [i for i in range(size) if i != dropped])


def _keeping(record: Record, arguments: Arguments, axis: str, kept: list[int]) -> Arguments:
    """Only the kept slices of one axis; an index to a dropped slice points at the last one kept."""
    place = {old: new for new, old in enumerate(kept)}
    cut: dict[str, object] = {}
    for argument in record.arguments:
        value = arguments[argument.name]
        if argument.into == axis:
            moved = [place.get(int(i), max(0, len(kept) - 1)) for i in np.asarray(value).flat]
            array = np.array(moved, dtype=np.intp).reshape(np.shape(np.asarray(value)))
            value = array if array.ndim else int(array)
        if axis in argument.axes:
            array = taken = np.asarray(value)
            for place_of_axis in (n for n, name in enumerate(argument.axes) if name == axis):
                taken = np.take(taken, kept, axis=place_of_axis)
            value = LAYOUTS[layout_of(array)](taken)
        cut[argument.name] = value
    return cut


def _plainer_arrays(record: Record, arguments: Arguments) -> Iterator[Arguments]:
    for argument in record.arguments:
        if argument.kind != "array":
            continue
        array = np.asarray(arguments[argument.name])
        candidates = [np.array(array, dtype=np.float64, order="C"), np.array(array, order="C")]
        if not (array.flags.c_contiguous and array.flags.writeable and array.dtype == np.float64):
            for candidate in candidates:
                if candidate.dtype != array.dtype or _plain(candidate) != _plain(array):
                    yield {**arguments, argument.name: candidate}
        for values in (np.zeros_like(array), np.ones_like(array), _rounded(array)):
            values = cast(values, array.dtype, argument)
            if _complexity(values) < _complexity(array):
                yield {**arguments, argument.name: _in_place_of(array, values)}


def _plainer_indices(record: Record, arguments: Arguments) -> Iterator[Arguments]:
    for argument in record.arguments:
        if argument.kind != "index":
            continue
        value = np.asarray(arguments[argument.name])
        if value.ndim == 0:
            if int(value) or not isinstance(arguments[argument.name], int):
                yield {**arguments, argument.name: 0}
                if int(value) > 1 or not isinstance(arguments[argument.name], int):
                    yield {**arguments, argument.name: max(0, int(value) - 1)}
            continue
        if not _plain(value):
            yield {**arguments, argument.name: np.array(value, dtype=np.intp, order="C")}
        for position in np.ndindex(value.shape):
            if value[position]:
                lower = np.array(value)
                lower[position] = 0
                yield {**arguments, argument.name: lower}


def _plainer_entries(record: Record, arguments: Arguments) -> Iterator[Arguments]:
    for argument in record.arguments:
        array = np.asarray(arguments[argument.name])
        if argument.kind != "array" or array.size > _ENTRIES_TRIED_ONE_BY_ONE:
            continue
        for position in np.ndindex(array.shape):
            for simpler in _simpler_numbers(float(array[position])):
                if argument.domain == "real" or simpler > 0:
                    changed = np.array(array)
                    changed[position] = simpler
                    yield {**arguments, argument.name: _in_place_of(array, changed)}


def _simpler_numbers(number: float) -> list[float]:
    candidates = [0.0, 1.0, -1.0]
    if np.isfinite(number):
        candidates += [math.copysign(power, number) for power in (10.0, 100.0, 1000.0)]
        candidates += [float(round(number)), *(float(f"{number:.{digits}g}") for digits in (1, 2, 3))]
    return [simpler for simpler in candidates if _digits(simpler) < _digits(number)]


def _rounded(array: Array) -> Array:
    with np.errstate(all="ignore"):
        return np.where(np.isfinite(array), np.rint(array) + 0.0, array)


def _digits(number: float) -> tuple[int, bool, float]:
    """How hard a number is to read: 0 before 1 before -1 before 17 before 0.123456."""
    text = repr(float(number))
    return (
        0 if number == 0 else len(text.removesuffix(".0").lstrip("-")),
        math.copysign(1.0, number) < 0,
        abs(number),
    )


def _complexity(array: Array) -> list[tuple[int, bool, float]]:
    return sorted((_digits(float(number)) for number in array.flat), reverse=True)


def _plain(array: Array) -> bool:
    return layout_of(array) == "C"


def _in_place_of(array: Array, values: Array) -> Array:
    """New values laid out as the old ones were, so that a fault of layout still shows."""
    return LAYOUTS[layout_of(array)](values)
