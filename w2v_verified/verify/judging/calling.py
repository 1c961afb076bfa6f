"""Call a function on recorded arguments and see that what it returns has the right form."""

import inspect
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias, TypeGuard

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, in_words
from w2v_verified.verify.judging.dense import assembled
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Record

__all__ = [
    "CallError",
    "DeclinedError",
    "Function",
    "ReturnError",
    "Returned",
    "attempt",
    "call",
    "form",
    "observe",
    "silence",
]

Function: TypeAlias = Callable[..., object]
Returned: TypeAlias = dict[str, Any]
"""What a call returned, by the names of its fields in their order."""


_BY_BLAS = "encountered in matmul"
"""Kernels of BLAS compute on lanes nobody asked for and raise flags there; what a real one spoils shows as a value."""


class CallError(Exception):
    """A function raised an exception: a fact about it, told apart from mistakes of the judge's own.

    ``apart`` says why it does not count against the function, if it does not.
    """

    kind = "exception"
    apart: str | None = None


class DeclinedError(Exception):
    """An input for which the convention of a function promises nothing: it is not called on it."""


class ReturnError(CallError):
    """A function returned something of the wrong form; the message says what was expected and what came."""

    kind = "return"


def call(function: Function, record: Record, arguments: Arguments, **keywords: object) -> Returned:
    """Call a function and return the fields of its results by name.

    Raises:
        CallError: The function raises an exception.
        ReturnError: The results are not (loss, gradients...) with a real scalar and real arrays shaped
            like the arguments they are gradients of.
    """
    try:
        returned = function(*arguments.values(), **keywords)
    except (CallError, DeclinedError):
        raise
    except Exception as error:
        raise CallError(f"raises {type(error).__name__}: {_one_line(error)}") from error
    return form(returned, record, arguments)


def form(returned: object, record: Record, arguments: Arguments) -> Returned:
    """Take what a function returned apart, by the names of the record; refuse any other form.

    Raises:
        ReturnError: See ``call``.
    """
    if inspect.iscoroutine(returned):
        returned.close()  # or Python warns that nobody waited for it
    expected = f"({', '.join(record.fields)})"
    if not isinstance(returned, Sequence) or isinstance(returned, str):
        raise ReturnError(f"returned {in_words(returned)} where {expected} is due")
    try:
        values = [returned[place] for place in range(len(returned))]
    except Exception as error:  # a sequence of the caller's own may fail in any way
        raise ReturnError(
            f"returned {in_words(returned)}, which cannot be taken apart: {_one_line(error)}"
        ) from None
    if len(values) != len(record.fields):
        count = len(record.fields)
        raise ReturnError(f"returned {len(values)} values where the {count} of {expected} are due")
    fields = dict(zip(record.fields, values, strict=True))
    for result in record.results:
        if result.of is None:
            if not _is_scalar(fields[result.name]):
                raise ReturnError(
                    f"{result.name}: expected one real number, got {in_words(fields[result.name])}"
                )
        elif result.fields == (result.name,):
            _see_gradient(result.name, fields[result.name], result.of, arguments)
        else:
            try:
                assembled(record, arguments, result, fields)
            except ValueError as error:
                raise ReturnError(str(error)) from None
    return fields


def _see_gradient(name: str, value: object, of: str, arguments: Arguments) -> None:
    shape = np.shape(np.asarray(arguments[of]))
    if shape == () and isinstance(value, float | np.floating):
        return
    # In a class of its own ``*`` can be another product, or entries be hidden. Whole numbers are judged by their
    # values: of a polynomial at whole numbers they can be right.
    if type(value) is not np.ndarray or value.dtype.kind not in "iuf":
        raise ReturnError(f"{name}: expected a NumPy array of real numbers, got {in_words(value)}")
    if value.shape != shape:
        raise ReturnError(f"{name}: expected shape {shape} like {of}, got shape {value.shape}")


def observe(
    function: Function, record: Record, arguments: Arguments, **keywords: object
) -> tuple[Returned | Finding, str | None]:
    """Call a function on valid input: its results, or a finding where it fails; and a floating-point warning."""
    try:
        with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
            warnings.simplefilter("always")
            returned = call(function, record, arguments, **keywords)
    except CallError as error:
        return Finding(error.kind, str(error), arguments, apart=error.apart), None
    floating = (str(each.message) for each in caught if issubclass(each.category, RuntimeWarning))
    return returned, next((message for message in floating if not message.endswith(_BY_BLAS)), None)


def attempt(
    function: Function, record: Record, arguments: Arguments, **keywords: object
) -> Returned | Finding:
    """``observe``, with a warning taken as a finding as well."""
    returned, warning = observe(function, record, arguments, **keywords)
    if warning is not None:
        return Finding("warning", f"gives the warning '{warning}'", arguments)
    return returned


@contextmanager
def silence() -> Iterator[None]:
    """Let warnings pass unseen where a test is about something else, such as NaN input."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _is_scalar(value: object) -> TypeGuard[float]:
    try:
        array = np.asarray(value)
    except Exception:  # what is no array can be anything
        return False
    return array.shape == () and array.dtype.kind in "fiu"


def _one_line(error: Exception) -> str:
    try:
        text = " ".join(str(error).split())
    except Exception:  # its author's __str__ fails too
        text = "(whose message cannot be printed)"
    return text if len(text) <= 200 else text[:197] + "..."
