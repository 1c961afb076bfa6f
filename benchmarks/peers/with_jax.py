"""The losses in JAX, compiled: value_and_grad, and the formulas of the textbook by hand."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.timing import Run

__all__ = ["contenders"]

Array = NDArray[Any]


def contenders(loss: str, *arguments: Any) -> dict[str, Run]:
    """Runs for the loss by the name of the contender, empty where there are none.

    Raises:
        ModuleNotFoundError: JAX is not installed.
    """
    jax: Any = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    given = [jax.numpy.asarray(each) if isinstance(each, np.ndarray) else each for each in arguments]
    makers: dict[str, Callable[..., dict[str, Run]]] = {
        "naive_softmax": _naive_softmax,
        "naive_softmax_batch": _naive_softmax_batch,
        "negative_sampling": _negative_sampling,
        "negative_sampling_batch": _negative_sampling_batch,
        "negative_sampling_block": _negative_sampling_block,
    }
    return makers[loss](jax, *given) if loss in makers else {}


def _run(jax: Any, function: Callable[..., Any], *given: Any) -> Run:
    compiled = jax.jit(function)

    def run() -> Any:
        loss, gradients = jax.block_until_ready(compiled(*given))
        return float(loss), *gradients

    return run


def _automatic(jax: Any, loss: Callable[..., Any], *given: Any) -> dict[str, Run]:
    return {"jax.jit(value_and_grad)": _run(jax, jax.value_and_grad(loss, argnums=(0, 1)), *given)}


def _naive_softmax(jax: Any, v_c: Any, o: int, U: Any) -> dict[str, Run]:
    def loss(v: Any, u: Any, target: Any) -> Any:
        z = v @ u
        return jax.nn.logsumexp(z) - z[target]

    return _automatic(jax, loss, v_c, U, o)


def _naive_softmax_batch(jax: Any, V_c: Any, o: Any, U: Any) -> dict[str, Run]:
    b = jax.numpy.arange(len(o))

    def loss(v: Any, u: Any, target: Any) -> Any:
        z = v.T @ u
        return (jax.nn.logsumexp(z, axis=1) - z[b, target]).sum()

    def by_hand(v: Any, u: Any, target: Any) -> Any:
        yhat = jax.nn.softmax(v.T @ u, axis=1)
        delta = yhat.at[b, target].add(-1)
        return -jax.numpy.log(yhat[b, target]).sum(), (u @ delta.T, v @ delta)

    return {**_automatic(jax, loss, V_c, U, o), "jax.jit by hand": _run(jax, by_hand, V_c, U, o)}


def _negative_sampling(jax: Any, v_c: Any, o: int, U: Any, negatives: Any) -> dict[str, Run]:
    def loss(v: Any, u: Any, target: Any, others: Any) -> Any:
        log_sigmoid = jax.nn.log_sigmoid
        return -log_sigmoid(v @ u[:, target]) - log_sigmoid(-(v @ u[:, others])).sum()

    return _automatic(jax, loss, v_c, U, o, negatives)


def _negative_sampling_batch(jax: Any, V_c: Any, o: Any, U: Any, negatives: Any) -> dict[str, Run]:
    def loss(v: Any, u: Any, target: Any, others: Any) -> Any:
        log_sigmoid, einsum = jax.nn.log_sigmoid, jax.numpy.einsum
        x, z = einsum("bd,bd->b", u[target], v), einsum("bkd,bd->bk", u[others], v)
        return -log_sigmoid(x).sum() - log_sigmoid(-z).sum()

    run = _automatic(jax, loss, V_c.T, U.T, o, negatives)["jax.jit(value_and_grad)"]

    def columns_first() -> Any:
        value, grad_v, grad_u = run()
        return value, np.asarray(grad_v).T, np.asarray(grad_u).T

    return {"jax.jit(value_and_grad)": columns_first}


def _negative_sampling_block(jax: Any, V_c: Any, U: Any, positive: Any, negative: Any) -> dict[str, Run]:
    def loss(v: Any, u: Any, plus: Any, minus: Any) -> Any:
        z = v.T @ u
        return -(plus * jax.nn.log_sigmoid(z) + minus * jax.nn.log_sigmoid(-z)).sum()

    return _automatic(jax, loss, V_c, U, positive, negative)
