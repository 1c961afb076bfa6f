"""Central differences: a witness of the derivation that knows no formula for any gradient.

They cannot judge an implementation (their best error in float64 is about 1e-10), so no verdict rests on them. What
they can do is see a wrong derivation. Their own error is bounded from the input: the rounding of the two losses, and
the truncation that second and third differences at the same point show.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from flint import arb

from w2v_verified.verify.arguments import Arguments, arrays
from w2v_verified.verify.bounds import error_bound
from w2v_verified.verify.calling import Function, call
from w2v_verified.verify.oracle import reference
from w2v_verified.verify.record import Record, loss_alone
from w2v_verified.verify.touched import dense

__all__ = ["Quotient", "Valued", "central_difference", "computed_loss", "exact_loss", "worst_disagreement"]

Valued: TypeAlias = Callable[[Arguments], tuple[Fraction, Fraction]]
"""A loss that says how wrong it may be: from arguments to (value, bound of the error)."""

_SAFETY = 2  # derivatives are measured at one point of an interval


@dataclass(frozen=True)
class Quotient:
    """A difference quotient and a bound of its distance to the derivative."""

    value: float
    budget: float


def exact_loss(record: Record) -> Valued:
    """The loss as it is defined, enclosed in a ball: differences of it are good to about 1e-18."""
    alone = loss_alone(record)

    def valued(arguments: Arguments) -> tuple[Fraction, Fraction]:
        ball = reference(alone, arguments).values[alone.results[0].name].item()
        return _fraction(ball.mid()), _fraction(ball.rad())

    return valued


def computed_loss(function: Function, record: Record) -> Valued:
    """The loss a function returns, with the bound of its rounding error: no other formula takes part."""
    loss = next(result.name for result in record.results if result.of is None)

    def valued(arguments: Arguments) -> tuple[Fraction, Fraction]:
        bound = error_bound(record, arguments, np.dtype(np.float64), "strict")[loss]
        return Fraction(float(call(function, record, arguments)[loss])), Fraction(float(bound))

    return valued


def central_difference(
    loss: Valued, arguments: Arguments, name: str, position: tuple[int, ...], step: float
) -> Quotient:
    """The central difference of a loss in one entry of one argument, with its error budget.

    Args:
        loss: What is differentiated.
        arguments: Where; the argument in question is taken as float64.
        name: The argument.
        position: The entry of it.
        step: The step to either side; it should be small against the scale on which the loss bends.
    """
    base = np.array(arguments[name], dtype=np.float64)
    points, values, errors = [], [], []
    for multiple in (-2, -1, 0, 1, 2):
        moved = base.copy()
        moved[position] += multiple * step
        value, error = loss({**arguments, name: moved})
        points.append(Fraction(float(moved[position])))
        values.append(value)
        errors.append(error)
    (_, left, centre, right, _), error = points, max(errors)
    width, half = right - left, (right - left) / 2
    second = (abs(values[3] - 2 * values[2] + values[1]) + 4 * error) / half**2
    third = (abs(values[4] - 2 * values[3] + 2 * values[1] - values[0]) + 6 * error) / (2 * half**3)
    lopsided = abs((right - centre) - (centre - left))
    truncation = _SAFETY * (second * lopsided / 2 + third * half**2 / 6)
    rounding = (errors[3] + errors[1]) / width
    return Quotient(float((values[3] - values[1]) / width), float(truncation + rounding))


def worst_disagreement(
    function: Function, record: Record, arguments: Arguments, loss: Valued, step: float
) -> float:
    """Compare every entry of every gradient with a central difference of ``loss``.

    Returns:
        The largest distance as a fraction of what is allowed: the budget of the difference and the rounding of
        the gradient. More than 1 means that the gradient is not the derivative of the loss.
    """
    given = dict(arguments) | {k: v.astype(np.float64) for k, v in arrays(record, arguments).items()}
    gradients = dense(record, given, call(function, record, given))
    bounds = error_bound(record, given, np.dtype(np.float64), "strict")
    step = _step(record, given, step)
    worst = 0.0
    for result in record.results:
        if result.of is None:
            continue
        gradient = gradients[result.name]
        for position in np.ndindex(gradient.shape):
            quotient = central_difference(loss, given, result.of, position, step)
            allowed = quotient.budget + float(bounds[result.name][position])
            apart = abs(float(gradient[position]) - quotient.value)
            if apart > 0:
                worst = max(worst, apart / allowed if allowed > 0 else math.inf)
    return worst


def _step(record: Record, arguments: Arguments, step: float) -> float:
    """Shorten a step where the arguments are large, for the loss then bends faster, or close to a border."""
    held = arrays(record, arguments)
    largest = max((float(np.abs(array).max(initial=0.0)) for array in held.values()), default=0.0)
    shortest = min(
        (float(held[a.name].min(initial=1.0)) for a in record.arguments if a.domain == "positive"),
        default=1.0,
    )
    exact = min(step / max(1.0, largest), shortest / 8)
    return float(2.0 ** math.floor(math.log2(exact)))


def _fraction(ball: arb) -> Fraction:
    mantissa, exponent = ball.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
