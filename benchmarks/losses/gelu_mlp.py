"""A layer of Gaussian error linear units."""

from typing import Any

import numpy as np

from benchmarks.losses.user_loss import Floats, UserLoss
from w2v_verified.symbolic import Array, Axis, Loss

__all__ = ["CASE"]

LOSS = Loss(
    name="gelu_mlp",
    summary="A layer of GELU (in the form with tanh), squared error.",
    axes=(Axis("d"), Axis("H"), Axis("N", minimum=0)),
    arguments=(
        Array("A", "d H"),
        Array("c", "H"),
        Array("X", "N d", gradient=False),
        Array("y", "N", gradient=False),
    ),
    definition="""
        u[n in N, h in H] = sum(i in d, X[n, i] * A[i, h])
        g[n in N, h in H] = u[n, h] * (1 + tanh(0.7978845608028654 * (u[n, h] + 0.044715 * u[n, h] ** 3))) / 2
        loss = sum(n in N, (sum(h in H, g[n, h] * c[h]) - y[n]) ** 2)
    """,
)
_SCALE, _CUBE = 0.7978845608028654, 0.044715


def by_hand(A: Floats, c: Floats, X: Floats, y: Floats) -> tuple[Any, ...]:
    """Forward, then back, with the tanh at hand."""
    u = X @ A
    square = u * u
    t = np.tanh(_SCALE * u * (1 + _CUBE * square))
    half = (1 + t) / 2
    g = u * half
    residual = g @ c - y
    slope = half + (_SCALE / 2) * u * (1 - t * t) * (1 + 3 * _CUBE * square)
    delta = 2 * residual
    return float(residual @ residual), X.T @ (slope * np.outer(delta, c)), delta @ g


def in_jax(np: Any, A: Any, c: Any, X: Any, y: Any) -> Any:
    """The loss."""
    u = X @ A
    g = u * (1 + np.tanh(_SCALE * (u + _CUBE * u**3))) / 2
    return ((g @ c - y) ** 2).sum()


CASE = UserLoss(LOSS, by_hand, in_jax, {"d": 50, "H": 200, "N": 256})
