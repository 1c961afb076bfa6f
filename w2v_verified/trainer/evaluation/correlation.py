"""How two lists of numbers go together."""

import math
from typing import NamedTuple

import numpy as np

from w2v_verified.runtime.arrays import Vector

_MOST_TERMS = 10_000
_SMALL = 1e-300


class Correlation(NamedTuple):
    """A correlation, as SciPy's functions return it.

    Attributes:
        statistic: from -1 to 1.
        pvalue: how probable it is that unrelated normal numbers correlate at least as strongly, of either sign.
    """

    statistic: float
    pvalue: float


def pearson(first: Vector[np.float64], second: Vector[np.float64]) -> Correlation:
    r"""Return Pearson's correlation \(r\) of n numbers each, with its p-value by Student's t of n - 2 degrees.

    Raises:
        ValueError: there are fewer than two, or all of one list are equal.

    >>> [round(number, 4) for number in pearson(np.array([1.0, 2, 3, 5]), np.array([2.0, 1, 4, 6]))]
    [0.9022, 0.0978]
    """
    if len(first) < 2:
        raise ValueError(f"pairs: expected at least two, got {len(first)}")
    first, second = first - first.mean(), second - second.mean()
    lengths = math.sqrt(float(first @ first) * float(second @ second))
    if not lengths > 0:
        raise ValueError("pairs: expected different numbers in each list, got all of one equal")
    r = min(1.0, max(-1.0, float(first @ second) / lengths))
    return Correlation(r, _p_value(r, len(first)))


def spearman(first: Vector[np.float64], second: Vector[np.float64]) -> Correlation:
    """Return Pearson's correlation of the ranks, equal numbers sharing the mean of theirs; see `pearson`.

    >>> [round(number, 4) for number in spearman(np.array([1.0, 2, 2, 9]), np.array([5.0, 6, 7, 8]))]
    [0.9487, 0.0513]
    """
    return pearson(_ranks(first), _ranks(second))


def _ranks(values: Vector[np.float64]) -> Vector[np.float64]:
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Vector[np.float64] = (np.cumsum(counts) - (counts - 1) / 2)[which]
    return ranks


def _p_value(r: float, n: int) -> float:
    r"""Regularised incomplete beta function \(I_{1-r^2}(\tfrac{n}{2} - 1, \tfrac12)\)."""
    a, b, square = n / 2 - 1, 0.5, r * r
    if n == 2 or square == 0:
        return 1.0
    if square == 1:
        return 0.0
    logarithm = (
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log1p(-square) + b * math.log(square)
    )
    front = math.exp(logarithm)
    if 1 - square < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, 1 - square) / a
    return 1 - front * _fraction(b, a, square) / b


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, DLMF 8.17.22, by Lentz's method."""
    c, d = 1.0, 1 / _away_from_0(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, _MOST_TERMS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away_from_0(1 + term * d)
            c = _away_from_0(1 + term / c)
            fraction *= d * c
        if abs(d * c - 1) < np.finfo(np.float64).eps:
            break
    return fraction


def _away_from_0(number: float) -> float:
    return number if abs(number) > _SMALL else _SMALL
