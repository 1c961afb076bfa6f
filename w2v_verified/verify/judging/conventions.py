"""Call conventions: how an implementation takes its arguments, and what its authors never promised.

An adapter turns an implementation into a function of the record's own arguments (one column per word), so that
everything else judges one form. Nothing is copied on the way: rows are views of columns, and a write shows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, arrays
from w2v_verified.verify.judging.calling import CallError, DeclinedError, Function, form
from w2v_verified.verify.record import Argument, Record

__all__ = ["CONVENTIONS", "RANGES", "Convention", "convention_named", "declining", "range_named"]

RANGES = ("all", "ordinary")
"""The numbers that an implementation may be asked to be right on."""


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
        range: Where it promises to be right: on "all" numbers or on "ordinary" ones.
    """

    name: str
    signature: str
    adapt: Callable[[Function, Record], Function]
    declines: Callable[[Record, Arguments], str | None]
    turned: Callable[[Record], frozenset[str]]
    spell: Callable[[Record], tuple[tuple[str, ...], str]]
    range: str = "all"


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


def range_named(name: str, convention: Convention) -> str:
    """The range asked for, or the smaller one that the convention promises.

    Raises:
        ValueError: There is no such range.
    """
    if name not in RANGES:
        raise ValueError(f"range: expected one of {', '.join(RANGES)}, got {name!r}")
    return name if convention.range == "all" else convention.range


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


def declining(function: Function, record: Record, convention: Convention) -> Function:
    """The function, called on no input that its convention declines.

    Raises (when it is called):
        DeclinedError: The convention declines the input.
    """
    names = [argument.name for argument in record.arguments]

    def inside(*arguments: object, **keywords: object) -> object:
        given = dict(zip(names, arguments, strict=False))
        reason = convention.declines(record, given) if len(given) == len(names) else None
        if reason is not None:
            raise DeclinedError(reason)
        return function(*arguments, **keywords)

    return inside


class RedrawError(CallError):
    """A function drew again because samples are equal, which no input of the course tells it to do."""

    kind = "redrawn"
    apart = "course code may draw again where a sample repeats"


class _Dataset:
    """Stands in for the course's dataset: hands out the given negative samples, then others, over and over."""

    _PATIENCE = 1000

    def __init__(self, negatives: Sequence[int], later: Sequence[int] = ()) -> None:
        self._negatives, self._later = negatives, later
        self.drawn = 0

    def sampleTokenIdx(self) -> int:
        """The next negative sample."""
        if not len(self._negatives):
            raise RuntimeError("dataset.sampleTokenIdx() was called though no negative sample is due")
        self.drawn += 1
        if self.drawn > self._PATIENCE * len(self._negatives):
            self.see_repeats()
            raise RuntimeError(f"dataset.sampleTokenIdx() was called {self.drawn} times")
        if self.drawn <= len(self._negatives):
            return int(self._negatives[self.drawn - 1])
        return int(self._later[(self.drawn - 1) % len(self._later)])

    def see_repeats(self) -> None:
        """Tell samples that are drawn again because some are equal from others.

        Raises:
            RedrawError: More were drawn than there are, and some are equal.
        """
        due = len(self._negatives)
        if self.drawn > due > len(set(self._negatives)):
            raise RedrawError(f"draws {self.drawn} samples where {due} are due and some are equal")


def _later(negatives: Sequence[int], o: int, V: int) -> list[int]:
    """Samples that tell a second draw from the first: words that are not among the negatives, if there are any."""
    return [w for w in range(V) if w != o and w not in negatives] or list(negatives)


def _course(function: Function, record: Record) -> Function:
    def with_dataset(v_c: object, o: Any, U: object, negatives: Sequence[int] | None = None) -> object:
        if negatives is None:
            return _rows(lambda *rest: function(*rest, _Dataset(())), record)(v_c, o, U)
        samples = np.asarray(negatives).tolist()
        dataset = _Dataset(samples, _later(samples, int(np.asarray(o)), np.asarray(U).shape[1]))

        def call(centre: object, outside: object, rows: object, *_: object) -> object:
            return function(centre, outside, rows, dataset, len(samples))

        returned = _rows(call, record)(v_c, o, U, negatives)
        if dataset.drawn > len(samples) > len(set(samples)):
            raise RedrawError(
                f"draws {dataset.drawn} samples where {len(samples)} are due and some are equal"
            )
        return returned

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
    n = negatives[0]
    dataset = (
        "from itertools import chain, cycle",
        "from types import SimpleNamespace",
        f"later = [w for w in range({U}.shape[1]) if w != {o} and w not in {n}] or {n}.tolist()",
        f"dataset = SimpleNamespace(sampleTokenIdx=chain({n}.tolist(), cycle(later)).__next__)",
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
            "ordinary",
        ),
    )
}
