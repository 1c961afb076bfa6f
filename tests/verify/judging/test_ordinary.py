"""Ordinary numbers: which inputs they are, and that the report says where a careless function ends being right."""

from typing import Any

import numpy as np
import pytest
from further_records import RECORDS
from mutants import no_shift, right

from w2v_verified.verify import check, load, names
from w2v_verified.verify.cases.deck import deck
from w2v_verified.verify.judging.conventions import CONVENTIONS, range_named
from w2v_verified.verify.judging.ordinary import extent, is_ordinary, limits

SOFTMAX = load("naive_softmax")


def _pair(score: float, other: float = 0.0, dtype: Any = np.float64) -> dict[str, object]:
    return {"v_c": np.ones(1, dtype), "o": 0, "U": np.array([[score, other]], dtype)}


@pytest.mark.parametrize(
    ("arguments", "ordinary"),
    [
        (_pair(700.0), True),
        (_pair(-700.0), True),
        (_pair(701.0), False),
        (_pair(-701.0), False),
        (_pair(400.0, -301.0), False),
        (_pair(400.0, -299.0), True),
        (_pair(80.0, dtype=np.float32), True),
        (_pair(81.0, dtype=np.float32), False),
        (_pair(1e-100), True),
        (_pair(1e-160), False),
        (_pair(np.nan), True),
        ({"v_c": np.array([1e80]), "o": 0, "U": np.array([[1e-80, 0.0]])}, False),
        ({"v_c": np.ones(2), "o": 0, "U": np.ones((3, 2))}, True),
        ({"v_c": np.array([350]), "o": 0, "U": np.array([[2, 0]])}, True),
        ({"v_c": np.array([351]), "o": 0, "U": np.array([[2, 0]])}, False),
    ],
)
def test_scores_and_their_differences_and_products_say_what_is_ordinary(
    arguments: dict[str, object], ordinary: bool
) -> None:
    assert is_ordinary(SOFTMAX, arguments) is ordinary


def test_the_extent_is_that_of_the_definition() -> None:
    found = extent(SOFTMAX, {"v_c": np.array([2.0]), "o": 0, "U": np.array([[3.0, -4.0]])})
    assert (found.score, found.largest, found.smallest) == (14.0, 16.0, 2.0)


@pytest.mark.parametrize("record", [*map(load, names()), *RECORDS], ids=lambda record: record.name)
def test_what_the_deck_calls_ordinary_is_and_subnormal_numbers_are_not(record: Any) -> None:
    cases = {case.name: case.arguments for case in deck(record)}
    assert is_ordinary(record, cases["ordinary numbers"])
    tiny = [name for name in cases if name.endswith("to 1e-310")]
    assert tiny
    assert not any(is_ordinary(record, cases[name]) for name in tiny)


@pytest.mark.parametrize("loss", names())
def test_scores_of_a_quadrillion_are_not_ordinary(loss: str) -> None:
    record = load(loss)
    cases = {case.name: case.arguments for case in deck(record)}
    assert not is_ordinary(record, cases["U to 1e+15"])


@pytest.mark.parametrize("limit", [300.0, 500.0, 650.0])
def test_a_clip_within_the_range_is_wrong(limit: float) -> None:
    def clipped(v_c: Any, o: Any, U: Any) -> Any:
        z = np.clip(U.T @ v_c, -limit, limit)
        e = np.exp(z - z.max())
        delta = e / e.sum()
        delta[o] -= 1
        return np.log(e.sum()) - (z[o] - z.max()), U @ delta, np.outer(v_c, delta)

    assert check(clipped, "naive_softmax", examples=0, range="ordinary").grade == "wrong"


@pytest.mark.parametrize("score", [50.0, 127.3, 690.0])
@pytest.mark.parametrize("result", ["loss", "grad_U"])
def test_the_score_from_which_on_a_result_is_wrong_is_found(score: float, result: str) -> None:
    """Here it is a score that is ordinary, so that it can be any."""
    place = ("loss", "grad_v_c", "grad_U").index(result)

    def function(v_c: Any, o: Any, U: Any) -> Any:
        results = list(right(v_c, o, U))
        if np.abs(v_c @ U).max() >= score:
            results[place] = results[place] * np.nan
        return tuple(results)

    (limit,) = limits(function, SOFTMAX, _pair(1000.0))
    assert limit.result == result
    assert limit.of == "score"
    assert limit.at == pytest.approx(score, rel=1e-3)


def test_wrong_on_ordinary_numbers_outweighs_wrong_beyond() -> None:
    def function(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = no_shift(v_c, o, U)
        return loss, grad_v_c, grad_U * (1.01 if U.shape[1] > 3 else 1)

    report = check(function, "naive_softmax", examples=50, range="ordinary")
    assert (report.grade, report.ok, report.status, report.limits) == ("wrong", False, 1, ())
    assert is_ordinary(SOFTMAX, report.findings[0].arguments)


def test_where_it_ends_depends_on_what_is_asked() -> None:
    asked = check(no_shift, "naive_softmax", examples=20, range="ordinary")
    assert (asked.grade, asked.ok, asked.status) == ("right on ordinary numbers", True, 0)
    assert asked.ends == ("loss, grad_v_c and grad_U are wrong from a score of 709.8 on",)
    everything = check(no_shift, "naive_softmax", examples=20)
    assert (everything.grade, everything.ok, everything.status) == ("right on ordinary numbers", False, 1)
    assert not check(no_shift, "naive_softmax", examples=20, range="ordinary", strict=True).ok


def test_an_unknown_range_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="range: expected all or ordinary, got 'some'"):
        check(right, "naive_softmax", range="some")
    assert range_named("all", CONVENTIONS["cs224n"]) == "ordinary"
