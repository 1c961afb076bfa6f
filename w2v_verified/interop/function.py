"""A generated function as it is wrapped: its arguments in order, and the gradient by each as one dense array."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Generated", "generated"]

_DATA = "GRADIENTS"
_OF_BUFFERS = ("out", "with_loss")
"""Options without a meaning where the loss is returned, and the gradients are kept until they are asked for."""


@dataclass(frozen=True, repr=False)
class Generated:
    """A function that the calculus wrote.

    Attributes:
        asked: What asked for it, ``for_torch`` or ``for_jax``.
        function: The function.
        options: What it is given beside its arguments.
        name: The name of the loss.
        signature: Its arguments, without the options.
        gradients: In which fields of its result the gradient of each argument is, and in what form.
    """

    asked: str
    function: Callable[..., Any]
    options: Mapping[str, Any]
    name: str
    signature: inspect.Signature
    gradients: Mapping[str, Mapping[str, str]]

    def __reduce__(self) -> tuple[Callable[..., "Generated"], tuple[Any, ...]]:
        return generated, (self.asked, self.function, self.options)

    def __repr__(self) -> str:
        return f"{self.asked}({self.name})"

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Which of the arguments have a gradient, in the order of the arguments."""
        return tuple(place for place, name in enumerate(self.names) if name in self.gradients)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the arguments, in order."""
        return tuple(self.signature.parameters)

    def bound(self, given: Sequence[Any], named: Mapping[str, Any]) -> tuple[Any, ...]:
        """All arguments in order, defaults included, however they are given.

        Raises:
            TypeError: One is missing, or one too many.
        """
        try:
            bound = self.signature.bind(*given, **named)
        except TypeError as error:
            raise TypeError(f"{self.name}: {error}") from None
        bound.apply_defaults()
        return tuple(bound.arguments[name] for name in self.names)

    def loss_and_gradients(self, arguments: Sequence[Any]) -> tuple[float, list[NDArray[Any]]]:
        """The loss, and for each of the ``places`` the gradient, an array of the shape of its argument."""
        result = self.function(*arguments, **self.options)
        return result.loss, [
            _dense(self.gradients[self.names[place]], result, np.shape(arguments[place]))
            for place in self.places
        ]


def generated(asked: str, function: Callable[..., Any] | ModuleType, options: Mapping[str, Any]) -> Generated:
    """What is known of a function that is to be wrapped.

    Raises:
        TypeError: It is none that was generated, or does not take an option.
    """
    if isinstance(function, ModuleType) and hasattr(function, _DATA):
        named = map(vars(function).get, getattr(function, "__all__", ()))
        function = next((f for f in named if inspect.isfunction(f)), function)
    plain: Any = inspect.unwrap(function) if callable(function) else function
    module = getattr(plain, "__globals__", {})
    gradients = module.get(_DATA)
    if not isinstance(gradients, Mapping) or getattr(plain, "__name__", None) not in module.get(
        "__all__", ()
    ):
        raise TypeError(
            f"{asked}: expected a generated function, such as w2v_verified.naive_softmax or one that w2v-verified "
            f"derive wrote (an earlier version's has to be derived again), got {_words(function)}"
        )
    signature = inspect.signature(plain)
    parameters = signature.parameters.values()
    known = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.name not in _OF_BUFFERS]
    for option in options:
        if option not in known:
            expected = f"one of its options ({', '.join(known)})" if known else "no options"
            raise TypeError(f"{asked}: expected {expected} for {plain.__name__}, got {option}=")
    positional = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    data = MappingProxyType(dict(gradients))
    called: Any = function
    return Generated(asked, called, dict(options), plain.__name__, inspect.Signature(positional), data)


def _dense(form: Mapping[str, str], result: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    match form:
        case {"whole": field}:
            return np.asarray(getattr(result, field))
        case {"columns": columns, "values": values}:
            touched: NDArray[Any] = getattr(result, values)
            dense = np.zeros(shape, touched.dtype)
            dense[:, getattr(result, columns)] = touched
            return dense
        case _:
            product: NDArray[Any] = result.dense()
            return product


def _words(value: object) -> str:
    name = getattr(value, "__name__", None)
    return f"{type(value).__name__} {name}" if isinstance(name, str) else type(value).__name__
