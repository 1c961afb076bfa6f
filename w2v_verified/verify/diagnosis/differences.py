"""Explanation of a gradient that is a difference quotient of the function's own loss."""

from collections.abc import Sequence

import numpy as np

from w2v_verified.verify.cases.arguments import copied
from w2v_verified.verify.diagnosis.probes import Probe
from w2v_verified.verify.judging.calling import CallError, Function, call, silence

__all__ = ["by_differences"]

_PROBES = 4
_ENTRIES = 3
_ULPS = 16


def by_differences(function: Function, probes: Sequence[Probe], result: str) -> str | None:
    """Say with which step a gradient was made from differences, if it agrees with them to the last digits."""
    for exponent in range(2, 11):
        for factor in (1.0, 2.0, 5.0):
            step = float(f"{factor:g}e-{exponent}")
            for form in ("central", "forward"):
                try:
                    if all(_made(function, probe, result, step, form) for probe in probes[:_PROBES]):
                        return f"a {form} difference with the step {step:g} stands for the derivative"
                except CallError:
                    return None
    return None


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
