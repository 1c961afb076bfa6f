"""Tensors of PyTorch on the CPU; they share the memory of NumPy's arrays, so a write shows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np

from w2v_verified.verify.arrays.framework import Array
from w2v_verified.verify.judging.calling import ReturnError

__all__ = ["Torch"]

_KEPT = 8  # arrays, more than one call has


class Torch:
    """The library, imported."""

    name, array = "torch", "torch tensor"

    def __init__(self) -> None:
        self._torch: Any = import_module("torch")
        self._formats = tuple(
            getattr(self._torch, name)
            for name in ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8")
        )
        self._given: dict[int, tuple[Array, Any]] = {}

    @contextmanager
    def surroundings(self) -> Iterator[None]:
        """Gradients can be taken, whatever the caller has switched off, in one thread: more wait for each other."""
        threads = self._torch.get_num_threads()
        self._torch.set_num_threads(1)
        try:
            with self._torch.enable_grad():
                yield
        finally:
            self._torch.set_num_threads(threads)

    def given(self, value: object) -> object:
        """A tensor over the same memory where it can be one, indices as int64; one index as a Python int.

        An array that is given again is the same tensor again: what was updated in place is seen to be.
        """
        if isinstance(value, np.integer):
            return int(value)
        if isinstance(value, np.floating):
            return self._torch.from_numpy(np.array(value))
        if not isinstance(value, np.ndarray):
            return value
        dtype = np.dtype(np.int64) if value.dtype.kind in "iu" else value.dtype.newbyteorder("=")
        if dtype != value.dtype or not value.flags.writeable or min(value.strides, default=0) < 0:
            return self._torch.from_numpy(value.astype(dtype, order="C"))
        if id(value) not in self._given:
            if len(self._given) >= _KEPT:
                del self._given[next(iter(self._given))]
            self._given[id(value)] = value, self._torch.from_numpy(value)
        return self._given[id(value)][1]

    def owns(self, value: object) -> bool:
        """Whether it is a tensor."""
        return bool(self._torch.is_tensor(value))

    def taken(self, name: str, value: Any) -> Array:
        """The numbers of a tensor, over the same memory where it is dense, without its history."""
        if value.device.type != "cpu":
            raise ReturnError(f"{name}: expected a tensor on the cpu, got one on {value.device}")
        if value.dtype not in self._formats:
            raise ReturnError(f"{name}: expected a tensor of float64 or float32, got {value.dtype}")
        dense = value.detach() if value.layout == self._torch.strided else value.detach().to_dense()
        numbers: Array = dense.resolve_neg().numpy()
        return numbers

    def value_and_gradients(
        self, loss: Callable[..., Any], places: Sequence[int], arguments: Sequence[Any]
    ) -> tuple[Any, Sequence[Any]]:
        """``torch.autograd.grad`` of the loss; a loss that nothing leads to from an argument is constant in it."""
        leaves = [arguments[place].requires_grad_() for place in places]
        value = loss(*arguments)
        if not self.owns(value) or not value.requires_grad:
            return value, [self._torch.zeros_like(leaf) for leaf in leaves]
        gradients: Sequence[Any] = self._torch.autograd.grad(
            value, leaves, allow_unused=True, materialize_grads=True
        )
        return value, gradients
