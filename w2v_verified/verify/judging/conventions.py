"""Call conventions: the words of the caller's code, how it takes its arguments, what its authors never promised.

``Convention.reworded`` gives the record that an implementation is judged by: the names and the layout are those of the
caller's code. An adapter makes a function of that record's arguments out of an implementation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from w2v_verified.nearest import one_of
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.judging.calling import DeclinedError, Function
from w2v_verified.verify.judging.course import (
    course_names,
    declined_by_course,
    is_course_loss,
    spell_course,
    with_dataset,
)
from w2v_verified.verify.judging.wording import given_as, reworded
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
        names: What the caller's code calls arguments and results that it has other names for, by the record's names.
        turned: The arguments it takes the other way round, as are their gradients; by the record's names.
        adapt: From an implementation to a function of the arguments of the reworded record.
        declines: From an input of that record to the reason why nothing is promised for it, or None.
        spell: From that record's arguments to the source of the call: lines to run first, and what stands in it.
        range: Where it promises to be right: on "all" numbers or on "ordinary" ones.
    """

    name: str
    signature: str
    names: Callable[[Record], Mapping[str, str]]
    turned: Callable[[Record], frozenset[str]]
    adapt: Callable[[Function, Record], Function]
    declines: Callable[[Record, Arguments], str | None]
    spell: Callable[[Record], tuple[tuple[str, ...], tuple[str, ...]]]
    range: str = "all"

    def reworded(self, record: Record) -> Record:
        """The record in the words of the caller's code."""
        return reworded(record, self.names(record), self.turned(record))

    def given(self, record: Record, arguments: Arguments) -> dict[str, object]:
        """An input of the record as the caller's code takes it."""
        return given_as(arguments, self.names(record), self.turned(record))

    def restored(self, record: Record, arguments: Arguments) -> dict[str, object]:
        """An input that the caller's code takes as the record has it."""
        names = {own: name for name, own in self.names(record).items()}
        turned = frozenset(self.names(record).get(name, name) for name in self.turned(record))
        return given_as(arguments, names, turned)


def convention_named(name: str, record: Record) -> Convention:
    """Look a convention up, and see that it fits the loss.

    Raises:
        ValueError: There is no such convention, or it does not know losses of this form.
    """
    if name not in CONVENTIONS:
        raise ValueError(f"convention: {one_of(name, CONVENTIONS)}")
    if name == "cs224n" and not is_course_loss(record):
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
        raise ValueError(f"range: {one_of(name, RANGES)}")
    return name if convention.range == "all" else convention.range


def _table_of_vectors(record: Record, argument: Argument) -> bool:
    """Whether an argument is a table that an index points into: U, whose rows are words in row layouts."""
    pointed = {other.into for other in record.arguments if other.into is not None}
    return argument.kind == "array" and len(argument.axes) == 2 and argument.axes[-1] in pointed


def _no_names(record: Record) -> Mapping[str, str]:
    return {}


def _no_tables(record: Record) -> frozenset[str]:
    return frozenset()


def _tables(record: Record) -> frozenset[str]:
    return frozenset(argument.name for argument in record.arguments if _table_of_vectors(record, argument))


def _as_it_is(function: Function, record: Record) -> Function:
    return function


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


def _promises_everything(record: Record, arguments: Arguments) -> None:
    return None


def _spell(record: Record) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (), tuple(argument.name for argument in record.arguments)


CONVENTIONS = {
    convention.name: convention
    for convention in (
        Convention(
            name="columns",
            signature="f(v_c, o, U[, negatives])",
            names=_no_names,
            turned=_no_tables,
            adapt=_as_it_is,
            declines=_promises_everything,
            spell=_spell,
        ),
        Convention(
            name="rows",
            signature="f(v_c, o, U[, negatives]) with U as (V, d), its gradient too",
            names=_no_names,
            turned=_tables,
            adapt=_as_it_is,
            declines=_promises_everything,
            spell=_spell,
        ),
        Convention(
            name="cs224n",
            signature="f(centerWordVec, outsideWordIdx, outsideVectors, dataset[, K]), outsideVectors as (V, d)",
            names=course_names,
            turned=_tables,
            adapt=with_dataset,
            declines=declined_by_course,
            spell=spell_course,
            range="ordinary",
        ),
    )
}
