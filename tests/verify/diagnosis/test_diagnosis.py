"""Each diagnosis is given for its own mistake, none for another's, and none for right code."""

import numpy as np
import pytest
from mutants import CORRECT, Implementation, name_of, one_vector_a_row, right
from sampling_mutants import CBOW_MUTANTS, CORRECT_SAMPLING, SAMPLING_MUTANTS, WINDOW_MUTANTS
from verdicts import MUTANTS, verdict

from w2v_verified.verify import CONVENTIONS, check, load
from w2v_verified.verify.diagnosis import diagnose
from w2v_verified.verify.diagnosis.evidence.inputs import inputs
from w2v_verified.verify.judging.finding import Finding

pytestmark = pytest.mark.slow

SOFTMAX = {
    "y_missing": "grad_v_c and grad_U: the term - (w == o) is missing (the one-hot y)",
    "y_missing_in_one_gradient": "grad_U: the term - (w == o) is missing (the one-hot y)",
    "sign_flipped": "grad_v_c: the sign is flipped",
    "transposed": "grad_U is transposed",
    "base_two": "loss: in base-2 logarithms",
    "off_by_a_constant": "loss: off by the constant 1e-06",
    "everything_doubled": "loss, grad_v_c and grad_U: 2 times what it should be",
    "divided_by_V": "loss, grad_v_c and grad_U: divided by V",
    "y_at_the_next_word": "grad_v_c and grad_U: these are the results for the next index",
    "small_probabilities_cut": "the loss is -log(max(p, 1e-12)) and never above 27.63",
    "epsilon_in_the_logarithm": "-log(p + 1e-09)",
    "single_precision_inside": "loss, grad_v_c and grad_U: computed, or stored, in float32",
    "relative_error_of_1e_8": "grad_v_c: 1.00000001 times what it should be",
    "gradient_rounded": "grad_v_c: rounded to 10 decimals",
    "by_finite_differences": "grad_v_c: a central difference with the step 1e-05",
    "no_shift": "the largest logit is not subtracted first",
    "logarithm_of_a_probability": "the logarithm is taken of the quotient",
    "wrong_on_ties": "words with equal scores are still different words",
    "square_is_transposed": "grad_U: transposed wherever it is square",
    "integers_are_cut": "on integer arrays grad_U is cut to whole numbers",
    "epsilon_in_the_sum": "loss, grad_v_c and grad_U: 1e-09 is added to Z",
    "shifted_by_the_true_word": "what is subtracted first is not the largest",
    "logits_clipped": "the logits are cut off at 500",
    "_Stale": "after U was updated in place some results are still those of its old values",
    "loss_is_an_array": "with an axis of length 1 too many: loss of shape (1,) where () is due",
    "averaged": "loss, grad_V_c and grad_U: divided by B",
    "gradient_averaged": "grad_U: divided by B",
    "repeats_lost": "grad_U: where o repeats an index, one of the repeats counts instead of their sum",
}
"""What is said of the mutants of naive softmax; of those not named here, nothing."""

OTHERS = dict((*SAMPLING_MUTANTS, *WINDOW_MUTANTS, *CBOW_MUTANTS))


@pytest.mark.parametrize(
    ("mutant", "loss"), MUTANTS, ids=[f"{loss}-{name_of(mutant)}" for mutant, loss in MUTANTS]
)
def test_mistake_is_named(mutant: Implementation, loss: str) -> None:
    said = OTHERS[mutant] if mutant in OTHERS else SOFTMAX.get(name_of(mutant))
    diagnoses = [each.diagnosis for each in verdict(mutant, loss).findings if each.diagnosis]
    if said is None:
        assert not diagnoses
    else:
        assert len(diagnoses) == 1
        assert said in diagnoses[0]


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
