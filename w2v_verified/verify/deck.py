"""The fixed deck: corner cases that random search rarely draws, each with a name, the same in every run.

Everything is read off the record (axes, arguments, index arguments), so the deck of a new loss needs no code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeAlias

import numpy as np

from w2v_verified.notation import syntax
from w2v_verified.verify.layouts import LAYOUTS
from w2v_verified.verify.record import Argument, Record
from w2v_verified.verify.values import Index, cast, index_arguments, scaled

__all__ = ["Case", "deck"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Fill: TypeAlias = Callable[[Argument, tuple[int, ...], np.random.Generator], Array]

_ORDINARY_SIZES = (3, 5, 4, 2)
_ROUND_SIZES = (7, 8, 64)  # where loops are unrolled and blocks end
_LONG_SIZES = (257, 1100)
_MOST_CELLS = 1 << 17  # of one long case: each costs an operation on balls
_BEYOND_EXP = 750.0  # exp overflows float64 from 709.8 on, float32 from 88.7 on
_MANY = 23  # repeats of one word
_CERTAIN = 46.0  # exp(-46) is about 1e-20


@dataclass(frozen=True)
class Case:
    """One input with a name."""

    name: str
    arguments: Mapping[str, object]


def deck(record: Record) -> tuple[Case, ...]:
    """The corner cases of a record, the most telling first.

    >>> from w2v_verified.verify.record import load
    >>> [case.name for case in deck(load("naive_softmax"))][:3]
    ['ordinary numbers', 'every axis at its minimum', 'd = 1']
    """
    return (
        *_shapes(record),
        *_indices(record),
        *_ties(record),
        *_magnitudes(record),
        *_dtypes(record),
        *_layouts(record),
        *_long(record),
    )


def _normal(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
    return generator.standard_normal(shape)


def _ordinary_sizes(record: Record) -> dict[str, int]:
    sizes = {}
    for position, axis in enumerate(record.axes):
        size = _ORDINARY_SIZES[position % len(_ORDINARY_SIZES)]
        sizes[axis.name] = max(size, axis.minimum)
    return sizes


def _case(
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
    sizes = _ordinary_sizes(record) | dict(sizes or {})
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
        values = cast(fill(argument, shape, generator), dtype, argument.domain)
        arguments[argument.name] = LAYOUTS[layout](values)
    return Case(name, arguments)


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


def _shapes(record: Record) -> list[Case]:
    minimal = {axis.name: axis.minimum for axis in record.axes}
    cases = [_case(record, "ordinary numbers"), _case(record, "every axis at its minimum", minimal)]
    for axis in record.axes:
        sizes = (size for size in sorted({axis.minimum, 1, 2}) if size >= axis.minimum)
        cases += [_case(record, f"{axis.name} = {size}", {axis.name: size}) for size in sizes]
    for size in (1, 3):
        equal = {axis.name: max(size, axis.minimum) for axis in record.axes}
        cases.append(_case(record, f"every axis = {size}", equal))
    for size in _ROUND_SIZES:
        cases += [
            _case(record, f"{axis.name} = {size}", _two_but(record, axis.name, size)) for axis in record.axes
        ]
    return cases


def _two_but(record: Record, name: str, size: int) -> dict[str, int]:
    """Every axis at 2 but one."""
    return {axis.name: max(2, axis.minimum) for axis in record.axes} | {name: size}


def _indices(record: Record) -> list[Case]:
    if not index_arguments(record):
        return []
    return [
        _case(record, "every index the last", index=lambda argument, size: size - 1),
        _case(record, "every index zero", index=lambda argument, size: 0),
        _case(record, "repeated and colliding indices", index=lambda argument, size: size // 2),
        _case(
            record,
            "repeated indices",
            index=lambda argument, size: index_arguments(record).index(argument.name) % size,
        ),
    ]


def _ties(record: Record) -> list[Case]:
    def constant(value: float) -> Fill:
        return lambda argument, shape, generator: np.full(shape, value)

    def duplicates(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        values = generator.standard_normal(shape)
        if len(shape) > 1:
            values[..., 1::2] = values[..., :1]
        return values

    def zero_slices(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        values = generator.standard_normal(shape)
        if len(shape) > 1:
            values[..., ::2] = 0.0
        return values

    return [
        _case(record, "all zero", fill=constant(0.0)),
        _case(record, "all one", fill=constant(1.0)),
        _case(record, "all -2", fill=constant(-2.0)),
        _case(record, "small integers", fill=lambda a, shape, g: g.integers(-1, 2, shape).astype(np.float64)),
        _case(record, "duplicate columns", fill=duplicates),
        _case(record, "zero columns", fill=zero_slices),
        _case(record, "only the first argument zero", fill=_first_zero(record)),
    ]


def _first_zero(record: Record) -> Fill:
    first = next(argument.name for argument in record.arguments if argument.kind == "array")

    def fill(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        return np.zeros(shape) if argument.name == first else generator.standard_normal(shape)

    return fill


def _magnitudes(record: Record) -> list[Case]:
    def one_scaled(name: str, magnitude: float) -> Fill:
        def fill(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
            values = scaled(generator.standard_normal(shape), 1.0)
            return values * magnitude if argument.name == name else values

        return fill

    cases = []
    for argument in record.arguments:
        if argument.kind == "array":
            for magnitude in (20.0, _BEYOND_EXP, 2000.0, 1e15, 1e-310):
                fill = one_scaled(argument.name, magnitude)
                cases.append(_case(record, f"{argument.name} to {magnitude:g}", fill=fill))
            name = f"{argument.name} to 2000 in float32"
            cases.append(_case(record, name, fill=one_scaled(argument.name, 2000.0), dtypes="float32"))
    for value, name in (
        (_CERTAIN, "certain"),
        (-_CERTAIN, "improbable"),
        (1000.0, "sure"),
        (-1000.0, "ruled out"),
    ):
        cases += _pointed_at(record, name, _pointing(record, value))
    far = _pointing(record, 1000.0, 1000.0 - _CERTAIN)
    cases += _pointed_at(record, "certain among large scores", far)
    for value, name in ((1000.0, "sure by small columns"), (-1000.0, "ruled out by small columns")):
        cases += _pointed_at(record, name, _pointing(record, 1.0, elsewhere=value))
    return [*cases, *_equal_and_huge(record)]


def _pointing(record: Record, first: float, others: float = 0.0, elsewhere: float = 1.0) -> Fill:
    """Column 0 adds up to ``first``, every other column to ``others``; arrays without columns hold ``elsewhere``."""
    targets = _targets(record)

    def fill(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        axis = next((i for i, axis in enumerate(argument.axes) if axis in targets), None)
        if axis is None:
            return np.full(shape, elsewhere)
        values = np.full(shape, others)
        np.moveaxis(values, axis, 0)[:1] = first
        return values / max(1, values.size // max(1, shape[axis]))

    return fill


def _targets(record: Record) -> set[str]:
    """The axes that indices point into."""
    return {argument.into for argument in record.arguments if argument.into is not None}


def _pointed_at(record: Record, name: str, fill: Fill) -> list[Case]:
    """Every index points at column 0, many times where it can repeat; where there are several, each by itself."""
    indices = index_arguments(record)
    repeated = {axis for a in record.arguments if a.kind == "index" for axis in a.axes[-1:]}
    many = dict.fromkeys(sorted(repeated), _MANY)

    def at_column_0(names: tuple[str, ...]) -> Callable[[Argument, int], int]:
        return lambda argument, size: 0 if argument.name in names else size - 1

    together = f"{' and '.join(indices)} {name}"
    cases = [_case(record, together, many, fill, index=at_column_0(indices))] if indices else []
    alone = indices if len(indices) > 1 else ()
    return [
        *cases,
        *(_case(record, f"{each} alone {name}", fill=fill, index=at_column_0((each,))) for each in alone),
    ]


def _equal_and_huge(record: Record) -> list[Case]:
    def fill(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        return np.full(shape, 1e15 if len(shape) > 1 else 1.0)

    eleven = {
        axis: 11 for argument in record.arguments for axis in argument.axes[-1:] if len(argument.axes) > 1
    }
    return [_case(record, "all equal and 1e15", {record.axes[0].name: 1} | eleven, fill=fill)]


def _dtypes(record: Record) -> list[Case]:
    names = [argument.name for argument in record.arguments if argument.kind == "array"]
    cases = [_case(record, dtype, dtypes=dtype) for dtype in ("float32", "int64", "int32")]
    if len(names) > 1:
        for one in names:
            for dtype, others in (("float32", "float64"), ("int64", "float32")):
                mixed = {name: dtype if name == one else others for name in names}
                cases.append(_case(record, f"{one} {dtype}, others {others}", dtypes=mixed))
    return [
        *cases,
        _case(record, "float32, every axis = 1", {a.name: 1 for a in record.axes}, dtypes="float32"),
    ]


def _layouts(record: Record) -> list[Case]:
    return [_case(record, f"{layout} layout", layout=layout) for layout in LAYOUTS if layout != "C"]


def _long(record: Record) -> list[Case]:
    cases = []
    for axis in record.axes:
        wanted = _LONG_SIZES if axis.name in _targets(record) else _LONG_SIZES[:1]
        nested = max(1, _nested(record.programs["definition"], axis.name))
        affordable = [size for size in wanted if size**nested <= _MOST_CELLS]
        for size in affordable or [int(_MOST_CELLS ** (1 / nested))]:
            sizes = _two_but(record, axis.name, size)
            cases.append(_case(record, f"{axis.name} = {size}", sizes))
            cases.append(_case(record, f"{axis.name} = {size} in float32", sizes, dtypes="float32"))
    return cases


def _nested(node: object, axis: str) -> int:
    """How many indices over an axis are bound at once, where most are."""
    if isinstance(node, tuple):
        return max((_nested(part, axis) for part in node), default=0)
    if not is_dataclass(node):
        return 0
    match node:
        case syntax.Statement(bounds=bounds):
            pass
        case syntax.Sum(bound) | syntax.Maximum(bound):
            bounds = (bound,)
        case _:
            bounds = ()
    parts = tuple(getattr(node, field.name) for field in fields(node))
    return sum(bound.axis == axis for bound in bounds) + _nested(parts, axis)
