"""Arrays of JAX, in 64 bits during the calls alone."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

import numpy as np

from w2v_verified.verify.arrays.framework import Array
from w2v_verified.verify.judging.calling import ReturnError

__all__ = ["Jax"]


class Jax:
    """The library, imported."""

    name, array = "jax", "jax array"

    def __init__(self) -> None:
        self._jax: Any = import_module("jax")
        self._numpy: Any = import_module("jax.numpy")
        by_now = getattr(self._jax, "enable_x64", None)  # at home in jax.experimental before version 0.8
        self._in_64_bits = import_module("jax.experimental").enable_x64 if by_now is None else by_now

    def surroundings(self) -> AbstractContextManager[object]:
        """64 bits."""
        context: AbstractContextManager[object] = self._in_64_bits(True)
        return context

    def given(self, value: object) -> object:
        """An array of its own, indices as int64; one index as a Python int."""
        if isinstance(value, np.integer):
            return int(value)
        if not isinstance(value, np.ndarray | np.floating):
            return value
        return self._numpy.array(value.astype(np.int64) if value.dtype.kind in "iu" else value)

    def owns(self, value: object) -> bool:
        """Whether it is an array, or stands for one while it is differentiated."""
        return isinstance(value, self._jax.Array)

    def taken(self, name: str, value: Any) -> Array:
        """The numbers of an array, on whatever device it lies."""
        numbers = np.array(value)
        if numbers.dtype.kind not in "iuf":
            raise ReturnError(f"{name}: expected an array of float64 or float32, got {value.dtype}")
        return numbers

    def value_and_gradients(
        self, loss: Callable[..., Any], places: Sequence[int], arguments: Sequence[Any]
    ) -> tuple[Any, Sequence[Any]]:
        """``jax.value_and_grad`` of the loss."""

        def real(*given: Any) -> Any:
            value = loss(*given)
            return value if self.owns(value) else self._numpy.asarray(float(value))

        value, gradients = self._jax.value_and_grad(real, argnums=tuple(places))(*arguments)
        return value, gradients
