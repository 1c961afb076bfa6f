"""Array types shared by generated and hand-written code.

The number of axes is part of the type, so mypy rejects a vector where a matrix is due. Lengths are not
part of the type: the functions check them when they run.
"""

from typing import Any, TypeAlias, TypeVar

import numpy as np

Float = TypeVar("Float", bound=np.floating[Any])
I = TypeVar("I", bound=np.integer[Any])
Scalar: TypeAlias = np.ndarray[tuple[()], np.dtype[Float]]
Vector: TypeAlias = np.ndarray[tuple[int], np.dtype[Float]]
Matrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[Float]]
Tensor: TypeAlias = np.ndarray[tuple[int, int, int], np.dtype[Float]]
Integers: TypeAlias = np.ndarray[tuple[int], np.dtype[I]]
Positions: TypeAlias = np.ndarray[tuple[int], np.dtype[np.integer[Any]]]
PositionMatrix: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.integer[Any]]]
