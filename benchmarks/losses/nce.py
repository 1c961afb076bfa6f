"""Noise-contrastive estimation, its scores stated for the whole vocabulary."""

from typing import Any

import numpy as np

from benchmarks.losses.user_loss import Floats, UserLoss
from w2v_verified.symbolic import Array, Axis, Loss, Position

__all__ = ["CASE"]

LOSS = Loss(
    name="nce",
    summary="NCE with log k q; scores stated for all of V.",
    axes=(Axis("d"), Axis("V"), Axis("K", minimum=0)),
    arguments=(
        Array("v", "d"),
        Array("U", "d V"),
        Array("b", "V"),
        Array("q", "V", gradient=False, positive=True),
        Array("k", "", gradient=False, positive=True),
        Position("o", "V"),
        Position("neg", "V", axes="K"),
    ),
    definition="""
        s[w in V] = sum(i in d, U[i, w] * v[i]) + b[w] - log(k * q[w])
        loss = -log(sigmoid(s[o])) - sum(j in K, log(1 - sigmoid(s[neg[j]])))
    """,
)


def by_hand(v: Floats, U: Floats, b: Floats, q: Floats, k: Floats, o: int, neg: Floats) -> tuple[Any, ...]:
    """The columns that are pointed at alone; the others of the gradients are 0."""
    columns = np.append(neg, o)
    chosen = U[:, columns]
    s = v @ chosen + b[columns] - np.log(k) - np.log(q[columns])
    s[-1] = -s[-1]
    small = np.exp(-np.abs(s))
    loss = (np.maximum(s, 0) + np.log1p(small)).sum()
    delta = np.where(s < 0, small, 1) / (1 + small)
    delta[-1] = -delta[-1]
    grad_b = np.zeros_like(b)
    np.add.at(grad_b, columns, delta)
    touched = np.unique(columns)
    grad_U = np.zeros_like(U)
    grad_U[:, touched] = np.outer(v, grad_b[touched])
    return float(loss), chosen @ delta, grad_U, grad_b


def in_jax(np: Any, v: Any, U: Any, b: Any, q: Any, k: Any, o: Any, neg: Any) -> Any:
    """The loss."""
    columns = np.append(neg, o)
    s = v @ U[:, columns] + b[columns] - np.log(k * q[columns])
    return np.logaddexp(0, -s[-1]) + np.logaddexp(0, s[:-1]).sum()


CASE = UserLoss(LOSS, by_hand, in_jax, {"d": 100, "V": 10_000, "K": 20})
