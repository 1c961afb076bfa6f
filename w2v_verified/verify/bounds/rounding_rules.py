"""How far errors of the argument, and of the platform, move each function of the language.

A rule takes the argument `x` and a bound `e` on its error, and returns the value and a bound on the value's error:
that of the argument by a Lipschitz constant over all points within 2e of `x`, and the rounding of the function itself.

The platform is taken to compute exp within 3 ulp and every other function within 4, an ulp being at most 2u: the GNU
C library documents at most 2 ulp for each in double precision, and NumPy's own vector code 2.52 ulp for exp and 3.83
for log in single precision.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from w2v_verified.verify.evaluation.frames import Array

__all__ = ["EXP", "LOG", "OTHER", "RULES", "exponential_error"]

EXP = 6.0  # 3 ulp, in units of u
LOG = 8.0  # 4 ulp
OTHER = 8.0  # 4 ulp


class Model(Protocol):
    """What the rules ask of the arithmetic; `Rounding` says what each means."""

    u: np.longdouble
    eta: np.longdouble
    largest: np.longdouble
    elementary: bool


def _log_one_plus_exp(x: Array) -> Array:
    result: Array = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return result


def exponential_error(model: Model, value: Array, error: Array, local: float) -> Array:
    """The error of exp(x) = `value` where x has this `error`, with a `local` relative error in units of u."""
    growth = np.exp(error)
    total: Array = value * growth * (np.expm1(error) + model.u * local * growth) + model.eta
    return np.where(np.isnan(total), np.inf, total)


def _exp(model: Model, x: Array, e: Array) -> tuple[Array, Array]:
    value = np.exp(x)
    error = exponential_error(model, value, e, EXP)
    return value, np.where(value <= model.largest, error, np.inf)


def _expm1(model: Model, x: Array, e: Array) -> tuple[Array, Array]:
    value = np.expm1(x)
    local = OTHER * np.abs(value) + ((EXP + 1) * (np.exp(x) + 1) if model.elementary else 0)
    return value, exponential_error(model, np.exp(x), e, 0) + model.u * local * np.exp(e)


def _log(model: Model, x: Array, e: Array) -> tuple[Array, Array]:
    value = np.log(x)
    moved = e / np.maximum(x - 2 * e, 0)
    return value, moved + model.u * LOG * (np.abs(value) + moved)


def _log1p(model: Model, x: Array, e: Array) -> tuple[Array, Array]:
    value = np.log1p(x)
    moved = e / np.maximum(1 + x - 2 * e, 0)
    return value, moved + model.u * (LOG * (np.abs(value) + moved) + model.elementary) + model.eta


def _sqrt(model: Model, x: Array, e: Array) -> tuple[Array, Array]:
    value = np.sqrt(x)
    root = np.sqrt(np.maximum(x - 2 * e, 0))
    moved = np.where(root > 0, e / (2 * root), np.sqrt(2 * e))
    return value, moved + model.u * (value + moved)


def _absolute(model: Model, x: Array, e: Array) -> tuple[Array, Array]:
    return np.abs(x), e


def _sin(model: Model, x: Array, e: Array) -> tuple[Array, Array]:
    value = np.sin(x)
    return value, e + model.u * OTHER * (np.abs(value) + e) + model.eta


def _cos(model: Model, x: Array, e: Array) -> tuple[Array, Array]:
    value = np.cos(x)
    return value, e + model.u * OTHER * (np.abs(value) + e) + model.eta


def _tanh(model: Model, x: Array, e: Array) -> tuple[Array, Array]:
    value = np.tanh(x)
    moved = e * np.minimum(1, 4 * np.exp(4 * e - 2 * np.abs(x)))  # the derivative is at most 4 exp(-2|x|)
    return value, moved + model.u * (
        OTHER * (np.abs(value) + moved) + (2 * EXP + 4) * model.elementary
    ) + model.eta


def _softplus(model: Model, x: Array, e: Array) -> tuple[Array, Array]:
    value = _log_one_plus_exp(x)
    moved = e * np.minimum(1, np.exp(2 * e - _log_one_plus_exp(-x)))
    local = (LOG + 2 * EXP + 4) * (value + moved) + (EXP + 4) * model.elementary
    return value, moved + model.u * local + model.eta


def _sigmoid(model: Model, x: Array, e: Array) -> tuple[Array, Array]:
    value = np.exp(-_log_one_plus_exp(-x))
    # How far log(sigmoid) moves, whose derivative is sigmoid(-x).
    moved = e * np.minimum(1, np.exp(2 * e - _log_one_plus_exp(x)))
    error = exponential_error(model, value, moved, EXP + 4)
    if model.elementary:  # also as exp(-log(1 + exp(-x))) and as 1 - sigmoid(-x)
        error = error + model.u * ((LOG + 2) * _log_one_plus_exp(-x) * value + EXP + 4)
    return value, error


RULES: dict[str, Callable[[Model, Array, Array], tuple[Array, Array]]] = {
    "abs": _absolute,
    "cos": _cos,
    "exp": _exp,
    "expm1": _expm1,
    "log": _log,
    "log1p": _log1p,
    "sigmoid": _sigmoid,
    "sin": _sin,
    "softplus": _softplus,
    "sqrt": _sqrt,
    "tanh": _tanh,
}
