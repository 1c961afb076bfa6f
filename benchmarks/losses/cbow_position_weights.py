"""CBOW whose context words have weights by their position."""

from typing import Any

import numpy as np

from benchmarks.losses.user_loss import Floats, UserLoss
from w2v_verified.symbolic import Array, Axis, Loss, Position

__all__ = ["CASE"]

LOSS = Loss(
    name="cbow_position_weights",
    summary="CBOW with weights by position (Mikolov et al. 2018).",
    axes=(Axis("d"), Axis("C", minimum=0), Axis("V")),
    arguments=(
        Array("P", "d C"),
        Array("E", "d V"),
        Array("U", "d V"),
        Position("ctx", "V", axes="C"),
        Position("o", "V"),
    ),
    definition="""
        h[i in d] = sum(c in C, P[i, c] * E[i, ctx[c]])
        loss = -log(exp(sum(i in d, U[i, o] * h[i])) / sum(w in V, exp(sum(i in d, U[i, w] * h[i]))))
    """,
)


def by_hand(P: Floats, E: Floats, U: Floats, ctx: Floats, o: int) -> tuple[Any, ...]:
    """A softmax whose own entry is 1 minus the others."""
    chosen = E[:, ctx]
    h = np.einsum("dc,dc->d", P, chosen)
    s = h @ U
    s -= s.max()
    own = s[o]
    e = np.exp(s)
    e_own = e[o]
    e[o] = 0
    others = e.sum()
    Z = others + e_own
    loss = np.log1p(others / e_own) if others < e_own else np.log(Z) - own
    e /= Z
    e[o] = -others / Z
    delta_h = U @ e
    grad_E = np.zeros_like(E)
    np.add.at(grad_E.T, ctx, (P * delta_h[:, None]).T)
    return float(loss), chosen * delta_h[:, None], grad_E, np.outer(h, e)


def in_jax(np: Any, P: Any, E: Any, U: Any, ctx: Any, o: Any) -> Any:
    """The loss."""
    s = (P * E[:, ctx]).sum(axis=1) @ U
    m = s.max()
    return m + np.log(np.exp(s - m).sum()) - s[o]


CASE = UserLoss(LOSS, by_hand, in_jax, {"d": 100, "C": 10, "V": 10_000})
