"""The formulas of a textbook in plain NumPy, as a good course solution writes them; one column per word."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "compacted",
    "naive_softmax",
    "naive_softmax_batch",
    "negative_sampling",
    "negative_sampling_batch",
    "negative_sampling_block",
    "negative_sampling_compacted",
    "negative_sampling_sparse",
]

Array = NDArray[Any]


def naive_softmax(v_c: Array, o: int, U: Array) -> tuple[Any, ...]:
    """-log yhat_o, U (yhat - y), v_c (yhat - y)^T."""
    s = U.T @ v_c
    e = np.exp(s - s.max())
    yhat = e / e.sum()
    y = np.zeros_like(yhat)
    y[o] = 1
    return -np.log(yhat[o]), U @ (yhat - y), np.outer(v_c, yhat - y)


def naive_softmax_batch(V_c: Array, o: Array, U: Array) -> tuple[Any, ...]:
    """The same for columns of V_c, summed."""
    S = V_c.T @ U
    E = np.exp(S - S.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    b = np.arange(len(o))
    Y = np.zeros_like(P)
    Y[b, o] = 1
    return -np.log(P[b, o]).sum(), U @ (P - Y).T, V_c @ (P - Y)


def negative_sampling(v_c: Array, o: int, U: Array, negatives: Array) -> tuple[Any, ...]:
    """-log sigma(u_o . v_c) - sum log sigma(-u_k . v_c), added up column by column with `np.add.at`."""
    columns = np.concatenate([[o], negatives])
    chosen = U[:, columns]
    sigma = 1 / (1 + np.exp(-(v_c @ chosen)))
    delta = sigma.copy()
    delta[0] -= 1
    grad_U = np.zeros_like(U)
    np.add.at(grad_U.T, columns, np.outer(delta, v_c))
    return -np.log(sigma[0]) - np.log(1 - sigma[1:]).sum(), chosen @ delta, grad_U


def negative_sampling_sparse(v_c: Array, o: int, U: Array, negatives: Array) -> tuple[Any, ...]:
    """The same, of dJ/dU the columns that are not zero alone."""
    columns = np.concatenate([[o], negatives])
    chosen = U[:, columns]
    sigma = 1 / (1 + np.exp(-(v_c @ chosen)))
    delta = sigma.copy()
    delta[0] -= 1
    unique, place = np.unique(columns, return_inverse=True)
    loss = -np.log(sigma[0]) - np.log(1 - sigma[1:]).sum()
    return loss, chosen @ delta, unique, np.outer(v_c, np.bincount(place, delta))


def negative_sampling_batch(V_c: Array, o: Array, U: Array, negatives: Array) -> tuple[Any, ...]:
    """The same for columns of V_c, summed."""
    columns, loss, delta, grad_V_c = _batch(V_c, o, U, negatives)
    grad_U = np.zeros_like(U)
    np.add.at(grad_U.T, columns, delta[:, :, None] * V_c.T[:, None, :])
    return loss, grad_V_c, grad_U


def negative_sampling_compacted(V_c: Array, o: Array, U: Array, negatives: Array) -> tuple[Any, ...]:
    """The same with repeats added up by `np.unique` and one product."""
    columns, loss, delta, grad_V_c = _batch(V_c, o, U, negatives)
    grad_U = np.zeros_like(U)
    unique, summed = compacted(V_c, columns, delta)
    grad_U[:, unique] = summed
    return loss, grad_V_c, grad_U


def compacted(V_c: Array, columns: Array, delta: Array) -> tuple[Array, Array]:
    """The different columns, and the gradient of each: all of it that is not zero."""
    B = len(columns)
    unique, place = np.unique(columns, return_inverse=True)
    cells = np.arange(B)[:, None] * len(unique) + place.reshape(columns.shape)
    weights = np.bincount(cells.ravel(), delta.ravel(), B * len(unique)).reshape(B, len(unique))
    return unique, V_c @ weights.astype(V_c.dtype, copy=False)


def negative_sampling_block(V_c: Array, U: Array, positive: Array, negative: Array) -> tuple[Any, ...]:
    """Every column of V_c against every column of U, weighted."""
    sigma = 1 / (1 + np.exp(-(V_c.T @ U)))
    loss = -(positive * np.log(sigma) + negative * np.log(1 - sigma)).sum()
    delta = negative * sigma - positive * (1 - sigma)
    return loss, U @ delta.T, V_c @ delta


def _batch(V_c: Array, o: Array, U: Array, negatives: Array) -> tuple[Array, Any, Array, Array]:
    columns = np.concatenate([o[:, None], negatives], axis=1)
    chosen = U.T[columns]
    sigma = 1 / (1 + np.exp(-(chosen @ V_c.T[:, :, None])[:, :, 0]))
    loss = -np.log(sigma[:, 0]).sum() - np.log(1 - sigma[:, 1:]).sum()
    delta = sigma.copy()
    delta[:, 0] -= 1
    return columns, loss, delta, (delta[:, None, :] @ chosen)[:, 0].T
