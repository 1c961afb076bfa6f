"""The type of a vector of whole numbers: word numbers, counts, places."""

from typing import Any, TypeAlias, TypeVar

import numpy as np

I = TypeVar("I", bound=np.integer[Any])
Integers: TypeAlias = np.ndarray[tuple[int], np.dtype[I]]
