"""Central differences: a witness of the derivation that knows no formula for any gradient.

They cannot judge an implementation (their best error in float64 is about 1e-10), so no verdict rests on them. What
they can do is see a wrong derivation. Their own error is bounded from the input: the rounding of the two losses, and
the truncation that second and third differences at the same point show.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

import numpy as np

from w2v_verified.verify.bounds.tiers import error_bound
from w2v_verified.verify.cases.arguments import Arguments, arrays, copied
from w2v_verified.verify.judging.calling import Function, call
from w2v_verified.verify.judging.dense import dense, entry
from w2v_verified.verify.judging.deviation import Deviation
from w2v_verified.verify.judging.valued import Valued
from w2v_verified.verify.record import Record

__all__ = ["Quotient", "central_difference", "disagreement", "worst_disagreement"]

_SAFETY = 2  # derivatives are measured at one point of an interval
_MULTIPLES = (-2, -1, 0, 1, 2)  # of the step


@dataclass(frozen=True)
class Quotient:
    """A difference quotient and a bound of its distance to the derivative."""

    value: float
    budget: float


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
    calls = _moved(arguments, name, position, step)
    places = [Fraction(float(np.asarray(call[name])[position])) for call in calls]
    return _quotient(places, loss(calls))


def _moved(
    arguments: Arguments, name: str, position: tuple[int, ...], step: float
) -> list[dict[str, object]]:
    """The arguments with one entry moved to either side, and as they are."""
    base = np.array(arguments[name], dtype=np.float64)
    calls = []
    for multiple in _MULTIPLES:
        moved = base.copy()
        moved[position] += multiple * step
        calls.append({**arguments, name: moved})
    return calls


def _quotient(places: Sequence[Fraction], losses: Sequence[tuple[Fraction, Fraction]]) -> Quotient:
    """The difference quotient of losses at five places in a row."""
    values, errors = zip(*losses, strict=True)
    (_, left, centre, right, _), error = places, max(errors)
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
    found = disagreement(function, record, arguments, loss, step, "strict")
    return 0.0 if found is None else found.fraction


def disagreement(
    function: Function, record: Record, arguments: Arguments, loss: Valued, step: float, tier: str
) -> Deviation | None:
    """The entry of a gradient that is furthest from a central difference of ``loss``, for what is allowed.

    Args:
        function: What returns the gradients.
        record: What it computes.
        arguments: Where; arrays are taken as float64.
        loss: What is differentiated.
        step: The step to either side, at most.
        tier: The tier of the bound on the gradient's own rounding.

    Returns:
        The entry, beside the difference quotient; None where none is off at all.
    """
    given = dict(arguments) | {k: v.astype(np.float64) for k, v in arrays(record, arguments).items()}
    returned = call(function, record, copied(given))
    gradients = dense(record, given, returned)
    bounds = error_bound(record, given, np.dtype(np.float64), tier)
    step = _step(record, given, step)
    entries = [
        (result, position)
        for result in record.results
        if result.of is not None
        for position in np.ndindex(gradients[result.name].shape)
    ]
    calls = [_moved(given, str(result.of), position, step) for result, position in entries]
    losses = iter(loss([call for moved in calls for call in moved]) if entries else ())
    worst: Deviation | None = None
    for (result, position), moved in zip(entries, calls, strict=True):
        places = [Fraction(float(np.asarray(call[str(result.of)])[position])) for call in moved]
        quotient = _quotient(places, list(islice(losses, len(places))))
        allowed = quotient.budget + float(bounds[result.name][position])
        computed = float(gradients[result.name][position])
        apart = abs(computed - quotient.value)
        fraction = _share(apart, allowed)
        if fraction > (0 if worst is None else worst.fraction):
            typed = entry(record, result.name, position, returned)
            worst = Deviation(
                result.name, fraction, position, computed, quotient.value, apart, allowed, typed, not typed
            )
    return worst


def _share(apart: float, allowed: float) -> float:
    """A distance, which may be NaN, as a fraction of what is allowed, which may be anything."""
    if apart == 0 or math.isinf(allowed):
        return 0.0
    return math.inf if math.isnan(apart) or allowed == 0 else apart / allowed


def _step(record: Record, arguments: Arguments, step: float) -> float:
    """Shorten a step where the arguments are large, for the loss then bends faster, or close to a border."""
    held = arrays(record, arguments)
    largest = max((float(np.abs(array).max(initial=0.0)) for array in held.values()), default=0.0)
    borders = [
        float(np.abs(held[a.name] - end).min(initial=1.0))
        for a in record.arguments
        if a.domain in ("positive", "between")
        for end in a.ends
        if math.isfinite(end)
    ]
    shortest = min(borders, default=1.0)
    exact = min(step / max(1.0, largest), shortest / 8)
    return float(2.0 ** math.floor(math.log2(exact)))
