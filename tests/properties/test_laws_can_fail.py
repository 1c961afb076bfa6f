"""Each law is broken by the fault it is about: no law passes whatever the function returns."""

from collections.abc import Callable
from random import Random
from typing import Any

import bounds
import numpy as np
import pytest
import test_naive_softmax_laws as laws

from w2v_verified import naive_softmax


def twice_the_loss(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return 2 * loss, grad_v_c, grad_U


def loss_never_zero(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return loss + 1e-12, grad_v_c, grad_U


def likely_word_taken_for_certain(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return (0.0, grad_v_c, grad_U) if loss < 2 else (loss, grad_v_c, grad_U)


def concave(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return -loss, -grad_v_c, -grad_U


def y_missing(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    at_o = np.eye(U.shape[1])[o]
    return loss, grad_v_c + U[:, o], grad_U + np.outer(v_c, at_o)


def sign_flipped(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return loss, -grad_v_c, -grad_U


def gives_up(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return loss, grad_v_c * (loss > 1e-6), grad_U


def no_gradient(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return loss, 0 * grad_v_c, grad_U


def decayed(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return loss + 0.01 * float((U**2).sum()), grad_v_c, grad_U + 0.02 * U


def next_word(v_c: Any, o: Any, U: Any) -> Any:
    return naive_softmax(v_c, (o + 1) % U.shape[1], U)


def first_axis_weighted(v_c: Any, o: Any, U: Any) -> Any:
    weights = np.where(np.arange(len(v_c)) == 0, 2.0, 1.0)
    return naive_softmax(v_c * weights, o, U)


BROKEN = [
    (laws.test_loss_is_cross_entropy, twice_the_loss),
    (laws.test_gradients_have_their_closed_form, y_missing),
    (laws.test_every_column_of_the_gradient_is_along_the_centre_vector, sign_flipped),
    (laws.test_gradient_vanishes_where_all_columns_are_equal, y_missing),
    (laws.test_gradient_vanishes_at_the_origin_where_the_true_vector_is_the_mean, y_missing),
    (laws.test_nothing_to_learn_with_one_word, loss_never_zero),
    (laws.test_prediction_is_never_certain, likely_word_taken_for_certain),
    (laws.test_gradient_never_vanishes_where_U_has_full_column_rank, no_gradient),
    (laws.test_true_vector_inside_the_hull_has_a_stationary_point, y_missing),
    (laws.test_descent_finds_the_stationary_point_inside_the_hull, sign_flipped),
    (laws.test_descent_runs_off_where_the_true_vector_is_a_vertex, gives_up),
    (laws.test_descent_step_lowers_the_loss, sign_flipped),
    (laws.test_descent_step_goes_towards_the_true_word_and_away_from_the_expected_one, sign_flipped),
    (laws.test_convex_in_the_centre_vector, concave),
    (laws.test_columns_of_the_gradient_sum_to_zero, y_missing),
    (laws.test_adding_one_vector_to_every_column_changes_nothing, decayed),
    (laws.test_permuting_the_vocabulary_permutes_the_gradient, next_word),
    (laws.test_turning_the_space_turns_the_gradients, first_axis_weighted),
    (laws.test_turning_by_any_angle, first_axis_weighted),
]


def _break(law: Any) -> None:
    """Run a law on random input until it fails; unlike a run of the law, this does not shrink."""
    random = Random(0)
    for _ in range(200):
        law.hypothesis.fuzz_one_input(random.randbytes(400))


@pytest.mark.parametrize(("law", "fault"), BROKEN, ids=[law.__name__ for law, _ in BROKEN])
def test_law_is_broken_by(law: Any, fault: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "naive_softmax", fault)
    monkeypatch.setattr(laws, "naive_softmax", fault)
    with pytest.raises(AssertionError):
        _break(law)


def test_every_law_is_here() -> None:
    assert {law.__name__ for law, _ in BROKEN} == {name for name in vars(laws) if name.startswith("test_")}
