"""The arithmetic of comparing by cosine: lengths of rows, weighed keys, the nearest rows of a table."""

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any, TypeAlias, cast

import numpy as np

from w2v_verified.runtime.arrays import Float, Matrix, Vector

Key: TypeAlias = str | int
KeyOrVector: TypeAlias = str | int | Vector[Any] | list[float]
Keys: TypeAlias = str | int | Vector[Any] | Sequence[KeyOrVector | tuple[KeyOrVector, float]]

_BESIDE_0 = 0.000001
"""Added to a product of distances before it divides (Levy and Goldberg 2014, equation 4)."""


def check_words(words: Any) -> None:
    """See that words are strings in an order.

    Raises:
        TypeError: They are not; the message names what came.
    """
    if isinstance(words, str | bytes) or not isinstance(words, Sequence | np.ndarray):
        raise TypeError(
            f"words: expected a list or tuple of strings, got {type(words).__name__} {words!r:.60}"
        )
    for row, word in enumerate(words):
        if not isinstance(word, str):
            raise TypeError(f"words: expected strings, got {word!r} in row {row}")


def checked_table(vectors: Any) -> Matrix[Any]:
    """A table of vectors that can be compared; integers as float64.

    Raises:
        TypeError: It holds no real numbers.
        ValueError: It has no two axes, or a number that is not finite, which is named by its row.
    """
    table = np.asarray(vectors)
    if table.dtype.kind not in "fiu":
        raise TypeError(f"vectors: expected real numbers, got dtype {table.dtype}")
    if table.ndim != 2:
        raise ValueError(f"vectors: expected shape (V, d), got {table.shape}")
    table = table if table.dtype.kind == "f" else table.astype(np.float64)
    # Without an array of the table's size: a minimum is NaN where any number is.
    if table.size and not (np.isfinite(table.min()) and np.isfinite(table.max())):
        row = int(np.flatnonzero(~np.isfinite(table.sum(axis=1, dtype=np.float64)))[0])
        raise ValueError(f"vectors: expected finite numbers, got others in row {row}")
    return table


def checked_vector(vector: Any, dimension: int) -> Vector[Any]:
    """A vector that can be compared with those of a table; integers as float64.

    Raises:
        TypeError: It holds no real numbers.
        ValueError: It has another shape, or a number that is not finite.
    """
    array = np.asarray(vector)
    if array.shape != (dimension,):
        raise ValueError(f"vector: expected shape ({dimension},), got {array.shape}")
    if array.dtype.kind not in "fiu":
        raise TypeError(f"vector: expected real numbers, got dtype {array.dtype}")
    if not np.isfinite(array).all():
        raise ValueError("vector: expected finite numbers, got others")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def comparable(table: Matrix[Float]) -> tuple[Matrix[Float], Vector[Float]]:
    """The table and the lengths of its rows, 1 of those that are all zeros.

    Where squares of a row overflow or vanish, it is a copy in which such rows are multiplied by a power of two.

    Raises:
        ValueError: a number is not finite, as of a table that was written to.

    >>> table, lengths = comparable(np.array([[3e200, 4e200], [0.0, 0.0]]))
    >>> table[0] / lengths[0], lengths[1]
    (array([0.6, 0.8]), np.float64(1.0))
    """
    limits = np.finfo(table.dtype)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        squares: Vector[Float] = np.vecdot(table, table)
        low, high = limits.tiny / limits.eps**2, limits.max * limits.eps**2
        extreme = np.flatnonzero(~((low < squares) & (squares < high)))
    rows = table[extreme]
    if rows.any():
        if not np.isfinite(rows).all():
            raise ValueError("vectors: expected finite numbers, got others")
        table = table.copy()
        rows = np.ldexp(rows, -np.frexp(np.abs(rows).max(axis=1))[1][:, None])
        table[extreme] = rows
        squares[extreme] = np.vecdot(rows, rows)
    lengths: Vector[Float] = np.sqrt(squares)
    lengths[lengths == 0] = 1
    return table, lengths


def weighed(keys: Keys | None, sign: int) -> list[tuple[KeyOrVector, float]]:
    """Each of the keys with its weight, which is the sign where none is given.

    Raises:
        TypeError: One is no word, row or vector, or its weight no number.

    >>> weighed(["king", ("man", 0.5)], -1), weighed(None, 1)
    ([('king', -1), ('man', 0.5)], [])
    """
    if keys is None:
        return []
    if isinstance(keys, str | int | np.integer) or (isinstance(keys, np.ndarray) and keys.ndim == 1):
        return [(keys, sign)]
    if not isinstance(keys, Iterable):
        raise _no_key(keys)
    return [_weighed(key, sign) for key in keys]


def _weighed(given: Any, sign: int) -> tuple[KeyOrVector, float]:
    key, weight = given if isinstance(given, tuple) and len(given) == 2 else (given, sign)
    if not isinstance(key, str | int | np.integer | np.ndarray | list) or not isinstance(weight, Real):
        raise _no_key(given)
    return cast(KeyOrVector, key), cast(float, weight)


def _no_key(got: object) -> TypeError:
    return TypeError(
        "positive, negative: expected words and vectors, or pairs of either and a weight, each vector as an array or "
        f"a list in the list, got {got!r}"
    )


def unit(vector: Vector[Any]) -> Vector[Any]:
    """The vector at length 1; one of zeros as it is."""
    table, lengths = comparable(vector[None])
    found: Vector[Any] = table[0] / lengths[0]
    return found


def cosines(rows: Matrix[Float], vector: Vector[Any]) -> Vector[Float]:
    """The cosine of each row with a vector; that with zeros is 0."""
    rows, lengths = comparable(rows)
    return _cosines(rows, lengths, vector)


def multiplied(
    rows: Matrix[Float], positive: Sequence[Vector[Any]], negative: Sequence[Vector[Any]]
) -> Vector[Float]:
    """For each row the product of its nearness, in [0, 1], to the positive vectors, by that to the negative ones.

    Source: Levy and Goldberg 2014, "Linguistic Regularities in Sparse and Explicit Word Representations", equation (4).
    """
    rows, lengths = comparable(rows)
    near: Vector[Any] = np.ones_like(lengths)
    far: Vector[Any] = np.ones_like(lengths)
    for product, vectors in ((near, positive), (far, negative)):
        for vector in vectors:
            product *= (1 + _cosines(rows, lengths, vector)) / 2
    near /= far + _BESIDE_0
    return near


def nearest(cosines: Vector[Float], left_out: Iterable[int], count: int) -> list[int]:
    """The rows of the largest cosines, the largest first and ties in their order, at most so many."""
    cosines[[row for row in left_out if 0 <= row < len(cosines)]] = -np.inf
    left = np.flatnonzero(cosines >= _largest(cosines, count))
    order = left[np.argsort(-cosines[left], kind="stable")][:count]
    return [row for row in order.tolist() if cosines[row] != -np.inf]


def _cosines(rows: Matrix[Float], lengths: Vector[Float], vector: Vector[Any]) -> Vector[Float]:
    found: Vector[Float] = rows @ unit(vector)
    found /= lengths
    return found


def _largest(cosines: Vector[Float], count: int) -> Any:
    """The smallest of the `count` largest."""
    return (
        np.partition(cosines, len(cosines) - count)[len(cosines) - count] if count < len(cosines) else -np.inf
    )
