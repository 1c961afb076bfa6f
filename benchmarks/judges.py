"""Gradient checkers of other projects, each as a question about one function of one vector: is its gradient right?

They get what their users give them: a loss and its gradient at a random point, in float64. None of them can be told
which loss it should be, so each compares the function with itself.
"""

import logging
import random
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["JUDGES", "Judge", "Valued"]

Vector: TypeAlias = NDArray[np.float64]
Valued: TypeAlias = Callable[[Vector], tuple[float, Vector]]
Judge: TypeAlias = Callable[[Valued, Vector], bool]

_SCIPY_ACCEPTS = 1e-5


def _course(valued: Valued, x: Vector) -> bool:
    """``gradcheck_naive`` of Stanford CS224n, as published with assignment 2 (``utils/gradcheck.py``, 2019 and later).

    A central difference with h = 1e-4 at every entry, Python's random state put back before every call, and an entry
    refused where |numerical - given| / max(1, |numerical|, |given|) > 1e-5, so that NaN is not. The original prints
    which way it went and returns; this returns it.
    """
    state = random.getstate()
    h = 1e-4
    x = x.copy()
    random.setstate(state)
    _, gradient = valued(x)
    for place in range(len(x)):
        x[place] += h
        random.setstate(state)
        higher, _ = valued(x)
        x[place] -= 2 * h
        random.setstate(state)
        lower, _ = valued(x)
        x[place] += h
        numerical = (higher - lower) / 2 / h
        difference = abs(numerical - gradient[place]) / max(1, abs(numerical), abs(gradient[place]))
        if difference > 1e-5:
            return False
    return True


def _scipy(valued: Valued, x: Vector) -> bool:
    """``scipy.optimize.check_grad``, which returns a distance; whoever calls it chooses what is small."""
    optimize = import_module("scipy.optimize")
    return bool(optimize.check_grad(lambda x: valued(x)[0], lambda x: valued(x)[1], x) <= _SCIPY_ACCEPTS)


def _autograd(valued: Valued, x: Vector) -> bool:
    """``autograd.test_util.check_grads`` of HIPS autograd, with its defaults, in reverse mode."""
    extend, test_util = import_module("autograd.extend"), import_module("autograd.test_util")
    loss = extend.primitive(lambda x: valued(x)[0])
    extend.defvjp(loss, lambda answer, x: lambda g: g * valued(x)[1])
    try:
        test_util.check_grads(loss, modes=["rev"], order=1)(x)
    except AssertionError:
        return False
    return True


def _torch(valued: Valued, x: Vector) -> bool:
    """``torch.autograd.gradcheck`` with its defaults."""
    torch = import_module("torch")

    def forward(context: Any, x: Any) -> Any:
        value, gradient = valued(x.detach().numpy().copy())
        context.save_for_backward(torch.from_numpy(np.array(gradient)))
        return x.new_tensor(float(value))

    def backward(context: Any, upstream: Any) -> Any:
        return upstream * context.saved_tensors[0]

    methods = {"forward": staticmethod(forward), "backward": staticmethod(backward)}
    loss: Any = type("Loss", (torch.autograd.Function,), methods)
    given = torch.from_numpy(x.copy()).requires_grad_()
    return bool(torch.autograd.gradcheck(loss.apply, (given,), raise_exception=False))


def _jax(valued: Valued, x: Vector) -> bool:
    """``jax.test_util.check_grads`` with its defaults, in 64 bits and reverse mode."""
    jax, test_util = import_module("jax"), import_module("jax.test_util")
    scalar, vector = jax.ShapeDtypeStruct((), "f8"), jax.ShapeDtypeStruct(x.shape, "f8")

    def value(x: Any) -> Any:
        return jax.pure_callback(lambda x: np.float64(valued(np.array(x))[0]), scalar, x)

    def backward(x: Any, upstream: Any) -> Any:
        return (upstream * jax.pure_callback(lambda x: np.array(valued(np.array(x))[1]), vector, x),)

    jax.config.update("jax_enable_x64", True)
    logging.getLogger("jax").setLevel(logging.CRITICAL)  # it prints what an implementation raises
    loss = jax.custom_vjp(value)
    loss.defvjp(lambda x: (loss(x), x), backward)
    try:
        test_util.check_grads(loss, (jax.numpy.asarray(x),), order=1, modes=["rev"])
    except AssertionError:
        return False
    return True


def _installed() -> dict[str, Judge]:
    optional: tuple[tuple[str, str, Judge], ...] = (
        ("scipy", "scipy check_grad", _scipy),
        ("autograd", "HIPS autograd check_grads", _autograd),
        ("torch", "torch gradcheck", _torch),
        ("jax", "jax check_grads", _jax),
    )
    here = {name: judge for package, name, judge in optional if find_spec(package) is not None}
    return {"CS224n gradcheck_naive": _course, **here}


JUDGES = _installed()
"""The checkers that are installed, by name."""
