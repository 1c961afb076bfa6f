"""Losses whose values say how wrong they may be, so that differences of them have an error budget."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from flint import arb

from w2v_verified.verify.bounds.tiers import error_bounds
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.exact.oracle import reference, references
from w2v_verified.verify.judging.calling import Function, call
from w2v_verified.verify.record import Record, loss_alone

__all__ = ["Valued", "computed_loss", "exact_loss"]

Valued: TypeAlias = Callable[[Sequence[Arguments]], list[tuple[Fraction, Fraction]]]
"""A loss that says how wrong it may be: for each of several calls (value, bound of the error)."""


def exact_loss(record: Record) -> Valued:
    """The loss as it is defined, enclosed in a ball: differences of it are good to about 1e-18."""
    alone = loss_alone(record)

    def valued(calls: Sequence[Arguments]) -> list[tuple[Fraction, Fraction]]:
        found = [
            exact or reference(alone, call)
            for exact, call in zip(references(alone, calls), calls, strict=True)
        ]
        balls = [exact.ball(alone.results[0].name) for exact in found]
        return [(_fraction(ball.mid()), _fraction(ball.rad())) for ball in balls]

    return valued


def computed_loss(function: Function, record: Record) -> Valued:
    """The loss a function returns, with the bound of its rounding error: no other formula takes part."""
    alone = loss_alone(record)
    loss = alone.results[0].name

    def valued(calls: Sequence[Arguments]) -> list[tuple[Fraction, Fraction]]:
        bounds = error_bounds(alone, calls, np.dtype(np.float64))
        values = (call(function, record, arguments)[loss] for arguments in calls)
        return [
            (Fraction(float(value)), Fraction(float(bound[loss])))
            for value, bound in zip(values, bounds, strict=True)
        ]

    return valued


def _fraction(ball: arb) -> Fraction:
    mantissa, exponent = ball.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
