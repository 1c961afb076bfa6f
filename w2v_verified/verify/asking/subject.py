"""An implementation as it is examined: how it is called, in whose words, on which inputs, and how strictly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from w2v_verified.verify.arrays import Library, library_named
from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.cases.case import make_case
from w2v_verified.verify.cases.draws import MAGNITUDES
from w2v_verified.verify.engine import record_of
from w2v_verified.verify.judging.calling import Function
from w2v_verified.verify.judging.conventions import Convention, convention_named, range_named
from w2v_verified.verify.judging.guard import HangError, guarded
from w2v_verified.verify.judging.ordinary import is_ordinary
from w2v_verified.verify.record import Record
from w2v_verified.verify.report.origin import Origin, origin_of

__all__ = ["Ending", "Subject", "passes_over", "subject_of"]

_ORDINARY = ("small", "ordinary", "wide", "logits")
_KINDS = {
    "float64": ("float64",),
    "float32": ("float32",),
    "mixed": ("float64", "float32"),
    "integers": ("int64",),
}


class Ending:
    """A function of the arguments of a record, which is not called again once a call did not come to its end."""

    def __init__(self, function: Function, record: Record) -> None:
        self._function = function
        self._names = [argument.name for argument in record.arguments]
        self._message = ""
        self.endless: Arguments | None = None
        """The arguments of that call."""

    def __call__(self, *arguments: object, **keywords: object) -> object:
        """Call it.

        Raises:
            HangError: This call, or an earlier one, did not return in time.
        """
        if self.endless is not None:
            raise HangError(self._message)
        try:
            return self._function(*arguments, **keywords)
        except HangError as error:
            self.endless = copied(dict(zip(self._names, arguments, strict=False)))
            self._message = str(error)
            raise


@dataclass(frozen=True)
class Subject:
    """What is examined.

    Attributes:
        name: What it is called.
        origin: Where it comes from.
        base: What it computes, in the words of the definition.
        record: The same in the words of the caller's code.
        convention: How it is called, and the inputs that it is not called on.
        library: The library whose arrays it takes.
        call: The implementation, as a function of the record's arguments.
        range: The numbers that it has to be right on.
        strict: Whether the top grade is asked for.
        whole: Whether it is asked what w2v_verified promises for its own functions alone.
    """

    name: str
    origin: Origin
    base: Record
    record: Record
    convention: Convention
    library: Library
    call: Ending
    range: str
    strict: bool
    whole: bool = False

    def passes_over(self, arguments: Arguments) -> bool:
        """Whether it is not asked about an input: its convention declines it, or its range ends before."""
        ordinary = self.range == "ordinary" and not self.strict
        return passes_over(self.convention, self.record, ordinary, arguments)

    @cached_property
    def formats(self) -> tuple[str, ...]:
        """The formats of its arguments, as ``DTYPES`` has them."""
        return tuple(each for each in self.library.formats if self._takes(_KINDS[each]))

    def _takes(self, dtypes: Sequence[str]) -> bool:
        names = [argument.name for argument in self.record.arguments if argument.kind == "array"]
        held = {name: dtypes[number % len(dtypes)] for number, name in enumerate(names)}
        ordinary = next(iter(self.sizes or ()), None)
        return (
            self.convention.declines(self.record, make_case(self.record, "", ordinary, dtypes=held).arguments)
            is None
        )

    @property
    def magnitudes(self) -> tuple[str, ...]:
        """How large its arguments may be, as ``MAGNITUDES`` has it."""
        return _ORDINARY if self.range == "ordinary" and not self.strict else MAGNITUDES

    @cached_property
    def sizes(self) -> Sequence[Mapping[str, int]] | None:
        """The sizes of the axes, or None for any."""
        return self.library.sizes(self.record)


def passes_over(convention: Convention, record: Record, ordinary: bool, arguments: Arguments) -> bool:
    """Whether an implementation is not asked about an input: its convention declines it, or it is beyond the range."""
    given = {argument.name: arguments[argument.name] for argument in record.arguments}
    if convention.declines(record, given) is not None:
        return True
    return ordinary and not is_ordinary(record, given)


def subject_of(
    function: Function,
    loss: str | Path | Record,
    convention: str,
    *,
    strict: bool,
    range: str,
    arrays: str,
    gradients: str,
    time_limit: float | None,
    whole: bool = False,
) -> Subject:
    """What is examined, out of what users say.

    Raises:
        TypeError: ``function`` cannot be called, or ``loss`` is no name, path or record.
        ValueError: There is no such loss, convention, range or library, or gradients are automatic and the arrays
            NumPy's.
        ModuleNotFoundError, UsageError: The library is not installed, or cannot be imported.
    """
    if not callable(function):
        raise TypeError(f"function: expected something that can be called, got {type(function).__name__}")
    library = library_named(arrays, gradients)
    base = library.judged(record_of(loss))
    called = library.within(convention_named(convention, base))
    record = called.reworded(base)
    adapted = called.adapt(guarded(library.adapt(function, record), time_limit), record)
    return Subject(
        name=getattr(function, "__name__", type(function).__name__),
        origin=origin_of(function),
        base=base,
        record=record,
        convention=called,
        library=library,
        call=Ending(adapted, record),
        range=range_named(range, called),
        strict=strict,
        whole=whole,
    )
