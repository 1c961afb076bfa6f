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
from w2v_verified.verify.record import Argument, Record

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
        step: The step to either side, at most. Entries so close to an end of their range that floats have no room
            for steps there are left out.
        tier: The tier of the bound on the gradient's own rounding.

    Returns:
        The entry, beside the difference quotient; None where none is off at all.
    """
    given = dict(arguments) | {k: v.astype(np.float64) for k, v in arrays(record, arguments).items()}
    returned = call(function, record, copied(given))
    gradients = dense(record, given, returned)
    bounds = error_bound(record, given, np.dtype(np.float64), tier)
    domains = {argument.name: argument for argument in record.arguments}
    largest = _largest(record, given)
    entries, calls = [], []
    for result in record.results:
        for position in np.ndindex(gradients[result.name].shape) if result.of is not None else ():
            here = float(np.asarray(given[str(result.of)])[position])
            short = _step(domains[str(result.of)], here, step / max(1.0, largest))
            moved = _moved(given, str(result.of), position, short)
            if len({float(np.asarray(call[str(result.of)])[position]) for call in moved}) == len(moved):
                entries.append((result, position))
                calls.append(moved)
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


def _largest(record: Record, arguments: Arguments) -> float:
    """The largest entry of all arrays: where they are large the loss bends faster."""
    held = arrays(record, arguments).values()
    return max((float(np.abs(array).max(initial=0.0)) for array in held), default=0.0)


def _step(argument: Argument, here: float, step: float) -> float:
    """A step for an entry, shorter where that is close to an end of what it may be; a power of two."""
    ends = argument.ends if argument.domain in ("positive", "between") else ()
    borders = (abs(here - end) for end in ends if math.isfinite(end))
    return float(2.0 ** math.floor(math.log2(min([step, *(border / 8 for border in borders)]))))
