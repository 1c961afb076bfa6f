"""A mixture of linear experts."""

from typing import Any

import numpy as np

from benchmarks.losses.user_loss import Floats, UserLoss
from w2v_verified.symbolic import Array, Axis, Loss

__all__ = ["CASE"]

LOSS = Loss(
    name="mixture_of_experts",
    summary="A mixture of linear experts with softmax gating, squared error.",
    axes=(Axis("d"), Axis("K"), Axis("N", minimum=0)),
    arguments=(
        Array("G", "d K"),
        Array("W", "d K"),
        Array("X", "N d", gradient=False),
        Array("y", "N", gradient=False),
    ),
    definition="""
        z[n in N, k in K] = sum(i in d, X[n, i] * G[i, k])
        f[n in N, k in K] = sum(i in d, X[n, i] * W[i, k])
        o[n in N] = sum(k in K, f[n, k] * exp(z[n, k])) / sum(k in K, exp(z[n, k]))
        loss = sum(n in N, (o[n] - y[n]) ** 2)
    """,
)


def by_hand(G: Floats, W: Floats, X: Floats, y: Floats) -> tuple[Any, ...]:
    """The gates as probabilities, and back through them."""
    z, f = X @ G, X @ W
    z -= z.max(axis=1, keepdims=True)
    p = np.exp(z, out=z)
    p /= p.sum(axis=1, keepdims=True)
    o = np.einsum("nk,nk->n", p, f)
    residual = o - y
    delta_f = p * (2 * residual)[:, None]
    return float(residual @ residual), X.T @ (delta_f * (f - o[:, None])), X.T @ delta_f


def in_jax(np: Any, G: Any, W: Any, X: Any, y: Any) -> Any:
    """The loss."""
    z = X @ G
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (((e * (X @ W)).sum(axis=1) / e.sum(axis=1) - y) ** 2).sum()


CASE = UserLoss(LOSS, by_hand, in_jax, {"d": 50, "K": 32, "N": 512})
