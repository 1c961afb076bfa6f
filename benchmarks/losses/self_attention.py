"""One head of self-attention."""

from typing import Any

import numpy as np

from benchmarks.losses.user_loss import Floats, UserLoss
from w2v_verified.symbolic import Array, Axis, Loss

__all__ = ["CASE"]

LOSS = Loss(
    name="self_attention",
    summary="One head of self-attention, squared error.",
    axes=(Axis("d"), Axis("H"), Axis("O"), Axis("T")),
    arguments=(
        Array("Wq", "d H"),
        Array("Wk", "d H"),
        Array("Wv", "d O"),
        Array("X", "T d", gradient=False),
        Array("Y", "T O", gradient=False),
    ),
    definition="""
        q[t in T, h in H] = sum(i in d, X[t, i] * Wq[i, h])
        k[t in T, h in H] = sum(i in d, X[t, i] * Wk[i, h])
        v[t in T, o in O] = sum(i in d, X[t, i] * Wv[i, o])
        s[t in T, r in T] = sum(h in H, q[t, h] * k[r, h]) / sqrt(H)
        p[t in T, r in T] = exp(s[t, r]) / sum(u in T, exp(s[t, u]))
        y[t in T, o in O] = sum(r in T, p[t, r] * v[r, o])
        loss = sum(t in T, sum(o in O, (y[t, o] - Y[t, o]) ** 2))
    """,
)


def by_hand(Wq: Floats, Wk: Floats, Wv: Floats, X: Floats, Y: Floats) -> tuple[Any, ...]:
    """Forward, then back through the softmax by its probabilities."""
    q, k, v = X @ Wq, X @ Wk, X @ Wv
    root = q.shape[1] ** 0.5
    s = q @ k.T / root
    s -= s.max(axis=1, keepdims=True)
    p = np.exp(s, out=s)
    p /= p.sum(axis=1, keepdims=True)
    residual = p @ v - Y
    delta = 2 * residual
    delta_p = delta @ v.T
    delta_p -= np.einsum("tr,tr->t", delta_p, p)[:, None]
    delta_p *= p
    delta_p /= root
    loss = float((residual * residual).sum())
    return loss, X.T @ (delta_p @ k), X.T @ (delta_p.T @ q), X.T @ (p.T @ delta)


def in_jax(np: Any, Wq: Any, Wk: Any, Wv: Any, X: Any, Y: Any) -> Any:
    """The loss."""
    q = X @ Wq
    s = q @ (X @ Wk).T / q.shape[1] ** 0.5
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return ((e / e.sum(axis=1, keepdims=True) @ (X @ Wv) - Y) ** 2).sum()


CASE = UserLoss(LOSS, by_hand, in_jax, {"d": 64, "H": 32, "O": 32, "T": 256})
