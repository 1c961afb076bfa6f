"""Implementations with a mistake that has a name, as public code makes it, and near each one that has another."""

from typing import Any

import numpy as np
from course_solutions import getNegativeSamples, naiveSoftmaxLossAndGradient, negSamplingLossAndGradient
from mutants import Array, one_vector_a_row, right, right_batch
from sampling_mutants import sampling, sigmoid

# ------------------------------------------------------------------------------ what was told wrongly once


def repeats_by_their_scores(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    """Equal scores are taken for a repeated word; and the loss overflows, far from where that shows."""
    _, first, counts = np.unique(U[:, negatives].T @ v_c, return_index=True, return_counts=True)
    words = negatives[first]
    with np.errstate(all="ignore"):
        x, z = U[:, o] @ v_c, U[:, negatives].T @ v_c
        loss = -np.log(1 / (1 + np.exp(-x))) - np.log(1 / (1 + np.exp(z))).sum()
    weights = np.zeros(U.shape[1])
    weights[o] -= sigmoid(-x)
    np.add.at(weights, words, counts * sigmoid(U[:, words].T @ v_c))
    return loss, U @ weights, np.outer(v_c, weights)


def target_among_the_negatives(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    return sampling(v_c, o, U, np.append(negatives, o))


def target_twice_among_the_negatives(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    return sampling(v_c, o, U, np.append(negatives, [o, o]))


def softmax_of(z: Array) -> Any:
    e = np.exp(z - z.max())
    return e / e.sum()


def u_o_with_a_wrong_sign(v_c: Array, o: int, U: Array) -> Any:
    loss, _, grad_U = right(v_c, o, U)
    return loss, -(U[:, o] + U @ softmax_of(v_c @ U)), grad_U


def another_u_o(v_c: Array, o: int, U: Array) -> Any:
    loss, _, grad_U = right(v_c, o, U)
    return loss, U @ softmax_of(v_c @ U) - U[:, -1], grad_U


def axis_of_length_one(v_c: Array, o: int, U: Array) -> Any:
    z = (U.T @ v_c)[:, None]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    delta = (e / e.sum(axis=1, keepdims=True))[:, 0]
    loss = -np.log(delta[o])
    delta[o] -= 1
    return loss, U @ delta, np.outer(v_c, delta)


def always_zero(v_c: Array, o: int, U: Array) -> Any:
    _, grad_v_c, grad_U = right(v_c, o, U)
    return 0.0, grad_v_c, grad_U


def collisions_skipped_in_the_loss(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    _, grad_v_c, grad_U = sampling(v_c, o, U, negatives)
    return sampling(v_c, o, U, negatives[negatives != o])[0], grad_v_c, grad_U


# ------------------------------------------------------------------------------ one vector for another


def u_o_for_u_k(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    loss, _, grad_U = sampling(v_c, o, U, negatives)
    x, z = U[:, o] @ v_c, U[:, negatives].T @ v_c
    return loss, (sigmoid(z).sum() - sigmoid(-x)) * U[:, o], grad_U


def first_column_for_u_k(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    loss, _, grad_U = sampling(v_c, o, U, negatives)
    x, z = U[:, o] @ v_c, U[:, negatives].T @ v_c
    return loss, sigmoid(z).sum() * U[:, 0] - sigmoid(-x) * U[:, o], grad_U


def u_o_for_u_k_in_the_scores(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    _, grad_v_c, grad_U = sampling(v_c, o, U, negatives)
    x = U[:, o] @ v_c
    return np.logaddexp(0, -x) + len(negatives) * np.logaddexp(0, x), grad_v_c, grad_U


# ------------------------------------------------------------------------------ sums and places


def negatives_twice(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    return sampling(v_c, o, U, np.concatenate([negatives, negatives]))


def negatives_twice_in_the_gradients(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    return sampling(v_c, o, U, negatives)[0], *negatives_twice(v_c, o, U, negatives)[1:]


def one_negative_twice(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    return sampling(v_c, o, U, np.concatenate([negatives, negatives[:1]]))


def positive_in_every_column(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    loss, grad_v_c, grad_U = sampling(v_c, o, U, negatives)
    others = np.arange(U.shape[1]) != o
    return loss, grad_v_c, grad_U - np.outer(v_c, sigmoid(-(U[:, o] @ v_c)) * others)


def positive_in_two_columns(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    loss, grad_v_c, grad_U = sampling(v_c, o, U, negatives)
    grad_U[:, (o + 1) % U.shape[1]] -= sigmoid(-(U[:, o] @ v_c)) * v_c
    return loss, grad_v_c, grad_U


def one_subtracted_in_every_column(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, _ = right(v_c, o, U)
    return loss, grad_v_c, np.outer(v_c, softmax_of(v_c @ U) - 1)


# ------------------------------------------------------------------------------ sigmoids


def _with_a_positive(v_c: Array, o: int, U: Array, negatives: Array, delta_x: float) -> Any:
    loss, grad_v_c, grad_U = sampling(v_c, o, U, negatives)
    change = delta_x + sigmoid(-(U[:, o] @ v_c))
    grad_U[:, o] += change * v_c
    return loss, grad_v_c + change * U[:, o], grad_U


def one_inside_the_sigmoid(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    return _with_a_positive(v_c, o, U, negatives, sigmoid(U[:, o] @ v_c - 1))


def half_inside_the_sigmoid(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    return _with_a_positive(v_c, o, U, negatives, sigmoid(U[:, o] @ v_c - 0.5))


def one_inside_the_sigmoid_of_negatives(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    loss, grad_v_c, grad_U = sampling(v_c, o, U, negatives)
    z = U[:, negatives].T @ v_c
    weights = np.zeros(U.shape[1])
    np.add.at(weights, negatives, sigmoid(z - 1) - sigmoid(z))
    return loss, grad_v_c + U @ weights, grad_U + np.outer(v_c, weights)


def positive_as_negative(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    return _with_a_positive(v_c, o, U, negatives, sigmoid(U[:, o] @ v_c))


def positive_as_negative_throughout(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    loss, grad_v_c, grad_U = positive_as_negative(v_c, o, U, negatives)
    x = U[:, o] @ v_c
    return loss - np.logaddexp(0, -x) + np.logaddexp(0, x), grad_v_c, grad_U


def positive_as_neither(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    return _with_a_positive(v_c, o, U, negatives, sigmoid(U[:, o] @ v_c) - 0.5)


# ------------------------------------------------------------------------------ axes


def probabilities_over_the_batch(V_c: Array, o: Array, U: Array) -> Any:
    return _batch_over(V_c, o, U, 0)


def probabilities_over_everything(V_c: Array, o: Array, U: Array) -> Any:
    return _batch_over(V_c, o, U, None)


def _batch_over(V_c: Array, o: Array, U: Array, axis: int | None) -> Any:
    if not len(o):
        return right_batch(V_c, o, U)
    z = V_c.T @ U
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    p, pairs = e / e.sum(axis=axis, keepdims=True), np.arange(len(o))
    loss = -np.log(p[pairs, o]).sum()
    p[pairs, o] -= 1
    return loss, U @ p.T, V_c @ p


def two_extra_axes(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return np.array([[loss]]), grad_v_c[:, None], grad_U


def two_axes_and_wrong(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss, 2 * grad_v_c[:, None], grad_U


def row_table_with_an_extra_axis(v_c: Array, o: int, W: Array) -> Any:
    loss, grad_v_c, grad_W = one_vector_a_row(v_c, o, W)
    return loss, grad_v_c, grad_W[:, :, None]


def rows_in_another_order(v_c: Array, o: int, W: Array) -> Any:
    loss, grad_v_c, grad_W = one_vector_a_row(v_c, o, W)
    return loss, grad_W, grad_v_c


def rows_in_another_order_and_wrong(v_c: Array, o: int, W: Array) -> Any:
    loss, grad_v_c, grad_W = one_vector_a_row(v_c, o, W)
    return loss, grad_W + 1, grad_v_c


# ------------------------------------------------------------------------------ course code


def course_in_another_order(
    centerWordVec: Array, outsideWordIdx: int, outsideVectors: Array, dataset: Any
) -> Any:
    loss, *gradients = naiveSoftmaxLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors, dataset)
    return loss, *gradients[::-1]


def course_with_an_extra_axis(
    centerWordVec: Array, outsideWordIdx: int, outsideVectors: Array, dataset: Any
) -> Any:
    loss, gradCenterVec, gradOutsideVecs = naiveSoftmaxLossAndGradient(
        centerWordVec, outsideWordIdx, outsideVectors, dataset
    )
    return loss, gradCenterVec[None], gradOutsideVecs


def drawn_twice(
    centerWordVec: Array, outsideWordIdx: int, outsideVectors: Array, dataset: Any, K: int = 10
) -> Any:
    """Samples for the loss, and samples for the gradients."""
    loss, _, _ = negSamplingLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors, dataset, K)
    _, *gradients = negSamplingLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors, dataset, K)
    return loss, *gradients


def drawn_and_thrown_away(
    centerWordVec: Array, outsideWordIdx: int, outsideVectors: Array, dataset: Any, K: int = 10
) -> Any:
    """The gradients are of the second samples, and half of what they should be."""
    loss, *gradients = drawn_twice(centerWordVec, outsideWordIdx, outsideVectors, dataset, K)
    return loss, *(each / 2 for each in gradients)


def twice_as_many_drawn(
    centerWordVec: Array, outsideWordIdx: int, outsideVectors: Array, dataset: Any, K: int = 10
) -> Any:
    return negSamplingLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors, dataset, 2 * K)


def one_more_drawn(
    centerWordVec: Array, outsideWordIdx: int, outsideVectors: Array, dataset: Any, K: int = 10
) -> Any:
    getNegativeSamples(outsideWordIdx, dataset, 1)
    return negSamplingLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors, dataset, K)


TOLD_WRONGLY_ONCE = (
    (repeats_by_their_scores, "negative_sampling", None),
    (
        target_among_the_negatives,
        "negative_sampling",
        "loss, grad_v_c and grad_U: o is counted among negatives",
    ),
    (u_o_with_a_wrong_sign, "naive_softmax", "grad_v_c: the sign of the term e[w] / Z is flipped"),
    (
        axis_of_length_one,
        "naive_softmax",
        "loss, grad_v_c and grad_U: Z is taken over an axis of length 1, and not over V",
    ),
    (
        collisions_skipped_in_the_loss,
        "negative_sampling",
        "are skipped; right is loss = -log(sigmoid(x)) - sum(k in K, log(sigmoid(-z[k])))",
    ),
)
"""What overflow, a sigmoid differentiated, a sign of Z, a factor of -0 and a gradient's formula were given for."""

NAMED = (
    (u_o_for_u_k, "negative_sampling", "columns", "grad_v_c: U[i, o] stands for U[i, negatives[k]]"),
    (
        u_o_for_u_k_in_the_scores,
        "negative_sampling",
        "columns",
        "loss: U[i, o] stands for U[i, negatives[k]]",
    ),
    (
        negatives_twice,
        "negative_sampling",
        "columns",
        "loss, grad_v_c and grad_U: what is summed over K",
    ),
    (
        negatives_twice_in_the_gradients,
        "negative_sampling",
        "columns",
        "grad_U: what is summed over K is added",
    ),
    (
        positive_in_every_column,
        "negative_sampling",
        "columns",
        "grad_U: the factor (w == o) is missing, so that",
    ),
    (one_inside_the_sigmoid, "negative_sampling", "columns", "sigmoid(x - 1) stands for sigmoid(x) - 1"),
    (one_inside_the_sigmoid_of_negatives, "negative_sampling", "columns", "sigmoid(z[k] - 1) stands for"),
    (positive_as_negative, "negative_sampling", "columns", "sigmoid(x) stands for sigmoid(x) - 1"),
    (
        positive_as_negative_throughout,
        "negative_sampling",
        "columns",
        "log(sigmoid(-x)) stands for log(sigmoid(x)): what",
    ),
    (always_zero, "naive_softmax", "columns", "loss: 0 whatever the input"),
    (one_subtracted_in_every_column, "naive_softmax", "columns", "grad_U: (w == o) is taken for 1"),
    (
        probabilities_over_the_batch,
        "naive_softmax_batch",
        "columns",
        "grad_U: Z is taken over B, and not over V",
    ),
    (
        two_extra_axes,
        "naive_softmax",
        "columns",
        "1 too many: loss of shape (1, 1) where () is due, grad_v_c of",
    ),
    (row_table_with_an_extra_axis, "naive_softmax", "rows", "grad_U of shape (3, 2, 1) where (3, 2) is due"),
    (course_with_an_extra_axis, "naive_softmax", "cs224n", "gradCenterVec of shape (1, 2) where (2,) is due"),
    (rows_in_another_order, "naive_softmax", "rows", "in another order: (loss, grad_U, grad_v_c) came"),
    (
        course_in_another_order,
        "naive_softmax",
        "cs224n",
        "in another order: (loss, gradOutsideVecs, ",
    ),
    (
        drawn_twice,
        "negative_sampling",
        "cs224n",
        "gradOutsideVecs: negSampleWordIndices are drawn 2 times",
    ),
    (twice_as_many_drawn, "negative_sampling", "cs224n", "these are results for all of them together"),
)

NEAR = (
    (target_twice_among_the_negatives, "negative_sampling", "columns"),
    (another_u_o, "naive_softmax", "columns"),
    (first_column_for_u_k, "negative_sampling", "columns"),
    (one_negative_twice, "negative_sampling", "columns"),
    (positive_in_two_columns, "negative_sampling", "columns"),
    (half_inside_the_sigmoid, "negative_sampling", "columns"),
    (positive_as_neither, "negative_sampling", "columns"),
    (probabilities_over_everything, "naive_softmax_batch", "columns"),
    (two_axes_and_wrong, "naive_softmax", "columns"),
    (rows_in_another_order_and_wrong, "naive_softmax", "rows"),
    (drawn_and_thrown_away, "negative_sampling", "cs224n"),
    (one_more_drawn, "negative_sampling", "cs224n"),
)
"""Wrong in ways that have no name, and close to one that has."""
