"""A gradient that comes by column is judged like one that comes whole; each way to get its columns wrong is found."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from w2v_verified.verify import CLAUSES, Record, check, compare, load
from w2v_verified.verify.contract import clauses_for
from w2v_verified.verify.judging.dense import dense
from w2v_verified.verify.judging.finding import OWN_PROMISES
from w2v_verified.verify.judging.finite_differences import worst_disagreement
from w2v_verified.verify.judging.valued import exact_loss

pytestmark = pytest.mark.slow

RECORD: Record = load("negative_sampling_sparse")


def _sigmoid(x: Any) -> Any:
    return np.exp(-np.logaddexp(0, -x))


def sparse(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    """The textbook algorithm in as few columns as there are; most mutants differ from it in one place."""
    places = np.append(negatives, o).astype(np.intp)
    columns, inverse = np.unique(places, return_inverse=True)
    z = v_c @ U[:, columns]
    weights = np.zeros(len(columns), np.result_type(z, np.float32))
    np.add.at(weights, inverse[:-1], _sigmoid(z[inverse[:-1]]))
    weights[inverse[-1]] -= _sigmoid(-z[inverse[-1]])
    loss = np.logaddexp(0, -z[inverse[-1]]) + np.logaddexp(0, z[inverse[:-1]]).sum()
    return loss, U[:, columns] @ weights, columns, np.outer(v_c, weights)


def in_rows(v_c: Any, o: int, W: Any, negatives: Any) -> Any:
    loss, grad_v_c, rows, grad_columns = sparse(v_c, o, W.T, negatives)
    return loss, grad_v_c, rows, grad_columns.T


def unsorted(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    return loss, grad_v_c, columns[::-1].copy(), values[:, ::-1].copy()


def repeated(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    whole = np.zeros(U.shape, values.dtype)
    whole[:, columns] = values
    places = np.sort(np.append(negatives, o)).astype(np.intp)
    return loss, grad_v_c, places, whole[:, places]


def repeats_not_summed(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    z = v_c @ U[:, columns]
    once = np.isin(columns, negatives) * _sigmoid(z) - (columns == o) * _sigmoid(-z)
    return loss, grad_v_c, columns, np.outer(v_c, once.astype(values.dtype))


def column_of_o_missing(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    return loss, grad_v_c, columns[columns != o], values[:, columns != o]


def small_columns_missing(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    kept = np.abs(values).max(axis=0, initial=0.0) > 1e-200
    return loss, grad_v_c, columns[kept], values[:, kept]


def every_column(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    whole = np.zeros(U.shape, values.dtype)
    whole[:, columns] = values
    return loss, grad_v_c, np.arange(U.shape[1]), whole


def counted_from_one(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    return loss, grad_v_c, columns + 1, values


def floating_columns(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    return loss, grad_v_c, columns.astype(np.float64), values


def list_of_columns(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    return loss, grad_v_c, columns.tolist(), values


def values_transposed(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    return loss, grad_v_c, columns, values.T.copy()


def integer_values(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    return loss, grad_v_c, columns, values.astype(np.int64)


def whole_gradient(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    whole = np.zeros(U.shape, values.dtype)
    whole[:, columns] = values
    return loss, grad_v_c, whole


class _SameColumns:
    """Hands out the columns of an earlier call again where they are the same."""

    def __init__(self) -> None:
        self.held: dict[bytes, Any] = {}

    def __call__(self, v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
        return loss, grad_v_c, self.held.setdefault(columns.tobytes(), columns), values


def test_right_implementations_are_right() -> None:
    report = check(sparse, RECORD)
    assert report.ok, str(report)
    assert report.grade == "componentwise accurate"
    assert report.clauses == len(CLAUSES) - 3  # there is no out= or with_loss= to look at
    rows = check(in_rows, RECORD, "rows")
    assert rows.ok, str(rows)
    assert not check(in_rows, RECORD, "columns").ok


@pytest.mark.parametrize(
    ("mutant", "kind", "complaint"),
    [
        (unsorted, "return", "columns: expected sorted columns, each once, got ["),
        (repeated, "return", "columns: expected sorted columns, each once, got ["),
        (repeats_not_summed, "value", "grad_columns["),
        (column_of_o_missing, "value", "], whose column is left out, is 0 and should be "),
        (small_columns_missing, "value", "], whose column is left out, is 0 and should be "),
        (every_column, "return", "is among them, but no index points there"),
        (counted_from_one, "return", "is among them, but no index points there"),
        (floating_columns, "return", "columns: expected one axis of integers, got an array of shape ("),
        (list_of_columns, "return", "columns: expected one axis of integers, got list"),
        (values_transposed, "return", "one column for each of columns, got shape ("),
        (integer_values, "return", "grad_columns: expected a NumPy array of floating numbers, got"),
        (whole_gradient, "return", "3 values where the 4 of (loss, grad_v_c, columns, grad_columns) are due"),
        (_SameColumns(), "fresh_results", "columns shares memory with columns of a later call"),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__ if callable(value) else None),
)
def test_planted_fault_is_found(mutant: Callable[..., Any], kind: str, complaint: str) -> None:
    report = check(mutant, RECORD)
    assert report.grade == "wrong"
    found = next(finding for finding in report.findings if finding.kind == kind)
    assert complaint in found.message


def test_counterexample_names_the_fields() -> None:
    report = check(column_of_o_missing, RECORD, examples=0)
    assert "loss, grad_v_c, columns, grad_columns = results" in str(report.counterexample)


def test_compares_what_the_fields_spell() -> None:
    arguments = {"v_c": np.array([1.0]), "o": 2, "U": np.zeros((1, 4)), "negatives": np.array([0, 0])}
    fields = (3 * np.log(2), np.array([0.0]), np.array([0, 2]), np.array([[1.0, -0.5]]))
    assert compare(RECORD, arguments, fields).ok
    assert dense(RECORD, arguments, dict(zip(RECORD.fields, fields, strict=True)))["grad_U"].tolist() == [
        [1.0, 0.0, -0.5, 0.0]
    ]
    with pytest.raises(ValueError, match=r"result: expected 4 fields \(loss, grad_v_c, columns, grad_col"):
        compare(RECORD, arguments, fields[:3])
    with pytest.raises(ValueError, match="columns: expected sorted"):
        compare(RECORD, arguments, (*fields[:2], fields[2][::-1], fields[3]))


def test_a_column_may_be_left_out_where_its_gradient_is_exactly_zero() -> None:
    """It is v_c times something; a gradient that is merely small may not be left out."""
    arguments = {"v_c": np.array([0.0]), "o": 2, "U": np.ones((1, 4)), "negatives": np.array([0])}
    nothing = (np.zeros(0, np.intp), np.zeros((1, 0)))
    assert compare(RECORD, arguments, (2 * np.log(2), np.array([0.0]), *nothing)).ok
    tiny = {**arguments, "v_c": np.array([1.0]), "U": np.array([[-1e6, 0.0, 1e6, 0.0]])}
    worst = compare(RECORD, tiny, (0.0, np.array([0.0]), *nothing)).worst
    assert worst is not None
    assert worst.result == "grad_U"
    assert worst.fraction == np.inf


def test_differences_of_the_loss_see_such_gradients_too() -> None:
    rng = np.random.default_rng(0)
    arguments = {
        "v_c": rng.normal(size=2),
        "o": 1,
        "U": rng.normal(size=(2, 4)),
        "negatives": np.array([1, 3]),
    }
    assert worst_disagreement(sparse, RECORD, arguments, exact_loss(RECORD), 2.0**-30) <= 1
    assert (
        worst_disagreement(
            repeats_not_summed,
            RECORD,
            {**arguments, "negatives": np.array([3, 3])},
            exact_loss(RECORD),
            2.0**-30,
        )
        > 1
    )


def test_out_is_left_alone_where_a_record_has_none() -> None:
    assert len(clauses_for(RECORD)) == len(CLAUSES) - 3
    assert clauses_for(replace(RECORD, out=True, optional=True)) == CLAUSES


def columns_read_only(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    loss, grad_v_c, columns, values = sparse(v_c, o, U, negatives)
    columns.flags.writeable = False
    return loss, grad_v_c, columns, values


def test_results_that_are_read_only_are_a_promise_of_ours_alone() -> None:
    report = check(columns_read_only, RECORD)
    assert report.ok, str(report)
    (remark,) = (r for r in report.remarks if r.kind == "writable_results")
    assert remark.apart == OWN_PROMISES
