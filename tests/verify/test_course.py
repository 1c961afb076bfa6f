"""Course code through the convention cs224n: verdicts, diagnoses, what is set apart, and how long it takes."""

import time
import warnings
from typing import Any

import numpy as np
import pytest
from course_solutions import RIGHT, WRONG, negSamplingLossAndGradient
from mutants import Implementation, right, y_missing

from w2v_verified.verify import check

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


def test_collisions_and_no_samples_are_set_apart() -> None:
    def breaks_there(v: Any, o: int, W: Any, dataset: Any, K: int = 10) -> Any:
        drawn = [dataset.sampleTokenIdx() for _ in range(K)]
        if o in drawn or not drawn:
            raise RuntimeError("the course never does this")
        samples = iter(drawn)
        return negSamplingLossAndGradient(
            v, o, W, type("", (), {"sampleTokenIdx": lambda _: next(samples)})(), K
        )

    report = check(breaks_there, "negative_sampling", "cs224n")
    assert report.ok, str(report)
    apart = {remark.apart for remark in report.remarks}
    assert "course code never gets o among its negatives" in apart
    assert "course code draws at least one negative sample" in apart
    assert "Not counted, course code never gets o among its negatives:" in str(report)


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
