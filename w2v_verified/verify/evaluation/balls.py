"""Arrays of Arb balls: exact conversion, functions entry by entry, and how accurate they are."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

try:
    from flint import arb, ctx, fmpq
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "python-flint is not installed: pip install 'w2v_verified[verify]'", name=error.name
    ) from None

from w2v_verified.verify.evaluation.frames import Array

__all__ = [
    "ONE",
    "ZERO",
    "accurate_bits",
    "arb",
    "constants",
    "ctx",
    "exact",
    "fmpq",
    "radii",
    "rational",
    "split",
    "where",
    "whole_power",
    "zeros",
]

ZERO = arb(0)
ONE = arb(1)

_convert = np.frompyfunc(arb, 1, 1)
_accuracy = np.frompyfunc(arb.rel_accuracy_bits, 1, 1)
_is_zero = np.frompyfunc(arb.is_zero, 1, 1)
_radius = np.frompyfunc(arb.rad, 1, 1)


def _from_longdouble(value: np.longdouble) -> arb:
    numerator, denominator = value.as_integer_ratio()  # the denominator is a power of two
    return arb((numerator, 1 - denominator.bit_length()))


def exact(array: Array) -> Array:
    """`array`, of floats or integers, as balls of radius zero."""
    if array.dtype == np.longdouble and array.dtype != np.float64:
        return _objects(np.frompyfunc(_from_longdouble, 1, 1)(array), array.shape)
    return _objects(_convert(array.astype(np.float64) if array.dtype.kind == "f" else array), array.shape)


def rational(number: int | Fraction) -> arb:
    """A ball around a number."""
    return arb(number) if isinstance(number, int) else arb(number.numerator) / arb(number.denominator)


def constants(mask: NDArray[np.bool_]) -> Array:
    """Balls worth 1 where `mask` holds and 0 elsewhere."""
    return where(mask, ONE, ZERO)


def _objects(values: object, shape: tuple[int, ...]) -> Array:
    return np.asarray(values, dtype=object).reshape(shape)


def accurate_bits(array: Array) -> NDArray[np.int64]:
    """The relative accuracy of each ball in bits, very negative where nothing is known."""
    return np.asarray(_accuracy(array), dtype=np.int64)


def zeros(array: Array) -> NDArray[np.bool_]:
    """Which balls are exactly zero."""
    return np.asarray(_is_zero(array), dtype=np.bool_)


def radii(array: Array) -> Array:
    """The radius of each ball, as exact balls."""
    return _objects(_radius(array), array.shape)


def split(array: Array) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`(high, low)`: each midpoint as the float64 nearest to it and the float64 nearest to what is left."""
    high = array.astype(np.float64)
    rest = _objects(array - exact(np.where(np.isfinite(high), high, 0.0)), array.shape)
    return high, rest.astype(np.float64)


def where(mask: NDArray[np.bool_], array: object, other: object) -> Array:
    """Entries of `array` where `mask` holds, of `other` elsewhere; either may be one ball."""
    return np.where(mask, np.asarray(array, dtype=object), np.asarray(other, dtype=object))


def whole_power(x: Array, n: int) -> Array:
    """A whole power, by products: that of the library is NaN for every ball around 0."""
    if n < 0:
        return np.asarray(1 / whole_power(x, -n), dtype=object)
    result = np.full(x.shape, ONE, dtype=object)
    while n:
        result, n = (result * x if n % 2 else result), n // 2
        x = x * x if n else x
    return result
