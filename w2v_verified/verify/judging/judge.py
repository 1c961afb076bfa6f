"""Judge one call: does it return, in the right form, the right numbers, and leave its inputs alone?"""

from dataclasses import dataclass, replace

import numpy as np

from w2v_verified.verify.bounds.tiers import TIERS
from w2v_verified.verify.cases.arguments import Arguments, copied, snapshot
from w2v_verified.verify.cases.unusual import EMPTY, NARROWER, excuse, is_mean_of_nothing, narrower
from w2v_verified.verify.judging.accuracy import Standard, standard_of
from w2v_verified.verify.judging.calling import Function, observe
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.judging.grade import Accuracy
from w2v_verified.verify.judging.surroundings import Watched
from w2v_verified.verify.record import Record

__all__ = ["Judged", "judge"]

_GRADES = (*TIERS, "wrong")


@dataclass(frozen=True)
class Judged:
    """What one call was found to be: how accurate, if it returned at all, and what was wrong with it.

    `flushed` tells that it is that accurate where subnormal numbers may be zero, and else less so.
    """

    accuracy: Accuracy | None
    finding: Finding | None
    flushed: bool = False


def judge(
    function: Function,
    record: Record,
    arguments: Arguments,
    case: str = "",
    standard: Standard | None = None,
    *,
    flushes: bool = False,
) -> Judged:
    """Judge one call on finite input, by its standard where that is at hand.

    An input that is written to is put back, so that one fault does not make others. Where the exact results do not
    fit in the format, nothing is promised and nothing found. Where the platform `flushes` subnormal numbers to zero,
    that is no error.
    """
    before, held = snapshot(arguments), copied(arguments)
    given = {name: v[...] if isinstance(v, np.ndarray) else v for name, v in arguments.items()}
    watched = Watched(function)
    returned, warning = observe(watched, record, given)
    written = [name for name, held_bytes in snapshot(arguments).items() if held_bytes != before[name]]
    if written and not isinstance(returned, Finding):  # what is returned may be what is put back
        returned = {n: v.copy() if isinstance(v, np.ndarray) else v for n, v in returned.items()}
    for name in written:
        np.copyto(np.asarray(arguments[name]), np.asarray(held[name]))
    written += [name for name, value in given.items() if _form(value) != _form(arguments[name])]
    standard = standard or standard_of(record, arguments)
    empty = is_mean_of_nothing(record, arguments)
    if not standard.representable:
        return Judged(None, None)
    if isinstance(returned, Finding):
        apart = excuse(returned.kind, record, arguments) or returned.apart
        return Judged(None, replace(returned, arguments=arguments, case=case, apart=apart))
    accuracy = standard.accuracy(returned)
    flushed = False
    if flushes and accuracy.tier != "strict":
        anyhow = standard.flushing.accuracy(returned)
        flushed = _GRADES.index(anyhow.tier) < _GRADES.index(accuracy.tier)
        accuracy = anyhow if flushed else accuracy
    if accuracy.tier == "wrong":
        narrow = narrower(record, arguments)
        in_narrow = narrow is not None and not standard.in_format(narrow).complaint(returned)
        also = f" (and it gives the warning '{warning}')" if warning else ""
        nothing = empty and any(np.isnan(np.asarray(value)).any() for value in returned.values())
        apart = NARROWER if in_narrow else EMPTY if nothing else None
        message = accuracy.message + also
        wrong = Finding("value", message, arguments, case, apart, deviation=accuracy.deviation)
        return Judged(accuracy, wrong)
    if warning:
        apart = EMPTY if empty else None
        return Judged(accuracy, Finding("warning", f"gives the warning '{warning}'", arguments, case, apart))
    if written:
        message = f"{written[0]} is written to"
        return Judged(accuracy, Finding("inputs_untouched", message, arguments, case, about=written[0]))
    if watched.changed is not None:
        changed = Finding("surroundings_untouched", f"{watched.changed} changed", arguments, case)
        return Judged(accuracy, changed)
    return Judged(accuracy, None, flushed)


def _form(value: object) -> object:
    """What a call could change of an array beside its entries."""
    return (value.shape, value.strides, value.flags.writeable) if isinstance(value, np.ndarray) else None
