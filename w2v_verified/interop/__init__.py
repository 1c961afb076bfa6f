"""Verified functions inside torch and jax, as differentiable operations whose gradients are ours.

Nothing of a library is imported before an operation is asked for.
"""

from collections.abc import Callable
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from w2v_verified.errors import with_extra
from w2v_verified.interop.function import generated

if TYPE_CHECKING:
    import jax
    import torch

__all__ = ["for_jax", "for_torch"]


def for_torch(function: Callable[..., Any] | ModuleType, **options: Any) -> "Callable[..., torch.Tensor]":
    """A generated function as a differentiable operation of torch (a ``torch.autograd.Function``).

    The operation takes what the function takes, floating arrays as tensors, and returns the loss as a tensor without
    axes (in nats, where the function's loss is), to which each argument has the gradient that the function returns:
    dense where that comes by touched columns or in factors, scaled by what comes in from above, in the argument's own
    dtype and on its device. Half precision is computed in float32. The work is done by NumPy on the CPU, wherever the
    tensors are. Indices may be tensors, arrays, lists or ints, and have no gradient. Under ``torch.func.vmap`` it is
    called once for each place; ``torch.compile`` leaves it as it is (a graph break).

    Args:
        function: One of this package, such as ``naive_softmax``, or one that ``w2v-verified derive`` wrote, or the
            module in which that is.
        options: What the function takes beside its arguments, such as ``block_size=1000``.

    Returns:
        The operation.

    Raises:
        ModuleNotFoundError: torch is not installed; the message names the extra.
        TypeError: It is no generated function, or does not take an option. From the operation: a tensor has no
            numbers that NumPy can take, or a gradient is asked for that was not derived; and all that the function
            raises.
        NotImplementedError (from the operation): Forward mode, or a derivative of the gradients, is asked for.
    """
    _see_installed("torch")
    from w2v_verified.interop.with_torch import operation

    return operation(generated("for_torch", function, options))


def for_jax(function: Callable[..., Any] | ModuleType, **options: Any) -> "Callable[..., jax.Array]":
    """A generated function as a differentiable operation of jax (a ``jax.custom_vjp`` with a callback).

    The operation takes what the function takes and returns the loss as an array without axes (in nats, where the
    function's loss is), to which each argument has the gradient that the function returns: dense where that comes by
    touched columns or in factors, scaled by what comes in from above, in the argument's own dtype. Half precision is
    computed in float32. The work is done by NumPy on the CPU: at once, or by ``jax.pure_callback`` under ``jit``,
    ``vmap`` (once for each place) and ``scan``. Indices have no gradient (float0).

    Args:
        function: One of this package, such as ``naive_softmax``, or one that ``w2v-verified derive`` wrote, or the
            module in which that is.
        options: What the function takes beside its arguments, such as ``block_size=1000``.

    Returns:
        The operation.

    Raises:
        ModuleNotFoundError: jax is not installed; the message names the extra.
        TypeError: It is no generated function, or does not take an option. From the operation: an argument needs a
            gradient that was not derived, or forward mode is asked for; and all that the function raises, which
            under ``jit`` comes as jax's own error with the same message.
        NotImplementedError (from the operation): A derivative of the gradients is asked for.
    """
    _see_installed("jax")
    from w2v_verified.interop.with_jax import operation

    return operation(generated("for_jax", function, options))


def _see_installed(library: str) -> None:
    if find_spec(library) is None:
        raise with_extra(ModuleNotFoundError(name=library), library)
