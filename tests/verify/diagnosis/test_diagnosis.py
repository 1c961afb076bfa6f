"""No diagnosis is given for right code, or for what is not understood; test_mutants.py has each for its own mistake."""

import numpy as np
import pytest
from mutants import CORRECT, Implementation, name_of, one_vector_a_row, right
from sampling_mutants import CORRECT_SAMPLING

from w2v_verified.verify import CONVENTIONS, check, load
from w2v_verified.verify.diagnosis import diagnose
from w2v_verified.verify.diagnosis.evidence.inputs import inputs
from w2v_verified.verify.judging.finding import Finding

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("function", "loss", "convention"),
    [*CORRECT, *CORRECT_SAMPLING],
    ids=[name_of(c[0]) for c in [*CORRECT, *CORRECT_SAMPLING]],
)
@pytest.mark.parametrize("kind", ["value", "return", "exception", "no_stale_state"])
def test_nothing_is_said_of_right_code(
    function: Implementation, loss: str, convention: str, kind: str
) -> None:
    base, called = load(loss), CONVENTIONS[convention]
    for arguments in inputs(called.reworded(base))[:2]:
        assert diagnose(Finding(kind, "", arguments), function, base, called) is None


def test_line_of_mathematics_is_that_of_the_derivation() -> None:
    def one_hot_forgotten(v_c: np.ndarray, o: int, U: np.ndarray) -> object:
        loss, grad_v_c, grad_U = right(v_c, o, U)
        grad_U[:, o] += v_c
        return loss, grad_v_c, grad_U

    diagnosis = check(one_hot_forgotten, "naive_softmax", examples=0).findings[0].diagnosis
    assert diagnosis is not None
    assert diagnosis.endswith("right is delta[w in V] = e[w] / Z - (w == o)")


def test_other_convention_is_suggested() -> None:
    found = check(one_vector_a_row, "naive_softmax", "columns").findings[0]
    assert found.diagnosis is not None
    assert "called in the convention rows" in found.diagnosis


def test_two_mistakes_at_once_are_not_guessed_at() -> None:
    def muddled(v_c: np.ndarray, o: int, U: np.ndarray) -> object:
        loss, grad_v_c, grad_U = right(v_c, o, U)
        return loss, np.sign(grad_v_c) * np.sqrt(np.abs(grad_v_c)), grad_U + np.cos(U)

    assert check(muddled, "naive_softmax", examples=0).findings[0].diagnosis is None
