"""Calls that change what is around them, or return what fails when it is looked at: findings, and never a traceback."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from mutants import Implementation, right

from w2v_verified.verify import check


def _shape_set(v_c: Any, o: Any, U: Any) -> Any:
    results = right(v_c, o, U)
    v_c.shape = (len(v_c), 1)
    return results


def _made_read_only(v_c: Any, o: Any, U: Any) -> Any:
    U.flags.writeable = False
    return right(v_c, o, U)


class _Failing(list[Any]):
    def __len__(self) -> int:
        raise RuntimeError("no length")

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("no entries")


def _list_that_fails(v_c: Any, o: Any, U: Any) -> Any:
    return _Failing(right(v_c, o, U))


class _Array(np.ndarray[Any, Any]):
    def __array_ufunc__(self, *arguments: Any, **keywords: Any) -> Any:
        raise RuntimeError("no arithmetic")


def _array_that_fails(v_c: Any, o: Any, U: Any) -> Any:
    loss, grad_v_c, grad_U = right(v_c, o, U)
    return loss, grad_v_c.view(_Array), grad_U


HOSTILE = {
    "a shape is set": (_shape_set, {"return", "inputs_untouched"}),
    "an input is made read-only": (_made_read_only, {"inputs_untouched"}),
    "a list that fails": (_list_that_fails, {"return"}),
    "an array that fails": (_array_that_fails, {"return"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_a_finding(name: str) -> None:
    function, kinds = HOSTILE[name]
    report = check(function, "naive_softmax", examples=5)
    assert report.grade == "wrong"
    assert {finding.kind for finding in report.findings} <= kinds
    assert str(report)


def _seeding(where: Any) -> Implementation:
    called: list[None] = []

    def seeds(v_c: Any, o: Any, U: Any) -> Any:
        if where(len(called), U.shape):
            np.random.seed(0)
        called.append(None)
        return right(v_c, o, U)

    return seeds


@pytest.mark.parametrize(
    "where",
    [lambda calls, shape: calls == 0, lambda calls, shape: shape[1] > 1000],
    ids=["in the first call alone", "with many words alone"],
)
def test_state_that_one_call_leaves_behind_is_found(where: Any) -> None:
    held = np.random.get_state()
    np.random.seed(0)  # which is what it sets
    before = np.random.random()
    np.random.seed(0)
    try:
        report = check(_seeding(where), "naive_softmax", examples=5)
        assert np.random.random() == before
    finally:
        np.random.set_state(held)
    assert "surroundings_untouched" in {finding.kind for finding in report.findings}
