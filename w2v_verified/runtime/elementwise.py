"""Functions of real numbers that generated code uses and NumPy does not have, without overflow or cancellation."""

import functools
import math
from typing import Any

import numpy as np

__all__ = ["MODERATE", "exp_times", "finite", "log1p", "moderate", "sigmoid", "softplus"]

_LONG = 1 << 9
_SHORT = 1 << 12
_MANY = 1 << 12
_CACHED = 1 << 16
_CODE = np.lib.introspect.opt_func_info(func_name="^log1p$", signature="float64|float32").get("log1p", {})
_FAST_LOG1P = bool(_CODE) and not any(code["current"].startswith("baseline") for code in _CODE.values())
MODERATE = {np.dtype(np.float64): 300.0, np.dtype(np.float32): 32.0}


def exp_times(x: Any, h: Any) -> Any:
    """The product x * exp(h) elementwise, right also where exp(h) leaves the range of numbers and the product does not.

    >>> exp_times(np.array([0.0, 1e-300, 1e300]), np.array([1000.0, 1300.0, -1300.0]))
    array([0.00000000e+000, 3.82671813e+264, 2.61320527e-265])
    """
    dtype = np.result_type(x, h)
    h = np.asarray(h, dtype if dtype.kind == "f" else np.float64)
    most = _largest_exponent(h.dtype)
    if np.abs(h).max(initial=0.0) <= most:
        return x * np.exp(h)
    product, left = x, h
    for _ in range(3):  # as many as lead from the smallest number to the largest
        part = np.clip(left, -most, most)
        product = product * np.exp(part)
        left = left - part
    return product * np.exp(np.where(np.isinf(h), h, 0.0))


@functools.cache
def _largest_exponent(dtype: Any) -> Any:
    """An exponent such that three of its kind lead from the smallest number of a dtype to the largest."""
    return dtype.type(0.9) * np.log(np.finfo(dtype).max)


def finite(x: Any) -> bool:
    """Whether no entry is infinite or NaN.

    >>> finite(np.array([1.0, 1e200])), finite(np.array([1.0, -np.inf])), finite(np.array([np.nan]))
    (True, False, False)
    """
    return math.isfinite(np.vdot(x, x)) or bool(np.isfinite(x).all())  # the square of none is finite


def moderate(x: Any, *others: Any) -> bool:
    """Whether exponentials of all values, their quotients, and sums of millions of these are ordinary numbers.

    True where every value is within -300 .. 300 for float64, -32 .. 32 for float32: then exp is between
    1e-131 and 1e131 (1e-14 and 1e14), so nothing overflows and nothing loses digits to underflow. False for
    other dtypes, and where a value is NaN. A number of Python has to be within the narrower range.

    >>> moderate(np.array([-1.0, 300.0])), moderate(np.array([301.0])), moderate(np.array([np.nan]), 1.0)
    (True, False, False)
    >>> moderate(np.array([300.0]), 32.0), moderate(33), moderate(np.float64(300.0))
    (True, False, True)
    """
    try:
        most = MODERATE.get(x.dtype, math.nan)
    except AttributeError:  # a number of Python
        return abs(x) <= min(MODERATE.values()) and (not others or moderate(*others))
    # One step where the values are small or few: no entry is larger than the length of the vector it is in.
    if not (x.ndim == 1 and x.dot(x) <= most * most) and not _within(x, most):
        return False
    return not others or moderate(*others)


def _within(x: Any, most: float) -> bool:
    if x.ndim == 2 and _LONG <= x.shape[1] <= _SHORT and (np.vecdot(x, x) <= most * most).all():
        return True
    if x.ndim == 0:
        return bool(-most <= x <= most)
    return most > 0 and (x.size == 0 or (-most <= x.item(x.argmin()) and x.item(x.argmax()) <= most))


def log1p(x: Any) -> Any:
    """log(1 + x) elementwise for finite x > -1, accurate relative to itself.

    In u = 1 + x the digits x - (u - 1) are lost, and log(u) is off by these over u. In parts that stay in the cache
    this takes less time than NumPy's function, unless that is made for the processor or values are few.

    >>> log1p(np.array([0.0, 1e-30, 1.0]))
    array([0.00000000e+00, 1.00000000e-30, 6.93147181e-01])
    """
    if x.size < _MANY or _FAST_LOG1P:
        return np.log1p(x)
    values, result = np.ravel(x), np.empty(x.size, x.dtype)
    count = max(1, _CACHED // x.itemsize)
    for start in range(0, x.size, count):
        part = slice(start, start + count)
        u = 1 + values[part]
        lost = values[part] - (u - 1)
        lost /= u
        np.add(np.log(u, out=u), lost, out=result[part])
    return result.reshape(x.shape)


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)) elementwise, accurate relative to itself on both sides.

    >>> sigmoid(np.array([0.0, -1000.0, 1000.0]))
    array([0.5, 0. , 1. ])
    """
    small = np.exp(-np.abs(x))
    return np.maximum(small, x >= 0) / (1 + small)  # 1 where that is true; a choice would take twice as long


def softplus(x: Any) -> Any:
    """log(1 + exp(x)) elementwise, accurate relative to itself on both sides.

    >>> softplus(np.array([0.0, -50.0, 1000.0]))
    array([6.93147181e-01, 1.92874985e-22, 1.00000000e+03])
    """
    return np.maximum(x, 0) + log1p(np.exp(-np.abs(x)))
