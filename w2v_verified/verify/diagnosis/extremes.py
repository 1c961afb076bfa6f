"""Explanations of results that are wrong, or lose digits, on large numbers alone: overflow, a cut, cancellation."""

from itertools import pairwise

import numpy as np

from w2v_verified.notation import syntax
from w2v_verified.verify.diagnosis.explanation import right_line
from w2v_verified.verify.diagnosis.ladder import WORDS, Ladder
from w2v_verified.verify.judging.calling import Function
from w2v_verified.verify.record import Record

__all__ = ["by_cancellation", "by_cut", "by_extremes"]

_BELOW = (5.0, 300.0, 700.0)  # exp overflows float64 from 709.8 on, and is zero below -745.2
_BEYOND = (760.0, 1000.0, 2000.0)
_TOLERABLE = (1.0, 3.0, -3.0, -40.0, -300.0)
_ROUNDED_TO_ONE = (40.0, 100.0, 300.0)  # sigmoid is 1 in float64 from 36.8 on
_DEEP = (800.0, 1000.0, 2000.0)
_GRADUAL = (1.0, 3.0, 5.0, 12.0, 20.0, 25.0, 30.0, 40.0)
_LOW = 5.0
_CERTAIN = (20.3, 24.9, 28.6, 31.7)
_STEP = 2.0**-53  # in which 1 - p comes, by subtraction
_SMALLEST = 1e-3  # of a step, by which the exact values are off the grid


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


def by_cancellation(function: Function, record: Record) -> str | None:
    """Say that 1 - p was formed by subtraction, if the true word's coefficient is a whole number of steps wrongly."""
    if not any(argument.into for argument in record.arguments):
        return None
    ladder = Ladder(function, record)
    ladder.prepare(_CERTAIN)
    true = next(argument.name for argument in record.arguments if argument.into)
    for result in record.results:
        table = next((a for a in record.arguments if a.name == result.of), None)
        if table is None or not any(a.into in table.axes for a in record.arguments if a.into):
            continue
        pairs = [ladder.first_entry(score, result.name) for score in _CERTAIN]
        if all(pair is not None and _on_grid(pair[0]) and not _on_grid(pair[1]) for pair in pairs):
            return (
                f"{result.name} loses digits where the true word is nearly certain: its probability less 1"
                f" (sigmoid(x) - 1, or yhat[{true}] - 1) is formed by subtraction and comes in steps of 2^-53;"
                " -sigmoid(-x), or minus the sum of the other probabilities, keeps them all"
            )
    return None


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
        limit = ceiling - float(np.log(WORDS - 1))
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


def _on_grid(value: float) -> bool:
    steps = value / _STEP
    return bool(np.isfinite(steps)) and abs(steps - round(steps)) < _SMALLEST
