"""Kernel ridge regression with learned points and a learned width."""

from typing import Any

import numpy as np

from benchmarks.losses.user_loss import Floats, UserLoss
from w2v_verified.symbolic import Array, Axis, Loss

__all__ = ["CASE"]

LOSS = Loss(
    name="rbf_kernel_ridge",
    summary="RBF kernel ridge with a learned width and learned points.",
    axes=(Axis("N"), Axis("d")),
    arguments=(
        Array("a", "N"),
        Array("g", ""),
        Array("X", "N d"),
        Array("y", "N", gradient=False),
        Array("lam", "", gradient=False),
    ),
    definition="""
        G[n in N, k in N] = exp(-g * sum(i in d, (X[n, i] - X[k, i]) ** 2))
        f[n in N] = sum(k in N, G[n, k] * a[k])
        loss = sum(n in N, (f[n] - y[n]) ** 2) / 2 + lam * sum(n in N, a[n] * f[n]) / 2
    """,
)
_SHORT = 16


def by_hand(a: Floats, g: Floats, X: Floats, y: Floats, lam: Floats) -> tuple[Any, ...]:
    """Distances, and the pull between points, by products where that pays; near pairs by differences."""
    if X.shape[1] < _SHORT:
        D = np.zeros((len(X), len(X)), X.dtype)
        for x in X.T:
            D += (x[:, None] - x) ** 2
    else:
        C = X - X.mean(axis=0)
        square = np.einsum("id,id->i", C, C)
        lengths = square[:, None] + square
        D = lengths - 2 * (C @ C.T)
        i, k = np.nonzero(D < lengths / 2)
        apart = X[i] - X[k]
        D[i, k] = np.einsum("pd,pd->p", apart, apart)
    G = np.exp(-g * D)
    f = G @ a
    residual = f - y
    delta_f = residual + lam / 2 * a
    W = G * delta_f[:, None] * a
    grad_g = -np.einsum("ik,ik->", W, D)
    W += W.T
    if X.shape[1] < _SHORT:
        pull = np.stack([np.einsum("ik,ik->i", W, x[:, None] - x) for x in X.T], axis=1)
    else:
        near = W[i, k]
        W[i, k] = 0
        pull = W.sum(axis=1)[:, None] * C - W @ C
        first = np.flatnonzero(np.diff(i, prepend=-1))
        pull[i[first]] += np.add.reduceat(near[:, None] * apart, first)
    loss = residual @ residual / 2 + lam * (a @ f) / 2
    return float(loss), G @ delta_f + lam / 2 * f, grad_g, -2 * g * pull


def in_jax(np: Any, a: Any, g: Any, X: Any, y: Any, lam: Any) -> Any:
    """The loss."""
    square = (X**2).sum(axis=1)
    f = np.exp(-g * (square[:, None] + square - 2 * X @ X.T)) @ a
    return ((f - y) ** 2).sum() / 2 + lam * (a @ f) / 2


CASE = UserLoss(LOSS, by_hand, in_jax, {"N": 500, "d": 32})
