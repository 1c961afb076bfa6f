"""InfoNCE with a learned temperature."""

from typing import Any

import numpy as np

from benchmarks.losses.user_loss import Floats, UserLoss
from w2v_verified.symbolic import Array, Axis, Loss, Position

__all__ = ["CASE"]

LOSS = Loss(
    name="infonce_position",
    summary="InfoNCE with a learned temperature, its positives by an index argument.",
    axes=(Axis("d"), Axis("B")),
    arguments=(
        Array("X", "d B"),
        Array("Y", "d B"),
        Array("tau", "", positive=True),
        Position("t", "B", axes="B"),
    ),
    definition="""
        z[b in B, c in B] = sum(i in d, X[i, b] * Y[i, c]) / tau
        loss = sum(b in B, log(sum(c in B, exp(z[b, c]))) - z[b, t[b]]) / B
    """,
)


def by_hand(X: Floats, Y: Floats, tau: Floats, t: Floats) -> tuple[Any, ...]:
    """A softmax for every row, whose own entry is 1 minus the others."""
    B = len(t)
    b = np.arange(B)
    z = X.T @ Y / tau
    s = z - z.max(axis=1, keepdims=True)
    own = s[b, t]
    e = np.exp(s, out=s)
    e_own = e[b, t]
    e[b, t] = 0
    others = e.sum(axis=1)
    Z = others + e_own
    loss = np.where(others < e_own, np.log1p(others / e_own), np.log(Z) - own).sum() / B
    e /= (B * Z)[:, None]
    e[b, t] = -others / Z / B
    return float(loss), Y @ e.T / tau, X @ e / tau, -np.einsum("bc,bc->", e, z) / tau


def in_jax(np: Any, X: Any, Y: Any, tau: Any, t: Any) -> Any:
    """The loss."""
    z = X.T @ Y / tau
    m = z.max(axis=1, keepdims=True)
    return (np.log(np.exp(z - m).sum(axis=1)) + m[:, 0] - z[np.arange(len(t)), t]).sum() / len(t)


CASE = UserLoss(LOSS, by_hand, in_jax, {"d": 64, "B": 256})
