"""The six statements about the naive-softmax loss, as properties of the numbers the function returns.

Where a derivation ends in words (kernels, hulls, convexity), these tests are what checks the statement.
"""

from random import Random

import numpy as np
from bounds import Array, Balls, bounded, digits, exact, on_a_grid, within
from hypothesis import assume, given
from hypothesis import strategies as st

from w2v_verified import naive_softmax


@st.composite
def problems(draw: st.DrawFn, min_V: int = 1, scale: float = 3.0) -> tuple[Array, int, Array]:
    """A centre vector, an outside word and outside vectors of moderate size."""
    d, V = draw(st.integers(1, 4)), draw(st.integers(min_V, 6))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    spread = draw(st.sampled_from((1.0, 0.0, scale)))
    return (
        generator.standard_normal(d) * spread,
        draw(st.integers(0, V - 1)),
        generator.standard_normal((d, V)),
    )


def softmax(v_c: Array, U: Array) -> Balls:
    """yhat, exactly."""
    e = np.array([z.exp() for z in exact(v_c) @ exact(U)], dtype=object)
    return np.asarray(e / e.sum(), dtype=object)


def one_hot(o: int, V: int) -> Balls:
    """y, exactly."""
    return exact(np.eye(V)[o])


# -------------------------------------------------------------------------------- 1. the loss identity


@given(problems())
def test_loss_is_cross_entropy(problem: tuple[Array, int, Array]) -> None:
    """J = -log yhat_o = -sum_w y_w log yhat_w."""
    v_c, o, U = problem
    loss, bound, *_ = bounded(v_c, o, U)
    with digits():
        log_yhat = np.array([p.log() for p in softmax(v_c, U)], dtype=object)
        assert within(loss, -log_yhat[o], bound)
        assert within(loss, -(one_hot(o, U.shape[1]) @ log_yhat), bound)


# ------------------------------------------------------------------------- 2., 3. gradients, closed form


@given(problems())
def test_gradients_have_their_closed_form(problem: tuple[Array, int, Array]) -> None:
    """dJ/dv_c = U (yhat - y) and dJ/dU = v_c (yhat - y)^T."""
    v_c, o, U = problem
    _, _, grad_v_c, bound_v_c, grad_U, bound_U = bounded(v_c, o, U)
    with digits():
        delta = softmax(v_c, U) - one_hot(o, U.shape[1])
        assert within(grad_v_c, exact(U) @ delta, bound_v_c)
        assert within(grad_U, np.multiply.outer(exact(v_c), delta), bound_U)


@given(problems())
def test_every_column_of_the_gradient_is_along_the_centre_vector(problem: tuple[Array, int, Array]) -> None:
    """dJ/dU[:, w] = (yhat_w - y_w) v_c: rank one, towards v_c for the true word and away from it for the others."""
    v_c, o, U = problem
    *_, grad_U, _ = bounded(v_c, o, U)
    along = v_c @ grad_U
    assert along[o] <= 0
    assert np.all(np.delete(along, o) >= 0)


# ----------------------------------------------------------------------- 4. when the gradient vanishes


@given(problems())
def test_gradient_vanishes_where_all_columns_are_equal(problem: tuple[Array, int, Array]) -> None:
    """yhat != y, yet yhat - y lies in the kernel of U."""
    v_c, o, U = problem
    same = np.repeat(U[:, :1], U.shape[1], axis=1)
    _, _, grad_v_c, bound, _, _ = bounded(v_c, o, same)
    assert np.all(np.abs(grad_v_c) <= bound)


@given(problems())
def test_gradient_vanishes_at_the_origin_where_the_true_vector_is_the_mean(
    problem: tuple[Array, int, Array],
) -> None:
    """At v_c = 0 every word has probability 1/|V|."""
    v_c, o, U = problem
    _, _, grad_v_c, bound, _, _ = bounded(np.zeros_like(v_c), o, _with_its_mean_at(o, on_a_grid(U)))
    assert np.all(np.abs(grad_v_c) <= bound)


def _with_its_mean_at(o: int, U: Array) -> Array:
    """The same table with one of the other columns chosen so that column o is exactly the mean of the others."""
    V = U.shape[1]
    balanced, last = U.copy(), (o - 1) % V
    if V > 1:
        balanced[:, last] = V * U[:, o] - (U.sum(axis=1) - U[:, last])
    return balanced


@given(problems())
def test_nothing_to_learn_with_one_word(problem: tuple[Array, int, Array]) -> None:
    """V = 1: yhat = y, and loss and gradients are exactly zero."""
    v_c, o, U = problem
    loss, grad_v_c, grad_U = naive_softmax(v_c, 0, U[:, [o]])
    assert loss == 0
    assert not grad_v_c.any()
    assert not grad_U.any()


@given(problems(min_V=2))
def test_prediction_is_never_certain(problem: tuple[Array, int, Array]) -> None:
    """yhat = y is impossible for V > 1: the loss is positive, and grad_U vanishes with v_c alone."""
    v_c, o, U = problem
    loss, _, grad_U = naive_softmax(v_c, o, U)
    assert loss > 0
    assert np.all(grad_U.any(axis=1) == (v_c != 0))


@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_gradient_never_vanishes_where_U_has_full_column_rank(seed: int, V: int) -> None:
    """ker U = {0}: |U (yhat - y)| >= sigma_min |yhat - y| > 0."""
    generator = np.random.default_rng(seed)
    U = generator.standard_normal((V + 2, V))
    v_c = generator.standard_normal(V + 2)
    least = np.linalg.svd(U, compute_uv=False)[-1]
    assume(least > 1e-3)
    _, _, grad_v_c, bound, _, _ = bounded(v_c, 0, U)
    with digits():
        missing = np.linalg.norm((softmax(v_c, U) - one_hot(0, V)).astype(np.float64))
    assert np.linalg.norm(grad_v_c) + np.linalg.norm(bound) >= least * missing * (1 - 1e-6)
    assert np.linalg.norm(grad_v_c) > np.linalg.norm(bound)


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(2, 6), st.floats(-100, 100))
def test_true_vector_inside_the_hull_has_a_stationary_point(seed: int, d: int, V: int, size: float) -> None:
    """u_o a strictly positive mix of all vectors: where v_c is orthogonal to all, u_o = sum_w u_w / |V| is one."""
    generator = np.random.default_rng(seed)
    v_c, U = np.zeros(d), on_a_grid(generator.standard_normal((d, V)))
    axis = generator.integers(d)
    v_c[axis], U[axis] = size, 0.0  # so that z_w = 0 for all w
    _, _, grad_v_c, bound, _, _ = bounded(v_c, 0, _with_its_mean_at(0, U))
    assert np.all(np.abs(grad_v_c) <= bound)


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_descent_finds_the_stationary_point_inside_the_hull(seed: int, d: int) -> None:
    """u_o the centre of a box of 2d vectors that spans the space: the convex J has a finite minimum."""
    generator = np.random.default_rng(seed)
    centre, axes = generator.uniform(-1, 1, d), np.diag(generator.uniform(1.0, 1.5, d))
    U = np.concatenate([centre[:, None], centre[:, None] + axes, centre[:, None] - axes], axis=1)
    v_c = generator.uniform(-1, 1, d)
    step = 1 / _lipschitz(U)
    for _ in range(400):
        _, _, grad_v_c, bound, _, _ = _cheap(v_c, 0, U)
        v_c = v_c - step * grad_v_c
    _, _, grad_v_c, bound, _, _ = bounded(v_c, 0, U)
    steps_too_small = (
        np.linalg.norm(np.spacing(v_c)) / step
    )  # a step of less than that leaves v_c where it is
    assert np.linalg.norm(grad_v_c) <= np.linalg.norm(bound) + steps_too_small


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_descent_runs_off_where_the_true_vector_is_a_vertex(seed: int, d: int) -> None:
    """u_o sticks out of the hull along r: there J falls to 0, and the gradient tends to 0 without reaching it."""
    generator = np.random.default_rng(seed)
    r = generator.standard_normal(d)
    r /= np.linalg.norm(r)
    others = generator.uniform(-1, 1, (d, 4))
    others -= np.outer(r, np.maximum(r @ others, 0))  # r . u_w <= 0
    U = np.concatenate([r[:, None], others], axis=1)
    norms = []
    for t in (1.0, 4.0, 16.0, 64.0, 256.0):
        loss, grad_v_c, _ = naive_softmax(t * r, 0, U)
        norms.append(float(np.abs(grad_v_c).max()))  # a sum of squares would underflow
        assert loss > 0
        assert grad_v_c @ r < 0  # descent goes on in the direction of r
    assert norms == sorted(norms, reverse=True)
    assert 0 < norms[-1] < 1e-100


# ------------------------------------------------------------------- 5. a descent step, and convexity


def _lipschitz(U: Array) -> float:
    """L = max over w, k of |u_w - u_k|^2 / 4, which bounds the Hessian U (diag yhat - yhat yhat^T) U^T."""
    apart = U[:, :, None] - U[:, None, :]
    return max(float((apart**2).sum(axis=0).max()) / 4, 1e-3)


def _cheap(v_c: Array, o: int, U: Array) -> tuple[float, float, Array, Array, Array, Array]:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    nothing = np.zeros_like(v_c)
    return loss, 0.0, grad_v_c, nothing, grad_U, nothing


@given(problems(), st.floats(0.001, 1.999))
def test_descent_step_lowers_the_loss(problem: tuple[Array, int, Array], share: float) -> None:
    """J(v) - J(v - eta g) >= eta (1 - eta L / 2) |g|^2 for every eta in (0, 2 / L).

    The step s that floats take is not quite -eta g; what holds of any, J(v + s) <= J(v) + g s + L |s|^2 / 2, is the
    same at s = -eta g.
    """
    v_c, o, U = problem
    eta = share / _lipschitz(U)
    before, bound_before, g, bound_g, _, _ = bounded(v_c, o, U)
    stepped = v_c - eta * g
    after, bound_after, *_ = bounded(stepped, o, U)
    with digits():
        step, apart = exact(stepped) - exact(v_c), exact(U)[:, :, None] - exact(U)[:, None, :]
        L = (apart**2).sum(axis=0).max() / 4
        promised = -(exact(g) @ step) - L / 2 * (step @ step)
        slack = exact(bound_before).item() + exact(bound_after).item() + exact(bound_g) @ abs(step)
        assert exact(before).item() - exact(after).item() >= promised - slack
    assert g @ (stepped - v_c) <= 0


@given(problems())
def test_descent_step_goes_towards_the_true_word_and_away_from_the_expected_one(
    problem: tuple[Array, int, Array],
) -> None:
    """-dJ/dv_c = U y - U yhat."""
    v_c, o, U = problem
    _, _, grad_v_c, bound, _, _ = bounded(v_c, o, U)
    with digits():
        assert within(-grad_v_c, exact(U[:, o]) - exact(U) @ softmax(v_c, U), bound)


@given(problems(), st.integers(0, 2**32 - 1), st.integers(0, 16))
def test_convex_in_the_centre_vector(problem: tuple[Array, int, Array], seed: int, sixteenths: int) -> None:
    """J(t a + (1 - t) b) <= t J(a) + (1 - t) J(b), and J lies above its tangents."""
    a, o, U = problem
    a, b = on_a_grid(a), on_a_grid(np.random.default_rng(seed).standard_normal(len(a)) * 3)
    t = sixteenths / 16
    at_a, bound_a, grad_a, bound_grad, *_ = bounded(a, o, U)
    at_b, bound_b, *_ = bounded(b, o, U)
    at_middle, bound_middle, *_ = bounded(t * a + (1 - t) * b, o, U)  # on the grid, the middle is exact
    with digits():
        least_a, most_a = (exact(at_a).item() + sign * exact(bound_a).item() for sign in (-1, 1))
        most_b = exact(at_b).item() + exact(bound_b).item()
        assert (
            exact(at_middle).item() - exact(bound_middle).item()
            <= (sixteenths * most_a + (16 - sixteenths) * most_b) / 16
        )
        there = exact(b) - exact(a)
        assert most_b >= least_a + exact(grad_a) @ there - exact(bound_grad) @ abs(there)


# ----------------------------------------------------------------------------------- 6. symmetry laws


@given(problems())
def test_columns_of_the_gradient_sum_to_zero(problem: tuple[Array, int, Array]) -> None:
    """sum over w of dJ/dU[:, w] = 0, for the probabilities sum to one."""
    v_c, o, U = problem
    *_, grad_U, bound = bounded(v_c, o, U)
    with digits():
        assert np.all(abs(exact(grad_U).sum(axis=1)) <= exact(bound).sum(axis=1))


@given(problems(), st.integers(0, 2**32 - 1))
def test_adding_one_vector_to_every_column_changes_nothing(
    problem: tuple[Array, int, Array], seed: int
) -> None:
    """J and dJ/dv_c see differences of outside vectors alone."""
    v_c, o, U = problem
    shift = np.random.default_rng(seed).integers(-2, 3, len(v_c)).astype(np.float64)
    U = on_a_grid(U)  # so that adding the shift is exact
    loss, bound, grad_v_c, bound_v_c, grad_U, bound_U = bounded(v_c, o, U)
    other = bounded(v_c, o, U + shift[:, None])
    assert abs(loss - other[0]) <= bound + other[1]
    assert np.all(np.abs(grad_v_c - other[2]) <= bound_v_c + other[3])
    assert np.all(np.abs(grad_U - other[4]) <= bound_U + other[5])


@given(problems(), st.randoms(use_true_random=False))
def test_permuting_the_vocabulary_permutes_the_gradient(
    problem: tuple[Array, int, Array], random: Random
) -> None:
    """Words have no order."""
    v_c, o, U = problem
    order = list(range(U.shape[1]))
    random.shuffle(order)
    loss, bound, grad_v_c, bound_v_c, grad_U, bound_U = bounded(v_c, o, U)
    other = bounded(v_c, order.index(o), U[:, order])
    assert abs(loss - other[0]) <= bound + other[1]
    assert np.all(np.abs(grad_v_c - other[2]) <= bound_v_c + other[3])
    assert np.all(np.abs(grad_U[:, order] - other[4]) <= bound_U[:, order] + other[5])


@given(problems(), st.permutations(range(4)), st.integers(0, 15))
def test_turning_the_space_turns_the_gradients(
    problem: tuple[Array, int, Array], order: list[int], signs: int
) -> None:
    """J(Q v_c, Q U) = J(v_c, U), and gradients turn with Q: here Q permutes and reflects axes, which is exact."""
    v_c, o, U = problem
    d = len(v_c)
    Q = np.eye(d)[[i for i in order if i < d]] * np.where((signs >> np.arange(d)) & 1, -1.0, 1.0)
    loss, bound, grad_v_c, bound_v_c, grad_U, bound_U = bounded(v_c, o, U)
    other = bounded(Q @ v_c, o, Q @ U)
    assert abs(loss - other[0]) <= bound + other[1]
    assert np.all(np.abs(Q @ grad_v_c - other[2]) <= np.abs(Q) @ bound_v_c + other[3])
    assert np.all(np.abs(Q @ grad_U - other[4]) <= np.abs(Q) @ bound_U + other[5])


@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_turning_by_any_angle(seed: int, V: int) -> None:
    """(3, 4, 5) turns the plane by an angle that is no multiple of 90 degrees, and small integers turn exactly."""
    generator = np.random.default_rng(seed)
    v_c, U = generator.integers(-3, 4, 2) * 5.0 / 8, generator.integers(-3, 4, (2, V)) * 5.0 / 8
    turn = np.array([[3.0, -4.0], [4.0, 3.0]])  # five times Q
    turned_v_c, turned_U = turn @ (v_c / 5), turn @ (U / 5)
    loss, bound, grad_v_c, bound_v_c, _, _ = bounded(v_c, 0, U)
    other = bounded(turned_v_c, 0, turned_U)
    assert abs(loss - other[0]) <= bound + other[1]
    with digits():
        allowed = exact(np.abs(turn)) @ exact(bound_v_c) + 5 * exact(other[3])
        assert np.all(abs(exact(turn) @ exact(grad_v_c) - 5 * exact(other[2])) <= allowed)
