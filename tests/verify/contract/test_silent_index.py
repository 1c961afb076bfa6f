"""An index that is too large and taken silently is told from NumPy's own negative one."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from course_solutions import negSamplingLossAndGradient
from mutants import right

from w2v_verified import naive_softmax_batch
from w2v_verified.verify import check, deck, load
from w2v_verified.verify.contract.refusals import bad_index_refused
from w2v_verified.verify.contract.silent_index import TAKEN_SILENTLY

RECORD = load("naive_softmax")
ORDINARY = deck(RECORD)[0].arguments


def clipped(v_c: Any, o: Any, U: Any) -> Any:
    return right(v_c, min(int(o), U.shape[1] - 1), U)


def clipped_below(v_c: Any, o: Any, U: Any) -> Any:
    return right(v_c, max(int(o), 0), U)


def wrapped(v_c: Any, o: Any, U: Any) -> Any:
    return right(v_c, int(o) % U.shape[1], U)


def nothing_is_one_hot(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = right(v_c, 0, U)
    y = np.arange(U.shape[1]) == o
    return loss + (U[:, 0] - U @ y) @ v_c, grad_v_c + U[:, 0] - U @ y, grad_U + np.outer(v_c, 1 * ORDER - y)


ORDER = np.eye(1, 5)[0]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (clipped, "o = 5, where 0 to 4 are in range, is taken silently for 4 (clipped)"),
        (wrapped, "o = 5, where 0 to 4 are in range, is taken silently for 0 (wrapped round)"),
        (clipped_below, "o = -1, where 0 to 4 are in range, is taken silently for 0 (clipped)"),
        (nothing_is_one_hot, "o = 5, where 0 to 4 are in range, is taken silently"),
    ],
)
def test_what_a_wrong_index_is_taken_for_is_said(function: Callable[..., Any], message: str) -> None:
    found = bad_index_refused(function, RECORD, ORDINARY)
    assert found is not None
    assert (found.message, found.apart) == (message, TAKEN_SILENTLY)


def test_negative_indices_of_numpy_are_called_so() -> None:
    found = bad_index_refused(right, RECORD, ORDINARY)
    assert found is not None
    assert found.message == "o = -1, counted from the end as in NumPy, is accepted"
    assert found.apart is None


def test_negative_indices_of_numpy_are_none_where_the_words_they_mean_are_declined() -> None:
    report = check(negSamplingLossAndGradient, "negative_sampling", "cs224n", examples=0)
    assert TAKEN_SILENTLY not in str(report)
    assert not any("DeclinedError" in remark.message for remark in report.remarks)


def test_an_index_among_others_is_named() -> None:
    def clips(V_c: Any, o: Any, U: Any) -> Any:
        return naive_softmax_batch(V_c, np.clip(o, 0, U.shape[1] - 1), U)

    record = load("naive_softmax_batch")
    found = bad_index_refused(clips, record, deck(record)[0].arguments)
    assert found is not None
    assert found.message == "5 in o, where 0 to 4 are in range, is taken silently for 4 (clipped)"


def test_the_report_has_a_remark_of_its_own() -> None:
    report = check(clipped, "naive_softmax", examples=0)
    assert report.ok
    assert f"Not counted, {TAKEN_SILENTLY}:" in str(report)
    assert "bad_index_refused: o = 5, where 0 to 4 are in range," in str(report)
    assert TAKEN_SILENTLY not in str(check(right, "naive_softmax", examples=0))
