"""Naive softmax and negative sampling in many ways: right ones by how accurate they are, and wrong ones."""

import math
from typing import Any, TypeAlias

import numpy as np

from w2v_verified import naive_softmax

Result: TypeAlias = tuple[Any, Any, Any]


def shifted_by_the_true_word(v_c: Any, o: int, U: Any) -> Result:
    z = v_c @ U
    if (z - z[o]).max() > 60:
        return naive_softmax(v_c, o, U)
    e = np.exp(z - z[o])
    e[o] = 0
    others = e.sum()
    delta = e / (1 + others)
    delta[o] = -others / (1 + others)
    return float(np.log1p(others)), U @ delta, np.outer(v_c, delta)


def textbook(v_c: Any, o: int, U: Any) -> Result:
    s = U.T @ v_c
    s = s - s.max()
    e = np.exp(s)
    delta = e / e.sum()
    delta[o] -= 1
    return float(np.log(e.sum()) - s[o]), U @ delta, np.outer(v_c, delta)


def unshifted(v_c: Any, o: int, U: Any) -> Result:
    z = v_c @ U
    if abs(z).max() > 60:
        return textbook(v_c, o, U)
    e = np.exp(z)
    delta = e / e.sum()
    delta[o] -= 1
    return float(np.log(e.sum()) - z[o]), U @ delta, np.outer(v_c, delta)


def loss_from_probability(v_c: Any, o: int, U: Any) -> Result:
    loss, grad_v, grad_U = textbook(v_c, o, U)
    if loss > 60:
        return loss, grad_v, grad_U
    z = v_c @ U
    e = np.exp(z - z.max())
    return float(-np.log(e[o] / e.sum())), grad_v, grad_U


def gradients_split(v_c: Any, o: int, U: Any) -> Result:
    z = v_c @ U
    top = z.max()
    e = np.exp(z - top)
    p = e / e.sum()
    grad_U = np.outer(v_c, p)
    grad_U[:, o] -= v_c
    return float(top + np.log(e.sum()) - z[o]), U @ p - U[:, o], grad_U


def logarithmic(v_c: Any, o: int, U: Any) -> Result:
    z = v_c @ U
    s = z - z.max()
    log_p = s - np.log(np.exp(s).sum())
    delta = np.exp(log_p)
    delta[o] -= 1
    return float(-log_p[o]), U @ delta, np.outer(v_c, delta)


def loops(v_c: Any, o: int, U: Any) -> Result:
    zero = v_c.dtype.type(0)
    d, V = U.shape
    z = [sum((U[i, w] * v_c[i] for i in range(d)), zero) for w in range(V)]
    largest = max(z)
    e = [np.exp(x - largest) for x in z]
    total = sum(e, zero)
    grad_v, grad_U = np.zeros_like(v_c), np.zeros_like(U)
    for w in range(V):
        delta = e[w] / total - (w == o)
        grad_v += U[:, w] * delta
        grad_U[:, w] = delta * v_c
    return float(np.log(total) - (z[o] - largest)), grad_v, grad_U


def correctly_rounded_sums(v_c: Any, o: int, U: Any) -> Result:
    kind = v_c.dtype.type
    z = np.array([math.fsum(U[:, w] * v_c) for w in range(U.shape[1])], kind)
    s = z - z.max()
    e = np.exp(s)
    total = kind(math.fsum(e))
    delta = e / total
    delta[o] -= 1
    return (
        float(np.log(total) - s[o]),
        np.array([math.fsum(row * delta) for row in U], kind),
        np.outer(v_c, delta),
    )


def long_double(v_c: Any, o: int, U: Any) -> Result:
    loss, grad_v, grad_U = textbook(v_c.astype(np.longdouble), o, U.astype(np.longdouble))
    return loss, grad_v.astype(v_c.dtype), grad_U.astype(v_c.dtype)


def backwards(v_c: Any, o: int, U: Any) -> Result:
    loss, grad_v, grad_U = textbook(v_c[::-1].copy(), U.shape[1] - 1 - o, np.ascontiguousarray(U[::-1, ::-1]))
    return loss, grad_v[::-1], grad_U[::-1, ::-1]


def division_free(v_c: Any, o: int, U: Any) -> Result:
    z = v_c @ U
    log_total = z.max() + np.log(np.exp(z - z.max()).sum())
    delta = np.exp(z - log_total)
    delta[o] -= 1
    return float(log_total - z[o]), U @ delta, np.outer(v_c, delta)


def online(v_c: Any, o: int, U: Any) -> Result:
    z = v_c @ U
    top, total = z[0], v_c.dtype.type(1)
    for x in z[1:]:
        higher = max(top, x)
        total = total * np.exp(top - higher) + np.exp(x - higher)
        top = higher
    delta = np.exp(z - top) / total
    delta[o] -= 1
    return float(np.log(total) + top - z[o]), U @ delta, np.outer(v_c, delta)


def blocked_with_logits_computed_anew(v_c: Any, o: int, U: Any) -> Result:
    blocks = [U[:, start : start + 3] for start in range(0, U.shape[1], 3)]
    top, total = -v_c.dtype.type(np.inf), v_c.dtype.type(0)
    for block in blocks:
        z = v_c @ block
        higher = max(top, z.max())
        total = total * np.exp(top - higher) + np.exp(z - higher).sum()
        top = higher
    z = (U * v_c[:, np.newaxis]).sum(axis=0)
    delta = np.exp(z - top) / total
    delta[o] -= 1
    return float(np.log(total) - (z[o] - top)), U @ delta, np.outer(v_c, delta)


STRICT = (naive_softmax, shifted_by_the_true_word)
TEXTBOOK = (
    *STRICT,
    textbook,
    unshifted,
    loss_from_probability,
    gradients_split,
    logarithmic,
    loops,
    correctly_rounded_sums,
    long_double,
    backwards,
)
LAX = (*TEXTBOOK, division_free, online, blocked_with_logits_computed_anew)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def sampling_textbook(v_c: Any, o: int, U: Any, negatives: Any) -> Result:
    """As courses write it: both losses as -log(sigmoid), the gradients from sigmoid - 1 and 1 - sigmoid."""
    z = v_c @ U
    delta = np.zeros_like(z)
    delta[o] = _sigmoid(z[o]) - 1
    loss = -np.log(_sigmoid(z[o]))
    for k in negatives:
        delta[k] += 1 - _sigmoid(-z[k])
        loss -= np.log(_sigmoid(-z[k]))
    return float(loss), U @ delta, np.outer(v_c, delta)


def sampling_through_logarithms(v_c: Any, o: int, U: Any, negatives: Any) -> Result:
    z = v_c @ U
    delta = np.zeros_like(z)
    delta[o] = -np.exp(-np.logaddexp(0, z[o]))
    np.add.at(delta, negatives, np.exp(-np.logaddexp(0, -z[negatives])))
    loss = np.logaddexp(0, -z[o]) + np.logaddexp(0, z[negatives]).sum()
    return float(loss), U @ delta, np.outer(v_c, delta)
