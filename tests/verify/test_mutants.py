"""Who watches the watchman: every planted fault is found, and no right implementation is accused."""

import numpy as np
import pytest
from mutants import CORRECT, SINGLE_MUTANTS, Implementation, name_of
from sampling_mutants import CORRECT_SAMPLING
from verdicts import MUTANTS, verdict

from w2v_verified.verify import check

RIGHT = [*CORRECT, *CORRECT_SAMPLING]


@pytest.mark.parametrize(
    ("mutant", "loss"), MUTANTS, ids=[f"{loss}-{name_of(mutant)}" for mutant, loss in MUTANTS]
)
def test_planted_fault_is_found(mutant: Implementation, loss: str) -> None:
    report = verdict(mutant, loss)
    assert not report.ok
    assert report.grade == "wrong"
    assert report.findings


def test_there_are_enough_of_them() -> None:
    assert len(MUTANTS) >= 60
    assert len(RIGHT) >= 12


@pytest.mark.parametrize(("implementation", "loss", "convention"), RIGHT, ids=[name_of(c[0]) for c in RIGHT])
def test_right_implementation_is_not_accused(
    implementation: Implementation, loss: str, convention: str
) -> None:
    report = check(implementation, loss, convention, examples=100)
    assert report.ok, str(report)
    assert report.examples == 100


@pytest.mark.slow
@pytest.mark.parametrize(("implementation", "loss", "convention"), RIGHT, ids=[name_of(c[0]) for c in RIGHT])
def test_right_implementation_is_not_accused_in_thousands_of_examples(
    implementation: Implementation, loss: str, convention: str
) -> None:
    report = check(implementation, loss, convention, examples=3000, seed=7)
    assert report.ok, str(report)


@pytest.mark.parametrize("mutant", SINGLE_MUTANTS, ids=name_of)
def test_counterexample_is_small(mutant: Implementation) -> None:
    arguments = verdict(mutant, "naive_softmax").findings[0].arguments
    needs_size = {"blocks_lose_the_rest": 400, "gradient_in_the_input": 9, "square_is_transposed": 4}
    assert np.size(np.asarray(arguments["U"])) <= needs_size.get(name_of(mutant), 4)
