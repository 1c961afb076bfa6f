"""One verdict on each mutant, for all tests that look at it."""

from functools import cache

from mutants import BATCH_MUTANTS, CARELESS, SINGLE_MUTANTS, Implementation
from sampling_mutants import CBOW_MUTANTS, SAMPLING_MUTANTS, WINDOW_MUTANTS, sigmoid_overflows

from w2v_verified.verify import Report, check

__all__ = ["MUTANTS", "grade_of", "verdict"]

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


@cache
def verdict(mutant: Implementation, loss: str) -> Report:
    """What ``check`` says of a mutant."""
    return check(mutant, loss, examples=100)
