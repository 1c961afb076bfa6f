"""How much smaller balls have to be: as accurate as is promised, or as the caller wants."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.evaluation import balls
from w2v_verified.verify.evaluation.balls import arb
from w2v_verified.verify.evaluation.batch import together
from w2v_verified.verify.evaluation.frames import Placed

__all__ = ["LAST_PRECISION", "missing_bits"]

LAST_PRECISION = 1 << 14
"""In bits: beyond the exact product of several float64 numbers."""

_RELATIVE_BITS = 90  # accurate to 2^-90 of its value: 37 bits beyond float64
_TINY = arb((1, -1074 - _RELATIVE_BITS))  # or to 2^-90 of the smallest float64 above zero
_SHARE = arb((1, -20))  # or to 2^-20 of the accuracy the caller wants


def missing_bits(
    results: Mapping[str, Placed], limits: Sequence[Mapping[str, NDArray[np.float64]]]
) -> list[int]:
    """For each call, how many times the largest radius has to be halved until every ball is as small as promised."""
    missing = [0] * len(limits)
    for name, (array, frame) in results.items():
        poor = np.flatnonzero(balls.accurate_bits(array) < _RELATIVE_BITS)
        if not poor.size:
            continue
        allowed = np.full(poor.size, _TINY, dtype=object)
        if all(name in each for each in limits):
            known = together([np.asarray(each[name]) for each in limits])[poor]
            finite = np.where(np.isfinite(known), known, 0.0)
            allowed = np.maximum(balls.exact(finite) * _SHARE, allowed)
        times = balls.radii(array[poor]) / allowed
        for number in np.unique(frame.inputs[poor]).tolist():
            worst: arb = max(times[frame.inputs[poor] == number])
            missing[number] = max(missing[number], _halvings(worst))
    return missing


def _halvings(times: arb) -> int:
    if times <= 1:
        return 0
    halvings = float(times.log()) / math.log(2) if times.is_finite() else math.inf
    return math.ceil(halvings) if halvings < LAST_PRECISION else LAST_PRECISION
