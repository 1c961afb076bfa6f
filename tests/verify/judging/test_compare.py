"""Comparison: the worst entry is found, exactly measured, and nothing unfinished counts as right."""

from typing import Any

import numpy as np
import pytest
from further_records import NEGATIVE_SAMPLING

from w2v_verified import naive_softmax
from w2v_verified.verify.bounds.tiers import error_bound
from w2v_verified.verify.cases.deck import deck
from w2v_verified.verify.exact.oracle import reference
from w2v_verified.verify.judging.compare import compare, working_dtype
from w2v_verified.verify.record import load

RECORD = load("naive_softmax")


def example() -> dict[str, Any]:
    rng = np.random.default_rng(3)
    return {"v_c": rng.normal(size=3), "o": 2, "U": rng.normal(size=(3, 5))}


def right(arguments: dict[str, Any]) -> list[Any]:
    return [np.array(field) for field in naive_softmax(arguments["v_c"], arguments["o"], arguments["U"])]


def test_right_results_are_within() -> None:
    arguments = example()
    found = compare(RECORD, arguments, right(arguments))
    assert found.ok
    assert [each.result for each in found.deviations] == ["loss", "grad_v_c", "grad_U"]
    assert found.worst is not None
    assert found.worst.fraction == max(each.fraction for each in found.deviations)


@pytest.mark.parametrize("field", [0, 1, 2])
def test_the_worst_entry_is_named(field: int) -> None:
    arguments = example()
    result = right(arguments)
    position = (1, 3)[: result[field].ndim]
    result[field][position] += 1e-9
    found = compare(RECORD, arguments, result)
    assert not found.ok
    worst = found.worst
    assert worst is not None
    assert worst.result == RECORD.results[field].name
    assert worst.position == position
    assert worst.computed == float(result[field][position])
    assert worst.exact == pytest.approx(worst.computed - 1e-9, abs=1e-15)
    assert worst.error == pytest.approx(1e-9, rel=1e-5)
    assert worst.bound == error_bound(RECORD, arguments, np.float64)[worst.result][position]
    assert worst.fraction == pytest.approx(worst.error / worst.bound)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("field", [0, 1, 2])
def test_unfinished_numbers_are_infinitely_wrong(value: float, field: int) -> None:
    arguments = example()
    result = right(arguments)
    result[field][(0, 0)[: result[field].ndim]] = value
    worst = compare(RECORD, arguments, result, "lax").worst
    assert worst is not None
    assert worst.fraction == np.inf
    assert worst.result == RECORD.results[field].name


def test_unfinished_numbers_are_wrong_where_nothing_is_promised() -> None:
    arguments = {"v_c": np.array([1e17]), "o": 0, "U": np.ones((1, 3))}
    assert np.isinf(error_bound(RECORD, arguments, np.float64)["loss"])
    result = right(arguments)
    assert compare(RECORD, arguments, result).ok
    assert not compare(RECORD, arguments, [np.nan, *result[1:]]).ok


def test_an_exact_result_has_no_error_even_where_none_is_allowed() -> None:
    arguments = {"v_c": np.array([0.0]), "o": 0, "U": np.array([[1.0]])}
    found = compare(RECORD, arguments, right(arguments))
    assert all(each.fraction == 0 for each in found.deviations)


def test_differences_far_below_the_last_digit_are_measured() -> None:
    """The exact value is no float64: a result that rounds it correctly is off by what rounding loses, no less."""
    arguments = example()
    exact = reference(RECORD, arguments)
    high, low = exact.split["grad_U"]
    result = right(arguments)
    result[2] = high.copy()
    deviation = compare(RECORD, arguments, result).deviations[2]
    assert deviation.error == abs(low[deviation.position])
    assert 0 < deviation.error < 2.0**-53 * abs(deviation.exact)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda result: result[:2], r"result: expected 3 fields \(loss, grad_v_c, grad_U\), got 2"),
        (lambda result: [*result[:2], result[2].T], r"grad_U: expected shape \(3, 5\), got \(5, 3\)"),
        (lambda result: [[1.0], *result[1:]], r"loss: expected shape \(\), got \(1,\)"),
        (lambda result: [1j, *result[1:]], "loss: expected real numbers, got complex128"),
        (lambda result: [None, *result[1:]], "loss: expected real numbers, got object"),
    ],
)
def test_refuses_other_structures(change: Any, message: str) -> None:
    arguments = example()
    with pytest.raises(ValueError, match=message):
        compare(RECORD, arguments, change(right(arguments)))


def test_empty_results_have_no_worst_entry() -> None:
    record = load("naive_softmax_batch")
    arguments = {"V_c": np.ones((2, 0)), "o": np.zeros(0, np.intp), "U": np.ones((2, 3))}
    found = compare(record, arguments, (0.0, np.ones((2, 0)), np.zeros((2, 3))))
    assert [each.result for each in found.deviations] == ["loss", "grad_U"]
    assert found.ok


def test_works_for_a_record_made_here() -> None:
    arguments = {"v_c": np.ones(2), "o": 1, "U": np.zeros((2, 3)), "negatives": np.array([1, 1, 0])}
    delta = np.array([0.5, 0.5, 0.0])
    result = (4 * np.log(2), np.zeros(2), np.outer(np.ones(2), delta))
    assert compare(NEGATIVE_SAMPLING, arguments, result).ok
    once = (4 * np.log(2), np.zeros(2), np.outer(np.ones(2), [0.5, 0.0, 0.0]))
    worst = compare(NEGATIVE_SAMPLING, arguments, once).worst
    assert worst is not None
    assert (worst.result, worst.position[1]) == ("grad_U", 1)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (np.float32, np.float32, np.float32),
        (np.float32, np.float64, np.float64),
        (np.int64, np.float32, np.float64),
        (np.int8, np.int8, np.float64),
        (np.longdouble, np.float32, np.longdouble),
    ],
)
def test_working_format(first: type, second: type, expected: type) -> None:
    arguments = {"v_c": np.ones(1, first), "o": 0, "U": np.ones((1, 1), second)}
    assert working_dtype(RECORD, arguments) == np.dtype(expected)


def test_single_precision_has_its_own_bounds() -> None:
    arguments = {name: np.float32(value) if name != "o" else value for name, value in example().items()}
    result = right(arguments)
    assert compare(RECORD, arguments, result).ok
    result[2] = result[2] * np.float32(1 + 1e-5)
    assert not compare(RECORD, arguments, result, "lax").ok


def test_worst_of_many_entries_is_that_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(0)
    for case in deck(RECORD):
        result = [
            np.asarray(field) * (1 + 1e-14 * generator.normal()) for field in right(dict(case.arguments))
        ]
        whole = compare(RECORD, case.arguments, result)
        with monkeypatch.context() as few:
            few.setitem(compare.__globals__, "_MANY", 0)
            few.setitem(compare.__globals__, "_PART", 3)
            assert compare(RECORD, case.arguments, result) == whole
