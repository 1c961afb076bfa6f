"""Arithmetic on values with a bound on the error of whoever computes them in floating point.

`Approximate` is a value with a bound on |computed - exact| that holds for every algorithm the `Rounding` admits. With
u the unit roundoff and eta the most that underflow may lose, an operation adds u times the size of its result, and eta
where it may underflow. Errors propagate with all their higher orders: a bound is infinite where nothing can be said.

Values are computed in long double: its range holds what overflows or underflows in float64 on the way, and where it
is wider its own errors are 2000 times smaller than those bounded. They are allowed for all the same: a bound that
needs the exact value takes the known one plus or minus its error.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from w2v_verified.verify.indexing import Array
from w2v_verified.verify.rounding_rules import EXP, LOG, OTHER, RULES, exponential_error

__all__ = ["Approximate", "Rounding"]


class Approximate(NamedTuple):
    """A value, a bound on its error (None: exact), and the size of the terms it is a sum of (None: its own).

    `exponential` tells that it was made from exponentials alone by multiplying, dividing and adding; `parts` is how
    many terms it is a sum of, each of which may underflow where a product is distributed over them. Inside one
    expression, `addends` is how many terms sums have been taken of, and `mass` the size of these: sums of sums may be
    added up in any order.
    """

    value: Array
    error: Array | None = None
    terms: Array | None = None
    exponential: bool = False
    parts: int = 1
    addends: int = 1
    mass: Array | None = None

    @property
    def named(self) -> "Approximate":
        """The same as a value of its own, that is not added up anew."""
        return self._replace(addends=1, mass=None)

    @property
    def weight(self) -> Array:
        """The size of the terms that have been added up."""
        return self.size if self.mass is None else self.mass

    @property
    def size(self) -> Array:
        """The size of the terms."""
        return np.abs(self.value) if self.terms is None else self.terms

    def select(self, choose: Callable[[Array], Array]) -> "Approximate":
        """The same with `choose` applied to each array."""
        error = None if self.error is None else choose(self.error)
        terms = None if self.terms is None else choose(self.terms)
        mass = None if self.mass is None else choose(self.mass)
        return self._replace(value=choose(self.value), error=error, terms=terms, mass=mass)

    def broadcast(self, shape: tuple[int, ...]) -> "Approximate":
        """The same for every value of the indices it does not depend on."""
        return self.select(lambda array: np.broadcast_to(array, shape))


def _times(size: Array, error: Array) -> Array:
    """`size * error`, where an exact zero times an unbounded error is zero."""
    product: Array = np.fmax(size * error, 0)
    return product


def _dot(a: Array, b: Array) -> Array:
    """The sum of `a * b` over the last dimension, without building the product."""
    result: Array = np.einsum("...i,...i->...", a, b)
    return result


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
        """An argument or constant; its error is that of the conversion to the format."""
        value = array.astype(np.longdouble)
        if array.dtype == self.dtype and self.gradual:
            return Approximate(value)
        error = np.abs(array.astype(self.dtype).astype(np.longdouble) - value)
        if not self.gradual:
            error += np.where(np.abs(value) < self.eta, np.abs(value), 0)
        return Approximate(value, error if error.any() else None)

    def _rounded(self, error: Array | None, size: Array, products: int = 0) -> Array:
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
        addends, mass = 1, None
        if a.addends > 1 or b.addends > 1:  # all terms of both may be added up in one go
            addends, mass = a.addends + b.addends, a.weight + b.weight
            size = np.maximum(size, addends * mass)
        rounded = self._rounded(error, size, 0 if self.gradual else 1)
        return Approximate(value, rounded, terms, both, a.parts + b.parts, addends, mass)

    def negative(self, a: Approximate) -> Approximate:
        """`-a`."""
        return Approximate(-a.value, a.error, a.terms, False, a.parts, a.addends, a.mass)

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
        result = self._rounded(error, size, parts if self.elementary else 1)
        addends = a.addends * b.addends
        mass = a.weight * b.weight if addends > 1 else None
        return Approximate(value, result, terms, a.exponential and b.exponential, parts, addends, mass)

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
        quotients = a.parts if self.elementary else 1
        result = self._rounded(error, np.abs(value) if terms is None else terms, quotients)
        if both and self.reassociated:
            exponents = 2 * np.abs(np.log(a.value)) + (LOG + 2) * np.abs(np.log(b.value)) + EXP
            result = result + _times(np.abs(value), self.u * exponents)
        mass = a.weight / below if a.addends > 1 else None
        return Approximate(value, result, terms, both, a.parts, a.addends, mass)

    def masked(self, mask: Array, a: Approximate) -> Approximate:
        """`a` where `mask` holds and an exact zero elsewhere."""
        return a.select(lambda array: np.where(mask, array, 0))

    def sum(self, a: Approximate, places: int, counts: Array | None = None) -> Approximate:
        """The sum over the last dimension, in any order.

        Args:
            a: The terms: one for each of the `places`, or one that stands for all.
            places: How many there are.
            counts: How many terms each place stands for; by default one.
        """
        size = places if counts is None else int(counts.sum())

        def total(array: Array) -> Array:
            if array.shape[-1] != places:
                return np.asarray(array[..., 0] * size)
            return np.asarray(array.sum(axis=-1) if counts is None else _dot(array, counts))

        value = total(a.value)
        terms = total(a.terms) if a.terms is not None else None
        error = None if a.error is None else total(a.error)
        addends = size * a.addends
        return self._summed(
            value, error, terms, total(a.weight), addends, addends, a.exponential, a.parts * size
        )

    def contract(
        self, a: Approximate, b: Approximate, places: int, counts: Array | None = None
    ) -> Approximate:
        """The sum of `a * b` over the last dimension, in any order, fused or not; see `sum`."""
        size = places if counts is None else int(counts.sum())

        def dot(one: Array, other: Array) -> Array:
            return _dot(one, other if counts is None else other * counts)

        value = dot(a.value, b.value)
        summed = dot(a.weight, b.weight)
        error: Array | None = None
        if a.error is not None:
            error = dot(np.abs(b.value), a.error)
        if b.error is not None:
            other = dot(np.abs(a.value), b.error)
            error = other if error is None else error + other
        if a.error is not None and b.error is not None:
            error = error + 3 * dot(a.error, b.error)
        if a.value.shape[-1] != places != b.value.shape[-1]:
            return self.sum(self.multiply(a, b), places, counts)
        terms = dot(a.size, b.size) if self.elementary else None
        both = a.exponential and b.exponential
        parts = size * a.parts * b.parts
        addends = size * a.addends * b.addends
        lost = (parts if self.elementary else size) * self.eta
        underflow = np.full_like(value, lost) if error is None else error + lost
        found = self._summed(value, underflow, terms, summed, addends + 1, addends, both, parts)
        if error is None or found.error is None or np.isfinite(error).all():
            return found
        apart = self.sum(self.multiply(a, b), places, counts)  # which knows what zero times infinity is
        return found._replace(error=np.where(np.isfinite(error), found.error, np.asarray(apart.error)))

    def _summed(
        self,
        value: Array,
        error: Array | None,
        terms: Array | None,
        size: Array,
        operations: int,
        addends: int,
        exponential: bool,
        parts: int,
    ) -> Approximate:
        steps = operations * (EXP + 2) if exponential and self.reassociated else operations
        gamma = steps * self.u / (1 - steps * self.u) if steps * self.u < 1 else np.longdouble(np.inf)
        total = gamma * size if error is None else error + gamma * (size + error)
        return Approximate(value, total, terms, exponential, max(parts, 1), max(addends, 1), size)

    def where(self, mask: Array, a: Approximate, b: Approximate) -> Approximate:
        """`a` where `mask` holds and `b` elsewhere."""
        errors = (np.zeros_like(each.value) if each.error is None else each.error for each in (a, b))
        terms = np.where(mask, a.size, b.size) if self.elementary else None
        value = np.where(mask, a.value, b.value)
        addends = max(a.addends, b.addends)
        mass = np.where(mask, a.weight, b.weight) if addends > 1 else None
        return Approximate(value, np.where(mask, *errors), terms, False, max(a.parts, b.parts), addends, mass)

    def maximum(self, a: Approximate) -> Approximate:
        """The maximum over the last dimension: only entries that may be largest count."""
        value = a.value.max(axis=-1)
        if a.error is None:
            return Approximate(value)
        least = (a.value - 2 * a.error).max(axis=-1, keepdims=True)
        error = np.where(a.value + 2 * a.error >= least, a.error, 0).max(axis=-1)
        return Approximate(value, error)

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
        return Approximate(value, error)

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
        return Approximate(value, exponential_error(self, value, exponent_error, OTHER))

    def apply(self, function: str, a: Approximate) -> Approximate:
        """`function(a)`."""
        error = np.zeros_like(a.value) if a.error is None else a.error
        return Approximate(*RULES[function](self, a.value, error), exponential=function == "exp")
