"""Each of these statements is broken by the fault it is about: none passes whatever the function returns."""

from collections.abc import Callable
from random import Random
from typing import Any

import bounds
import numpy as np
import pytest
import test_naive_softmax_hulls as statements

from w2v_verified import naive_softmax


def likely_word_taken_for_certain(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return (0.0, grad_v_c, grad_U) if loss < 2 else (loss, grad_v_c, grad_U)


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


BROKEN = [
    (statements.test_prediction_is_never_certain, likely_word_taken_for_certain),
    (statements.test_gradient_never_vanishes_where_U_has_full_column_rank, no_gradient),
    (statements.test_true_vector_inside_the_hull_has_a_stationary_point, y_missing),
    (statements.test_descent_finds_the_stationary_point_inside_the_hull, sign_flipped),
    (statements.test_descent_runs_off_where_the_true_vector_is_a_vertex, gives_up),
]


def _break(statement: Any) -> None:
    """Run a test on random input until it fails; unlike a run of it, this does not shrink."""
    random = Random(0)
    for _ in range(200):
        statement.hypothesis.fuzz_one_input(random.randbytes(400))


@pytest.mark.parametrize(("statement", "fault"), BROKEN, ids=[each.__name__ for each, _ in BROKEN])
def test_statement_is_broken_by(
    statement: Any, fault: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "naive_softmax", fault)
    monkeypatch.setattr(statements, "naive_softmax", fault)
    with pytest.raises(AssertionError):
        _break(statement)


def test_every_statement_is_here() -> None:
    assert {each.__name__ for each, _ in BROKEN} == {
        name for name in vars(statements) if name.startswith("test_")
    }
