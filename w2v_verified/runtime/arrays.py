"""Array types shared by generated and hand-written code.

The number of axes is part of the type, so mypy rejects a vector where a matrix is due. Lengths are not
part of the type: the functions check them when they run. What ends in ``Like`` is what is taken as an argument:
such an array, or lists and tuples of Python's numbers, which alone count as float64.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, SupportsIndex, TypeAlias, TypeVar

import numpy as np

if TYPE_CHECKING:  # a default is for the eyes of type checkers, until Python 3.13 is the oldest
    import typing_extensions

    Float = typing_extensions.TypeVar("Float", bound=np.floating[Any], default=np.float64)
else:
    Float = TypeVar("Float", bound=np.floating[Any])
I = TypeVar("I", bound=np.integer[Any])
Scalar: TypeAlias = np.ndarray[tuple[()], np.dtype[Float]]
Vector: TypeAlias = np.ndarray[tuple[int], np.dtype[Float]]
Matrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[Float]]
Tensor: TypeAlias = np.ndarray[tuple[int, int, int], np.dtype[Float]]
Integers: TypeAlias = np.ndarray[tuple[int], np.dtype[I]]
Positions: TypeAlias = np.ndarray[tuple[int], np.dtype[np.integer[Any]]]
PositionMatrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.integer[Any]]]
VectorLike: TypeAlias = Vector[Float] | Sequence[float]
MatrixLike: TypeAlias = Matrix[Float] | Sequence[Sequence[float]]
TensorLike: TypeAlias = Tensor[Float] | Sequence[Sequence[Sequence[float]]]
PositionsLike: TypeAlias = Positions | Sequence[SupportsIndex]
PositionMatrixLike: TypeAlias = PositionMatrix | Sequence[Sequence[SupportsIndex]]
