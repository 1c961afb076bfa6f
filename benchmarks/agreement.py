"""Whether a contender computes what it claims to: what is wrong is not compared, however fast it is."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify import compare, load

__all__ = ["RELATIVE", "differs", "out_of_bound"]

RELATIVE = {"float64": 1e-9, "float32": 1e-3}
"""Allowed difference from our result, relative to the entry plus the mean entry."""


def out_of_bound(loss: str, arguments: Mapping[str, object], result: Sequence[object]) -> str | None:
    """What is outside the error bound that every standard algorithm keeps, or None."""
    try:
        worst = compare(load(loss), arguments, result, tier="lax").worst
    except ValueError as error:
        return str(error)
    if worst is None or worst.fraction <= 1:
        return None
    return f"{worst.result} is off by {worst.error:.3g}, the error bound is {worst.bound:.3g}"


def differs(names: Sequence[str], result: Sequence[object], ours: Sequence[object]) -> str | None:
    """What differs from our result by more than `RELATIVE`, or None."""
    if len(result) != len(names):
        return f"{len(result)} results, expected {len(names)}"
    for name, theirs, mine in zip(names, result, ours, strict=True):
        computed, expected = np.asarray(theirs), np.asarray(mine)
        if computed.shape != expected.shape:
            return f"{name} has shape {computed.shape}, expected {expected.shape}"
        if expected.dtype.kind in "iu":
            if not np.array_equal(computed, expected):
                return f"{name} is {computed}, expected {expected}"
            continue
        difference, allowed = _difference(computed, expected), RELATIVE[np.asarray(ours[-1]).dtype.name]
        if not difference <= allowed:
            return f"{name} differs by {difference:.3g}, allowed is {allowed:.0e}"
    return None


def _difference(computed: NDArray[Any], expected: NDArray[Any]) -> float:
    scale = np.abs(expected)
    scale += np.mean(scale, dtype=np.float64).astype(scale.dtype)
    error = np.abs(computed - expected)
    with np.errstate(all="ignore"):
        return float(np.where(error == 0, 0, error / scale).max(initial=0))
