"""A user's loss: its definition, the same by hand in NumPy and in JAX, and the sizes it is measured at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2v_verified.symbolic import Array, Loss, Position

__all__ = ["Floats", "UserLoss", "drawn"]

Floats = NDArray[Any]


@dataclass(frozen=True)
class UserLoss:
    """A loss with its contenders.

    ``by_hand`` returns the loss and its gradients; ``in_jax`` the loss, and takes the array module in front of
    the arguments. ``sizes`` has the places of every axis.
    """

    loss: Loss
    by_hand: Callable[..., tuple[Any, ...]]
    in_jax: Callable[..., Any]
    sizes: Mapping[str, int]


def drawn(loss: Loss, sizes: Mapping[str, int], seed: int = 0) -> tuple[Any, ...]:
    """Arguments of these sizes.

    What is positive is around 1, what points is anywhere; all else is normal, and shorter where it has two axes, so
    that products with it stay as large.
    """
    random = np.random.default_rng(seed)
    made: list[Any] = []
    for a in loss.arguments:
        shape = tuple(sizes[axis] for axis in a.axes.split())
        if isinstance(a, Position):
            places = random.integers(0, sizes[a.into], shape)
            made.append(places if shape else int(places))
        elif a.positive:
            made.append(np.asarray(random.uniform(0.5, 1.5, shape)))
        else:
            made.append(np.asarray(random.standard_normal(shape) / _length(a, sizes)))
    return tuple(made)


def _length(a: Array, sizes: Mapping[str, int]) -> float:
    axes = a.axes.split()
    return float(min(sizes[axis] for axis in axes) ** 0.5) if len(axes) == 2 else 1.0
