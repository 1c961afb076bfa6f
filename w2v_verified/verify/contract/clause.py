"""The form of one clause of the contract."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.judging.calling import CallError, DeclinedError, Function, Returned
from w2v_verified.verify.judging.finding import UNJUDGED, Finding
from w2v_verified.verify.record import Record

__all__ = ["Clause", "Judgement", "breach", "results_of", "same_bits"]

Judgement: TypeAlias = Callable[[Function, Record, Arguments], Finding | None]


@dataclass(frozen=True)
class Clause:
    """One promise about every call.

    Attributes:
        name: How tables and findings call it.
        sentence: The promise in a few words, as a name of a test.
        statement: The promise, as a sentence.
        judge: Looks for a breach, starting from one valid input.
        universal: Whether any right implementation keeps it. The others are promises of w2v_verified's own
            functions, which ordinary NumPy code does not make.
        at_one: Looks at that input alone, where ``judge`` goes on to others.
    """

    name: str
    sentence: str
    statement: str
    judge: Judgement
    universal: bool
    at_one: Judgement


def breach(clause: Clause, function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """What breaks a clause, starting from an input; one that the convention declines breaks none."""
    try:
        found = clause.judge(function, record, copied(arguments))
        return found and (found if found.kind in UNJUDGED else replace(found, kind=clause.name))
    except DeclinedError:
        return None
    except CallError as error:
        return Finding(error.kind if error.kind in UNJUDGED else clause.name, str(error), arguments)


def results_of(returned: Returned) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    """The arrays among what was returned."""
    return {name: value for name, value in returned.items() if isinstance(value, np.ndarray)}


def same_bits(one: Returned, other: Returned) -> str | None:
    """The name of a result whose bits differ between two calls, or None."""
    return next((name for name, value in one.items() if not _are_same(value, other[name])), None)


def _are_same(one: object, other: object) -> bool:
    first, second = np.asarray(one), np.asarray(other)
    if first.dtype == second.dtype == np.longdouble:  # whose padding holds whatever was there before
        signs = np.array_equal(np.signbit(first), np.signbit(second))
        return signs and np.array_equal(first, second, equal_nan=True)
    return first.tobytes() == second.tobytes()
