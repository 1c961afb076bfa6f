"""The functions of the language over arrays of balls, and their derivatives."""

from collections.abc import Callable
from typing import Any

import numpy as np

from w2v_verified.verify.evaluation import balls
from w2v_verified.verify.evaluation.balls import arb
from w2v_verified.verify.evaluation.frames import Array

__all__ = ["FUNCTIONS", "derivative", "whole_power"]


def _softplus(x: arb) -> arb:
    power = (-abs(x)).exp()
    return x + power.log1p() if x.mid() > 0 else power.log1p()


def _sigmoid(x: arb) -> arb:
    power = (-abs(x)).exp()
    return 1 / (1 + power) if x.mid() > 0 else power / (1 + power)


def _rising(function: Callable[[arb], arb]) -> Callable[[arb], arb]:
    """A function that never falls: its values at the ends of a wide ball enclose those between."""

    def evaluate(x: arb) -> arb:
        narrow = x.rad() < 1 and not x.contains(0)
        return function(x) if narrow else function(x.lower()).union(function(x.upper()))

    return evaluate


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "abs": np.frompyfunc(abs, 1, 1),
    "cos": np.frompyfunc(arb.cos, 1, 1),
    "exp": np.frompyfunc(arb.exp, 1, 1),
    "expm1": np.frompyfunc(arb.expm1, 1, 1),
    "log": np.frompyfunc(arb.log, 1, 1),
    "log1p": np.frompyfunc(arb.log1p, 1, 1),
    "sigmoid": np.frompyfunc(_rising(_sigmoid), 1, 1),
    "sign": np.frompyfunc(arb.sgn, 1, 1),
    "sin": np.frompyfunc(arb.sin, 1, 1),
    "softplus": np.frompyfunc(_rising(_softplus), 1, 1),
    "sqrt": np.frompyfunc(arb.sqrt, 1, 1),
    "tanh": np.frompyfunc(arb.tanh, 1, 1),
}


def whole_power(x: Array, n: int) -> Array:
    """A whole power, by products: that of the library is NaN for every ball around 0."""
    if n < 0:
        return np.asarray(1 / whole_power(x, -n), dtype=object)
    result = np.full(x.shape, balls.ONE, dtype=object)
    while n:
        result, n = (result * x if n % 2 else result), n // 2
        x = x * x if n else x
    return result


def derivative(function: str, x: Array, value: Array) -> Array:
    """The derivative of `function` at `x`, where it has the `value`."""
    match function:
        case "abs":
            result = FUNCTIONS["sign"](x)
        case "cos":
            result = -FUNCTIONS["sin"](x)
        case "exp":
            result = value
        case "expm1":
            result = FUNCTIONS["exp"](x)
        case "log":
            result = 1 / x
        case "log1p":
            result = 1 / (1 + x)
        case "sigmoid":
            result = value * FUNCTIONS["sigmoid"](-x)
        case "sin":
            result = FUNCTIONS["cos"](x)
        case "softplus":
            result = FUNCTIONS["sigmoid"](x)
        case "sqrt":
            result = 1 / (2 * value)
        case _:  # tanh
            result = 1 - value * value
    return np.asarray(result, dtype=object)
