"""One verdict on each mutant, for all tests that look at it."""

from functools import cache

from mutants import BATCH_MUTANTS, CARELESS, SINGLE_MUTANTS, Implementation, name_of
from sampling_mutants import CBOW_MUTANTS, SAMPLING_MUTANTS, WINDOW_MUTANTS, sigmoid_overflows

from w2v_verified.verify import Report, check

__all__ = ["MUTANTS", "grade_of", "said_of", "verdict"]

MUTANTS: tuple[tuple[Implementation, str], ...] = (
    *((mutant, "naive_softmax") for mutant in SINGLE_MUTANTS),
    *((mutant, "naive_softmax_batch") for mutant in BATCH_MUTANTS),
    *((mutant, "negative_sampling") for mutant, _ in SAMPLING_MUTANTS),
    *((mutant, "skip_gram_naive_softmax") for mutant, _ in WINDOW_MUTANTS),
    *((mutant, "cbow_naive_softmax") for mutant, _ in CBOW_MUTANTS),
)
"""Every mutant and the loss that it is a wrong implementation of."""


def grade_of(mutant: Implementation) -> str:
    """What the verdict on a mutant has to be."""
    return "right on ordinary numbers" if mutant in (*CARELESS, sigmoid_overflows) else "wrong"


_SOFTMAX = {
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

_OTHERS = dict((*SAMPLING_MUTANTS, *WINDOW_MUTANTS, *CBOW_MUTANTS))


def said_of(mutant: Implementation) -> str | None:
    """What the diagnosis of a mutant has to contain; None where there is to be none."""
    return _OTHERS[mutant] if mutant in _OTHERS else _SOFTMAX.get(name_of(mutant))


@cache
def verdict(mutant: Implementation, loss: str) -> Report:
    """What ``check`` says of a mutant."""
    return check(mutant, loss, examples=100)
