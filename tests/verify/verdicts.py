"""One verdict on each mutant, for all tests that look at it."""

from functools import cache

from mutants import BATCH_MUTANTS, SINGLE_MUTANTS, Implementation
from sampling_mutants import CBOW_MUTANTS, SAMPLING_MUTANTS, WINDOW_MUTANTS

from w2v_verified.verify import Report, check

__all__ = ["MUTANTS", "verdict"]

MUTANTS: tuple[tuple[Implementation, str], ...] = (
    *((mutant, "naive_softmax") for mutant in SINGLE_MUTANTS),
    *((mutant, "naive_softmax_batch") for mutant in BATCH_MUTANTS),
    *((mutant, "negative_sampling") for mutant, _ in SAMPLING_MUTANTS),
    *((mutant, "skip_gram_naive_softmax") for mutant, _ in WINDOW_MUTANTS),
    *((mutant, "cbow_naive_softmax") for mutant, _ in CBOW_MUTANTS),
)
"""Every mutant and the loss that it is a wrong implementation of."""


@cache
def verdict(mutant: Implementation, loss: str) -> Report:
    """What ``check`` says of a mutant."""
    return check(mutant, loss, examples=100)
