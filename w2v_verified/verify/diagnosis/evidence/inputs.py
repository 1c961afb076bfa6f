"""The inputs on which an explanation has to agree with what came back, every single one, beside the finding's own.

Their sizes differ from each other and from input to input, so that a factor of K is not taken for one of B; index
arguments differ, repeat and collide; columns tie, or are level: different, with equal scores; two inputs are square.
"""

from collections.abc import Mapping, Set

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.cases.arguments import cast
from w2v_verified.verify.record import Argument, Record

__all__ = ["inputs"]

_KINDS = (
    "apart",
    "apart",
    "apart",
    "repeated",
    "repeated",
    "colliding",
    "colliding",
    "tied",
    "tied",
    "level",
    "level",
    "square",
    "square",
)
_SIZES = (3, 5, 2, 4, 7, 6)
_POINTED_AT = 11
_SQUARE = 4


def inputs(record: Record) -> list[dict[str, object]]:
    """The inputs, the same in every run.

    >>> from w2v_verified.verify.record import load
    >>> len(inputs(load("naive_softmax")))
    13
    """
    return [_input(record, number, kind) for number, kind in enumerate(_KINDS)]


def _input(record: Record, number: int, kind: str) -> dict[str, object]:
    generator = np.random.default_rng(number)
    pointed = {argument.into for argument in record.arguments if argument.into is not None}
    shape = {
        axis.name: _SIZES[(place + number) % len(_SIZES)] if kind != "square" else _SQUARE
        for place, axis in enumerate(record.axes)
    }
    if kind != "square":
        count = sum(_places(record, shape).values())
        shape |= dict.fromkeys((p for p in pointed if p), max(_POINTED_AT + 2 * number, 1 + count))
    places = _places(record, shape)
    arguments: dict[str, object] = {}
    used: list[int] = []
    for argument in record.arguments:
        extent = tuple(shape[axis] for axis in argument.axes)
        if argument.into is None:
            numbers = _numbers(argument, extent, kind, generator)
            arguments[argument.name] = _level(numbers, argument, pointed) if kind == "level" else numbers
            continue
        chosen = _indices(places[argument.name], shape[argument.into], used, kind, generator)
        used += chosen
        arguments[argument.name] = np.array(chosen, np.intp).reshape(extent) if extent else chosen[0]
    return arguments


def _places(record: Record, shape: Mapping[str, int]) -> dict[str, int]:
    """How many positions each index argument has."""
    return {
        a.name: int(np.prod([shape[axis] for axis in a.axes], dtype=np.intp))
        for a in record.arguments
        if a.kind == "index"
    }


def _numbers(
    argument: Argument, extent: tuple[int, ...], kind: str, generator: np.random.Generator
) -> NDArray[np.float64]:
    values = generator.standard_normal(extent)
    if kind == "tied" and len(extent) > 1:
        columns = values.T if argument.turned else values
        columns[..., 1::2] = columns[..., :-1:2][..., : columns[..., 1::2].shape[-1]]
    return np.abs(values) + 0.5 if argument.domain == "positive" else cast(values, values.dtype, argument)


def _level(values: NDArray[np.float64], argument: Argument, pointed: Set[str | None]) -> NDArray[np.float64]:
    """Columns that differ in every other entry alone, where arrays that are no tables are zero: with equal scores."""
    if argument.domain != "real" or not values.ndim:
        return values
    table = next((place for place, axis in enumerate(argument.axes) if axis in pointed), None)
    if table is None:
        values[1::2] = 0
    elif values.ndim > 1:
        along = np.moveaxis(values, table, -1)
        along[0::2] = along[0::2, ..., :1]
    return values


def _indices(count: int, size: int, used: list[int], kind: str, generator: np.random.Generator) -> list[int]:
    """Indices that all differ; or repeat, but differ from earlier arguments'; or repeat those of earlier ones."""
    free = [int(i) for i in generator.permutation(size) if i not in used] or list(range(size))
    if kind in ("repeated", "tied"):
        free = free[: max(1, min(len(free), (count + 1) // 2))]
    if kind in ("colliding", "square"):
        free = [*used[:1], *free[: max(1, count // 2)]]
    return [free[place % len(free)] for place in range(count)]
