"""Arrays of ones and zeros by which an altered program leaves terms out; each name is a prefix and what it is about."""

import math

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.diagnosis.evidence.probes import Probe
from w2v_verified.verify.record import Argument, Record

__all__ = [
    "APART",
    "FIRST_PLACE",
    "LAST",
    "LAST_OF_ROW",
    "LAST_PLACE",
    "ONCE",
    "TIED",
    "mask_axes",
    "masks",
]

FIRST_PLACE, LAST_PLACE = "first place of ", "last place of "
"""Over an axis: 1 at its first, or last, place."""

LAST, LAST_OF_ROW, ONCE = "last of ", "last in its row of ", "once in its row of "
"""Over an index argument: 1 where no later entry (of all, of its row), or no earlier one of its row, is the same."""

APART = "apart from others, "
"""Over an index argument: 1 where no other argument into the same axis has the same entry."""

TIED = "tied with "
"""Over an axis and an index argument into it: 1 where the two slices of the table are equal."""


def mask_axes(record: Record) -> dict[str, tuple[str, ...]]:
    """The axes of every mask, by name."""
    found: dict[str, tuple[str, ...]] = {}
    for axis in record.axes:
        found |= {FIRST_PLACE + axis.name: (axis.name,), LAST_PLACE + axis.name: (axis.name,)}
    for argument in record.arguments:
        if argument.into is not None:
            found |= {kind + argument.name: argument.axes for kind in (LAST, LAST_OF_ROW, ONCE, APART)}
            found[TIED + argument.name] = (argument.into, *argument.axes)
    return found


def masks(probe: Probe) -> dict[str, NDArray[np.float64]]:
    """Every mask of one input, by name."""
    found: dict[str, NDArray[np.bool_]] = {}
    for axis, size in probe.extents.items():
        found[FIRST_PLACE + axis] = np.arange(size) == 0
        found[LAST_PLACE + axis] = np.arange(size) == size - 1
    pointers = [argument for argument in probe.record.arguments if argument.into is not None]
    for argument in pointers:
        values = np.asarray(probe.arguments[argument.name])
        rows = values.reshape(math.prod(values.shape[:-1]), values.shape[-1] if values.ndim else 1)
        found[LAST + argument.name] = _last(values.ravel()).reshape(values.shape)
        found[LAST_OF_ROW + argument.name] = _each(rows, backwards=False).reshape(values.shape)
        found[ONCE + argument.name] = _each(rows, backwards=True).reshape(values.shape)
        others = [other for other in pointers if other is not argument and other.into == argument.into]
        found[APART + argument.name] = _apart(probe, argument, others)
        found[TIED + argument.name] = _tied(probe, argument)
    return {name: mask.astype(np.float64) for name, mask in found.items()}


def _last(values: NDArray[np.intp]) -> NDArray[np.bool_]:
    return np.array([value not in values[place + 1 :] for place, value in enumerate(values)], dtype=np.bool_)


def _each(rows: NDArray[np.intp], backwards: bool) -> NDArray[np.bool_]:
    found = [_last(row[::-1])[::-1] if backwards else _last(row) for row in rows]
    return np.array(found, dtype=np.bool_)


def _apart(probe: Probe, argument: Argument, others: list[Argument]) -> NDArray[np.bool_]:
    values = np.asarray(probe.arguments[argument.name])
    apart = np.ones(values.shape, dtype=np.bool_)
    for other in others:
        held = np.asarray(probe.arguments[other.name])
        for place in np.ndindex(values.shape):
            at = dict(zip(argument.axes, place, strict=True))
            beside = held[tuple(at.get(axis, slice(None)) for axis in other.axes)]
            apart[place] &= not np.any(beside == values[place])
    return apart


def _tied(probe: Probe, argument: Argument) -> NDArray[np.bool_]:
    table = next(a for a in probe.record.arguments if a.kind == "array" and argument.into in a.axes)
    place = table.axes.index(str(argument.into))
    moved = np.moveaxis(np.asarray(probe.arguments[table.name]), place, 0)
    slices = moved.reshape(len(moved), math.prod(moved.shape[1:]))
    pointed = slices[np.asarray(probe.arguments[argument.name], dtype=np.intp)]
    return np.array([(pointed == one).all(axis=-1) for one in slices])
