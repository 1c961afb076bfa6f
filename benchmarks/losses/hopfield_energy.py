"""The energy of a modern Hopfield network."""

from typing import Any

import numpy as np

from benchmarks.losses.user_loss import Floats, UserLoss
from w2v_verified.symbolic import Array, Axis, Loss

__all__ = ["CASE"]

LOSS = Loss(
    name="hopfield_energy",
    summary="The energy of a modern Hopfield network (Ramsauer et al. 2020).",
    axes=(Axis("d"), Axis("K")),
    arguments=(
        Array("x", "d"),
        Array("Y", "d K"),
        Array("beta", "", gradient=False, positive=True),
    ),
    definition="""
        loss = sum(i in d, x[i] ** 2) / 2 - log(sum(k in K, exp(beta * sum(i in d, Y[i, k] * x[i])))) / beta
    """,
)


def by_hand(x: Floats, Y: Floats, beta: Floats) -> tuple[Any, ...]:
    """A softmax of the products with the patterns."""
    s = beta * (x @ Y)
    m = s.max()
    p = np.exp(s - m)
    Z = p.sum()
    p /= Z
    return float(x @ x / 2 - (m + np.log(Z)) / beta), x - Y @ p, np.outer(x, -p)


def in_jax(np: Any, x: Any, Y: Any, beta: Any) -> Any:
    """The loss."""
    s = beta * (x @ Y)
    m = s.max()
    return x @ x / 2 - (m + np.log(np.exp(s - m).sum())) / beta


CASE = UserLoss(LOSS, by_hand, in_jax, {"d": 100, "K": 5_000})
