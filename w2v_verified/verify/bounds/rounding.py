"""Arithmetic on values with a bound on the error of whoever computes them in floating point.

`Approximate` is a value with a bound on |computed - exact| that holds for every algorithm the `Rounding` admits. With
u the unit roundoff and eta the most that underflow may lose, an operation adds u times the size of its result, and eta
where it may underflow. Errors propagate with all their higher orders: a bound is infinite where nothing can be said.

Values are computed in long double: its range holds what overflows or underflows in float64 on the way, and where it
is wider its own errors are 2000 times smaller than those bounded. They are allowed for all the same: a bound that
needs the exact value takes the known one plus or minus its error.
"""

import math
from fractions import Fraction

import numpy as np
from numpy.typing import DTypeLike

from w2v_verified.notation.decimals import nearest
from w2v_verified.verify.bounds.approximate import Approximate, most, several
from w2v_verified.verify.evaluation.frames import Array, Count
from w2v_verified.verify.evaluation.primitives import EXP, LOG, OTHER, exponential_error, primitive

__all__ = ["Rounding"]


def _times(size: Array, error: Array) -> Array:
    """`size * error`, where an exact zero times an unbounded error is zero."""
    product: Array = np.fmax(size * error, 0)
    return product


def _long(number: int | Fraction) -> np.longdouble:
    """The long double nearest to a number, or one next to it."""
    exponent = number.numerator.bit_length() - number.denominator.bit_length()
    scaled = Fraction(number) / Fraction(2) ** exponent
    high = float(scaled)
    value: np.longdouble = np.ldexp(
        np.longdouble(high) + np.longdouble(float(scaled - Fraction(high))), exponent
    )
    return value


class Rounding:
    """What the algorithms under judgement may do, and the error each operation then has.

    Args:
        dtype: The floating format computed in.
        elementary: Functions may be computed by their elementary formulas (log1p(x) as log(1 + x), sigmoid(x) as
            1 - sigmoid(-x)), and products may be distributed over the terms of a sum.
        reassociated: Sums may be added up in another association (a - (b + c) for (a - b) - c), quotients of
            exponentials be formed by subtracting exponents, and sums of exponentials be rescaled term by term.
        underflow: Results may underflow, each with an error of eta.
        gradual: Underflow is gradual, and eta the smallest subnormal number; else everything below the smallest normal
            number may be flushed to zero, arguments as well.

    While `distributing` is set, as it is for a result, sums may be added up in another association anyway.
    """

    def __init__(
        self,
        dtype: DTypeLike,
        *,
        elementary: bool = False,
        reassociated: bool = False,
        underflow: bool = True,
        gradual: bool = True,
    ) -> None:
        info = np.finfo(np.dtype(dtype))
        self.dtype = np.dtype(dtype)
        self.u = np.longdouble(info.eps) / 2
        lost = info.smallest_subnormal if gradual else info.smallest_normal
        self.eta = np.longdouble(lost if underflow else 0)
        self.largest = np.longdouble(info.max)
        self.elementary, self.reassociated, self.gradual = elementary, reassociated, gradual
        self.distributing = False

    def given(self, array: Array) -> Approximate:
        """An argument or the size of an axis; its error is that of the conversion to the format."""
        value = array.astype(np.longdouble)
        if array.dtype == self.dtype and self.gradual:
            return Approximate(value)
        error = np.abs(array.astype(self.dtype).astype(np.longdouble) - value)
        if not self.gradual:
            error += np.where(np.abs(value) < self.eta, np.abs(value), 0)
        return Approximate(value, error if error.any() else None)

    def constant(self, number: int | Fraction, inputs: int, *, made: bool = False) -> Approximate:
        """A number of the program, once for every input; code may have `made` it from others that it rounds.

        Where the format does not hold it, its error is u times its size, for code may round a multiple of it instead;
        for a subnormal number, and in a format wider than Python's floats, it is more. One that overflows is infinite.
        """
        held = float(np.asarray(nearest(number)).astype(self.dtype))
        if not math.isfinite(held):
            return Approximate(np.full(inputs, np.inf, np.longdouble))
        value, lost = _long(number), abs(number - Fraction(held))
        error = max(self.u * abs(value), _long(lost)) if lost or made else np.longdouble(0)
        if not self.gradual and abs(value) < self.eta:
            error += abs(value)
        return Approximate(np.full(inputs, value), np.full(inputs, error) if error else None)

    def _rounded(self, error: Array | None, size: Array, products: Count = 0) -> Array:
        """The propagated `error`, and the rounding of a result of this `size` from products that may underflow."""
        fresh: Array = self.u * size + products * self.eta
        return fresh if error is None else error * (1 + self.u) + fresh

    def add(self, a: Approximate, b: Approximate, *, subtract: bool = False) -> Approximate:
        """`a + b`, or `a - b`."""
        value = a.value - b.value if subtract else a.value + b.value
        error = a.error if b.error is None else b.error if a.error is None else a.error + b.error
        terms = a.size + b.size if self.elementary else None
        loose = self.elementary and (self.reassociated or self.distributing)
        size = terms if terms is not None and loose else np.abs(value)
        both = a.exponential and b.exponential and not subtract
        addends: Count = 1
        mass = None
        if several(a.addends) or several(b.addends):  # all terms of both may be added up in one go
            addends = a.addends + b.addends
            together = (a.addends > 1) | (b.addends > 1)
            mass = a.weight + b.weight
            whole = np.maximum(size, a.each(addends) * mass)
            if isinstance(together, np.ndarray):  # or not, where there is one of each
                here = a.each(together)
                addends = np.where(together, addends, 1)
                mass = np.where(here, mass, np.abs(value) if terms is None else terms)
                whole = np.where(here, whole, size)
            size = whole
        rounded = self._rounded(error, size, 0 if self.gradual else 1)
        return Approximate(value, rounded, terms, both, a.parts + b.parts, addends, mass, a.frame)

    def negative(self, a: Approximate) -> Approximate:
        """`-a`."""
        return Approximate(-a.value, a.error, a.terms, False, a.parts, a.addends, a.mass, a.frame)

    def multiply(self, a: Approximate, b: Approximate) -> Approximate:
        """`a * b`."""
        value = a.value * b.value
        terms = a.size * b.size if self.elementary else None
        size = np.abs(value) if terms is None else terms
        error: Array | None = None
        if a.error is not None:
            error = _times(np.abs(b.value), a.error)
        if b.error is not None:
            other = _times(np.abs(a.value), b.error)
            error = other if error is None else error + other
        if a.error is not None and b.error is not None:
            error = error + 3 * _times(a.error, b.error)
        parts = a.parts * b.parts
        result = self._rounded(error, size, a.each(parts) if self.elementary else 1)
        addends = a.addends * b.addends
        mass = a.weight * b.weight if several(addends) else None
        both = a.exponential and b.exponential
        return Approximate(value, result, terms, both, parts, addends, mass, a.frame)

    def divide(self, a: Approximate, b: Approximate) -> Approximate:
        """`a / b`."""
        value = a.value / b.value
        below = np.abs(b.value)
        error = None
        if b.error is not None:
            below = np.maximum(below - 2 * b.error, 0)
            above = np.abs(a.value) if a.error is None else np.abs(a.value) + a.error
            error = _times(above / below, b.error / below)
        if a.error is not None:
            error = a.error / below if error is None else error + a.error / below
        if error is not None:
            error = np.where(below > 0, error, np.inf)
        terms = a.size / below if self.elementary else None
        both = a.exponential and b.exponential
        quotients = a.each(a.parts) if self.elementary else 1
        result = self._rounded(error, np.abs(value) if terms is None else terms, quotients)
        if both and self.reassociated:
            exponents = 2 * np.abs(np.log(a.value)) + (LOG + 2) * np.abs(np.log(b.value)) + EXP
            result = result + _times(np.abs(value), self.u * exponents)
        mass = None
        if several(a.addends):
            own = np.abs(value) if terms is None else terms
            mass = np.where(a.each(a.addends > 1), a.weight / below, own)
        return Approximate(value, result, terms, both, a.parts, a.addends, mass, a.frame)

    def masked(self, mask: Array, a: Approximate) -> Approximate:
        """`a` where `mask` holds and an exact zero elsewhere."""
        return a.select(lambda array: np.where(mask, array, 0))

    def where(self, mask: Array, a: Approximate, b: Approximate) -> Approximate:
        """`a` where `mask` holds and `b` elsewhere."""
        errors = (np.zeros_like(each.value) if each.error is None else each.error for each in (a, b))
        terms = np.where(mask, a.size, b.size) if self.elementary else None
        value = np.where(mask, a.value, b.value)
        parts, addends = most(a.parts, b.parts), most(a.addends, b.addends)
        mass = np.where(mask, a.weight, b.weight) if several(addends) else None
        return Approximate(value, np.where(mask, *errors), terms, False, parts, addends, mass, a.frame)

    def larger(self, a: Approximate, b: Approximate) -> Approximate:
        """The larger of `a` and `b`."""
        errors = (np.zeros_like(each.value) if each.error is None else each.error for each in (a, b))
        return Approximate(np.maximum(a.value, b.value), np.maximum(*errors), frame=a.frame)

    def power(self, a: Approximate, exponent: int) -> Approximate:
        """`a ** exponent`, by multiplications or the platform's function."""
        value = a.value**exponent
        n = abs(exponent)
        size, least = np.abs(a.value), np.abs(a.value)
        if a.error is not None:
            size, least = size + 2 * a.error, np.maximum(least - 2 * a.error, 0)
        base = size if exponent >= 0 else least
        error = (n + OTHER) * self.u * base**exponent + self.eta
        if a.error is not None and n:
            error = error + _times(n * base ** (exponent - 1), a.error)
        return Approximate(value, error, frame=a.frame)

    def real_power(self, a: Approximate, b: Approximate) -> Approximate:
        """`a ** b` for positive `a`."""
        value = a.value**b.value
        exponent_error = np.zeros_like(value)
        log = np.abs(np.log(a.value))
        if a.error is not None:
            below = np.maximum(a.value - 2 * a.error, 0)
            relative = a.error / below
            size = np.abs(b.value) if b.error is None else np.abs(b.value) + b.error
            exponent_error = exponent_error + _times(size, relative)
            log = log + relative
        if b.error is not None:
            exponent_error = exponent_error + _times(log, b.error)
        return Approximate(value, exponential_error(self, value, exponent_error, OTHER), frame=a.frame)

    def apply(self, function: str, a: Approximate) -> Approximate:
        """`function(a)`."""
        error = np.zeros_like(a.value) if a.error is None else a.error
        row = primitive(function)
        value = row.approximate(a.value)
        moved = row.error(self, a.value, value, error)
        return Approximate(value, moved, exponential=row.exponential, frame=a.frame)
