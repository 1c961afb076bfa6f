"""A perceptron with two hidden layers."""

from typing import Any

import numpy as np

from benchmarks.losses.user_loss import Floats, UserLoss
from w2v_verified.symbolic import Array, Axis, Loss, Position

__all__ = ["CASE"]

LOSS = Loss(
    name="mlp_two_hidden",
    summary="Two hidden layers (sigmoid, tanh), cross entropy of a batch.",
    axes=(Axis("d"), Axis("H"), Axis("G"), Axis("K"), Axis("N")),
    arguments=(
        Array("A", "d H"),
        Array("a", "H"),
        Array("B", "H G"),
        Array("b", "G"),
        Array("C", "G K"),
        Array("c", "K"),
        Array("X", "N d", gradient=False),
        Position("y", "K", axes="N"),
    ),
    definition="""
        h[n in N, p in H] = sigmoid(sum(i in d, X[n, i] * A[i, p]) + a[p])
        g[n in N, q in G] = tanh(sum(p in H, h[n, p] * B[p, q]) + b[q])
        z[n in N, k in K] = sum(q in G, g[n, q] * C[q, k]) + c[k]
        loss = sum(n in N, log(sum(k in K, exp(z[n, k]))) - z[n, y[n]]) / N
    """,
)


def by_hand(
    A: Floats, a: Floats, B: Floats, b: Floats, C: Floats, c: Floats, X: Floats, y: Floats
) -> tuple[Any, ...]:
    """Forward, then back; 1 minus the sigmoid is the sigmoid of minus."""
    n = np.arange(len(y))
    s = X @ A + a
    small = np.exp(-np.abs(s))
    h = np.where(s < 0, small, 1) / (1 + small)
    g = np.tanh(h @ B + b)
    z = g @ C + c
    z -= z.max(axis=1, keepdims=True)
    own = z[n, y]
    e = np.exp(z)
    e_own = e[n, y]
    e[n, y] = 0
    others = e.sum(axis=1)
    Z = others + e_own
    loss = np.where(others < e_own, np.log1p(others / e_own), np.log(Z) - own).sum() / len(y)
    e /= (len(y) * Z)[:, None]
    e[n, y] = -others / Z / len(y)
    delta_g = (e @ C.T) * (1 - g**2)
    delta_h = (delta_g @ B.T) * (small / (1 + small) ** 2)
    return (
        float(loss),
        X.T @ delta_h,
        delta_h.sum(axis=0),
        h.T @ delta_g,
        delta_g.sum(axis=0),
        g.T @ e,
        e.sum(axis=0),
    )


def in_jax(np: Any, A: Any, a: Any, B: Any, b: Any, C: Any, c: Any, X: Any, y: Any) -> Any:
    """The loss."""
    h = 1 / (1 + np.exp(-(X @ A + a)))
    z = np.tanh(h @ B + b) @ C + c
    z = z - z.max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).sum() / len(y)


CASE = UserLoss(LOSS, by_hand, in_jax, {"d": 50, "H": 100, "G": 80, "K": 10, "N": 256})
