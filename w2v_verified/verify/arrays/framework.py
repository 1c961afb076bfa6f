"""What the judge needs of a library of arrays, whichever it is."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias

import numpy as np

from w2v_verified.verify.cases.arguments import in_words

__all__ = ["Array", "Framework", "words"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


class Framework(Protocol):
    """A library whose arrays a function takes and returns; ``array`` is how messages call one of them."""

    name: str
    array: str

    def surroundings(self) -> AbstractContextManager[object]:
        """What has to hold during a call, and during no other."""

    def given(self, value: object) -> object:
        """A NumPy array or index as the library holds it; anything else as it is."""

    def owns(self, value: object) -> bool:
        """Whether a value is an array of the library."""

    def taken(self, name: str, value: Any) -> Array:
        """An array of the library, returned under a name, as NumPy's.

        Raises:
            ReturnError: It lies where it cannot be read, or holds no real numbers that NumPy has a format for.
        """

    def value_and_gradients(
        self, loss: Callable[..., Any], places: Sequence[int], arguments: Sequence[Any]
    ) -> tuple[Any, Sequence[Any]]:
        """What a loss returns, and its gradient in each argument at one of the places; 0 in one it does not use."""


def words(framework: Framework, value: Any) -> str:
    """What a value is, in the words of the library."""
    if framework.owns(value):
        return f"a {framework.array} of shape {tuple(value.shape)} and dtype {value.dtype}"
    return f"a NumPy array of shape {value.shape}" if type(value) is np.ndarray else in_words(value)
