"""A gated block of a transformer."""

from typing import Any

import numpy as np

from benchmarks.losses.user_loss import Floats, UserLoss
from w2v_verified.symbolic import Array, Axis, Loss

__all__ = ["CASE"]

LOSS = Loss(
    name="swiglu",
    summary="A SwiGLU block, squared error.",
    axes=(Axis("d"), Axis("H"), Axis("K"), Axis("N", minimum=0)),
    arguments=(
        Array("A", "d H"),
        Array("B", "d H"),
        Array("C", "H K"),
        Array("X", "N d", gradient=False),
        Array("Y", "N K", gradient=False),
    ),
    definition="""
        u[n in N, h in H] = sum(i in d, X[n, i] * A[i, h])
        g[n in N, h in H] = u[n, h] * sigmoid(u[n, h]) * sum(i in d, X[n, i] * B[i, h])
        loss = sum(n in N, sum(k in K, (sum(h in H, g[n, h] * C[h, k]) - Y[n, k]) ** 2))
    """,
)


def by_hand(A: Floats, B: Floats, C: Floats, X: Floats, Y: Floats) -> tuple[Any, ...]:
    """Forward, then back, with one exponential."""
    u, v = X @ A, X @ B
    small = np.exp(-np.abs(u))
    below = 1 + small
    s = np.where(u < 0, small, 1) / below
    silu = u * s
    g = silu * v
    residual = g @ C - Y
    delta = 2 * residual
    delta_g = delta @ C.T
    delta_u = delta_g * v * (s + u * (small / below**2))
    return float((residual * residual).sum()), X.T @ delta_u, X.T @ (delta_g * silu), g.T @ delta


def in_jax(np: Any, A: Any, B: Any, C: Any, X: Any, Y: Any) -> Any:
    """The loss."""
    u = X @ A
    return (((u / (1 + np.exp(-u)) * (X @ B)) @ C - Y) ** 2).sum()


CASE = UserLoss(LOSS, by_hand, in_jax, {"d": 50, "H": 100, "K": 50, "N": 256})
