"""A call of a function with a library's arrays, as source that follows the lines in which NumPy's are made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Call", "Spelling", "as_jax", "as_numpy", "as_torch"]


@dataclass(frozen=True)
class Call:
    """One call to be written.

    Attributes:
        function: The name of the function.
        arguments: Its arguments as its convention writes them, in one line.
        arrays: The names of those that are arrays.
        results: The names of what comes back, the loss first.
        of: The names of the arguments that the gradients are of, in the order of these.
        places: Where they stand in the call.
        automatic: Whether the library takes the gradients.
    """

    function: str
    arguments: str
    arrays: Sequence[str]
    results: Sequence[str]
    of: Sequence[str]
    places: Sequence[int]
    automatic: bool


Spelling: TypeAlias = Callable[[Call], tuple[list[str], list[str]]]
"""From a call to the imports it needs and its lines."""


def as_numpy(call: Call) -> tuple[list[str], list[str]]:
    """The call alone."""
    return [], [f"{', '.join(call.results)} = {call.function}({call.arguments})"]


def as_torch(call: Call) -> tuple[list[str], list[str]]:
    """The call with tensors over the memory of the arrays."""
    lines = _converted(call.arrays, "torch.from_numpy")
    if not call.automatic:
        return ["import torch"], [*lines, *as_numpy(call)[1]]
    loss, *gradients = call.results
    return ["import torch"], [
        *lines,
        f"leaves = [{', '.join(f'{name}.requires_grad_()' for name in call.of)}]",
        f"{loss} = {call.function}({call.arguments})",
        f"{', '.join(gradients)}{_comma(gradients)} = torch.autograd.grad({loss}, leaves, materialize_grads=True)",
    ]


def as_jax(call: Call) -> tuple[list[str], list[str]]:
    """The call in 64 bits, which are switched off again after it."""
    lines = _converted(call.arrays, "jax.numpy.array")
    loss, *gradients = call.results
    if call.automatic:
        places = f"({', '.join(map(str, call.places))}{_comma(call.places)})"
        lines.append(
            f"{loss}, ({', '.join(gradients)}{_comma(gradients)}) ="
            f" jax.value_and_grad({call.function}, argnums={places})({call.arguments})"
        )
    else:
        lines += as_numpy(call)[1]
    return ["import jax"], ["with jax.enable_x64(True):", *(f"    {line}" for line in lines)]


def _converted(names: Sequence[str], by: str) -> list[str]:
    return [f"{name} = {by}({name})" for name in names]


def _comma(items: Sequence[object]) -> str:
    """What makes a tuple of a single item."""
    return "," if len(items) == 1 else ""
