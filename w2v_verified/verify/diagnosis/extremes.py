"""Explanations of results that are wrong on large numbers alone, where these are what the finding's input has."""

import numpy as np

from w2v_verified.verify.diagnosis.cancellation import on_grid
from w2v_verified.verify.diagnosis.cuts import by_cut
from w2v_verified.verify.diagnosis.evidence.evidence import Evidence
from w2v_verified.verify.diagnosis.evidence.explanation import right_line
from w2v_verified.verify.diagnosis.ladder import BELOW, BEYOND, Ladder
from w2v_verified.verify.diagnosis.scores import (
    EXP_OVERFLOWS,
    EXP_VANISHES,
    SIGMOID_IS_ONE,
    Scores,
    scores_of,
)
from w2v_verified.verify.judging.calling import Function

__all__ = ["by_extremes"]

_TOLERABLE = (1.0, 3.0, -3.0, -40.0, -300.0)
_DIGITS_LOST = 10.0
_ROUNDED_TO_ONE = (40.0, 100.0, 300.0)
_BELOW_ZERO, _FAR_BELOW_ZERO = (tuple(-score for score in scores) for scores in (BELOW, BEYOND))


def by_extremes(function: Function, evidence: Evidence) -> str | None:
    """Say why a function that is right on ordinary numbers is wrong on large ones, if that can be seen.

    The mechanism that is named has to act on the finding's own input: the scores there are beyond the limit, and what
    comes back is not finite in the way that is said.
    """
    own, record = evidence.own, evidence.own.record
    if own.standard.dtype != np.float64 or not any(argument.into for argument in record.arguments):
        return None
    ladder, scores = Ladder(function, record), scores_of(own)
    if scores is None:
        return None
    infinite_loss = evidence.about == ladder.loss and bool(own.seen(ladder.loss) == np.inf)
    if scores.shift is None:
        overflow = _of_overflow(ladder, scores) if infinite_loss else None
        rounded = scores.unlikely > SIGMOID_IS_ONE if infinite_loss else _in_steps(evidence, scores)
        return overflow or (_of_a_complement(ladder) if rounded else None)
    if np.isfinite(own.seen(evidence.about)).all():
        return by_cut(function, evidence)
    quotient = _of_a_quotient(ladder, scores) if infinite_loss else None
    return (
        _of_no_shift(ladder, scores, scores.shift)
        or quotient
        or _of_another_shift(ladder, scores, scores.shift)
    )


def _of_overflow(ladder: Ladder, scores: Scores) -> str | None:
    sides = (BEYOND, _FAR_BELOW_ZERO)
    if (
        max(scores.unlikely, scores.likely) > EXP_OVERFLOWS
        and ladder.fits((*BELOW, *_BELOW_ZERO), everywhere=True)
        and any(ladder.fails(side, everywhere=True) for side in sides)
    ):
        return (
            "right up to products of 700 and not beyond, where exp overflows: -log(sigmoid(x)) comes as infinity;"
            " right is -log(sigmoid(x)) = max(-x, 0) + log1p(exp(-abs(x)))"
        )
    return None


def _of_a_complement(ladder: Ladder) -> str | None:
    if ladder.fits(_TOLERABLE, everywhere=True) and ladder.fails_in_the_loss(
        _ROUNDED_TO_ONE, everywhere=True
    ):
        return (
            "right for small products, of fewer digits the larger they are, and infinite from 37 on, where sigmoid(x)"
            " is rounded to 1: the logarithm is taken of 1 - sigmoid(x); right is"
            " -log(sigmoid(-x)) = max(x, 0) + log1p(exp(-abs(x)))"
        )
    return None


def _in_steps(evidence: Evidence, scores: Scores) -> bool:
    """Whether the most improbable label's probability comes in the steps of 1 - p, on the finding's own input."""
    own, loss = evidence.own, evidence.about
    if own.exact[loss].ndim or not _DIGITS_LOST < scores.unlikely < np.inf:
        return False
    others = float(own.exact[loss]) - float(np.logaddexp(0, scores.unlikely))
    return on_grid(float(np.exp(others - float(own.seen(loss)))))


def _of_no_shift(ladder: Ladder, scores: Scores, shift: str) -> str | None:
    for limit, acts, near, far in (
        (
            "up to logits of 700 and not beyond, where exp overflows",
            scores.highest > EXP_OVERFLOWS,
            BELOW,
            BEYOND,
        ),
        (
            "down to logits of -700 and not below, where exp vanishes",
            scores.lowest_row < EXP_VANISHES,
            _BELOW_ZERO,
            _FAR_BELOW_ZERO,
        ),
    ):
        if acts and ladder.fits(near, everywhere=True) and ladder.fails(far, everywhere=True):
            return f"right {limit}: the largest logit is not subtracted first; right is {shift}"
    return None


def _of_a_quotient(ladder: Ladder, scores: Scores) -> str | None:
    if (
        scores.spread > -EXP_VANISHES
        and ladder.fits((*BELOW, *BEYOND), everywhere=True)
        and ladder.fits(_BELOW_ZERO, everywhere=False)
        and ladder.fails_in_the_loss(_FAR_BELOW_ZERO, everywhere=False)
    ):
        return (
            "right until the probability of the true word becomes 0, below exp(-745), and its logarithm infinite:"
            f" the logarithm is taken of the quotient; right is {right_line(ladder.record, ladder.loss)}"
        )
    return None


def _of_another_shift(ladder: Ladder, scores: Scores, shift: str) -> str | None:
    """Equal logits of any size do no harm, but one far below or above the others does."""
    if scores.spread < EXP_OVERFLOWS or not ladder.fits((*BELOW, *BEYOND), everywhere=True):
        return None
    for near, far, apart in ((_BELOW_ZERO, _FAR_BELOW_ZERO, "below"), (BELOW, BEYOND, "above")):
        if ladder.fits(near, everywhere=False) and ladder.fails(far, everywhere=False):
            return (
                f"right until one logit lies more than 709 {apart} the others, where exp overflows: what is subtracted"
                f" first is not the largest; right is {shift}"
            )
    return None
