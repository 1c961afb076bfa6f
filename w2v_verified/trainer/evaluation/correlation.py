"""How two lists of numbers go together, by SciPy."""

from types import ModuleType
from typing import NamedTuple

import numpy as np

from w2v_verified.errors import with_extra
from w2v_verified.runtime.arrays import Vector


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
        ModuleNotFoundError: SciPy is not installed.

    >>> [round(number, 4) for number in pearson(np.array([1.0, 2, 3, 5]), np.array([2.0, 1, 4, 6]))]
    [0.9022, 0.0978]
    """
    if len(first) < 2:
        raise ValueError(f"pairs: expected at least two, got {len(first)}")
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        raise ValueError("pairs: expected different numbers in each list, got all of one equal")
    found = _statistics().pearsonr(first, second)
    return Correlation(float(found.statistic), float(found.pvalue))


def spearman(first: Vector[np.float64], second: Vector[np.float64]) -> Correlation:
    """Return Pearson's correlation of the ranks, equal numbers sharing the mean of theirs; see `pearson`.

    >>> [round(number, 4) for number in spearman(np.array([1.0, 2, 2, 9]), np.array([5.0, 6, 7, 8]))]
    [0.9487, 0.0513]
    """
    ranks = _statistics().rankdata
    return pearson(ranks(first), ranks(second))


def _statistics() -> ModuleType:
    try:
        from scipy import stats
    except ModuleNotFoundError as error:
        raise with_extra(error, "train") from None
    module: ModuleType = stats
    return module
