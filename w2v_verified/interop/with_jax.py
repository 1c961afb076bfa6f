"""A generated function as an operation of jax."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

import jax
import jax.numpy as jnp
import numpy as np

from w2v_verified.interop.function import Generated

__all__ = ["operation"]

_FORMATS = (np.float64, np.float32)


def operation(function: Generated) -> Callable[..., jax.Array]:
    """The operation; see ``for_jax``."""
    return _Differentiable(function)


class _Differentiable:
    """The operation as it is called; it can be pickled."""

    def __init__(self, function: Generated) -> None:
        self.__name__ = self.__qualname__ = function.name
        self.__doc__ = f"``{function.name}`` for arrays of jax; see ``w2v_verified.interop.for_jax``."
        self._function = function
        self._loss = _loss_of(function)

    def __call__(self, *given: Any, **named: Any) -> jax.Array:
        function = self._function
        values = map(_held, function.names, function.bound(given, named))
        loss: jax.Array = self._loss(*values)
        return loss

    def __reduce__(self) -> tuple[type["_Differentiable"], tuple[Generated]]:
        return _Differentiable, (self._function,)

    def __repr__(self) -> str:
        return repr(self._function)


def _held(name: str, value: Any) -> jax.Array:
    """A value as jax holds it, whose integers have 32 bits unless it was told otherwise."""
    held = jnp.asarray(value)
    if not isinstance(value, jax.Array) and jnp.issubdtype(held.dtype, jnp.integer):
        given, limits = np.asarray(value), jnp.iinfo(held.dtype)
        if given.size and not limits.min <= int(given.min()) <= int(given.max()) <= limits.max:
            raise IndexError(f"{name}: expected integers of {held.dtype}, as jax holds them, got {value!r}")
    return held


def _loss_of(function: Generated) -> Any:
    """The loss with its rule for differentiation."""
    called = jax.custom_jvp(partial(_called, function))
    called.defjvp(partial(_refuse, function.name))

    def loss_and_gradients(arguments: Sequence[jax.Array]) -> Any:
        traced = any(isinstance(value, jax.core.Tracer) for value in arguments)
        return called(*arguments) if traced else _at_once(function, arguments)

    def forward(*primals: Any) -> Any:
        for name, primal in zip(function.names, primals, strict=True):
            if primal.perturbed and name not in function.gradients:
                raise TypeError(
                    f"{name}: expected jax.lax.stop_gradient({name}), for no gradient by it is derived"
                )
        return loss_and_gradients([primal.value for primal in primals])

    def backward(gradients: Any, upstream: jax.Array) -> Any:
        return tuple(
            None if gradient is None else (gradient * upstream).astype(gradient.dtype)
            for gradient in gradients
        )

    loss = jax.custom_vjp(lambda *arguments: loss_and_gradients(arguments)[0])
    loss.defvjp(forward, backward, symbolic_zeros=True)
    return loss


def _called(function: Generated, *arguments: jax.Array) -> Any:
    """The loss and the gradient by each argument (None where it has none), by a callback while jax traces."""
    dtype = _of_loss(arguments)
    shapes = tuple(
        jax.ShapeDtypeStruct(value.shape, value.dtype) if differentiable else None
        for value, differentiable in zip(arguments, _differentiable(function, arguments), strict=True)
    )
    computed = partial(_computed, function, dtype)
    return jax.pure_callback(
        computed, (jax.ShapeDtypeStruct((), dtype), shapes), *arguments, vmap_method="sequential"
    )


def _at_once(function: Generated, arguments: Sequence[jax.Array]) -> Any:
    """The same of numbers that are there, on the devices of the arguments."""
    loss, gradients = _computed(function, _of_loss(arguments), *arguments)
    placed = tuple(
        None if gradient is None else jax.device_put(gradient, value.sharding if value.committed else None)
        for value, gradient in zip(arguments, gradients, strict=True)
    )
    devices = {device for value in arguments if value.committed for device in value.devices()}
    return jax.device_put(loss, devices.pop() if len(devices) == 1 else None), placed


def _of_loss(arguments: Sequence[Any]) -> Any:
    """The dtype of the loss: the common one of the floating arguments."""
    floating = [value for value in arguments if _is_floating(value)]
    return jnp.result_type(*floating) if floating else jnp.result_type(float)


def _computed(function: Generated, dtype: Any, *arguments: Any) -> Any:
    """The same, by NumPy."""
    loss, gradients = function.loss_and_gradients([_numbers(value) for value in arguments])
    of = dict(zip(function.places, gradients, strict=True))
    wanted = _differentiable(function, arguments)
    return np.asarray(loss).astype(dtype), tuple(
        of[place].astype(value.dtype) if wanted[place] else None for place, value in enumerate(arguments)
    )


def _is_floating(value: Any) -> bool:
    return bool(jnp.issubdtype(value.dtype, jnp.floating))


def _differentiable(function: Generated, arguments: Sequence[Any]) -> list[bool]:
    return [place in function.places and _is_floating(value) for place, value in enumerate(arguments)]


def _numbers(value: Any) -> Any:
    """An array as NumPy's, half precision as float32, one index as an int."""
    held = np.asarray(value)
    if _is_floating(held) and held.dtype not in _FORMATS:
        return held.astype(np.float32)
    return held.item() if held.ndim == 0 and held.dtype.kind in "iu" else held


def _refuse(name: str, *_: Any) -> NoReturn:
    raise NotImplementedError(f"{name}: expected gradients of order one, got a derivative of its gradients")
