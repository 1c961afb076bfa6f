"""The least time a computation can take: moving its bytes, or its multiply-adds at the processor's peak."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.timing import Run

__all__ = ["Floor"]

_READ, _WRITE, _PRODUCT = "floor: read", "floor: write", "floor: product"
_SIDE = 256


@dataclass(frozen=True, slots=True)
class Floor:
    """What must happen: `read` is read once, `write` is filled once, so many multiplications with additions.

    Both speeds are those for arrays of this very size, so an array that stays in a cache moves at the
    speed of that cache; the peak is a product of square matrices that stay in it.
    """

    read: NDArray[Any]
    write: NDArray[Any]
    multiply_adds: int

    def runs(self) -> dict[str, Run]:
        """What has to be timed, in the same rounds as the contenders."""
        read, write = self.read.ravel("K"), self.write
        square = np.ones((_SIDE, _SIDE), self.read.dtype)
        product = np.empty_like(square)
        return {
            _READ: lambda: read.dot(read),
            _WRITE: lambda: write.fill(0),
            _PRODUCT: lambda: np.dot(square, square, product),
        }

    def seconds(self, measured: Mapping[str, Sequence[float]]) -> list[float]:
        """The floor in every round."""
        return [
            max(read + write, product * self.multiply_adds / _SIDE**3)
            for read, write, product in zip(
                measured[_READ], measured[_WRITE], measured[_PRODUCT], strict=True
            )
        ]
