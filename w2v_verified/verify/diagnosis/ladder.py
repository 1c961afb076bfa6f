"""A ladder (a sweep): a function on one pair after another in one dimension, each with larger scores than the last."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.judging.accuracy import standard_of, standards_of
from w2v_verified.verify.judging.calling import Function, observe
from w2v_verified.verify.judging.dense import dense
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Record

__all__ = ["BELOW", "BEYOND", "WORDS", "Ladder"]

_EXACT_DIGITS = 1e-9

BELOW = (5.0, 300.0, 700.0)
BEYOND = (760.0, 1000.0, 2000.0)
"""Scores around those from which on exp overflows float64, 709.8, and below whose negatives it is zero, -745.2."""

WORDS = 3
"""How many there are to choose from."""


@dataclass(frozen=True)
class Ladder:
    """A function on one pair after another, each with larger scores than the one before."""

    function: Function
    record: Record

    @cached_property
    def loss(self) -> str:
        """The name of the loss."""
        return next(result.name for result in self.record.results if result.of is None)

    def prepare(self, scores: tuple[float, ...]) -> None:
        """Find out in one pass what is right where the true word alone has these scores."""
        standards_of(self.record, [self._arguments(score, everywhere=False) for score in scores])

    def fits(self, scores: tuple[float, ...], everywhere: bool) -> bool:
        """Whether it is right at all of these scores."""
        return all(self._judged(score, everywhere) == "right" for score in scores)

    def fails(self, scores: tuple[float, ...], everywhere: bool) -> bool:
        """Whether its results are not finite at any of these scores."""
        return all("not finite" in self._judged(score, everywhere) for score in scores)

    def fails_in_the_loss(self, scores: tuple[float, ...], everywhere: bool) -> bool:
        """Whether the loss is not finite at any of these scores, and the gradients are right."""
        return all(self._judged(score, everywhere) == "loss not finite" for score in scores)

    def seen(self, score: float, others: float = 0.0) -> float | None:
        """The loss that came back where the true word has this score, and the others another."""
        returned, _ = observe(self.function, self.record, self._arguments(score, False, others))
        return None if isinstance(returned, Finding) else float(returned[self.loss])

    def follows(self, score: float, expected: Callable[[float], float], others: float = 0.0) -> bool:
        """Whether the loss is what is expected of it, given the exact one."""
        exact = standard_of(self.record, self._arguments(score, False, others)).exact.split[self.loss][0]
        seen, due = self.seen(score, others), expected(float(exact))
        return seen is not None and abs(seen - due) <= _EXACT_DIGITS * abs(due)

    def first_entry(self, score: float, result: str) -> tuple[float, float] | None:
        """The first entry of a result as it came back, and as it is; the true word alone has the score."""
        arguments = self._arguments(score, everywhere=False)
        returned, _ = observe(self.function, self.record, arguments)
        if isinstance(returned, Finding):
            return None
        seen = dense(self.record, arguments, returned)[result]
        return float(seen.flat[0]), float(standard_of(self.record, arguments).exact.split[result][0].flat[0])

    def _judged(self, score: float, everywhere: bool) -> str:
        arguments = self._arguments(score, everywhere)
        returned, _ = observe(self.function, self.record, arguments)
        if isinstance(returned, Finding):
            return "failed"
        standard = standard_of(self.record, arguments)
        if not all(np.isfinite(value).all() for value in returned.values()):
            loss = float(standard.exact.split[self.loss][0])
            alone = standard.complaint({**returned, self.loss: loss}) is None
            return "loss not finite" if alone else "not finite"
        return "wrong" if standard.accuracy(returned).tier == "wrong" else "right"

    def _arguments(self, score: float, everywhere: bool, others: float = 0.0) -> Arguments:
        """One pair in one dimension: the score of every word, or of the true word alone and another of the others."""
        pointed = {argument.into for argument in self.record.arguments if argument.into is not None}
        extents = {a.name: WORDS if a.name in pointed else max(1, a.minimum) for a in self.record.axes}
        arguments: dict[str, object] = {}
        number = 0
        for argument in self.record.arguments:
            shape = tuple(extents[axis] for axis in argument.axes)
            if argument.into is not None:
                arguments[argument.name] = np.full(shape, number) if shape else number
                number = (number + 1) % WORDS
                continue
            values = np.ones(shape)
            table = next((place for place, axis in enumerate(argument.axes) if axis in pointed), None)
            if table is not None:
                values = np.full(shape, others)
                np.moveaxis(values, table, 0)[: None if everywhere else 1] = score
            arguments[argument.name] = values
        return arguments
