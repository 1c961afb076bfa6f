"""The property about differences: the gradients are those of the loss, and no formula for a gradient takes part."""

import math

from w2v_verified.verify.arrays import Library
from w2v_verified.verify.asking.inputs import few_numbers
from w2v_verified.verify.asking.property import Property
from w2v_verified.verify.asking.subject import Subject
from w2v_verified.verify.bounds.tiers import TIERS
from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.cases.unusual import EMPTY, is_mean_of_nothing
from w2v_verified.verify.judging.accuracy import standard_of
from w2v_verified.verify.judging.calling import CallError, silence
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.judging.finite_differences import disagreement
from w2v_verified.verify.judging.valued import exact_loss
from w2v_verified.verify.record import Record

__all__ = ["difference_properties"]

_STEP = 2.0**-30


def difference_properties(base: Record, convention: Convention, library: Library) -> tuple[Property, ...]:
    """One, where there are gradients."""
    if all(result.of is None for result in base.results):
        return ()
    return (
        Property(
            name="gradients_agree_with_differences_of_the_loss",
            statement="Every entry of a gradient is what difference quotients of the exact loss say.",
            kind="differences",
            universal=True,
            draw=few_numbers,
            judge=_judge,
        ),
    )


def _judge(subject: Subject, arguments: Arguments) -> Finding | None:
    record = subject.record
    if not standard_of(record, arguments).representable:
        return None
    tier = TIERS[0] if subject.strict else TIERS[-1]
    try:
        with silence():
            worst = disagreement(subject.call, record, copied(arguments), exact_loss(record), _STEP, tier)
    except CallError as error:
        return Finding(error.kind, str(error), arguments, apart=error.apart)
    if worst is None or worst.fraction <= 1:
        return None
    nothing = math.isnan(worst.computed) and is_mean_of_nothing(record, arguments)
    message = f"by difference quotients of the loss, {worst}"
    return Finding("value", message, arguments, apart=EMPTY if nothing else None, deviation=worst)
