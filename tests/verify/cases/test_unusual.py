"""What ordinary code need not take: refused aloud it does not count, taken wrongly it does."""

from typing import Any

import numpy as np
import pytest
from mutants import right

from w2v_verified.verify import Report, check
from w2v_verified.verify.cases.unusual import EMPTY, NARROWER, REFUSED


def _apart(report: Report) -> set[str | None]:
    return {remark.apart for remark in report.remarks}


def _refuses_negative_strides(v_c: Any, o: Any, U: Any) -> Any:
    """As torch does."""
    if min(*v_c.strides, *U.strides) < 0:
        raise ValueError("negative strides are not supported")
    return right(v_c, o, U)


def _refuses_other_dtypes(v_c: Any, o: Any, U: Any) -> Any:
    if v_c.dtype != U.dtype or v_c.dtype.kind != "f":
        raise RuntimeError("expected both to have the same floating dtype")
    return right(v_c, o, U)


@pytest.mark.parametrize("function", [_refuses_negative_strides, _refuses_other_dtypes])
def test_loud_refusal_does_not_count(function: Any) -> None:
    report = check(function, "naive_softmax", examples=50)
    assert report.ok, str(report)
    assert REFUSED in _apart(report)


def test_refusing_read_only_or_float32_counts() -> None:
    def refuses(v_c: Any, o: Any, U: Any) -> Any:
        if U.dtype == np.float32 and v_c.dtype == np.float32:
            raise ValueError("float64 alone")
        return right(v_c, o, U)

    assert [finding.kind for finding in check(refuses, "naive_softmax").findings] == ["exception"]


def test_wrong_numbers_count_on_every_input() -> None:
    def wrong(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = right(v_c, o, U)
        return loss, grad_v_c, grad_U * (1.5 if U.strides[1] < 0 else 1.0)

    assert not check(wrong, "naive_softmax", examples=0).ok


def _cbow(V_context: Any, o: Any, U: Any) -> Any:
    """The mean of float32 vectors is taken in float32, as NumPy has it."""
    m = max(1, V_context.shape[1])
    loss, grad_h, grad_U = right(V_context.sum(axis=1) / m, o, U)
    return loss, np.repeat(grad_h[:, None] / m, V_context.shape[1], axis=1), grad_U


def test_computing_in_the_narrower_of_two_formats_does_not_count() -> None:
    report = check(_cbow, "cbow_naive_softmax", examples=50)
    assert report.ok, str(report)
    assert NARROWER in _apart(report)


def test_narrower_than_both_counts() -> None:
    def half(v_c: Any, o: Any, U: Any) -> Any:
        mixed = v_c.dtype != U.dtype
        return right(v_c.astype(np.float16), o, U.astype(np.float16)) if mixed else right(v_c, o, U)

    report = check(half, "naive_softmax", examples=0)
    assert not report.ok


def test_index_stays_an_integer() -> None:
    """No clause turns it into an array of rank zero, which is no key and no int."""

    def looks_it_up(v_c: Any, o: Any, U: Any) -> Any:
        if not isinstance(o, int | np.integer):
            raise TypeError(f"o: expected an integer, got {type(o).__name__}")
        return right(v_c, {o: int(o)}[o], U)

    assert check(looks_it_up, "naive_softmax", examples=50).ok


def test_results_flushed_to_zero_keep_the_grade_of_standard_algorithms() -> None:
    def flushed(v_c: Any, o: Any, U: Any) -> Any:
        loss, *gradients = right(v_c, o, U)
        return loss, *(np.where(abs(g) < np.finfo(g.dtype).tiny, 0, g) for g in gradients)

    report = check(flushed, "naive_softmax", examples=100)
    assert report.tier == "lax", str(report)


def _mean_of_the_context(V_context: Any, o: Any, U: Any) -> Any:
    loss, grad_v, grad_U = right(V_context.mean(axis=1), o, U)
    m = V_context.shape[1]
    return loss, np.repeat(grad_v[:, None] / m, m, axis=1), grad_U


def test_a_mean_over_no_context_is_a_remark() -> None:
    report = check(_mean_of_the_context, "cbow_naive_softmax", examples=50)
    assert report.ok, str(report)
    assert {remark.kind for remark in report.remarks if remark.apart == EMPTY} == {"value", "smallest_axes"}


def test_a_finite_number_for_no_context_counts() -> None:
    def invents(V_context: Any, o: Any, U: Any) -> Any:
        loss, grad_V, grad_U = (
            _mean_of_the_context(V_context, o, U) if V_context.size else (1.0, V_context, 0 * U)
        )
        return loss, grad_V, grad_U

    report = check(invents, "cbow_naive_softmax", examples=50)
    assert report.grade == "wrong"
    assert not np.asarray(report.findings[0].arguments["V_context"]).size
