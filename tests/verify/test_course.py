"""Course code through the convention cs224n: verdicts, diagnoses, what is set apart, and how long it takes."""

import time
import warnings
from typing import Any

import numpy as np
import pytest
from course_solutions import FULL_MARKS, RIGHT, WRONG, negSamplingLossAndGradient
from mutants import Implementation, right, y_missing

from w2v_verified.verify import check
from w2v_verified.verify.judging.finding import OWN_PROMISES

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("function", "loss"), RIGHT)
def test_right_solution_passes(function: Implementation, loss: str) -> None:
    report = check(function, loss, "cs224n")
    assert report.ok, str(report)
    assert report.grade == "accurate as standard algorithms are"
    assert report.advice is not None
    assert "comes in steps of 2^-53" in report.advice
    assert not check(function, loss, "cs224n", strict=True).ok


@pytest.mark.parametrize(("function", "loss", "said"), WRONG)
def test_classic_mistake_is_found_and_named(function: Implementation, loss: str, said: str | None) -> None:
    report = check(function, loss, "cs224n")
    assert report.grade == "wrong"
    diagnoses = [finding.diagnosis for finding in report.findings if finding.diagnosis]
    if said is None:
        assert not diagnoses
    else:
        assert len(diagnoses) == 1
        assert said in diagnoses[0]


@pytest.mark.parametrize(("function", "loss", "said"), FULL_MARKS)
def test_full_marks_are_right_on_ordinary_numbers_and_the_report_says_up_to_where(
    function: Implementation, loss: str, said: str
) -> None:
    report = check(function, loss, "cs224n")
    assert report.ok
    assert report.grade == "right on ordinary numbers"
    assert any(said in (finding.diagnosis or "") for finding in report.findings)
    limits = {limit.result: limit for limit in report.limits}
    assert limits["loss"].of == "score"
    assert 700 < limits["loss"].at < 750
    assert f"from a score of {limits['loss'].at:.4g} on" in " ".join(str(report).split())
    assert not check(function, loss, "cs224n", examples=0, strict=True, range="ordinary").ok


def drawing(samples: list[int]) -> Any:
    """A dataset that gives some samples."""
    given = iter(samples)
    return type("", (), {"sampleTokenIdx": lambda _: next(given)})()


def test_nothing_is_asked_of_what_the_course_never_does() -> None:
    def breaks_there(v: Any, o: int, W: Any, dataset: Any, K: int = 10) -> Any:
        drawn = [dataset.sampleTokenIdx() for _ in range(K)]
        assert o not in drawn
        assert drawn
        return negSamplingLossAndGradient(v, o, W, drawing(drawn), K)

    report = check(breaks_there, "negative_sampling", "cs224n")
    assert report.ok, str(report)
    assert {remark.apart for remark in report.remarks} == {OWN_PROMISES}


def test_samples_drawn_for_the_loss_and_again_for_the_gradients_are_found_out() -> None:
    def draws_twice(v: Any, o: int, W: Any, dataset: Any, K: int = 10) -> Any:
        loss, *_ = negSamplingLossAndGradient(v, o, W, dataset, K)
        return (loss, *negSamplingLossAndGradient(v, o, W, dataset, K)[1:])

    report = check(draws_twice, "negative_sampling", "cs224n")
    assert report.grade == "wrong"
    assert report.findings[0].kind == "value"


@pytest.mark.parametrize("least", [1, 10])
def test_one_more_sample_than_is_due_is_counted(least: int) -> None:
    def one_more(v: Any, o: int, W: Any, dataset: Any, K: int = 10) -> Any:
        results = negSamplingLossAndGradient(v, o, W, dataset, K)
        if least <= K:
            dataset.sampleTokenIdx()
        return results

    report = check(one_more, "negative_sampling", "cs224n", examples=0)
    assert report.grade == "wrong"
    assert "draws" in {finding.kind for finding in report.findings}


def test_many_samples_drawn_again_for_a_gradient_are_found_out() -> None:
    def draws_again(v: Any, o: int, W: Any, dataset: Any, K: int = 10) -> Any:
        loss, gradient, _ = results = negSamplingLossAndGradient(v, o, W, dataset, K)
        again = negSamplingLossAndGradient(v, o, W, dataset, K)[2] if K >= 10 else None
        return results if again is None else (loss, gradient, again)

    report = check(draws_again, "negative_sampling", "cs224n", examples=0)
    assert report.grade == "wrong"


def test_large_indices_of_one_byte_are_tried_in_the_course_too() -> None:
    def in_one_byte(v: Any, o: Any, W: Any, dataset: Any, K: int = 10) -> Any:
        index = int(o.view(np.int8)) % len(W) if isinstance(o, np.uint8) else o
        return negSamplingLossAndGradient(v, index, W, dataset, K)

    report = check(in_one_byte, "negative_sampling", "cs224n", examples=0)
    assert [finding.kind for finding in report.findings] == ["kinds_agree"]


def test_kinds_of_input_behind_one_that_is_declined_are_tried() -> None:
    """Of the other byte order the course promises nothing."""

    def strides_trusted(v: Any, o: Any, W: Any, dataset: Any, K: int = 10) -> Any:
        loss, gradient, gradients = negSamplingLossAndGradient(v, o, W, dataset, K)
        return loss, gradient, gradients * (2 if 0 in W.strides and W.size > 1 else 1)

    report = check(strides_trusted, "negative_sampling", "cs224n", examples=0)
    assert [finding.kind for finding in report.findings] == ["kinds_agree"]


def test_samples_drawn_again_until_they_differ_are_no_mistake() -> None:
    def until_they_differ(v: Any, o: int, W: Any, dataset: Any, K: int = 10) -> Any:
        drawn: list[int] = []
        while len(drawn) < K:
            sample = dataset.sampleTokenIdx()
            if sample not in (o, *drawn):
                drawn.append(sample)
        return negSamplingLossAndGradient(v, o, W, drawing(drawn), K)

    report = check(until_they_differ, "negative_sampling", "cs224n")
    assert report.ok, str(report)
    assert any(r.apart == "course code may draw again where a sample repeats" for r in report.remarks)


def test_division_free_softmax_is_not_accused() -> None:
    def division_free(v_c: Any, o: int, U: Any) -> Any:
        z = v_c @ U
        log_Z = np.logaddexp.reduce(z)
        delta = np.exp(z - log_Z)
        delta[o] -= 1
        return log_Z - z[o], U @ delta, np.outer(v_c, delta)

    report = check(division_free, "naive_softmax", examples=400)
    assert report.ok, str(report)


@pytest.mark.parametrize(("operation", "accused"), [("matmul", False), ("exp", True)])
def test_flags_of_blas_are_not_the_functions(operation: str, accused: bool) -> None:
    def flagged(v_c: Any, o: int, U: Any) -> Any:
        warnings.warn(f"invalid value encountered in {operation}", RuntimeWarning, stacklevel=1)
        return right(v_c, o, U)

    assert check(flagged, "naive_softmax", examples=5).ok is not accused


def test_judging_is_quick() -> None:
    """Seconds of the processor, and generous. The figures promised are those of ``python -m benchmarks checkers``."""
    check(right, "naive_softmax")
    started = time.process_time()
    check(right, "naive_softmax")
    passed = time.process_time() - started
    started = time.process_time()
    check(y_missing, "naive_softmax")
    failed = time.process_time() - started
    assert passed < 4.5
    assert failed < 9
