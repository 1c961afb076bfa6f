"""Ranges: the numbers between two ends, and the values that an increasing function has on them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

__all__ = ["NONNEGATIVE", "POSITIVE", "REALS", "Range", "between", "declared", "increasing", "interval"]


@dataclass(frozen=True)
class Range:
    """The numbers between ``low`` and ``high``, without an end that is open."""

    low: Any
    high: Any
    low_open: bool
    high_open: bool

    @property
    def positive(self) -> bool:
        """Whether every number in it is > 0."""
        return bool(self.low > 0 or (self.low == 0 and self.low_open))

    @property
    def nonnegative(self) -> bool:
        """Whether every number in it is >= 0."""
        return bool(self.low >= 0)

    @property
    def nonzero(self) -> bool:
        """Whether 0 is not in it."""
        return self.positive or bool(self.high < 0 or (self.high == 0 and self.high_open))

    def within(self, other: "Range") -> bool:
        """Whether every number in it is in another."""
        above = self.low > other.low or (self.low == other.low and (self.low_open or not other.low_open))
        below = self.high < other.high or (
            self.high == other.high and (self.high_open or not other.high_open)
        )
        return bool(above and below)

    def contains(self, x: Any) -> bool:
        """Whether a number is in it."""
        above = x > self.low or (x == self.low and not self.low_open)
        return bool(above and (x < self.high or (x == self.high and not self.high_open)))


def interval(low: Any, high: Any, opened: bool = True) -> Range:
    """The numbers between two ends that are both open or both not."""
    return Range(sp.sympify(low), sp.sympify(high), opened, opened)


def between(low: tuple[Any, bool], high: tuple[Any, bool]) -> Range:
    """The numbers between two ends, each with whether it is open."""
    return Range(low[0], high[0], low[1], high[1])


def declared(low: float, high: float) -> Range:
    """The numbers strictly between two ends as people write them: 0.1 is a tenth, not the float nearest to it.

    No float lies between a decimal and the float nearest to it, so that a comparison with that float decides.
    """

    def end(x: float) -> Any:
        if math.isinf(x):
            return sp.oo if x > 0 else -sp.oo
        exact = Fraction(str(x))
        return sp.Rational(exact.numerator, exact.denominator)

    return interval(end(low), end(high))


REALS = interval(-sp.oo, sp.oo)
POSITIVE, NONNEGATIVE = interval(0, sp.oo), Range(sp.Integer(0), sp.oo, False, True)


def increasing(at: Any, value: Any, values: Range) -> Callable[[Range], Range]:
    """From where the argument of an increasing function lies to where its value lies.

    It takes ``at`` to ``value``, and all ``values`` there are to it.
    """
    at, value = sp.sympify(at), sp.sympify(value)

    def of(a: Range) -> Range:
        low = (value, a.low_open and a.low == at) if a.low >= at else (values.low, values.low_open)
        if a.low > at:
            low = (value, True)
        high = (value, a.high_open and a.high == at) if a.high <= at else (values.high, values.high_open)
        if a.high < at:
            high = (value, True)
        return between(low, high)

    return of
