"""Call conventions: how an implementation takes its arguments, and what its authors never promised.

An adapter turns an implementation into a function of the record's own arguments (one column per word), so that
everything else judges one form. Nothing is copied on the way: rows are views of columns, and a write shows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, arrays
from w2v_verified.verify.judging.calling import Function, form
from w2v_verified.verify.record import Argument, Record

__all__ = ["CONVENTIONS", "Convention", "convention_named"]


@dataclass(frozen=True)
class Convention:
    """One way to call an implementation.

    Attributes:
        name: What users call it.
        signature: How the implementation is called, in words.
        adapt: From an implementation to a function of the record's own arguments.
        declines: From an input to the reason why the convention does not promise anything for it, or None.
        turned: The arguments it takes the other way round.
        spell: From the record's arguments to the source of the same call: lines to run first, and the call.
    """

    name: str
    signature: str
    adapt: Callable[[Function, Record], Function]
    declines: Callable[[Record, Arguments], str | None]
    turned: Callable[[Record], frozenset[str]]
    spell: Callable[[Record], tuple[tuple[str, ...], str]]


def convention_named(name: str, record: Record) -> Convention:
    """Look a convention up, and see that it fits the loss.

    Raises:
        ValueError: There is no such convention, or it does not know losses of this form.
    """
    if name not in CONVENTIONS:
        raise ValueError(f"convention: expected one of {', '.join(CONVENTIONS)}, got {name!r}")
    if name == "cs224n" and not _is_course_loss(record):
        raise ValueError(
            f"convention: cs224n knows losses of (v_c, o, U) or (v_c, o, U, negatives), not {record.name}"
        )
    return CONVENTIONS[name]


def _table_of_vectors(record: Record, argument: Argument) -> bool:
    """Whether an argument is a table that an index points into: U, whose rows are words in row layouts."""
    pointed = {other.into for other in record.arguments if other.into is not None}
    return argument.kind == "array" and len(argument.axes) == 2 and argument.axes[-1] in pointed


def _turned(value: object) -> object:
    return value.T if isinstance(value, np.ndarray) and value.ndim == 2 else value


def _nothing(record: Record) -> frozenset[str]:
    return frozenset()


def _tables(record: Record) -> frozenset[str]:
    return frozenset(argument.name for argument in record.arguments if _table_of_vectors(record, argument))


def _columns(function: Function, record: Record) -> Function:
    return function


def _rows(function: Function, record: Record) -> Function:
    tables = _tables(record)
    names = [argument.name for argument in record.arguments]
    given = tuple(replace(a, axes=a.axes[::-1]) if a.name in tables else a for a in record.arguments)
    row_record = replace(record, arguments=given)
    by_row = {field for result in record.results if result.of in tables for field in result.fields}

    def in_rows(*arguments: object, **keywords: object) -> object:
        turned = [_turned(v) if name in tables else v for name, v in zip(names, arguments, strict=True)]
        returned = function(*turned, **keywords)
        fields = form(returned, row_record, dict(zip(names, turned, strict=True)))
        return tuple(_turned(value) if field in by_row else value for field, value in fields.items())

    return in_rows


class _Dataset:
    """Stands in for the course's dataset: hands out the given negative samples, over and over."""

    _PATIENCE = 1000

    def __init__(self, negatives: Sequence[int]) -> None:
        self._negatives = negatives
        self._drawn = 0

    def sampleTokenIdx(self) -> int:
        """The next negative sample."""
        if not len(self._negatives):
            raise RuntimeError("dataset.sampleTokenIdx() was called though no negative sample is due")
        self._drawn += 1
        if self._drawn > self._PATIENCE * len(self._negatives):
            raise RuntimeError(f"dataset.sampleTokenIdx() was called {self._drawn} times")
        return int(self._negatives[(self._drawn - 1) % len(self._negatives)])


def _course(function: Function, record: Record) -> Function:
    def with_dataset(v_c: object, o: object, U: object, negatives: Sequence[int] | None = None) -> object:
        def call(centre: object, outside: object, rows: object, *_: object) -> object:
            if negatives is None:
                return function(centre, outside, rows, _Dataset(()))
            return function(centre, outside, rows, _Dataset(negatives), len(negatives))

        rest = () if negatives is None else (negatives,)
        return _rows(call, record)(v_c, o, U, *rest)

    return with_dataset


def _is_course_loss(record: Record) -> bool:
    kinds = [(argument.kind, len(argument.axes)) for argument in record.arguments]
    return kinds[:3] == [("array", 1), ("index", 0), ("array", 2)] and kinds[3:] in ([], [("index", 1)])


def _promises_everything(record: Record, arguments: Arguments) -> None:
    return None


def _course_declines(record: Record, arguments: Arguments) -> str | None:
    _, o, _, *negatives = arguments.values()
    if negatives and np.size(np.asarray(negatives[0])) == 0:
        return "course code draws at least one negative sample"
    if negatives and np.any(np.asarray(negatives[0]) == np.asarray(o)):
        return "course code never gets o among its negatives"
    if any(array.dtype != np.float64 for array in arrays(record, arguments).values()):
        return "course code is float64 only"
    return None


def _spell_columns(record: Record) -> tuple[tuple[str, ...], str]:
    return (), ", ".join(argument.name for argument in record.arguments)


def _spell_rows(record: Record) -> tuple[tuple[str, ...], str]:
    return (), ", ".join(a.name + (".T" if _table_of_vectors(record, a) else "") for a in record.arguments)


def _spell_course(record: Record) -> tuple[tuple[str, ...], str]:
    v_c, o, U, *negatives = (argument.name for argument in record.arguments)
    if not negatives:
        return (), f"{v_c}, {o}, {U}.T, None"
    dataset = (
        "from itertools import cycle",
        "from types import SimpleNamespace",
        f"dataset = SimpleNamespace(sampleTokenIdx=cycle({negatives[0]}.tolist()).__next__)",
    )
    return dataset, f"{v_c}, {o}, {U}.T, dataset, len({negatives[0]})"


CONVENTIONS = {
    convention.name: convention
    for convention in (
        Convention(
            "columns", "f(v_c, o, U[, negatives])", _columns, _promises_everything, _nothing, _spell_columns
        ),
        Convention(
            "rows",
            "the same with U as (V, d), its gradient too",
            _rows,
            _promises_everything,
            _tables,
            _spell_rows,
        ),
        Convention(
            "cs224n",
            "f(centerWordVec, outsideWordIdx, outsideVectors, dataset[, K]), U as (V, d)",
            _course,
            _course_declines,
            _tables,
            _spell_course,
        ),
    )
}
