"""An implementation as laws ask it: called in the words of its code, its results balls in those of the definition."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np

from w2v_verified.verify.bounds.tiers import TIERS
from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.cases.unusual import excuse, is_mean_of_nothing
from w2v_verified.verify.evaluation.frames import Array
from w2v_verified.verify.exact.oracle import OracleError
from w2v_verified.verify.judging.accuracy import Accuracy, Standard, standards_of
from w2v_verified.verify.judging.calling import DeclinedError, Function, Returned, observe
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.judging.dense import dense
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.laws.numbers import around
from w2v_verified.verify.record import Record

__all__ = ["Answer", "Answered", "Asked", "Which"]


@dataclass(frozen=True)
class Answered:
    """What one call returned.

    Attributes:
        arguments: What it was called with, in the words of its code.
        balls: Its results as balls, in the words of the definition.
        returned: Its results as they came.
        standard: What they are judged by.
    """

    arguments: dict[str, object]
    balls: Mapping[str, Array]
    returned: Returned
    standard: Standard

    @property
    def accuracy(self) -> Accuracy:
        """How accurate they are."""
        return self.standard.accuracy(self.returned)


Which: TypeAlias = tuple[str, tuple[int, ...]]
"""One of the calls of a law: its name, and its place where there is one for every place."""

Answer: TypeAlias = Answered | Finding | None
"""The results of a call; what is wrong with it; or None where nothing is said about it."""


@dataclass(frozen=True)
class Asked:
    """An implementation.

    Attributes:
        function: It, as a function of the arguments of the reworded record.
        base: What it computes, in the words of the definition.
        convention: How it is called.
        passes_over: Whether it is not asked about an input, in the words of its code.
        strict: Whether its results are to be within the strict bounds.
        flushes: Whether its platform flushes subnormal numbers to zero.
    """

    function: Function
    base: Record
    convention: Convention
    passes_over: Callable[[Arguments], bool]
    strict: bool = False
    flushes: bool = False

    @cached_property
    def record(self) -> Record:
        """What it computes, in the words of its code."""
        return self.convention.reworded(self.base)

    def in_its_words(self, arguments: Arguments) -> dict[str, object]:
        """The arguments of a call as its code takes them."""
        names = [argument.name for argument in self.base.arguments]
        return self.convention.given(self.base, {name: arguments[name] for name in names})

    def answers(self, inputs: Sequence[Arguments]) -> list[Answer]:
        """Call it on inputs in the words of the definition."""
        theirs = [self.in_its_words(each) for each in inputs]
        standards = standards_of(self.record, theirs)
        return [self._answer(each, standard) for each, standard in zip(theirs, standards, strict=True)]

    def _answer(self, arguments: dict[str, object], standard: Standard) -> Answer:
        try:
            if self.passes_over(arguments) or not standard.representable:
                return None
            returned, _ = observe(self.function, self.record, copied(arguments))
        except (DeclinedError, OracleError):
            return None
        if isinstance(returned, Finding):
            apart = excuse(returned.kind, self.record, arguments) or returned.apart
            return replace(returned, arguments=arguments, apart=apart)
        whole = dense(self.record, arguments, returned)
        if not all(np.isfinite(array).all() for array in whole.values()):
            if is_mean_of_nothing(self.record, arguments):
                return None
            wrong = standard.complaint(returned)
            return None if wrong is None else Finding("value", str(wrong), arguments, deviation=wrong)
        held = standard.flushing if self.flushes else standard
        return Answered(arguments, self._balls(whole, held), copied(returned), held)

    def _balls(self, whole: Mapping[str, Array], standard: Standard) -> dict[str, Array]:
        bounds = standard.bound(TIERS[0] if self.strict else TIERS[-1])
        turned = self.convention.turned(self.base)
        rounding = float(np.finfo(standard.dtype).eps)  # no number that comes back says more of anything
        balls: dict[str, Array] = {}
        for own, theirs in zip(self.base.results, self.record.results, strict=True):
            computed = whole[theirs.name]
            made = around(computed, np.maximum(bounds[theirs.name], np.abs(computed) * rounding))
            balls[own.name] = made.T if own.of in turned else made
        return balls
