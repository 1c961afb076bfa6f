"""Say where digits were lost though nothing is wrong: 1 - p by subtraction comes in steps of 2^-53."""

import numpy as np

from w2v_verified.verify.diagnosis.extremes import Ladder
from w2v_verified.verify.judging.calling import Function
from w2v_verified.verify.record import Record

__all__ = ["by_cancellation"]

_SCORES = (20.3, 24.9, 28.6, 31.7)
_STEP = 2.0**-53
_SMALLEST = 1e-3  # of a step, by which the exact values are off the grid


def by_cancellation(function: Function, record: Record) -> str | None:
    """Say so if the coefficient of the true word is a whole number of steps where the exact one is not."""
    if not any(argument.into for argument in record.arguments):
        return None
    ladder = Ladder(function, record)
    ladder.prepare(_SCORES)
    for result in record.results:
        table = next((a for a in record.arguments if a.name == result.of), None)
        if table is None or not any(a.into in table.axes for a in record.arguments if a.into):
            continue
        pairs = [ladder.first_entry(score, result.name) for score in _SCORES]
        if all(pair is not None and _on_grid(pair[0]) and not _on_grid(pair[1]) for pair in pairs):
            return (
                f"{result.name} loses digits where the true word is nearly certain: its probability less 1"
                " (sigmoid(x) - 1, or yhat[o] - 1) is formed by subtraction and comes in steps of 2^-53;"
                " -sigmoid(-x), or minus the sum of the other probabilities, keeps them all"
            )
    return None


def _on_grid(value: float) -> bool:
    steps = value / _STEP
    return bool(np.isfinite(steps)) and abs(steps - round(steps)) < _SMALLEST
