"""Tolerances of the property suite: sums of a-priori error bounds, nothing else."""

from typing import Any, TypeAlias

import numpy as np

from w2v_verified import naive_softmax
from w2v_verified.verify import error_bound, load

__all__ = ["Array", "bounded", "eps"]

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
RECORD = load("naive_softmax")
eps = float(np.finfo(np.float64).eps)


def bounded(v_c: Array, o: int, U: Array) -> tuple[float, float, Array, Array, Array, Array]:
    """Loss, gradients, and the bound of the error of each: J, bJ, dv, bdv, dU, bdU."""
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    bound = error_bound(RECORD, {"v_c": v_c, "o": o, "U": U}, np.float64, "strict")
    return loss, float(bound["loss"]), grad_v_c, bound["grad_v_c"], grad_U, bound["grad_U"]
