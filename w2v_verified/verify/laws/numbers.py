"""Numbers between formats and exact arithmetic: taken exactly, and handed over exactly or to the nearest."""

import math
from fractions import Fraction
from typing import Any

import numpy as np

from w2v_verified.verify.evaluation.balls import arb, exact, fmpq
from w2v_verified.verify.evaluation.frames import Array
from w2v_verified.verify.record import Argument

__all__ = ["around", "as_numbers", "floats", "in_format", "is_inside", "rounded"]


def _rational(value: Any) -> fmpq:
    numerator, denominator = value.as_integer_ratio()
    return fmpq(int(numerator), int(denominator))


_rationals = np.frompyfunc(_rational, 1, 1)
_around = np.frompyfunc(lambda value, bound: arb(value, math.nextafter(float(bound), math.inf)), 2, 1)
_float = np.frompyfunc(lambda value: float(arb(value)), 1, 1)


def as_numbers(array: Array) -> Array:
    """Floating numbers, or fractions, as the rational numbers that they are."""
    return np.asarray(_rationals(array), dtype=object)


def around(array: Array, bound: Array) -> Array:
    """Balls of the size of a bound around numbers."""
    return np.asarray(_around(exact(array), bound), dtype=object)


def floats(array: Array) -> Array:
    """The float64 nearest to each number, or to the middle of each ball."""
    return np.asarray(_float(array), dtype=object).astype(np.float64)


def in_format(array: Array, dtype: np.dtype[Any]) -> Array | None:
    """Numbers in a format that holds them all exactly, or None."""
    found = rounded(array, dtype)
    held = zip(array.ravel().tolist(), found.ravel().tolist(), strict=True)
    return found if all(math.isfinite(near) and _is(number, near) for number, near in held) else None


def _is(number: Any, near: float) -> bool:
    if isinstance(number, fmpq):
        return Fraction(int(number.p), int(number.q)) == Fraction(near)
    return bool(number.is_exact() and number == arb(near))


def rounded(array: Array, dtype: np.dtype[Any]) -> Array:
    """Numbers to the nearest ones of a format."""
    with np.errstate(all="ignore"):
        return floats(array).astype(dtype)


def is_inside(array: Array, argument: Argument) -> bool:
    """Whether finite numbers lie in the domain of an argument."""
    low, high = argument.ends
    if not np.isfinite(array).all():
        return False
    above = array >= low if argument.domain == "nonnegative" else array > low
    return bool(np.all(above & (array < high)))
