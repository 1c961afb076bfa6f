"""Who watches the watchman: every planted fault is found, and no right implementation is accused."""

import numpy as np
import pytest
from mutants import BATCH_MUTANTS, CORRECT, SINGLE_MUTANTS, Implementation, name_of

from w2v_verified.verify import check

FAULTS = [(mutant, "naive_softmax") for mutant in SINGLE_MUTANTS]
FAULTS += [(mutant, "naive_softmax_batch") for mutant in BATCH_MUTANTS]


@pytest.mark.parametrize(("mutant", "loss"), FAULTS, ids=[name_of(mutant) for mutant, _ in FAULTS])
def test_planted_fault_is_found(mutant: Implementation, loss: str) -> None:
    report = check(mutant, loss)
    assert not report.ok
    assert report.grade == "wrong"
    assert report.findings


@pytest.mark.parametrize(
    ("implementation", "loss", "convention"), CORRECT, ids=[name_of(c[0]) for c in CORRECT]
)
@pytest.mark.parametrize("seed", [0, 1])
def test_right_implementation_is_not_accused(
    implementation: Implementation, loss: str, convention: str, seed: int
) -> None:
    report = check(implementation, loss, convention, seed=seed)
    assert report.ok, str(report)
    assert report.examples == 200


@pytest.mark.slow
@pytest.mark.parametrize(
    ("implementation", "loss", "convention"), CORRECT, ids=[name_of(c[0]) for c in CORRECT]
)
def test_right_implementation_is_not_accused_in_thousands_of_examples(
    implementation: Implementation, loss: str, convention: str
) -> None:
    report = check(implementation, loss, convention, examples=4200, seed=7)
    assert report.ok, str(report)


@pytest.mark.parametrize("mutant", SINGLE_MUTANTS, ids=name_of)
def test_counterexample_is_small(mutant: Implementation) -> None:
    arguments = check(mutant, "naive_softmax").findings[0].arguments
    needs_size = {"blocks_lose_the_rest": 400, "gradient_in_the_input": 9, "square_is_transposed": 4}
    assert np.size(np.asarray(arguments["U"])) <= needs_size.get(name_of(mutant), 4)
