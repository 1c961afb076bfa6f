"""Implementations in NumPy as functions of torch's tensors or jax's arrays, for the judge to hand those over."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

__all__ = ["IN_OTHER_ARRAYS"]

Function = Callable[..., Any]


def _in_torch(function: Function) -> Function:
    torch: Any = import_module("torch")
    return _through(function, torch.Tensor, lambda tensor: tensor.numpy(), torch.from_numpy)


def _in_jax(function: Function) -> Function:
    jax: Any = import_module("jax")
    return _through(function, jax.Array, np.array, jax.numpy.asarray)


def _through(
    function: Function, kind: type, taken: Callable[[Any], Any], given: Callable[[Any], Any]
) -> Function:
    """The function on the numbers of another library's arrays, its results as such arrays again."""

    def inside(*arguments: Any) -> Any:
        returned = function(*(taken(each) if isinstance(each, kind) else each for each in arguments))
        return tuple(given(np.asarray(each)) if isinstance(each, np.ndarray) else each for each in returned)

    return inside


IN_OTHER_ARRAYS = {
    name: wrapped for name, wrapped in (("torch", _in_torch), ("jax", _in_jax)) if find_spec(name) is not None
}
"""From a library that is installed to an implementation as a function of its arrays."""
