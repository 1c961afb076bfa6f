"""SimCLR: the contrast of two views of every example."""

from typing import Any

import numpy as np

from benchmarks.losses.user_loss import Floats, UserLoss
from w2v_verified.symbolic import Array, Axis, Loss

__all__ = ["CASE"]

LOSS = Loss(
    name="simclr_two_views",
    summary="SimCLR, both views, cosine similarities.",
    axes=(Axis("B"), Axis("d")),
    arguments=(
        Array("X", "B d"),
        Array("Y", "B d"),
        Array("tau", "", gradient=False, positive=True),
    ),
    definition="""
        m[a in B] = sqrt(sum(i in d, X[a, i] ** 2) + 1e-8)
        n[a in B] = sqrt(sum(i in d, Y[a, i] ** 2) + 1e-8)
        xy[a in B, b in B] = sum(i in d, X[a, i] * Y[b, i]) / (m[a] * n[b] * tau)
        xx[a in B, b in B] = sum(i in d, X[a, i] * X[b, i]) / (m[a] * m[b] * tau)
        yy[a in B, b in B] = sum(i in d, Y[a, i] * Y[b, i]) / (n[a] * n[b] * tau)
        p[a in B] = log(sum(b in B, exp(xy[a, b])) + sum(b in B, (b != a) * exp(xx[a, b]))) - xy[a, a]
        q[a in B] = log(sum(b in B, exp(xy[b, a])) + sum(b in B, (b != a) * exp(yy[a, b]))) - xy[a, a]
        loss = sum(a in B, p[a] + q[a]) / (2 * B)
    """,
)


def by_hand(X: Floats, Y: Floats, tau: Floats) -> tuple[Any, ...]:
    """Both views in one matrix of similarities, and back through the lengths."""
    B = len(X)
    m = np.sqrt(np.einsum("ai,ai->a", X, X) + 1e-8)
    n = np.sqrt(np.einsum("ai,ai->a", Y, Y) + 1e-8)
    x, y = X / m[:, None], Y / n[:, None]
    xy, xx, yy = x @ y.T / tau, x @ x.T / tau, y @ y.T / tau
    own = np.diagonal(xy).copy()
    np.fill_diagonal(xx, -np.inf)
    np.fill_diagonal(yy, -np.inf)
    top_p = np.maximum(xy.max(axis=1), xx.max(axis=1))
    top_q = np.maximum(xy.max(axis=0), yy.max(axis=1))
    p, q = np.exp(xy - top_p[:, None]), np.exp(xy - top_q)
    p_x, q_y = np.exp(xx - top_p[:, None]), np.exp(yy - top_q[:, None])
    Z_p, Z_q = p.sum(axis=1) + p_x.sum(axis=1), q.sum(axis=0) + q_y.sum(axis=1)
    loss = (np.log(Z_p) + top_p + np.log(Z_q) + top_q - 2 * own).sum() / (2 * B)
    p /= Z_p[:, None]
    q /= Z_q
    p += q
    p[np.arange(B), np.arange(B)] -= 2
    p_x /= Z_p[:, None]
    q_y /= Z_q[:, None]
    p_x += p_x.T
    q_y += q_y.T
    grad_x, grad_y = p @ y + p_x @ x, p.T @ x + q_y @ y
    grad_x -= np.einsum("ai,ai->a", grad_x, x)[:, None] * x
    grad_y -= np.einsum("ai,ai->a", grad_y, y)[:, None] * y
    scale = 2 * B * tau
    return float(loss), grad_x / (scale * m)[:, None], grad_y / (scale * n)[:, None]


def in_jax(np: Any, X: Any, Y: Any, tau: Any) -> Any:
    """The loss."""
    B = len(X)
    x = X / np.sqrt((X**2).sum(axis=1, keepdims=True) + 1e-8)
    y = Y / np.sqrt((Y**2).sum(axis=1, keepdims=True) + 1e-8)
    xy, others = x @ y.T / tau, 1 - np.eye(B)
    p = np.log(np.exp(xy).sum(axis=1) + (others * np.exp(x @ x.T / tau)).sum(axis=1))
    q = np.log(np.exp(xy).sum(axis=0) + (others * np.exp(y @ y.T / tau)).sum(axis=1))
    return (p + q - 2 * np.diagonal(xy)).sum() / (2 * B)


CASE = UserLoss(LOSS, by_hand, in_jax, {"B": 256, "d": 64})
