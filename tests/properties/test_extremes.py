"""Logits that break textbook code: huge, equal, far apart, tiny. Loss and gradients by hand."""

import math

import numpy as np
import pytest

from w2v_verified import naive_softmax, naive_softmax_batch


def test_eleven_equal_logits_at_1e15_give_log_11() -> None:
    loss, grad_v_c, grad_U = naive_softmax(np.array([1.0]), 3, np.full((1, 11), 1e15))
    assert loss == pytest.approx(math.log(11), rel=1e-15)
    assert abs(grad_v_c[0]) <= 1e15 * 11 * np.finfo(np.float64).eps
    assert grad_U[0, 3] == pytest.approx(-10 / 11, rel=1e-15)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("size", [1e3, 2e3, 1e15])
def test_large_logits_of_either_sign(dtype: type[np.floating], size: float) -> None:
    U = np.array([[size, -size, 0.0]], dtype)
    v_c = np.ones(1, dtype)
    assert naive_softmax(v_c, 0, U).loss == 0.0
    assert naive_softmax(v_c, 1, U).loss == float(U[0, 0] - U[0, 1])
    assert naive_softmax(v_c, 2, U).loss == float(U[0, 0])
    assert naive_softmax(v_c, 1, U).grad_U.tolist() == [[1.0, -1.0, 0.0]]


@pytest.mark.parametrize("gap", [0.1, 1.0, 37.0, 46.0, 700.0, 745.0, 2000.0])
def test_two_words_a_gap_apart(gap: float) -> None:
    """J = log1p(exp(-gap)) for the likely word: relative accuracy where 1 - p loses all digits."""
    v_c, U = np.ones(1), np.array([[gap, 0.0]])
    likely, unlikely = naive_softmax(v_c, 0, U), naive_softmax(v_c, 1, U)
    small = math.exp(-gap) / (1 + math.exp(-gap))
    assert likely.loss == pytest.approx(math.log1p(math.exp(-gap)), rel=1e-14, abs=1e-320)
    assert unlikely.loss == pytest.approx(gap + math.log1p(math.exp(-gap)), rel=1e-15)
    assert likely.grad_U[0, 0] == pytest.approx(-small, rel=1e-14, abs=1e-320)
    assert likely.grad_U[0, 1] == pytest.approx(small, rel=1e-14, abs=1e-320)


def test_denormal_vectors_give_equal_probabilities() -> None:
    loss, grad_v_c, _ = naive_softmax(np.full(2, 5e-324), 0, np.array([[1.0, -1.0], [5e-324, 0.0]]))
    assert loss == pytest.approx(math.log(2), rel=1e-15)
    assert grad_v_c[0] == pytest.approx(-1.0, rel=1e-15)


def test_one_batch_may_hold_pairs_of_every_size() -> None:
    """Each pair has a maximum of its own."""
    V_c = np.array([[1e-3, 1e3, -1e15]])
    U = np.array([[1.0, 0.0]])
    single = [naive_softmax(V_c[:, b], 1, U) for b in range(3)]
    batch = naive_softmax_batch(V_c, np.array([1, 1, 1]), U)
    assert batch.loss == pytest.approx(sum(each.loss for each in single), rel=1e-15)
    assert batch.grad_V_c[0].tolist() == pytest.approx([each.grad_v_c[0] for each in single], rel=1e-15)
