"""Large numbers where they are seldom looked for: on long axes, against small ones, among ordinary ones, in memory."""

import sys
from typing import Any

import numpy as np
import pytest
from mutants import Implementation, right

from w2v_verified import naive_softmax, negative_sampling
from w2v_verified.verify import check
from w2v_verified.verify.judging import guard
from w2v_verified.verify.judging.room import room

pytestmark = pytest.mark.long_inputs


def _gradient_clipped(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss, grad_v_c, np.clip(grad_U, -5000, 5000)


def _from_scores(v_c: Any, o: Any, U: Any, z: Any, shift: Any) -> Any:
    with np.errstate(all="ignore"):
        e = np.exp(z - shift)
        loss = float(np.log(e.sum()) + shift - z[o])
        delta = e / e.sum()
    delta[o] -= 1
    return loss, U @ delta, np.outer(v_c, delta)


def _no_shift_for_many(v_c: Any, o: Any, U: Any) -> Any:
    z = U.T @ v_c
    return _from_scores(v_c, o, U, z, z.max() if len(z) < 200 else z.dtype.type(0))


def _scores_clipped_for_some(v_c: Any, o: Any, U: Any) -> Any:
    z = U.T @ v_c
    z = np.clip(z, -400, 400) if len(z) >= 20 else z
    return _from_scores(v_c, o, U, z, z.max())


@pytest.mark.parametrize(
    ("function", "grade"),
    [
        (_gradient_clipped, "wrong"),
        (_no_shift_for_many, "right on ordinary numbers"),
        (_scores_clipped_for_some, "wrong"),
    ],
)
def test_large_numbers_are_met_on_any_axes(function: Implementation, grade: str) -> None:
    assert check(function, "naive_softmax", examples=20).grade == grade


def test_who_fails_at_ordinary_scores_is_not_right_on_ordinary_numbers() -> None:
    """Many samples at a score of 40, where 1 - sigmoid is 0: the inputs that find it first have scores far beyond."""

    def by_complement(v_c: Any, o: Any, U: Any, negatives: Any) -> Any:
        found = negative_sampling(v_c, o, U, negatives)
        z = np.clip(U[:, negatives].T @ v_c, -700, 700)
        with np.errstate(all="ignore"):
            lost = float(np.log(1 - 1 / (1 + np.exp(-z))).sum())
        return (-lost if lost == -np.inf else found.loss), found.grad_v_c, found.grad_U

    assert check(by_complement, "negative_sampling", examples=20).grade == "wrong"


def test_results_in_long_double_are_taken() -> None:
    def in_long_double(v_c: Any, o: Any, U: Any) -> Any:
        return tuple(np.asarray(each, np.longdouble)[()] for each in naive_softmax(v_c, o, U))

    report = check(in_long_double, "naive_softmax", examples=20)
    assert report.ok
    assert {law.status for law in report.laws} == {"held"}


LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no limit on memory is kept")


@LINUX
def test_code_that_needs_a_square_of_many_words_is_judged_on_fewer() -> None:
    """Not ended with the whole process, and not called wrong: 39 GB for 70,001 words."""

    def by_identity(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
        return loss, grad_v_c, grad_U * np.eye(U.shape[1])[o].max()

    report = check(by_identity, "naive_softmax", examples=20)
    assert report.ok, str(report)
    assert 2000 < report.largest["V"] < 70_001


@LINUX
def test_there_is_room_and_no_more_and_afterwards_any() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    with room(1 << 26):
        assert np.ones(1 << 20).sum() == 1 << 20
        with pytest.raises(MemoryError):
            np.ones(1 << 26)
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_an_alarm_on_the_way_out_of_a_call_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    """It rings again while the block is left, before its timers are off."""
    rings: list[Any] = []

    def setitimer(timer: int, seconds: float, again: float = 0.0) -> None:
        if not seconds:
            rings[0](0, None)

    monkeypatch.setattr("signal.signal", lambda number, handler: rings.append(handler))
    monkeypatch.setattr("signal.setitimer", setitimer)
    with guard._alarm(1.0, lambda message: None):
        pass
    assert rings
