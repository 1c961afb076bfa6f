"""One case of the deck: an input with a name, ordinary but for what makes the case.

Cases that point have index arguments at a column whose scores are near, far, certain or ruled out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from w2v_verified.verify.cases.arguments import Index, cast, index_arguments
from w2v_verified.verify.cases.layouts import LAYOUTS
from w2v_verified.verify.record import Argument, Record

__all__ = ["Array", "Case", "Fill", "make_case", "pointed_at", "pointing", "targets", "two_but"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Fill: TypeAlias = Callable[[Argument, tuple[int, ...], np.random.Generator], Array]

_ORDINARY_SIZES = (3, 5, 4, 2)
_MANY = 23  # repeats of one word


@dataclass(frozen=True)
class Case:
    """One input with a name."""

    name: str
    arguments: Mapping[str, object]


def _normal(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
    return generator.standard_normal(shape)


def ordinary_sizes(record: Record) -> dict[str, int]:
    """The sizes of a case that is about something else."""
    sizes = {}
    for position, axis in enumerate(record.axes):
        size = _ORDINARY_SIZES[position % len(_ORDINARY_SIZES)]
        sizes[axis.name] = max(size, axis.minimum)
    return sizes


def make_case(
    record: Record,
    name: str,
    sizes: Mapping[str, int] | None = None,
    fill: Fill = _normal,
    dtypes: Mapping[str, str] | str = "float64",
    layout: str = "C",
    index: Callable[[Argument, int], int] | None = None,
) -> Case:
    """Build one case; every keyword is one way to differ from ordinary numbers."""
    generator = np.random.default_rng(20_240_229)
    sizes = ordinary_sizes(record) | dict(sizes or {})
    arguments: dict[str, object] = {}
    for argument in record.arguments:
        shape = tuple(sizes[axis] for axis in argument.axes)
        if argument.into is not None:
            used = sum(
                np.size(np.asarray(arguments[name])) for name in index_arguments(record) if name in arguments
            )
            arguments[argument.name] = _index(argument, shape, sizes[argument.into], used, index)
            continue
        dtype = np.dtype(dtypes if isinstance(dtypes, str) else dtypes[argument.name])
        values = cast(_filled(fill, argument, shape, generator), dtype, argument)
        arguments[argument.name] = LAYOUTS[layout](values)
    return Case(name, arguments)


def _filled(fill: Fill, argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
    """What a case says of the columns of a table is said of the rows where it is turned."""
    if not argument.turned:
        return fill(argument, shape, generator)
    return fill(replace(argument, axes=argument.axes[::-1]), shape[::-1], generator).T


def _index(
    argument: Argument,
    shape: tuple[int, ...],
    size: int,
    used: int,
    choose: Callable[[Argument, int], int] | None,
) -> Index:
    """Where nothing else is asked for, indices differ from each other and from earlier ones as long as they can."""
    count = int(np.prod(shape, dtype=np.intp))
    chosen = size // 2 + used + np.arange(count) if choose is None else np.full(count, choose(argument, size))
    indices = (chosen % size).astype(np.intp).reshape(shape)
    return indices if shape else int(indices)


def two_but(record: Record, name: str, size: int) -> dict[str, int]:
    """Every axis at 2 but one."""
    return {axis.name: max(2, axis.minimum) for axis in record.axes} | {name: size}


def pointing(record: Record, first: float, others: float = 0.0, elsewhere: float = 1.0) -> Fill:
    """Column 0 adds up to ``first``, every other column to ``others``; arrays without columns hold ``elsewhere``."""
    pointed = targets(record)

    def fill(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        axis = next((i for i, axis in enumerate(argument.axes) if axis in pointed), None)
        if axis is None:
            return np.full(shape, elsewhere)
        values = np.full(shape, others)
        np.moveaxis(values, axis, 0)[:1] = first
        return values / max(1, values.size // max(1, shape[axis]))

    return fill


def targets(record: Record) -> set[str]:
    """The axes that indices point into."""
    return {argument.into for argument in record.arguments if argument.into is not None}


def pointed_at(record: Record, name: str, fill: Fill) -> list[Case]:
    """Every index points at column 0, many times where it can repeat; where there are several, each by itself."""
    indices = index_arguments(record)
    repeated = {axis for a in record.arguments if a.kind == "index" for axis in a.axes[-1:]}
    many = dict.fromkeys(sorted(repeated), _MANY)

    def at_column_0(names: tuple[str, ...]) -> Callable[[Argument, int], int]:
        return lambda argument, size: 0 if argument.name in names else size - 1

    together = f"{' and '.join(indices)} {name}"
    cases = [make_case(record, together, many, fill, index=at_column_0(indices))] if indices else []
    alone = indices if len(indices) > 1 else ()
    return [
        *cases,
        *(make_case(record, f"{each} alone {name}", fill=fill, index=at_column_0((each,))) for each in alone),
    ]
