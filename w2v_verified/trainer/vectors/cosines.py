"""The arithmetic of comparing by cosine: weighed keys, unit vectors, the nearest rows of a table."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, cast

import numpy as np

from w2v_verified.runtime.arrays import Float, Matrix, Vector

WordOrVector: TypeAlias = "str | Vector[Any]"
Keys: TypeAlias = "str | Vector[Any] | Sequence[WordOrVector | tuple[WordOrVector, float]]"


def weighed(keys: Keys, sign: int) -> list[tuple[WordOrVector, float]]:
    """Each of the keys with its weight, which is the sign where none is given."""
    if isinstance(keys, str) or (isinstance(keys, np.ndarray) and keys.ndim == 1):
        return [(keys, sign)]
    several = cast("Sequence[WordOrVector | tuple[WordOrVector, float]]", keys)
    return [key if isinstance(key, tuple) else (key, sign) for key in several]


def unit(vector: Vector[Float]) -> Vector[Float]:
    """The vector at length 1; one of zeros as it is."""
    length = np.linalg.norm(vector)
    scaled: Vector[Float] = vector / length if length else vector
    return scaled


def cosines(rows: Matrix[Float], lengths: Vector[Float], vector: Vector[Float]) -> Vector[Float]:
    """The cosine of each row, of the length that is given, with a vector."""
    found: Vector[Float] = rows @ unit(vector)
    found /= lengths
    return found


def nearest(cosines: Vector[Float], left_out: Iterable[int], count: int) -> list[int]:
    """The rows of the largest cosines, the largest first and ties in their order, at most so many."""
    cosines[[row for row in left_out if row < len(cosines)]] = -np.inf
    left = np.flatnonzero(cosines >= _largest(cosines, count))
    order = left[np.argsort(-cosines[left], kind="stable")][:count]
    return [row for row in order.tolist() if cosines[row] != -np.inf]


def _largest(cosines: Vector[Float], count: int) -> Any:
    """The smallest of the `count` largest."""
    return (
        np.partition(cosines, len(cosines) - count)[len(cosines) - count] if count < len(cosines) else -np.inf
    )
