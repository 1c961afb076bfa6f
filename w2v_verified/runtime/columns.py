"""The columns of a table that index arguments point at: reading them, and adding up what belongs to each.

A part is a pair: the columns pointed at, and the values that go there, broadcast to the same shape. Repeated
columns add up, every part by itself, so that many small values do not round at the size of a large one.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["added_up", "scattered_product", "taken"]

_FEW = 64
_CELLS = 1 << 15
"""Up to so many weights, zeros included, are made for one product of matrices."""
_SELDOM = 4
"""Columns repeated no more often are added up all together, each other one by a product of its own."""

Part = tuple[Any, Any]


def taken(table: NDArray[Any], places: NDArray[Any]) -> NDArray[Any]:
    """``table[:, places]`` for a vector or a matrix of places, in the memory order that is quick to read.

    >>> taken(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([2, 0]))
    array([[3., 1.],
           [6., 4.]])
    """
    if table.flags.c_contiguous and places.size <= _FEW:
        return table.take(places, 1)
    if table.strides[0] >= table.strides[1]:
        return table[:, places] if places.ndim == 1 else table[:, places.T].swapaxes(1, 2)
    rows = table.T.take(places, 0) if table.flags.f_contiguous else table.T[places]
    return rows.T if places.ndim == 1 else rows.transpose(2, 0, 1)


def added_up(dtype: Any, *parts: Part) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """The columns the parts point at, sorted, each once, and the sum of the values that belong to each.

    >>> added_up(float, (np.array([7, 2, 7]), np.array([1.0, 2.0, 3.0])), (2, 10.0))
    (array([2, 7]), array([12.,  4.]))
    """
    entries = 0
    for places, _ in parts:
        entries += 1 if isinstance(places, int) else places.size
    return _few_added_up(dtype, parts) if entries <= _FEW else _many_added_up(dtype, parts)


def _few_added_up(dtype: Any, parts: tuple[Part, ...]) -> tuple[NDArray[np.intp], NDArray[Any]]:
    sums: dict[int, float] = {}
    for places, values in parts:
        if isinstance(places, int):
            sums[places] = sums.get(places, 0.0) + float(values)
            continue
        values = _spread(values, places)
        if places.ndim > 1:
            places, values = places.ravel(), values.ravel()
        own = _by_place(places.tolist(), values.tolist())
        for place, value in own.items() if sums else ():
            sums[place] = sums.get(place, 0.0) + value
        sums = sums or own
    columns = sorted(sums)
    count = len(columns)
    return np.fromiter(columns, np.intp, count), np.fromiter([sums[c] for c in columns], dtype, count)


def _by_place(places: list[int], values: list[float]) -> dict[int, float]:
    sums = dict(zip(places, values, strict=True))
    if len(sums) < len(places):
        sums = dict.fromkeys(places, 0.0)
        for place, value in zip(places, values, strict=True):
            sums[place] += value
    return sums


def _many_added_up(dtype: Any, parts: tuple[Part, ...]) -> tuple[NDArray[np.intp], NDArray[Any]]:
    columns = np.unique(np.concatenate([np.ravel(places) for places, _ in parts]))
    sums = np.zeros(len(columns), dtype)
    for places, values in parts:
        where = np.searchsorted(columns, np.ravel(places))
        sums += np.bincount(where, np.ravel(_spread(values, places)), len(columns)).astype(dtype)
    return columns, sums


def _spread(values: Any, places: Any) -> NDArray[Any]:
    """The values, one for each place."""
    if isinstance(values, np.ndarray) and isinstance(places, np.ndarray) and values.shape == places.shape:
        return values
    return np.broadcast_to(values, np.shape(places))


def scattered_product(source: NDArray[Any], *parts: Part) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """``source @ weights`` in the columns where ``weights`` is not zero.

    ``weights`` has a row for each column of ``source``. Each part adds ``values[b]`` to its places ``places[b]``.

    Returns:
        The columns, sorted, each once, and the product in these columns.

    >>> scattered_product(np.array([[1.0, 10.0]]), (np.array([3, 0]), np.array([1.0, 2.0])))
    (array([0, 3]), array([[20.,  1.]]))
    """
    owners = np.arange(source.shape[1])
    places = np.concatenate([np.ravel(p) for p, _ in parts])
    values = np.concatenate([np.ravel(_spread(v, p)) for p, v in parts]).astype(source.dtype, copy=False)
    owner = np.concatenate([np.repeat(owners, p[:1].size) for p, _ in parts])
    order = places.argsort(kind="stable")
    places, values, owner = places[order], values[order], owner[order]
    first = np.concatenate(([True], places[1:] != places[:-1]))[: len(places)]
    start = np.flatnonzero(first)
    shape = len(owners), len(start)
    if shape[0] * shape[1] <= _CELLS:
        cells = owner * len(start) + (np.cumsum(first) - 1)
        weights = np.bincount(cells, values, shape[0] * shape[1]).astype(source.dtype, copy=False)
        return places[start], source.dot(weights.reshape(shape))
    times = np.diff(start, append=len(places))
    rows = np.ascontiguousarray(source.T)
    result = rows.take(owner[start], 0)
    result *= values[start, None]
    for n in range(1, _SELDOM):
        again = np.flatnonzero((n < times) & (times <= _SELDOM))
        summand = rows.take(owner[start[again] + n], 0)
        summand *= values[start[again] + n, None]
        result[again] += summand
    for column in np.flatnonzero(times > _SELDOM).tolist():
        each = slice(start[column], start[column] + times[column])
        if times[column] > len(owners):  # so many terms in one sum would lose digits
            added = np.bincount(owner[each], values[each], len(owners)).astype(source.dtype, copy=False)
            added.dot(rows, result[column])
        else:
            values[each].dot(rows.take(owner[each], 0), result[column])
    return places[start], result.T
