"""Who watches the watchman: every planted fault is found, and no right implementation is accused."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import settings
from mutants import CORRECT, SINGLE_MUTANTS, Implementation, name_of
from sampling_mutants import CORRECT_SAMPLING
from verdicts import MUTANTS, grade_of, said_of, verdict

from w2v_verified.verify import check, load
from w2v_verified.verify.cases.draws import arguments_by_seed
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.conventions import convention_named
from w2v_verified.verify.judging.judge import judge

RIGHT = [*CORRECT, *CORRECT_SAMPLING]


@pytest.mark.parametrize(
    ("mutant", "loss"),
    [pytest.param(*m, marks=pytest.mark.slow if n % 5 else ()) for n, m in enumerate(MUTANTS)],
    ids=[f"{loss}-{name_of(mutant)}" for mutant, loss in MUTANTS],
)
def test_planted_fault_is_found_and_its_mistake_named(mutant: Implementation, loss: str) -> None:
    """In one test, so that a mutant is judged once; a diagnosis is given for its own mistake and for no other."""
    report = verdict(mutant, loss)
    assert not report.ok
    assert report.grade == grade_of(mutant)
    assert report.findings
    said = said_of(mutant)
    diagnoses = [finding.diagnosis for finding in report.findings if finding.diagnosis]
    if said is None:
        assert not diagnoses
    else:
        assert len(diagnoses) == 1
        assert said in diagnoses[0]


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
@pytest.mark.parametrize("loss", sorted({loss for _, loss, _ in RIGHT}))
def test_right_implementations_are_not_accused_in_many_examples(loss: str) -> None:
    """The exact values of an example are computed once for each convention and judge them all; 15,000 in `thorough`."""
    for name in sorted({convention for _, other, convention in RIGHT if other == loss}):
        convention = convention_named(name, load(loss))
        record = convention.reworded(load(loss))
        implementations = [each for each, other, called in RIGHT if (other, called) == (loss, name)]
        drawn = arguments_by_seed(record, 7, 3 * settings().max_examples)
        promised = (arguments for arguments in drawn if convention.declines(record, arguments) is None)
        while examples := list(islice(promised, 50)):
            standards = [Standard(record, arguments) for arguments in examples]
            Standard.prepare(record, standards)
            for arguments, standard in zip(examples, standards, strict=True):
                for implementation in implementations:
                    function = convention.adapt(implementation, record)
                    found = judge(function, record, arguments, standard=standard).finding
                    assert found is None, f"{name_of(implementation)}: {found}"


@pytest.mark.parametrize("mutant", SINGLE_MUTANTS, ids=name_of)
def test_counterexample_is_small(mutant: Implementation) -> None:
    arguments = verdict(mutant, "naive_softmax").findings[0].arguments
    needs_size = {
        "blocks_lose_the_rest": 400,
        "gradient_in_the_input": 9,
        "square_is_transposed": 4,
        "every_eighth_width_fails": 8,
        "logits_clipped": 6,
    }
    assert np.size(np.asarray(arguments["U"])) <= needs_size.get(name_of(mutant), 4)
