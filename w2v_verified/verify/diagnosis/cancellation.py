"""Explanation of results that lose digits where the true word is nearly certain."""

import numpy as np

from w2v_verified.verify.diagnosis.ladder import Ladder
from w2v_verified.verify.judging.calling import Function
from w2v_verified.verify.record import Record

__all__ = ["by_cancellation", "on_grid"]

_CERTAIN = (20.3, 24.9, 28.6, 31.7)
_STEP = 2.0**-53  # in which 1 - p comes, by subtraction
_SMALLEST = 1e-3  # of a step, by which the exact values are off the grid


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
        if all(pair is not None and on_grid(pair[0]) and not on_grid(pair[1]) for pair in pairs):
            return (
                f"{result.name} loses digits where the true word is nearly certain: its probability less 1"
                f" (sigmoid(x) - 1, or yhat[{true}] - 1) is formed by subtraction and comes in steps of 2^-53;"
                " -sigmoid(-x), or minus the sum of the other probabilities, keeps them all"
            )
    return None


def on_grid(value: float) -> bool:
    """Whether a number is a whole number of the steps in which 1 - p comes."""
    steps = value / _STEP
    return bool(np.isfinite(steps)) and abs(steps - round(steps)) < _SMALLEST
