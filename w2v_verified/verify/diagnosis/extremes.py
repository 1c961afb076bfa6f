"""Explanations of results that are wrong on large numbers alone: what overflows, underflows or is cut."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from w2v_verified.notation import syntax
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.diagnosis.explanation import right_line
from w2v_verified.verify.judging.accuracy import standard_of, standards_of
from w2v_verified.verify.judging.calling import Function, observe
from w2v_verified.verify.judging.dense import dense
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Record

__all__ = ["Ladder", "by_cut", "by_extremes"]

_BELOW = (5.0, 300.0, 700.0)  # exp overflows float64 from 709.8 on, and is zero below -745.2
_BEYOND = (760.0, 1000.0, 2000.0)
_TOLERABLE = (1.0, 3.0, -3.0, -40.0, -300.0)
_ROUNDED_TO_ONE = (40.0, 100.0, 300.0)  # sigmoid is 1 in float64 from 36.8 on
_DEEP = (800.0, 1000.0, 2000.0)
_GRADUAL = (1.0, 3.0, 5.0, 12.0, 20.0, 25.0, 30.0, 40.0)
_EXACT_DIGITS = 1e-9
_LOW = 5.0
_WORDS = 3


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
        extents = {a.name: _WORDS if a.name in pointed else max(1, a.minimum) for a in self.record.axes}
        arguments: dict[str, object] = {}
        number = 0
        for argument in self.record.arguments:
            shape = tuple(extents[axis] for axis in argument.axes)
            if argument.into is not None:
                arguments[argument.name] = np.full(shape, number) if shape else number
                number = (number + 1) % _WORDS
                continue
            values = np.ones(shape)
            table = next((place for place, axis in enumerate(argument.axes) if axis in pointed), None)
            if table is not None:
                values = np.full(shape, others)
                np.moveaxis(values, table, 0)[: None if everywhere else 1] = score
            arguments[argument.name] = values
        return arguments


def by_extremes(function: Function, record: Record) -> str | None:
    """Say why a function that is right on ordinary numbers is wrong on large ones, if that can be seen."""
    if not any(argument.into for argument in record.arguments):
        return None
    ladder = Ladder(function, record)
    shift = _shift(record)
    if shift is None:
        return _of_sigmoids(ladder)
    if ladder.fits(_BELOW, everywhere=True) and ladder.fails(_BEYOND, everywhere=True):
        return (
            "right up to logits of 700 and not beyond, where exp overflows: the largest logit is not subtracted"
            f" first; right is {shift}"
        )
    return _of_quotients(ladder) or _of_another_shift(ladder, shift) or _of_cut(ladder)


def by_cut(function: Function, record: Record) -> str | None:
    """Say that a probability was kept away from zero, if the loss shows it."""
    pointed = any(argument.into for argument in record.arguments)
    return _of_cut(Ladder(function, record)) if pointed and _shift(record) else None


def _of_sigmoids(ladder: Ladder) -> str | None:
    sides = (_BEYOND, tuple(-c for c in _BEYOND))
    below = (*_BELOW, *(-c for c in _BELOW))
    if ladder.fits(below, everywhere=True) and any(ladder.fails(side, everywhere=True) for side in sides):
        return (
            "right up to products of 700 and not beyond, where exp overflows: -log(sigmoid(x)) comes as infinity;"
            " right is -log(sigmoid(x)) = max(-x, 0) + log1p(exp(-abs(x)))"
        )
    if ladder.fits(_TOLERABLE, everywhere=True) and ladder.fails_in_the_loss(
        _ROUNDED_TO_ONE, everywhere=True
    ):
        return (
            "right for small products and infinite from 37 on, where sigmoid(x) is rounded to 1: the logarithm is"
            " taken of 1 - sigmoid(x); right is -log(sigmoid(-x)) = max(x, 0) + log1p(exp(-abs(x)))"
        )
    return None


def _of_quotients(ladder: Ladder) -> str | None:
    improbable, impossible = tuple(-c for c in _BELOW), tuple(-c for c in _BEYOND)
    if not ladder.fits((*_BELOW, *_BEYOND), everywhere=True):
        return None
    line = right_line(ladder.record, [ladder.loss])
    if ladder.fits(improbable, everywhere=False) and ladder.fails_in_the_loss(impossible, everywhere=False):
        return (
            "right until the probability of the true word becomes 0, below exp(-745), and its logarithm infinite:"
            f" the logarithm is taken of the quotient; right is {line}"
        )
    return None


def _of_another_shift(ladder: Ladder, shift: str) -> str | None:
    """Equal logits of any size do no harm, but one far below or above the others does."""
    if not ladder.fits((*_BELOW, *_BEYOND), everywhere=True):
        return None
    for sign, apart in ((-1, "below"), (1, "above")):
        near, far = (tuple(sign * c for c in scores) for scores in (_BELOW, _BEYOND))
        if ladder.fits(near, everywhere=False) and ladder.fails(far, everywhere=False):
            return (
                f"right until one logit lies more than 709 {apart} the others, where exp overflows: what is subtracted"
                f" first is not the largest; right is {shift}"
            )
    return None


def _of_cut(ladder: Ladder) -> str | None:
    line = right_line(ladder.record, [ladder.loss])
    deep = {ladder.seen(-c) for c in _DEEP}
    ceiling = deep.pop()
    if deep or ceiling is None or not _LOW < ceiling < np.inf:
        return None
    apart = ceiling / 2 + 10
    if ladder.follows(-apart, lambda exact: exact, others=apart):  # as improbable, and not cut
        limit = ceiling - float(np.log(_WORDS - 1))
        cut = f"the logits are cut off at {limit:.6g}: the loss is never above {ceiling:.4g} where one of them is zero"
        return f"{cut}; right is {line}" if ladder.follows(-limit + 1, lambda exact: exact) else None
    epsilon = float(np.exp(-ceiling))
    for form, expected in (
        (f"max(p, {epsilon:.3g})", lambda exact: min(exact, ceiling)),
        (f"p + {epsilon:.3g}", lambda exact: -float(np.log(np.exp(-exact) + epsilon))),
    ):
        if all(ladder.follows(-c, expected) for c in (*_GRADUAL, ceiling - 1, ceiling + 1)):
            return f"the loss is -log({form}) and never above {ceiling:.4g}; right is {line}"
    return None


def _shift(record: Record) -> str | None:
    """The lines that subtract the largest score, or None where the loss has no softmax."""
    statements = record.programs["textbook"].statements
    for statement, after in pairwise(statements):
        if isinstance(statement.expression, syntax.Maximum):
            return f"{statement.text}, {after.text}"
    return None
