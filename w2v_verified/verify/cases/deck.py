"""The fixed deck: corner cases that random search rarely draws, each with a name, the same in every run.

Everything is read off the record (axes, arguments, index arguments), so the deck of a new loss needs no code.
"""

from dataclasses import fields, is_dataclass

import numpy as np

from w2v_verified.notation import syntax
from w2v_verified.verify.cases.arguments import index_arguments, scaled
from w2v_verified.verify.cases.case import (
    Array,
    Case,
    Fill,
    make_case,
    ordinary_sizes,
    pointed_at,
    pointing,
    targets,
    two_but,
)
from w2v_verified.verify.cases.layouts import LAYOUTS
from w2v_verified.verify.cases.lengths import lengths_of
from w2v_verified.verify.record import Argument, Record

__all__ = ["Case", "deck"]

_AGAINST = 2.0**20
_ROOM, _AT_ONCE = 60, 13
_SEVERAL = 4  # places to point at: the first, the last and others
_ROUND_SIZES = (7, 8, 64)  # where loops are unrolled and blocks end
_LONG_SIZES = (257, 1100)
_MOST_CELLS = 1 << 17  # of one long case: each costs an operation on balls
_WITHIN_EXP, _WITHIN_EXP32 = (80.0, 280.0, 500.0), (35.0, 75.0)
_BEYOND_EXP = 750.0  # exp overflows float64 from 709.8 on, float32 from 88.7 on
_CERTAIN, _LIKELY = 46.0, 24.5  # exp(-46) is about 1e-20, and log1p(exp(-24.5)) is more than 0
_WITHIN = 690.0
_APART = (-290.0, 500.0)  # the exponential of each fits in float64, that of their difference does not


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


def _shapes(record: Record) -> list[Case]:
    minimal = {axis.name: axis.minimum for axis in record.axes}
    cases = [make_case(record, "ordinary numbers"), make_case(record, "every axis at its minimum", minimal)]
    for axis in record.axes:
        sizes = (size for size in sorted({axis.minimum, 1, 2}) if size >= axis.minimum)
        cases += [make_case(record, f"{axis.name} = {size}", {axis.name: size}) for size in sizes]
    for size in (1, 3):
        equal = {axis.name: max(size, axis.minimum) for axis in record.axes}
        cases.append(make_case(record, f"every axis = {size}", equal))
    for size in _ROUND_SIZES:
        cases += [
            make_case(record, f"{axis.name} = {size}", two_but(record, axis.name, size))
            for axis in record.axes
        ]
    return cases


def _indices(record: Record) -> list[Case]:
    if not index_arguments(record):
        return []
    ordinary = ordinary_sizes(record)
    several = {axis: max(ordinary[axis], _SEVERAL) for axis in sorted(targets(record))}
    return [
        make_case(record, "every index the last", several, index=lambda argument, size: size - 1),
        make_case(record, "every index zero", several, index=lambda argument, size: 0),
        make_case(record, "repeated and colliding indices", several, index=lambda argument, size: size // 2),
        make_case(
            record,
            "repeated indices",
            several,
            index=lambda argument, size: index_arguments(record).index(argument.name) % size,
        ),
        make_case(record, "many indices that differ", _many(record)),
    ]


def _many(record: Record) -> dict[str, int]:
    """Room for indices that all differ, more than some code takes at once."""
    repeated = {axis for a in record.arguments if a.kind == "index" for axis in a.axes[-1:]}
    return dict.fromkeys(sorted(targets(record)), _ROOM) | dict.fromkeys(sorted(repeated), _AT_ONCE)


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
        make_case(record, "all zero", fill=constant(0.0)),
        make_case(record, "all one", fill=constant(1.0)),
        make_case(record, "all -2", fill=constant(-2.0)),
        make_case(
            record, "small integers", fill=lambda a, shape, g: g.integers(-1, 2, shape).astype(np.float64)
        ),
        make_case(record, "duplicate columns", fill=duplicates),
        make_case(record, "zero columns", fill=zero_slices),
        make_case(record, "only the first argument zero", fill=_first_zero(record)),
    ]


def _first_zero(record: Record) -> Fill:
    first = next(argument.name for argument in record.arguments if argument.kind == "array")

    def fill(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        return np.zeros(shape) if argument.name == first else generator.standard_normal(shape)

    return fill


def _magnitudes(record: Record) -> list[Case]:
    floating = [argument.name for argument in record.arguments if argument.kind == "array"]

    def against(name: str) -> Fill:
        """Moderate products of large numbers and small ones."""

        def fill(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
            values = scaled(generator.standard_normal(shape), 1.0)
            return values * _AGAINST if argument.name == name else values / _AGAINST

        return fill

    def one_scaled(name: str, magnitude: float) -> Fill:
        def fill(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
            values = scaled(generator.standard_normal(shape), 1.0)
            return values * magnitude if argument.name == name else values

        return fill

    cases = []
    for argument in record.arguments:
        if argument.kind == "array" and len(floating) > 1:
            fill = against(argument.name)
            cases.append(make_case(record, f"{argument.name} to {_AGAINST:g}, others as small", fill=fill))
        if argument.kind == "array":
            for magnitude in (20.0, *_WITHIN_EXP, _BEYOND_EXP, 2000.0, 1e15, 1e-310):
                fill = one_scaled(argument.name, magnitude)
                cases.append(make_case(record, f"{argument.name} to {magnitude:g}", fill=fill))
            for magnitude in (*_WITHIN_EXP32, 2000.0):
                name = f"{argument.name} to {magnitude:g} in float32"
                cases.append(
                    make_case(record, name, fill=one_scaled(argument.name, magnitude), dtypes="float32")
                )
    for value, name in (
        (_CERTAIN, "certain"),
        (-_CERTAIN, "improbable"),
        (_LIKELY, "likely"),
        (-_LIKELY, "unlikely"),
        (_WITHIN, "within what exp can say"),
        (-_WITHIN, "far within what exp can say"),
        (1000.0, "sure"),
        (-1000.0, "ruled out"),
    ):
        cases += pointed_at(record, name, pointing(record, value))
    far = pointing(record, 1000.0, 1000.0 - _CERTAIN)
    cases += pointed_at(record, "certain among large scores", far)
    apart = pointing(record, *_APART)
    cases += pointed_at(record, "ruled out by more than exp can say", apart)
    for value, name in ((1000.0, "sure by small columns"), (-1000.0, "ruled out by small columns")):
        cases += pointed_at(record, name, pointing(record, 1.0, elsewhere=value))
    cases += pointed_at(record, "likely by tiny columns", pointing(record, 2e-8, elsewhere=1e9))
    return [*cases, *_equal_and_huge(record)]


def _equal_and_huge(record: Record) -> list[Case]:
    def fill(argument: Argument, shape: tuple[int, ...], generator: np.random.Generator) -> Array:
        return np.full(shape, 1e15 if len(shape) > 1 else 1.0)

    eleven = {
        axis: 11 for argument in record.arguments for axis in argument.axes[-1:] if len(argument.axes) > 1
    }
    one = {axis.name: 1 for axis in record.axes[:1]}
    return [make_case(record, "all equal and 1e15", one | eleven, fill=fill)]


def _dtypes(record: Record) -> list[Case]:
    names = [argument.name for argument in record.arguments if argument.kind == "array"]
    cases = [make_case(record, dtype, dtypes=dtype) for dtype in ("float32", "int64", "int32")]
    if len(names) > 1:
        for one in names:
            for dtype, others in (("float32", "float64"), ("int64", "float32")):
                mixed = {name: dtype if name == one else others for name in names}
                cases.append(make_case(record, f"{one} {dtype}, others {others}", dtypes=mixed))
    return [
        *cases,
        make_case(record, "float32, every axis = 1", {a.name: 1 for a in record.axes}, dtypes="float32"),
    ]


def _layouts(record: Record) -> list[Case]:
    return [make_case(record, f"{layout} layout", layout=layout) for layout in LAYOUTS if layout != "C"]


def _long(record: Record) -> list[Case]:
    """Axes with many places that all differ: those an index points into, and those whose equal places are not alike."""
    cases = []
    seen = targets(record) | lengths_of(record).told_apart
    for axis in (axis for axis in record.axes if axis.name in seen):
        wanted = _LONG_SIZES if axis.name in targets(record) else _LONG_SIZES[:1]
        nested = max(record.repeated(axis.name), _nested(record.programs["definition"], axis.name))
        affordable = [size for size in wanted if size**nested <= _MOST_CELLS]
        for size in affordable or [int(_MOST_CELLS ** (1 / nested))]:
            sizes = two_but(record, axis.name, size)
            cases.append(make_case(record, f"{axis.name} = {size}", sizes))
            cases.append(make_case(record, f"{axis.name} = {size} in float32", sizes, dtypes="float32"))
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
