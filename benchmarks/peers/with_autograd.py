"""The losses in HIPS autograd: automatic differentiation of NumPy code."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks.timing import Run

__all__ = ["contenders"]


def contenders(loss: str, *arguments: Any) -> dict[str, Run]:
    """Runs for the loss by the name of the contender, empty where there are none.

    Raises:
        ModuleNotFoundError: autograd is not installed.
    """
    autograd: Any = import_module("autograd")
    losses = {"naive_softmax": _naive_softmax, "naive_softmax_batch": _naive_softmax_batch}
    if loss not in losses:
        return {}
    value_and_grad = autograd.value_and_grad(losses[loss](import_module("autograd.numpy"), arguments[1]))
    centre, _, outside = arguments

    def run() -> Any:
        value, gradients = value_and_grad((centre, outside))
        return value, *gradients

    return {"autograd": run}


def _naive_softmax(np: Any, o: int) -> Callable[[Any], Any]:
    def loss(given: Any) -> Any:
        z = np.dot(*given)
        m = np.max(z)
        return m + np.log(np.sum(np.exp(z - m))) - z[o]

    return loss


def _naive_softmax_batch(np: Any, o: Any) -> Callable[[Any], Any]:
    b = np.arange(len(o))

    def loss(given: Any) -> Any:
        z = np.dot(given[0].T, given[1])
        m = np.max(z, axis=1, keepdims=True)
        return np.sum(m[:, 0] + np.log(np.sum(np.exp(z - m), axis=1)) - z[b, o])

    return loss
