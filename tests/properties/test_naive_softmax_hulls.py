"""What no law can say of the naive softmax: hulls, kernels, and where descent ends (document, section 4).

A law compares results of a few calls; these are about all vectors of a space, or about many steps.
"""

import numpy as np
from bounds import Array, Balls, bounded, digits, exact, on_a_grid
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


def _with_its_mean_at(o: int, U: Array) -> Array:
    """The same table with one of the other columns chosen so that column o is exactly the mean of the others."""
    V = U.shape[1]
    balanced, last = U.copy(), (o - 1) % V
    if V > 1:
        balanced[:, last] = V * U[:, o] - (U.sum(axis=1) - U[:, last])
    return balanced


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(2, 6), st.floats(-100, 100))
def test_true_vector_inside_the_hull_has_a_stationary_point(seed: int, d: int, V: int, size: float) -> None:
    """u_o a strictly positive mix of all vectors: where v_c is orthogonal to all, u_o = sum_w u_w / |V| is one."""
    generator = np.random.default_rng(seed)
    v_c, U = np.zeros(d), on_a_grid(generator.standard_normal((d, V)))
    axis = generator.integers(d)
    v_c[axis], U[axis] = size, 0.0  # so that z_w = 0 for all w
    _, _, grad_v_c, bound, _, _ = bounded(v_c, 0, _with_its_mean_at(0, U))
    assert np.all(np.abs(grad_v_c) <= bound)


def _lipschitz(U: Array) -> float:
    """L = max over w, k of |u_w - u_k|^2 / 4, which bounds the Hessian U (diag yhat - yhat yhat^T) U^T."""
    apart = U[:, :, None] - U[:, None, :]
    return max(float((apart**2).sum(axis=0).max()) / 4, 1e-3)


def _cheap(v_c: Array, o: int, U: Array) -> tuple[float, float, Array, Array, Array, Array]:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    nothing = np.zeros_like(v_c)
    return loss, 0.0, grad_v_c, nothing, grad_U, nothing


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
