"""Explanations that more calls of the function give: results of an earlier call, differences of its own loss."""

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, arrays, copied
from w2v_verified.verify.diagnosis.evidence.evidence import Evidence
from w2v_verified.verify.diagnosis.evidence.inputs import inputs
from w2v_verified.verify.diagnosis.evidence.probes import Probe
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.calling import CallError, Function, call, silence
from w2v_verified.verify.judging.dense import dense
from w2v_verified.verify.record import Record

__all__ = ["by_differences", "by_earlier_values"]

_INPUTS = 3
_PROBES = 4
_ENTRIES = 3
_ULPS = 16
_FARTHEST = 0.5


def by_earlier_values(function: Function, record: Record, own: Arguments) -> str | None:
    """Say that an array updated in place is seen with the values it had in an earlier call."""
    for name in arrays(record, own):
        if all(_sees_old(function, record, given, name) for given in (own, *inputs(record)[:_INPUTS])):
            return (
                f"after {name} was updated in place some results are still those of its old values: something is kept"
                f" from one call to the next; {record.definition[-1]} depends on the arguments of this call alone"
            )
    return None


def _sees_old(function: Function, record: Record, arguments: Arguments, name: str) -> bool:
    given = copied(arguments)
    held = np.asarray(given[name])
    old = Standard(record, copied(given))
    try:
        with silence():
            call(function, record, given)
            held *= 0.5
            returned = dense(record, given, call(function, record, given))
    except CallError:
        return False
    new = Standard(record, given)
    judged = [
        (_within(returned[r.name], old, r.name), _within(returned[r.name], new, r.name))
        for r in record.results
    ]
    return all(was or now for was, now in judged) and any(was and not now for was, now in judged)


def _within(value: object, standard: Standard, result: str) -> bool:
    high, _ = standard.exact.split[result]
    return bool(
        np.all(np.abs(np.asarray(value) - high) <= standard.bound("lax")[result] + np.spacing(np.abs(high)))
    )


def by_differences(function: Function, evidence: Evidence, result: str) -> str | None:
    """Say with which step a gradient was made from differences, if it agrees with them to the last digits."""
    looked_at = (evidence.own, *evidence.probes[:_PROBES])
    if not all(_near(probe, result) for probe in looked_at):
        return None
    for exponent in range(2, 11):
        for factor in (1.0, 2.0, 5.0):
            step = float(f"{factor:g}e-{exponent}")
            for form in ("central", "forward"):
                try:
                    if all(_made(function, probe, result, step, form) for probe in looked_at):
                        return f"a {form} difference with the step {step:g} stands for the derivative"
                except CallError:
                    return None
    return None


def _near(probe: Probe, result: str) -> bool:
    """Whether a gradient is as near to the right one as differences with any step that is tried may be."""
    largest = np.abs(probe.exact[result]).max(initial=np.longdouble(1))
    return bool(np.all(np.abs(probe.seen(result) - probe.exact[result]) <= _FARTHEST * largest))


def _made(function: Function, probe: Probe, result: str, step: float, form: str) -> bool:
    record = probe.record
    loss = next(r.name for r in record.results if r.of is None)
    of = str(next(r.of for r in record.results if r.name == result))
    array = np.asarray(probe.arguments[of])
    seen = probe.observed[result]
    for position in list(np.ndindex(array.shape))[:_ENTRIES]:
        losses = []
        for sign in (1, -1 if form == "central" else 0):
            moved = copied(probe.arguments)
            np.asarray(moved[of])[position] += sign * step
            with silence():
                losses.append(float(call(function, record, moved)[loss]))
        quotient = (losses[0] - losses[1]) / (2 * step if form == "central" else step)
        if not np.isfinite(quotient) or abs(seen[position] - quotient) > _ULPS * np.spacing(abs(quotient)):
            return False
    return True
