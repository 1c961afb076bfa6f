"""Products of arrays, each in the way that is fastest for its sizes and layout.

====================  ======================================  ===============================================
product               where                                   way
====================  ======================================  ===============================================
methods of arrays     at most ``FEW`` entries in one segment  ``dot``, in the generated code itself
                      of memory; none but matrix and vector
`product`             at most ``FEW`` entries in one segment  ``dot``, which takes fewer steps than ``matmul``
                      strides that BLAS takes                 ``matmul``
                      other strides                           ``matmul`` on copied blocks of at most 4 MiB
`outer`               rows in memory of 2**8 or more          ``multiply``
                      at most ``FEW`` entries                 ``dot`` over an axis of length 1
                      more, in short rows                     ``dot`` on blocks of at most 512 KiB
`add_outer`           at most ``FEW`` entries                 their product by ``dot`` is added
                      more                                    `outer` of blocks of at most 512 KiB
`total`               at most 2**12 entries                   ``dot`` with ones
                      more                                    ``sum``, which adds up pairwise
products with one     at least ``MANY`` entries, and the      both on one of its `parts` after another, in
and the same table    second needs no more than sums of       the generated code itself: the table is read
                      what comes of the first                 from memory once
====================  ======================================  ===============================================

No way allocates an array of the size of a large operand.
"""

from collections.abc import Iterator
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEW", "MANY", "add_outer", "outer", "parts", "product", "total"]

FEW = 1 << 18
"""How many entries a matrix has at most that is small. Beyond, its products are computed in another way."""
MANY = 1 << 22
"""How many entries a matrix has at least that no cache holds. It is better read once than twice."""
_COPIED = 4 << 20
_NEAR = 4 << 20
_LONG_ROW = 1 << 8
_WRITTEN = 512 << 10
_SHORT = 1 << 12
_ONES = {np.dtype(t): np.ones(_SHORT, t) for t in (np.float64, np.float32)}


def product(
    left: NDArray[Any], right: NDArray[Any], out: NDArray[Any] | None = None, *, add: bool = False
) -> NDArray[Any]:
    """``left @ right`` of vectors and matrices, in ``out`` if that is given, ``add``ed to what is there or not.

    >>> product(np.array([1.0, 2.0]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    array([1., 2.])
    """
    result: NDArray[Any]
    if add and out is not None:
        if out.ndim < 2:
            out += product(left, right)
            return out
        columns = max(1, _COPIED // max(1, out.shape[0] * out.itemsize))
        for start in range(0, out.shape[1], columns):
            out[:, start : start + columns] += product(left, right[:, start : start + columns])
        return out
    if left.size + right.size <= FEW and left.flags.forc and right.flags.forc:
        if out is None or out.flags.c_contiguous:
            result = left.dot(right, out)
            return result
        if out.flags.f_contiguous:
            right.T.dot(left.T, out.T)
        else:
            np.matmul(left, right, out=out)
        return out
    left, right = (np.ascontiguousarray(a) if a.ndim == 1 else a for a in (left, right))
    if _for_blas(left) and _for_blas(right):
        result = np.matmul(left, right, out=out)
        return result
    if out is None:
        out = np.empty(left.shape[:-1] + right.shape[1:], np.result_type(left, right))
    if _for_blas(left):
        product(right.T, left.T, out.T)
        return out
    rows = max(1, _COPIED // max(1, left.shape[1] * left.itemsize))
    for start in range(0, len(left), rows):
        block = slice(start, start + rows)
        product(np.ascontiguousarray(left[block]), right, out[block])
    return out


def outer(left: NDArray[Any], right: NDArray[Any], out: NDArray[Any] | None = None) -> NDArray[Any]:
    """``left[i] * right[j]``, in ``out`` if that is given.

    >>> outer(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    array([[3., 4.],
           [6., 8.]])
    """
    result: NDArray[Any]
    row = right.size
    if row < _LONG_ROW and left.size * row <= FEW and (out is None or out.flags.c_contiguous):
        result = left[:, None].dot(right[None], out)
    elif row >= _LONG_ROW and (out is None or out.strides[0] >= out.strides[1]):
        result = np.multiply(left[:, None], right, out)
    else:
        result = _outer_in_parts(left, right, out)
    return result


def _outer_in_parts(left: NDArray[Any], right: NDArray[Any], out: NDArray[Any] | None) -> NDArray[Any]:
    """The outer product of many short rows, or in another layout."""
    if out is None or out.flags.c_contiguous:
        out = np.empty((len(left), len(right)), left.dtype) if out is None else out
        column, row = np.ascontiguousarray(left)[:, None], np.ascontiguousarray(right)[None, :]
        rows = max(1, _WRITTEN // (len(right) * out.itemsize))
        for start in range(0, len(left), rows):
            column[start : start + rows].dot(row, out[start : start + rows])
    elif out.flags.f_contiguous:
        outer(right, left, out.T)
    else:
        np.multiply(left[:, None], right, out=out)
    return out


def add_outer(table: NDArray[Any], left: NDArray[Any], right: NDArray[Any], scale: float) -> None:
    """``table[i, j] += scale * left[i] * right[j]``, in place.

    >>> table = np.ones((2, 2))
    >>> add_outer(table, np.array([1.0, 2.0]), np.array([3.0, 4.0]), -1.0)
    >>> table
    array([[-2., -3.],
           [-5., -7.]])
    """
    if table.strides[0] < table.strides[1]:
        add_outer(table.T, right, left, scale)
        return
    scaled = left * scale
    if table.size <= FEW:
        table += scaled[:, None].dot(right[None, :])
        return
    width = max(1, min(len(right), _WRITTEN // table.itemsize))
    rows = max(1, _WRITTEN // (width * table.itemsize))
    for top in range(0, len(left), rows):
        for first in range(0, len(right), width):
            block = slice(top, top + rows), slice(first, first + width)
            table[block] += outer(scaled[block[0]], right[block[1]])


def parts(table: NDArray[Any], place: SupportsIndex | None = None) -> Iterator[slice]:
    """All columns of ``table``, or all but that at ``place``, so many at a time as a cache holds.

    Half of that is as much as helps where a column is in one piece. Where it is not, pieces of rows are longer.

    >>> list(parts(np.ones((2, 5)), 3))
    [slice(0, 3, None), slice(4, 5, None)]
    """
    rows, columns = table.shape
    near = _NEAR // 2 if table.strides[0] < table.strides[1] else _NEAR
    step = max(1, near // (rows * table.itemsize))
    left_out = columns if place is None else int(place)
    for first, end in ((0, left_out), (left_out + 1, columns)):
        for start in range(first, end, step):
            yield slice(start, min(start + step, end))


def total(x: NDArray[Any]) -> Any:
    """The sum of the entries of a vector.

    >>> total(np.array([1.0, 2.0, 3.0]))
    np.float64(6.0)
    """
    ones = _ONES.get(x.dtype) if x.size <= _SHORT else None
    return x.sum() if ones is None else x.dot(ones[: x.size])


def _for_blas(a: NDArray[Any]) -> bool:
    """Whether BLAS takes ``a`` as it is: the entries of its rows, or of its columns, lie side by side."""
    if a.flags.forc:
        return True
    sides = ((a.strides[0], a.strides[1], a.shape[1]), (a.strides[1], a.strides[0], a.shape[0]))
    return any(near == a.itemsize and far >= length * near and not far % near for far, near, length in sides)
