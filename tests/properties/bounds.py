"""Tolerances of the property suite: a-priori error bounds and nothing else; all other arithmetic is exact.

What a law compares a result with is computed in balls of 300 bits, from the floats that the function was given.
"""

from contextlib import AbstractContextManager
from typing import Any, TypeAlias

import numpy as np
from flint import ctx

from w2v_verified import naive_softmax
from w2v_verified.verify import error_bound, load
from w2v_verified.verify.evaluation import balls

__all__ = ["Array", "Balls", "bounded", "digits", "exact", "on_a_grid", "within"]

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Balls: TypeAlias = np.ndarray[Any, np.dtype[Any]]
RECORD = load("naive_softmax")


def bounded(v_c: Array, o: int, U: Array) -> tuple[float, float, Array, Array, Array, Array]:
    """Loss, gradients, and the bound of the error of each: J, bJ, dv, bdv, dU, bdU."""
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    bound = error_bound(RECORD, {"v_c": v_c, "o": o, "U": U}, np.float64, "strict")
    return loss, float(bound["loss"]), grad_v_c, bound["grad_v_c"], grad_U, bound["grad_U"]


def digits() -> AbstractContextManager[object]:
    """Enough of them for everything here, wherever balls are computed with."""
    context: AbstractContextManager[object] = ctx.workprec(300)
    return context


def exact(numbers: object) -> Balls:
    """Floats as the numbers they are."""
    return balls.exact(np.asarray(numbers, dtype=np.float64))


def within(computed: Array | float, expected: Balls, bound: Array | float) -> bool:
    """Whether no computed number is further from the ball expected than its bound allows: balls are 10^-80 wide."""
    return bool(np.isfinite(computed).all() and not np.any(abs(exact(computed) - expected) > exact(bound)))


def on_a_grid(numbers: Array) -> Array:
    """The nearest multiples of 2^-20: sums of a few of them, and their multiples by a few 16ths, are floats."""
    return np.round(numbers * 2.0**20) / 2.0**20
