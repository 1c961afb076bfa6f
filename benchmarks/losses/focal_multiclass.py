"""The focal loss of several classes."""

from typing import Any

import numpy as np

from benchmarks.losses.user_loss import Floats, UserLoss
from w2v_verified.symbolic import Array, Axis, Loss, Position

__all__ = ["CASE"]

LOSS = Loss(
    name="focal_multiclass",
    summary="The focal loss of a softmax, gamma 2.",
    axes=(Axis("d"), Axis("K"), Axis("N", minimum=0)),
    arguments=(
        Array("W", "d K"),
        Array("X", "N d", gradient=False),
        Position("y", "K", axes="N"),
    ),
    definition="""
        z[n in N, k in K] = sum(i in d, X[n, i] * W[i, k])
        p[n in N] = exp(z[n, y[n]]) / sum(k in K, exp(z[n, k]))
        loss = -sum(n in N, (1 - p[n]) ** 2 * log(p[n]))
    """,
)


def by_hand(W: Floats, X: Floats, y: Floats) -> tuple[Any, ...]:
    """A softmax for every row; 1 minus the probability of the own class is that of the others."""
    n = np.arange(len(y))
    z = X @ W
    z -= z.max(axis=1, keepdims=True)
    own = z[n, y]
    e = np.exp(z)
    e_own = e[n, y]
    e[n, y] = 0
    others = e.sum(axis=1)
    Z = others + e_own
    p, rest = e_own / Z, others / Z
    minus_log = np.where(others < e_own, np.log1p(others / e_own), np.log(Z) - own)
    scale = rest * (rest + 2 * p * minus_log)
    e *= (scale / Z)[:, None]
    e[n, y] = -scale * rest
    return float((rest**2 * minus_log).sum()), X.T @ e


def in_jax(np: Any, W: Any, X: Any, y: Any) -> Any:
    """The loss."""
    z = X @ W
    z = z - z.max(axis=1, keepdims=True)
    log_p = z[np.arange(len(y)), y] - np.log(np.exp(z).sum(axis=1))
    return -((1 - np.exp(log_p)) ** 2 * log_p).sum()


CASE = UserLoss(LOSS, by_hand, in_jax, {"d": 50, "K": 20, "N": 512})
