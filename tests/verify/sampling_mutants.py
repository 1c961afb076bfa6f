"""Wrong implementations of negative sampling and of windows, and right ones written in other ways."""

from typing import Any

import numpy as np
from mutants import Array, Implementation, right

# ---------------------------------------------------------------------------------- negative sampling


def sigmoid(x: Any) -> Any:
    """Right at any size."""
    return np.exp(-np.logaddexp(0, -x))


def sampling(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    """The textbook algorithm; most mutants differ from it in one place."""
    x, z = U[:, o] @ v_c, U[:, negatives].T @ v_c
    loss = np.logaddexp(0, -x) + np.logaddexp(0, z).sum()
    return loss, *_gradients(v_c, o, U, negatives, -sigmoid(-x), sigmoid(z))


def _gradients(v_c: Array, o: int, U: Array, negatives: Array, delta_x: Any, delta_z: Array) -> Any:
    weights = np.zeros(U.shape[1], np.result_type(delta_z, np.float32))
    weights[o] += delta_x
    np.add.at(weights, negatives, delta_z)
    return U @ weights, np.outer(v_c, weights)


def _parts(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    x, z = U[:, o] @ v_c, U[:, negatives].T @ v_c
    return sampling(v_c, o, U, negatives), -sigmoid(-x), sigmoid(z)


def repeats_lost(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    (loss, grad_v_c, _), delta_x, delta_z = _parts(v_c, o, U, negatives)
    weights = np.zeros(U.shape[1])
    weights[negatives] += delta_z
    weights[o] += delta_x
    return loss, grad_v_c, np.outer(v_c, weights)


def repeats_counted_once(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    return sampling(v_c, o, U, np.unique(negatives))


def collisions_skipped(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    return sampling(v_c, o, U, negatives[negatives != o])


def true_word_overwrites(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    (loss, grad_v_c, grad_U), delta_x, _ = _parts(v_c, o, U, negatives)
    grad_U[:, o] = delta_x * v_c
    return loss, grad_v_c, grad_U


def negatives_overwrite(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    (loss, grad_v_c, grad_U), _, delta_z = _parts(v_c, o, U, negatives)
    if np.any(negatives == o):
        grad_U[:, o] = delta_z[negatives == o].sum() * v_c
    return loss, grad_v_c, grad_U


def negatives_left_out_of_the_loss(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    _, grad_v_c, grad_U = sampling(v_c, o, U, negatives)
    return np.logaddexp(0, -(U[:, o] @ v_c)), grad_v_c, grad_U


def negatives_left_out_of_the_centre(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    (loss, _, grad_U), delta_x, _ = _parts(v_c, o, U, negatives)
    return loss, delta_x * U[:, o], grad_U


def sign_of_the_negatives(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    (loss, _, _), delta_x, delta_z = _parts(v_c, o, U, negatives)
    return loss, *_gradients(v_c, o, U, negatives, delta_x, -delta_z)


def sign_inside_the_sigmoid(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    (loss, _, _), delta_x, delta_z = _parts(v_c, o, U, negatives)
    return loss, *_gradients(v_c, o, U, negatives, delta_x, 1 - delta_z)


def derivative_of_the_sigmoid(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    (loss, _, _), delta_x, delta_z = _parts(v_c, o, U, negatives)
    return loss, *_gradients(v_c, o, U, negatives, delta_x, delta_z * (1 - delta_z))


def loss_over_K(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    loss, grad_v_c, grad_U = sampling(v_c, o, U, negatives)
    x = U[:, o] @ v_c
    first = np.logaddexp(0, -x)
    return first + (loss - first) / max(1, len(negatives)), grad_v_c, grad_U


def everything_over_K(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    loss, grad_v_c, grad_U = sampling(v_c, o, U, negatives)
    K = max(1, len(negatives))
    return loss / K, grad_v_c / K, grad_U / K


def only_the_last_negative(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    (loss, _, grad_U), delta_x, delta_z = _parts(v_c, o, U, negatives)
    grad_v_c = delta_x * U[:, o]
    if len(negatives):
        grad_v_c = grad_v_c + delta_z[-1] * U[:, negatives[-1]]
    return loss, grad_v_c, grad_U


def sigmoid_overflows(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    with np.errstate(all="ignore"):
        p, q = 1 / (1 + np.exp(-(U[:, o] @ v_c))), 1 / (1 + np.exp(U[:, negatives].T @ v_c))
        loss = -np.log(p) - np.log(q).sum()
    return loss, *_gradients(v_c, o, U, negatives, p - 1, 1 - q)


def logarithm_of_a_sum(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    loss, grad_v_c, grad_U = sampling(v_c, o, U, negatives)
    if len(negatives):
        z = U[:, negatives].T @ v_c
        loss = np.logaddexp(0, -(U[:, o] @ v_c)) - np.log(sigmoid(-z).sum())
    return loss, grad_v_c, grad_U


def complement_of_a_sigmoid(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    (_, grad_v_c, grad_U), _, delta_z = _parts(v_c, o, U, negatives)
    with np.errstate(all="ignore"):
        return np.logaddexp(0, -(U[:, o] @ v_c)) - np.log(1 - delta_z).sum(), grad_v_c, grad_U


def single_precision_inside(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    loss, grad_v_c, grad_U = sampling(v_c.astype(np.float32), o, U.astype(np.float32), negatives)
    return (
        float(np.float32(loss)),
        grad_v_c.astype(np.float32).astype(float),
        grad_U.astype(np.float32).astype(float),
    )


def no_negatives_fails(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    negatives[0]
    return sampling(v_c, o, U, negatives)


def negatives_sorted_in_place(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    negatives.sort()
    return sampling(v_c, o, U, negatives)


def in_another_order(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    loss, grad_v_c, grad_U = sampling(v_c, o, U, negatives)
    return grad_v_c, grad_U, loss


SAMPLING_MUTANTS: tuple[tuple[Implementation, str | None], ...] = (
    (repeats_lost, "grad_U: where negatives repeats an index, one of the repeats counts"),
    (repeats_counted_once, "entries of negatives that repeat count once"),
    (
        collisions_skipped,
        "loss, grad_v_c and grad_U: entries of negatives that collide with another index are skipped",
    ),
    (true_word_overwrites, "where negatives collides with another index, its part is overwritten"),
    (negatives_overwrite, "where o collides with another index, its part is overwritten"),
    (negatives_left_out_of_the_loss, "loss: the term + sum(k in K, softplus(z[k])) is missing"),
    (
        negatives_left_out_of_the_centre,
        "grad_v_c: the term sum(k in K, U[i, negatives[k]] * delta_z[k]) is missing",
    ),
    (sign_of_the_negatives, "grad_v_c and grad_U: the sign of delta_z is flipped"),
    (sign_inside_the_sigmoid, "the sign inside sigmoid(z[k]) is flipped"),
    (derivative_of_the_sigmoid, "sigmoid(z[k]) is multiplied by sigmoid(-z[k])"),
    (loss_over_K, "loss: a mean over K stands for the sum over K"),
    (everything_over_K, "loss, grad_v_c and grad_U: divided by K"),
    (only_the_last_negative, "grad_v_c: only the last of the terms summed over K counts"),
    (sigmoid_overflows, "right up to products of 700 and not beyond"),
    (logarithm_of_a_sum, "loss: log(sum(k in K, sigmoid(-z[k]))), the logarithm of a sum, stands for"),
    (complement_of_a_sigmoid, "infinite from 37 on, where sigmoid(x) is rounded to 1"),
    (single_precision_inside, "in float32"),
    (no_negatives_fails, None),
    (negatives_sorted_in_place, None),
    (in_another_order, "in another order: (grad_v_c, grad_U, loss) came"),
)

# --------------------------------------------------------------------------------------------- windows


def window(v_c: Array, outside: Array, U: Array) -> Any:
    """One pair after another, added up."""
    loss, grad_v_c, grad_U = 0.0, np.zeros(len(v_c)), np.zeros(U.shape)
    for o in outside:
        one = right(v_c, int(o), U)
        loss, grad_v_c, grad_U = loss + one[0], grad_v_c + one[1], grad_U + one[2]
    return loss, *_like(v_c, U, grad_v_c, grad_U)


def _like(v_c: Array, U: Array, grad_v_c: Array, grad_U: Array) -> Any:
    dtype = np.result_type(v_c, U, np.float32)
    return grad_v_c.astype(dtype), grad_U.astype(dtype)


def overwritten(v_c: Array, outside: Array, U: Array) -> Any:
    loss, grad_v_c, grad_U = window(v_c, outside, U)
    if len(outside):
        _, grad_v_c, grad_U = right(v_c, int(outside[-1]), U)
    return loss, grad_v_c, grad_U


def centre_overwritten(v_c: Array, outside: Array, U: Array) -> Any:
    loss, grad_v_c, grad_U = window(v_c, outside, U)
    return loss, overwritten(v_c, outside, U)[1] if len(outside) else grad_v_c, grad_U


def averaged_over_the_window(v_c: Array, outside: Array, U: Array) -> Any:
    loss, grad_v_c, grad_U = window(v_c, outside, U)
    m = max(1, len(outside))
    return loss / m, grad_v_c / m, grad_U / m


def gradient_averaged_over_the_window(v_c: Array, outside: Array, U: Array) -> Any:
    loss, grad_v_c, grad_U = window(v_c, outside, U)
    return loss, grad_v_c / max(1, len(outside)), grad_U


def words_counted_once(v_c: Array, outside: Array, U: Array) -> Any:
    return window(v_c, np.unique(outside), U)


def last_word_left_out(v_c: Array, outside: Array, U: Array) -> Any:
    return window(v_c, outside[:-1], U)


def empty_window_is_not_zero(v_c: Array, outside: Array, U: Array) -> Any:
    loss, grad_v_c, grad_U = window(v_c, outside, U)
    return (loss if len(outside) else float("nan")), grad_v_c, grad_U


def window_shifted_by_one(v_c: Array, outside: Array, U: Array) -> Any:
    return window(v_c, (outside + 1) % U.shape[1], U)


WINDOW_MUTANTS: tuple[tuple[Implementation, str | None], ...] = (
    (overwritten, "grad_v_c and grad_U: only the last of the terms summed over m counts"),
    (centre_overwritten, "grad_v_c: only the last of the terms summed over m counts"),
    (averaged_over_the_window, "loss, grad_v_c and grad_U: divided by m"),
    (gradient_averaged_over_the_window, "grad_v_c: divided by m"),
    (words_counted_once, "entries of outside that repeat count once"),
    (last_word_left_out, None),
    (empty_window_is_not_zero, None),
    (window_shifted_by_one, "the results for the next index"),
)


def context_summed(V_context: Array, o: int, U: Array) -> Any:
    loss, grad_h, grad_U = right(V_context.sum(axis=1), o, U)
    return loss, np.repeat(grad_h[:, None], V_context.shape[1], axis=1), grad_U


def context_gradient_not_shared(V_context: Array, o: int, U: Array) -> Any:
    m = max(1, V_context.shape[1])
    loss, grad_h, grad_U = right(V_context.sum(axis=1) / m, o, U)
    return loss, np.repeat(grad_h[:, None], V_context.shape[1], axis=1), grad_U


CBOW_MUTANTS: tuple[tuple[Implementation, str | None], ...] = (
    (context_summed, "this is another loss: the division by max(m, 1) is missing"),
    (context_gradient_not_shared, "grad_V_context: m times what it should be"),
)

# ----------------------------------------------------------------------------------- right, differently


def one_by_one(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    x = U[:, o] @ v_c
    loss = np.logaddexp(0, -x)
    dtype = np.result_type(v_c, U, np.float32)
    grad_v_c, grad_U = (-sigmoid(-x) * U[:, o]).astype(dtype), np.zeros(U.shape, dtype)
    grad_U[:, o] -= sigmoid(-x) * v_c
    for k in negatives:
        z = U[:, k] @ v_c
        loss = loss + np.logaddexp(0, z)
        grad_v_c = grad_v_c + sigmoid(z) * U[:, k]
        grad_U[:, k] += sigmoid(z) * v_c
    return loss, grad_v_c, grad_U


def by_counts(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    words, counts = np.unique(negatives, return_counts=True)
    x, z = U[:, o] @ v_c, U[:, words].T @ v_c
    loss = np.logaddexp(0, -x) + (counts * np.logaddexp(0, z)).sum()
    return loss, *_gradients(v_c, o, U, words, -sigmoid(-x), counts * sigmoid(z))


def sigmoid_minus_one(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    """As 233 of 241 course solutions do it, with a loss that does not overflow."""
    loss, _, _ = sampling(v_c, o, U, negatives)
    x, z = U[:, o] @ v_c, U[:, negatives].T @ v_c
    return loss, *_gradients(v_c, o, U, negatives, sigmoid(x) - 1, 1 - sigmoid(-z))


def in_long_double(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    dtype = np.result_type(v_c, U, np.float32)
    loss, grad_v_c, grad_U = sampling(v_c.astype(np.longdouble), o, U.astype(np.longdouble), negatives)
    return float(loss), grad_v_c.astype(dtype), grad_U.astype(dtype)


def window_by_counts(v_c: Array, outside: Array, U: Array) -> Any:
    z = v_c @ U
    s = z - z.max()
    e = np.exp(s)
    counts = np.bincount(outside, minlength=len(z)).astype(s.dtype)
    delta = len(outside) * e / e.sum() - counts
    loss = len(outside) * np.log(e.sum()) - (counts * s).sum()
    return float(loss), U @ delta, np.outer(v_c, delta)


CORRECT_SAMPLING: tuple[tuple[Implementation, str, str], ...] = (
    (sampling, "negative_sampling", "columns"),
    (one_by_one, "negative_sampling", "columns"),
    (by_counts, "negative_sampling", "columns"),
    (sigmoid_minus_one, "negative_sampling", "columns"),
    (in_long_double, "negative_sampling", "columns"),
    (window, "skip_gram_naive_softmax", "columns"),
    (window_by_counts, "skip_gram_naive_softmax", "columns"),
)
