"""The functions of the notation as the judge knows them, one row each (primitives, as libraries for autodiff say).

Everything the judge knows of a function stands in its row: exact values are computed from `ball` and `derivative`,
error bounds from `approximate` and `error`. The engine has a table of its own, and neither knows the other's.

The platform is taken to compute exp within 3 ulp and every other function within 4, an ulp being at most 2u: the GNU
C library documents at most 2 ulp for each in double precision, and NumPy's own vector code 2.52 ulp for exp and 3.83
for log in single precision.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias

import numpy as np

from w2v_verified.notation import LanguageError
from w2v_verified.verify.evaluation.balls import ZERO, arb, ctx
from w2v_verified.verify.evaluation.frames import Array

__all__ = ["EXP", "LOG", "OTHER", "PRIMITIVES", "Primitive", "exponential_error", "primitive"]

EXP = 6.0  # 3 ulp, in units of u
LOG = 8.0  # 4 ulp
OTHER = 8.0  # 4 ulp


class Model(Protocol):
    """What the rules ask of the arithmetic; `Rounding` says what each means."""

    u: np.longdouble
    eta: np.longdouble
    largest: np.longdouble
    elementary: bool
    reassociated: bool


Balls: TypeAlias = Callable[..., Any]
"""Of arrays of balls, entry by entry, or of balls."""

Rule: TypeAlias = Callable[[Model, Array, Array, Array], Array]
"""From a model, the argument `x`, the value there and a bound `e` on the error of `x` to a bound on the value's error:
that of the argument by a Lipschitz constant over all points within 2e of `x`, and the rounding of the function itself.
"""


@dataclass(frozen=True)
class Primitive:
    """A row of the table.

    Attributes:
        ball: The function: a ball that encloses its values over a ball.
        derivative: Its derivative in balls, from the argument and the value there.
        approximate: The function in long double.
        error: How far errors of the argument, and of the platform, move it.
        exponential: Whether it is an exponential, of which sums can be rescaled and quotients formed by subtraction.
    """

    ball: Balls
    derivative: Balls
    approximate: Callable[[Array], Array]
    error: Rule
    exponential: bool = False


def primitive(function: str) -> Primitive:
    """The row of a function.

    Raises:
        LanguageError: The judge does not know it.
    """
    if function not in PRIMITIVES:
        raise LanguageError(
            f"{function}: a function the judge does not know; it knows {', '.join(sorted(PRIMITIVES))}"
        )
    return PRIMITIVES[function]


def exponential_error(model: Model, value: Array, error: Array, local: float) -> Array:
    """The error of exp(x) = `value` where x has this `error`, with a `local` relative error in units of u."""
    growth = np.exp(error)
    total: Array = value * growth * (np.expm1(error) + model.u * local * growth) + model.eta
    return np.where(np.isnan(total), np.inf, total)


def _rising(function: Callable[[arb], arb]) -> Callable[[arb], arb]:
    """A function that never falls: its values at the ends of a wide ball enclose those between."""

    def evaluate(x: arb) -> arb:
        narrow = x.rad() < 1 and not x.contains(0)
        return function(x) if narrow else function(x.lower()).union(function(x.upper()))

    return evaluate


def _softplus(x: arb) -> arb:
    power = (-abs(x)).exp()
    return x + power.log1p() if x.mid() > 0 else power.log1p()


def _sigmoid(x: arb) -> arb:
    power = (-abs(x)).exp()
    return 1 / (1 + power) if x.mid() > 0 else power / (1 + power)


def _sign(x: arb) -> arb:
    """The sign of a ball; midway between its neighbours at 0, and where all these bits cannot tell it from 0."""
    if x > 0 or x < 0:
        return arb(1 if x > 0 else -1)
    return arb(0) if x.is_zero() or ctx.prec >= _LAST else arb(0, 1)


_LAST = 1 << 11  # bits; beyond the exact product of two float64 numbers of any ordinary size
_SIGN = np.frompyfunc(_sign, 1, 1)


def _step(x: Array) -> Array:
    """1 above 0, 0 below, midway at 0."""
    return np.asarray((_SIGN(x) + 1) / 2, dtype=object)


_EXP = np.frompyfunc(arb.exp, 1, 1)
_SIN, _COS = np.frompyfunc(arb.sin, 1, 1), np.frompyfunc(arb.cos, 1, 1)
_SIGMOID = np.frompyfunc(_rising(_sigmoid), 1, 1)


def _log_one_plus_exp(x: Array) -> Array:
    result: Array = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return result


def _jump(height: int) -> Rule:
    """The error of a function that jumps so far at 0: where x is 0, or may be, any value between is right."""

    def error(model: Model, x: Array, value: Array, e: Array) -> Array:
        if model.elementary and not model.reassociated:  # what is added to the strict bound, which has it
            return np.zeros_like(x)
        exactly = x == 0  # as far as long double tells
        return np.where(
            np.abs(x) > 2 * e, 0, np.where(exactly, np.longdouble(height) / 2, np.longdouble(height))
        )

    return error


def _error_of_exp(model: Model, x: Array, value: Array, e: Array) -> Array:
    return np.where(value <= model.largest, exponential_error(model, value, e, EXP), np.inf)


def _error_of_expm1(model: Model, x: Array, value: Array, e: Array) -> Array:
    local = OTHER * np.abs(value) + ((EXP + 1) * (np.exp(x) + 1) if model.elementary else 0)
    total: Array = exponential_error(model, np.exp(x), e, 0) + model.u * local * np.exp(e)
    return total


def _error_of_log(model: Model, x: Array, value: Array, e: Array) -> Array:
    moved = e / np.maximum(x - 2 * e, 0)
    total: Array = moved + model.u * LOG * (np.abs(value) + moved)
    return total


def _error_of_log1p(model: Model, x: Array, value: Array, e: Array) -> Array:
    moved = e / np.maximum(1 + x - 2 * e, 0)
    total: Array = moved + model.u * (LOG * (np.abs(value) + moved) + model.elementary) + model.eta
    return total


def _error_of_sqrt(model: Model, x: Array, value: Array, e: Array) -> Array:
    root = np.sqrt(np.maximum(x - 2 * e, 0))
    moved = np.where(root > 0, e / (2 * root), np.sqrt(2 * e))
    total: Array = moved + model.u * (value + moved)
    return total


def _error_of_waves(model: Model, x: Array, value: Array, e: Array) -> Array:
    total: Array = e + model.u * OTHER * (np.abs(value) + e) + model.eta
    return total


def _error_of_atan(model: Model, x: Array, value: Array, e: Array) -> Array:
    moved = e / (1 + np.square(np.maximum(np.abs(x) - 2 * e, 0)))
    total: Array = moved + model.u * OTHER * (np.abs(value) + moved) + model.eta
    return total


def _error_of_tanh(model: Model, x: Array, value: Array, e: Array) -> Array:
    moved = e * np.minimum(1, 4 * np.exp(4 * e - 2 * np.abs(x)))  # the derivative is at most 4 exp(-2|x|)
    local = OTHER * (np.abs(value) + moved) + (2 * EXP + 4) * model.elementary
    total: Array = moved + model.u * local + model.eta
    return total


def _error_of_softplus(model: Model, x: Array, value: Array, e: Array) -> Array:
    moved = e * np.minimum(1, np.exp(2 * e - _log_one_plus_exp(-x)))
    local = (LOG + 2 * EXP + 4) * (value + moved) + (EXP + 4) * model.elementary
    total: Array = moved + model.u * local + model.eta
    return total


def _error_of_sigmoid(model: Model, x: Array, value: Array, e: Array) -> Array:
    # How far log(sigmoid) moves, whose derivative is sigmoid(-x).
    moved = e * np.minimum(1, np.exp(2 * e - _log_one_plus_exp(x)))
    error = exponential_error(model, value, moved, EXP + 4)
    if model.elementary:  # also as exp(-log(1 + exp(-x))) and as 1 - sigmoid(-x)
        error = error + model.u * ((LOG + 2) * _log_one_plus_exp(-x) * value + EXP + 4)
    return error


PRIMITIVES: Mapping[str, Primitive] = MappingProxyType(
    {
        "abs": Primitive(
            ball=np.frompyfunc(abs, 1, 1),
            derivative=lambda x, value: _SIGN(x),
            approximate=np.abs,
            error=lambda model, x, value, e: e,
        ),
        "atan": Primitive(
            ball=np.frompyfunc(arb.atan, 1, 1),
            derivative=lambda x, value: 1 / (1 + x * x),
            approximate=np.arctan,
            error=_error_of_atan,
        ),
        "cos": Primitive(
            ball=_COS,
            derivative=lambda x, value: -_SIN(x),
            approximate=np.cos,
            error=_error_of_waves,
        ),
        "exp": Primitive(
            ball=_EXP,
            derivative=lambda x, value: value,
            approximate=np.exp,
            error=_error_of_exp,
            exponential=True,
        ),
        "expm1": Primitive(
            ball=np.frompyfunc(arb.expm1, 1, 1),
            derivative=lambda x, value: _EXP(x),
            approximate=np.expm1,
            error=_error_of_expm1,
        ),
        "heaviside": Primitive(
            ball=_step,
            derivative=lambda x, value: 0 * x,
            approximate=lambda x: (np.sign(x) + 1) / 2,
            error=_jump(1),
        ),
        "log": Primitive(
            ball=np.frompyfunc(arb.log, 1, 1),
            derivative=lambda x, value: 1 / x,
            approximate=np.log,
            error=_error_of_log,
        ),
        "log1p": Primitive(
            ball=np.frompyfunc(arb.log1p, 1, 1),
            derivative=lambda x, value: 1 / (1 + x),
            approximate=np.log1p,
            error=_error_of_log1p,
        ),
        "relu": Primitive(
            ball=np.frompyfunc(lambda x: (x + abs(x)) / 2 if x.contains(0) else x if x > 0 else ZERO, 1, 1),
            derivative=lambda x, value: _step(x),
            approximate=lambda x: np.maximum(x, 0),
            error=lambda model, x, value, e: np.where(x < -2 * e, 0, e),
        ),
        "sigmoid": Primitive(
            ball=_SIGMOID,
            derivative=lambda x, value: value * _SIGMOID(-x),
            approximate=lambda x: np.exp(-_log_one_plus_exp(-x)),
            error=_error_of_sigmoid,
        ),
        "sign": Primitive(
            ball=_SIGN,
            derivative=lambda x, value: 0 * x,
            approximate=np.sign,
            error=_jump(2),
        ),
        "sin": Primitive(
            ball=_SIN,
            derivative=lambda x, value: _COS(x),
            approximate=np.sin,
            error=_error_of_waves,
        ),
        "softplus": Primitive(
            ball=np.frompyfunc(_rising(_softplus), 1, 1),
            derivative=lambda x, value: _SIGMOID(x),
            approximate=_log_one_plus_exp,
            error=_error_of_softplus,
        ),
        "sqrt": Primitive(
            ball=np.frompyfunc(arb.sqrt, 1, 1),
            derivative=lambda x, value: 1 / (2 * value),
            approximate=np.sqrt,
            error=_error_of_sqrt,
        ),
        "tanh": Primitive(
            ball=np.frompyfunc(arb.tanh, 1, 1),
            derivative=lambda x, value: 1 - value * value,
            approximate=np.tanh,
            error=_error_of_tanh,
        ),
    }
)
