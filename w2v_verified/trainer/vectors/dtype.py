"""What numbers word vectors are made of."""

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

__all__ = ["Stored"]

if TYPE_CHECKING:  # a default is for the eyes of type checkers, until Python 3.13 is the oldest
    import typing_extensions

    Stored = typing_extensions.TypeVar("Stored", bound=np.floating[Any], default=np.float32)
else:
    Stored = TypeVar("Stored", bound=np.floating[Any])
