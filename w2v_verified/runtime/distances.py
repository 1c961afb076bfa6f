"""Squared distances of points, and what pulls them together, without an array of all differences.

====================  ======================================  ===============================================
what                  where                                   way
====================  ======================================  ===============================================
`squared_distances`   fewer than ``_WIDE`` coordinates        differences, one coordinate after another
                      more                                    ``|a|**2 + |b|**2 - 2 a.b`` about the mean point;
                                                              by differences where less than half is left
`pulled`              fewer than ``_WIDE`` coordinates        differences, one coordinate after another
                      more                                    ``a sum(w) - w @ b`` about the mean point; by
                                                              differences for pairs that are near each other
====================  ======================================  ===============================================

A product of rows has the rounding errors of as many terms as a sum of squares has, relative to the lengths of the
vectors: where these are no longer than the distance they are no larger.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["pulled", "squared_distances"]

_WIDE = 16
_PAIRS = 1 << 15


def squared_distances(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """``sum over i of (left[n, i] - right[k, i]) ** 2`` for all rows of two matrices.

    >>> squared_distances(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 0.0]]))
    array([[ 0.],
           [25.]])
    """
    if left.shape[1] < _WIDE or not left.size or not right.size:
        narrow = np.zeros((len(left), len(right)), np.result_type(left, right))
        for a, b in zip(left.T, right.T, strict=True):
            apart = a[:, None] - b
            apart *= apart
            narrow += apart
        return narrow
    lengths, a, b = _about_the_mean(left, right)
    found: NDArray[Any] = np.matmul(a, b.T)
    found *= -2
    found += lengths
    near = _near(found, lengths)
    entries = found.reshape(-1)
    for pairs, _, apart in _apart(left, right, near):
        entries[pairs] = np.einsum("pi,pi->p", apart, apart)
    return found


def pulled(
    weights: NDArray[Any], left: NDArray[Any], right: NDArray[Any], squares: NDArray[Any] | None = None
) -> NDArray[Any]:
    """``sum over k of weights[n, k] * (left[n, i] - right[k, i])``; ``squares`` are the distances, if they are known.

    >>> pulled(np.array([[1.0, 2.0]]), np.array([[1.0, 1.0]]), np.array([[0.0, 1.0], [2.0, 4.0]]))
    array([[-1., -6.]])
    """
    if left.shape[1] < _WIDE or not left.size or not right.size:
        narrow = np.empty(left.shape, np.result_type(weights, left, right))
        for i, (a, b) in enumerate(zip(left.T, right.T, strict=True)):
            narrow[:, i] = np.einsum("nk,nk->n", weights, a[:, None] - b)
        return narrow
    lengths, a, b = _about_the_mean(left, right)
    if squares is None:
        squares = lengths - 2 * np.matmul(a, b.T)
    near = _near(squares, lengths)
    far = weights.copy(order="C")
    entries = far.reshape(-1)
    of_near = entries[near]
    entries[near] = 0
    found: NDArray[Any] = far.sum(axis=1)[:, None] * a
    found -= far @ b
    done = 0
    for pairs, n, apart in _apart(left, right, near):
        apart *= of_near[done : done + len(pairs), None]
        done += len(pairs)
        first = np.flatnonzero(np.diff(n, prepend=-1))
        found[n[first]] += np.add.reduceat(apart, first)
    return found


def _near(squares: NDArray[Any], lengths: NDArray[Any]) -> NDArray[Any]:
    """The places of pairs that are less apart than half their lengths, or whose distance is not known."""
    lengths *= -0.5
    lengths += squares
    return np.flatnonzero(~(lengths >= 0))  # what overflows is no number here


def _about_the_mean(
    left: NDArray[Any], right: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The squared lengths of a row of each added up, and the rows, all of it from the mean point."""
    mean = right.mean(axis=0) if left is right else (left.mean(axis=0) + right.mean(axis=0)) / 2
    a = left - mean
    b = a if left is right else right - mean
    of_a = np.einsum("ni,ni->n", a, a)
    of_b = of_a if left is right else np.einsum("ki,ki->k", b, b)
    return of_a[:, None] + of_b, a, b


def _apart(
    left: NDArray[Any], right: NDArray[Any], pairs: NDArray[Any]
) -> Iterator[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]]:
    """Pairs by their place among all, so many at a time as a cache holds; their rows on the left; what lies between."""
    step = max(1, _PAIRS // left.shape[1])
    for start in range(0, len(pairs), step):
        some = pairs[start : start + step]
        n, k = np.divmod(some, len(right))
        yield some, n, left[n] - right[k]
