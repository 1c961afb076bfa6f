"""The examples that a law is tried on: the same ones for every implementation that is called in the same way."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from random import Random

import numpy as np

from w2v_verified.verify.arrays import Library
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.cases.draws import Rolled
from w2v_verified.verify.evaluation.balls import ctx
from w2v_verified.verify.judging.accuracy import standards_of
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.laws.asked import Asked
from w2v_verified.verify.laws.drawing import draw
from w2v_verified.verify.laws.evaluating import PRECISION
from w2v_verified.verify.laws.example import Example
from w2v_verified.verify.laws.reading import LawOfLoss
from w2v_verified.verify.laws.steps import inputs
from w2v_verified.verify.record import Record

__all__ = ["FLOATS", "examples_of", "get_ready", "own_sizes"]

FLOATS = ("float64", "float32")
_OF_ANY_SIZE = 2  # of the examples; on the others every axis has several places, so that most faults show
_DECLINED_AT_MOST = 20  # drawn for each one that the convention does not decline


@lru_cache(maxsize=2048)
def examples_of(law: LawOfLoss, convention: Convention, library: Library, count: int) -> tuple[Example, ...]:
    """Up to ``count`` examples, none of which has a call that the convention declines.

    Raises:
        LawError: What the law says of its inputs can hardly ever be made.
    """
    asked = library.within(convention)
    record = convention.reworded(law.record)
    formats = [each for each in FLOATS if each in library.formats]
    sizes = own_sizes(law.record, library)
    found: list[Example] = []
    for number in range(count * _DECLINED_AT_MOST):
        several = _several(law.record, number) if number < count - _OF_ANY_SIZE and sizes is None else sizes
        example = draw(Rolled(Random(f"{law.law.name} {number}")), law, formats, several)
        given = [convention.given(law.record, each) for each in _calls(law, example)]
        if all(asked.declines(record, each) is None for each in given):
            found.append(example)
            if len(found) == count:
                break
    return tuple(found)


def _several(record: Record, number: int) -> tuple[Mapping[str, int]]:
    """From 2 to 4 places on every axis."""
    return ({each.name: max(each.minimum, 2 + (number + at) % 3) for at, each in enumerate(record.axes)},)


def get_ready(asked: Asked, due: Iterable[tuple[LawOfLoss, Sequence[Example]]]) -> None:
    """Compute what the calls are judged by that are known beforehand, of all laws in one pass."""
    calls = [each for law, examples in due for example in examples for each in _calls(law, example)]
    standards_of(asked.record, [asked.in_its_words(each) for each in calls])


def own_sizes(record: Record, library: Library) -> tuple[Mapping[str, int], ...] | None:
    """The sizes of the axes of a loss that a library is asked at, or None for any."""
    sizes = library.sizes(record)
    return None if sizes is None else tuple(sizes)


def _calls(law: LawOfLoss, example: Example) -> list[Arguments]:
    """The inputs of all calls that are known before any is made."""
    with ctx.workprec(PRECISION):
        return [
            each.arguments
            for call in law.read.calls
            if law.is_own(call) and law.is_known_before(call)
            for each in inputs(law, example.known, np.dtype(example.dtype), call)
        ]
