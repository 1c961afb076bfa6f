"""Wrong implementations, each with one planted fault, and right ones written in other ways.

The faults were all seen in real code, or are the smallest version of one that was.
"""

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Implementation: TypeAlias = Callable[..., Any]


def right(v_c: Array, o: int, U: Array) -> Any:
    """The textbook algorithm; most mutants differ from it in one place."""
    z = v_c @ U
    s = z - z.max()
    e = np.exp(s)
    loss = np.log(e.sum()) - s[o]
    delta = e / e.sum()
    delta[o] -= 1
    return loss, U @ delta, np.outer(v_c, delta)


def right_batch(V_c: Array, o: Array, U: Array) -> Any:
    z = V_c.T @ U
    s = z - z.max(axis=1, keepdims=True)
    e = np.exp(s)
    pairs = np.arange(len(o))
    loss = (np.log(e.sum(axis=1)) - s[pairs, o]).sum()
    delta = e / e.sum(axis=1, keepdims=True)
    delta[pairs, o] -= 1
    return loss, U @ delta.T, V_c @ delta


# ---------------------------------------------------------------------------------- wrong numbers


def y_missing(v_c: Array, o: int, U: Array) -> Any:
    loss, _, _ = right(v_c, o, U)
    e = np.exp(v_c @ U - (v_c @ U).max())
    return loss, U @ (e / e.sum()), np.outer(v_c, e / e.sum())


def y_missing_in_one_gradient(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, _ = right(v_c, o, U)
    return loss, grad_v_c, y_missing(v_c, o, U)[2]


def sign_flipped(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss, -grad_v_c, grad_U


def transposed(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss, grad_v_c, grad_U.T.copy()


def base_two(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss / math.log(2), grad_v_c, grad_U


def off_by_a_constant(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss + 1e-6, grad_v_c, grad_U


def everything_doubled(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return 2 * loss, 2 * grad_v_c, 2 * grad_U


def divided_by_V(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss / U.shape[1], grad_v_c / U.shape[1], grad_U / U.shape[1]


def y_at_the_next_word(v_c: Array, o: int, U: Array) -> Any:
    loss, _, _ = right(v_c, o, U)
    _, grad_v_c, grad_U = right(v_c, (o + 1) % U.shape[1], U)
    return loss, grad_v_c, grad_U


def small_probabilities_cut(v_c: Array, o: int, U: Array) -> Any:
    z = v_c @ U
    e = np.exp(z - z.max())
    p = np.maximum(e / e.sum(), 1e-12)
    delta = p.copy()
    delta[o] -= 1
    return -np.log(p[o]), U @ delta, np.outer(v_c, delta)


def epsilon_in_the_logarithm(v_c: Array, o: int, U: Array) -> Any:
    z = v_c @ U
    e = np.exp(z - z.max())
    _, grad_v_c, grad_U = right(v_c, o, U)
    return -np.log(e[o] / e.sum() + 1e-9), grad_v_c, grad_U


def single_precision_inside(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c.astype(np.float32), o, U.astype(np.float32))
    return float(loss), grad_v_c.astype(np.float64), grad_U.astype(np.float64)


def relative_error_of_1e_8(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss, grad_v_c * (1 + 1e-8), grad_U


def gradient_rounded(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss, np.round(grad_v_c, 10), grad_U


def by_finite_differences(v_c: Array, o: int, U: Array) -> Any:
    loss, _, grad_U = right(v_c, o, U)
    grad_v_c = np.empty(v_c.shape)
    for i in range(len(v_c)):
        h = np.zeros(len(v_c))
        h[i] = 1e-5
        grad_v_c[i] = (right(v_c + h, o, U)[0] - right(v_c - h, o, U)[0]) / 2e-5
    return loss, grad_v_c, grad_U


# ------------------------------------------------------------------------------ wrong at the edges


def no_shift(v_c: Array, o: int, U: Array) -> Any:
    e = np.exp(v_c @ U)
    delta = e / e.sum()
    loss = -np.log(delta[o])
    delta[o] -= 1
    return loss, U @ delta, np.outer(v_c, delta)


def logits_clipped(v_c: Array, o: int, U: Array) -> Any:
    z = np.clip(v_c @ U, -500, 500)
    e = np.exp(z - z.max())
    delta = e / e.sum()
    loss = np.log(e.sum()) - (z[o] - z.max())
    delta[o] -= 1
    return loss, U @ delta, np.outer(v_c, delta)


def logarithm_of_a_probability(v_c: Array, o: int, U: Array) -> Any:
    z = v_c @ U
    e = np.exp(z - z.max())
    _, grad_v_c, grad_U = right(v_c, o, U)
    with np.errstate(divide="ignore"):
        return -np.log(e[o] / e.sum()), grad_v_c, grad_U


def not_a_number_replaced(v_c: Array, o: int, U: Array) -> Any:
    return right(np.nan_to_num(v_c, nan=0.0), o, np.nan_to_num(U, nan=0.0))


def wrong_on_ties(v_c: Array, o: int, U: Array) -> Any:
    loss, _, _ = right(v_c, o, U)
    z = v_c @ U
    e = np.exp(z - z.max())
    delta = e / e.sum()
    delta[z == z[o]] -= 1
    return loss, U @ delta, np.outer(v_c, delta)


def first_equal_word_taken(v_c: Array, o: int, U: Array) -> Any:
    return right(v_c, int(np.argmax((U == U[:, [o]]).all(axis=0))), U)


def last_word_forgotten(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    if o == U.shape[1] - 1:
        grad_U[:, o] += v_c
    return loss, grad_v_c, grad_U


def square_is_transposed(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return (loss, grad_v_c, grad_U.T.copy()) if U.shape[0] == U.shape[1] else (loss, grad_v_c, grad_U)


def one_word_fails(v_c: Array, o: int, U: Array) -> Any:
    others = np.delete(v_c @ U, o)
    others.max()
    return right(v_c, o, U)


def one_dimension_is_squeezed(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss, grad_v_c.squeeze(), grad_U.squeeze()


def blocks_lose_the_rest(v_c: Array, o: int, U: Array) -> Any:
    block = 128
    loss, grad_v_c, grad_U = right(v_c, o, U)
    if U.shape[1] > block:
        grad_U[:, U.shape[1] // block * block :] = 0
    return loss, grad_v_c, grad_U


def integers_are_cut(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, gradient = right(v_c, o, U)
    grad_U = np.zeros_like(U)
    grad_U[...] = gradient
    return loss, grad_v_c, grad_U.astype(gradient.dtype)


def epsilon_in_the_sum(v_c: Array, o: int, U: Array) -> Any:
    z = v_c @ U
    e = np.exp(z - z.max())
    Z = e.sum() + 1e-9
    delta = e / Z
    delta[o] -= 1
    return np.log(Z) - (z[o] - z.max()), U @ delta, np.outer(v_c, delta)


def shifted_by_the_true_word(v_c: Array, o: int, U: Array) -> Any:
    z = v_c @ U
    e = np.exp(z - z[o])
    delta = e / e.sum()
    delta[o] -= 1
    return np.log(e.sum()), U @ delta, np.outer(v_c, delta)


def every_eighth_width_fails(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    if U.shape[1] % 8 == 0:
        grad_U[:, -1] = 0
    return loss, grad_v_c, grad_U


# ------------------------------------------------------------------------------- layout and memory


def memory_order_assumed(v_c: Array, o: int, U: Array) -> Any:
    flat = U.ravel(order="K").reshape(U.shape)
    return right(v_c, o, flat)


def input_scaled_in_place(v_c: Array, o: int, U: Array) -> Any:
    results = right(v_c, o, U)
    if U.flags.writeable:
        U *= 1 - 1e-9
    return results


def read_only_refused(v_c: Array, o: int, U: Array) -> Any:
    if not U.flags.writeable:
        raise ValueError("assignment destination is read-only")
    return right(v_c, o, U)


def gradient_in_the_input(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss, (v_c if not grad_v_c.any() or len(v_c) == 3 else grad_v_c), grad_U


class _Buffer:
    """Hands out the same memory for the same shape again and again."""

    def __init__(self) -> None:
        self.held: dict[tuple[int, ...], Array] = {}

    def __call__(self, v_c: Array, o: int, U: Array) -> Any:
        loss, grad_v_c, gradient = right(v_c, o, U)
        buffer = self.held.setdefault(U.shape, np.empty(U.shape))
        if buffer.dtype != gradient.dtype:
            return loss, grad_v_c, gradient
        buffer[...] = gradient
        return loss, grad_v_c, buffer


class _Stale:
    """Remembers the logits of the arrays it saw last, by identity."""

    def __init__(self) -> None:
        self.seen: Array | None = None
        self.held: Array = np.empty(0)

    def __call__(self, v_c: Array, o: int, U: Array) -> Any:
        if self.seen is not U:
            self.seen, self.held = U, np.array(U)
        return right(v_c, o, self.held)


class _ByItsSum:
    """Remembers results by what the entries add up to."""

    def __init__(self) -> None:
        self.known: dict[tuple[object, ...], Any] = {}

    def __call__(self, v_c: Array, o: int, U: Array) -> Any:
        key = (v_c.shape, U.shape, o, *(round(float(np.nansum(each)), 6) for each in (v_c, U)))
        loss, grad_v_c, grad_U = self.known.setdefault(key, right(v_c, o, U))
        return loss, grad_v_c.copy(), grad_U.copy()


class _Counting:
    """Drifts from call to call."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, v_c: Array, o: int, U: Array) -> Any:
        self.calls += 1
        loss, grad_v_c, grad_U = right(v_c, o, U)
        return loss * (1 + 2.0**-52 * (self.calls % 2)), grad_v_c, grad_U


def gradients_share_memory(v_c: Array, o: int, U: Array) -> Any:
    """Both are zero where there is one word."""
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return (loss, grad_v_c, grad_v_c[:, None]) if U.shape[1] == 1 else (loss, grad_v_c, grad_U)


# ------------------------------------------------------------------------------------ wrong returns


def gradient_is_a_list(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss, grad_v_c.tolist(), grad_U


def gradient_is_a_matrix(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss, grad_v_c, np.asmatrix(grad_U)


def loss_is_an_array(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return np.array([loss]), grad_v_c, grad_U


def loss_left_out(v_c: Array, o: int, U: Array) -> Any:
    return right(v_c, o, U)[1:]


def nothing_returned(v_c: Array, o: int, U: Array) -> Any:
    right(v_c, o, U)


def warns(v_c: Array, o: int, U: Array) -> Any:
    np.exp(v_c @ U)
    return right(v_c, o, U)


# ---------------------------------------------------------------------------------------- batches


def averaged(V_c: Array, o: Array, U: Array) -> Any:
    loss, grad_V_c, grad_U = right_batch(V_c, o, U)
    count = max(1, len(o))
    return loss / count, grad_V_c / count, grad_U / count


def gradient_averaged(V_c: Array, o: Array, U: Array) -> Any:
    loss, grad_V_c, grad_U = right_batch(V_c, o, U)
    return loss, grad_V_c, grad_U / max(1, len(o))


def one_maximum_for_all(V_c: Array, o: Array, U: Array) -> Any:
    z = V_c.T @ U
    s = z - z.max(initial=-np.inf)
    e = np.exp(s)
    pairs = np.arange(len(o))
    loss = (np.log(e.sum(axis=1)) - s[pairs, o]).sum()
    delta = e / e.sum(axis=1, keepdims=True)
    delta[pairs, o] -= 1
    return loss, U @ delta.T, V_c @ delta


def repeats_lost(V_c: Array, o: Array, U: Array) -> Any:
    loss, grad_V_c, _ = right_batch(V_c, o, U)
    z = V_c.T @ U
    e = np.exp(z - z.max(axis=1, keepdims=True))
    grad_U = V_c @ (e / e.sum(axis=1, keepdims=True))
    grad_U[:, o] -= V_c
    return loss, grad_V_c, grad_U


def every_pair_takes_the_first_word(V_c: Array, o: Array, U: Array) -> Any:
    return right_batch(V_c, np.full_like(o, o[0]) if len(o) else o, U)


def empty_batch_fails(V_c: Array, o: Array, U: Array) -> Any:
    o[0]
    return right_batch(V_c, o, U)


SINGLE_MUTANTS: tuple[Implementation, ...] = (
    y_missing,
    y_missing_in_one_gradient,
    sign_flipped,
    transposed,
    base_two,
    off_by_a_constant,
    everything_doubled,
    divided_by_V,
    y_at_the_next_word,
    small_probabilities_cut,
    epsilon_in_the_logarithm,
    single_precision_inside,
    relative_error_of_1e_8,
    gradient_rounded,
    by_finite_differences,
    no_shift,
    logits_clipped,
    logarithm_of_a_probability,
    not_a_number_replaced,
    wrong_on_ties,
    first_equal_word_taken,
    last_word_forgotten,
    square_is_transposed,
    one_word_fails,
    one_dimension_is_squeezed,
    blocks_lose_the_rest,
    integers_are_cut,
    epsilon_in_the_sum,
    shifted_by_the_true_word,
    every_eighth_width_fails,
    memory_order_assumed,
    input_scaled_in_place,
    read_only_refused,
    gradient_in_the_input,
    gradients_share_memory,
    gradient_is_a_list,
    gradient_is_a_matrix,
    loss_is_an_array,
    loss_left_out,
    nothing_returned,
    warns,
    _Buffer(),
    _Stale(),
    _ByItsSum(),
    _Counting(),
)

BATCH_MUTANTS: tuple[Implementation, ...] = (
    averaged,
    gradient_averaged,
    one_maximum_for_all,
    repeats_lost,
    every_pair_takes_the_first_word,
    empty_batch_fails,
)


# ------------------------------------------------------------------------------- right, differently


def loops(v_c: Array, o: int, U: Array) -> Any:
    d, V = U.shape
    z = [sum(float(U[i, w]) * float(v_c[i]) for i in range(d)) for w in range(V)]
    m = max(z)
    e = [math.exp(x - m) for x in z]
    Z = sum(e)
    delta = [e[w] / Z - (w == o) for w in range(V)]
    grad_v_c = [sum(float(U[i, w]) * delta[w] for w in range(V)) for i in range(d)]
    grad_U = [[float(v_c[i]) * delta[w] for w in range(V)] for i in range(d)]
    return math.log(Z) - (z[o] - m), np.array(grad_v_c), np.array(grad_U)


def exact_sums(v_c: Array, o: int, U: Array) -> Any:
    d, V = U.shape
    z = [math.fsum(float(U[i, w]) * float(v_c[i]) for i in range(d)) for w in range(V)]
    e = [math.exp(x - max(z)) for x in z]
    Z = math.fsum(e)
    delta = [e[w] / Z if w != o else -math.fsum(e[k] for k in range(V) if k != o) / Z for w in range(V)]
    grad_v_c = [math.fsum(float(U[i, w]) * delta[w] for w in range(V)) for i in range(d)]
    return math.log(Z) - (z[o] - max(z)), np.array(grad_v_c), np.outer(np.asarray(v_c, float), delta)


def extended_precision(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c.astype(np.longdouble), o, U.astype(np.longdouble))
    return float(loss), grad_v_c.astype(np.float64), grad_U.astype(np.float64)


def gradients_in_one_array(v_c: Array, o: int, U: Array) -> Any:
    """Side by side, and no entry of one is an entry of the other."""
    loss, grad_v_c, grad_U = right(v_c, o, U)
    both = np.concatenate([grad_U, grad_v_c[:, None]], axis=1)
    return loss, both[:, -1], both[:, :-1]


def division_free(v_c: Array, o: int, U: Array) -> Any:
    z = v_c @ U
    log_Z = z.max() + np.log(np.exp(z - z.max()).sum())
    delta = np.exp(z - log_Z)
    delta[o] -= 1
    return log_Z - z[o], U @ delta, np.outer(v_c, delta)


def online(v_c: Array, o: int, U: Array) -> Any:
    z = v_c @ U
    m, Z = z[0], z.dtype.type(1)
    for x in z[1:]:
        if x > m:
            Z, m = Z * np.exp(m - x) + 1, x
        else:
            Z = Z + np.exp(x - m)
    delta = np.exp(z - m) / Z
    delta[o] -= 1
    return np.log(Z) - (z[o] - m), U @ delta, np.outer(v_c, delta)


def backwards(v_c: Array, o: int, U: Array) -> Any:
    loss, grad_v_c, grad_U = right(v_c[::-1], U.shape[1] - 1 - o, U[::-1, ::-1])
    return loss, grad_v_c[::-1].copy(), grad_U[::-1, ::-1].copy()


def with_einsum(v_c: Array, o: int, U: Array) -> Any:
    z = np.einsum("i,iw->w", v_c, U)
    e = np.exp(z - z.max())
    y = np.zeros(len(z), e.dtype)
    y[o] = 1
    delta = e / e.sum() - y
    loss = np.log(e.sum()) + z.max() - z[o]
    return loss, np.einsum("iw,w->i", U, delta), np.einsum("i,w->iw", v_c, delta)


def one_vector_a_row(v_c: Array, o: int, W: Array) -> Any:
    z = W @ v_c
    s = z - np.max(z)
    delta = np.exp(s) / np.sum(np.exp(s))
    loss = np.log(np.sum(np.exp(s))) - s[o]
    delta[o] -= 1
    return loss, W.T @ delta, delta[:, None] * v_c


def of_the_course(
    centerWordVec: Array, outsideWordIdx: int, outsideVectors: Array, dataset: object
) -> tuple[Any, Array, Array]:
    z = outsideVectors @ centerWordVec
    s = z - z.max()
    y_hat = np.exp(s) / np.exp(s).sum()
    loss = np.log(np.exp(s).sum()) - s[outsideWordIdx]
    y_hat[outsideWordIdx] -= 1.0
    return loss, outsideVectors.T @ y_hat, np.outer(y_hat, centerWordVec)


def pair_by_pair(V_c: Array, o: Array, U: Array) -> Any:
    results = [right(V_c[:, b], int(o[b]), U) for b in range(len(o))]
    dtype = np.result_type(V_c, U, np.float32)
    grad_V_c = np.zeros(V_c.shape, dtype)
    for b, (_, grad_v_c, _) in enumerate(results):
        grad_V_c[:, b] = grad_v_c
    grad_U = sum((grad for _, _, grad in results), np.zeros(U.shape, dtype))
    return float(sum(loss for loss, _, _ in results)), grad_V_c, grad_U


CARELESS = (
    no_shift,
    shifted_by_the_true_word,
    warns,
    logarithm_of_a_probability,
    one_maximum_for_all,
)
"""Those of them that are wrong, or warn, on large numbers alone."""

CORRECT: tuple[tuple[Implementation, str, str], ...] = (
    (right, "naive_softmax", "columns"),
    (loops, "naive_softmax", "columns"),
    (exact_sums, "naive_softmax", "columns"),
    (extended_precision, "naive_softmax", "columns"),
    (division_free, "naive_softmax", "columns"),
    (gradients_in_one_array, "naive_softmax", "columns"),
    (online, "naive_softmax", "columns"),
    (backwards, "naive_softmax", "columns"),
    (with_einsum, "naive_softmax", "columns"),
    (one_vector_a_row, "naive_softmax", "rows"),
    (of_the_course, "naive_softmax", "cs224n"),
    (right_batch, "naive_softmax_batch", "columns"),
    (pair_by_pair, "naive_softmax_batch", "columns"),
)


def name_of(implementation: Implementation) -> str:
    """What a test case is called."""
    name: str = getattr(implementation, "__name__", type(implementation).__name__)
    return name
