"""Who watches the properties: each is broken by the fault that it is about, and by no right implementation."""

from random import Random
from typing import Any

import numpy as np
import pytest
from mutants import division_free, name_of, no_shift, of_the_course, one_vector_a_row, right, y_missing
from planted import FAULTS
from sampling_mutants import one_by_one, sampling

import w2v_verified
from w2v_verified.verify import Finding, Property, properties
from w2v_verified.verify.asking.subject import Subject, subject_of
from w2v_verified.verify.cases.draws import Rolled
from w2v_verified.verify.judging.surroundings import undisturbed

LOSSES = ("naive_softmax", "negative_sampling")
_TRIED, _TRIED_ON_RIGHT = 150, 6


def examined(function: Any, loss: str, convention: str = "columns", **how: Any) -> Subject:
    asked = {"strict": False, "range": "all", "arrays": "numpy", "gradients": "returned", "time_limit": 10.0}
    return subject_of(function, loss, convention, **{**asked, **how})


def first_breach(row: Property, subject: Subject, tried: int) -> Finding | None:
    """What a test of the property would find first, by choices from a seed in place of Hypothesis'."""
    for number in range(tried):
        arguments = row.draw(Rolled(Random(number)), subject)
        if subject.passes_over(arguments):
            continue
        with undisturbed():
            found = row.breach(subject, arguments)
        if found is not None:
            return found
    return None


def asked_of(loss: str) -> list[Property]:
    """The properties but for laws, whose faults stand beside them."""
    return [row for row in properties(loss) if row.kind != "law"]


@pytest.mark.parametrize(
    ("loss", "row"),
    [pytest.param(loss, row, id=f"{loss}-{row.name}") for loss in LOSSES for row in asked_of(loss)],
)
def test_property_is_broken_by_its_fault(loss: str, row: Property) -> None:
    faulty = FAULTS[row.name](getattr(w2v_verified, loss))
    found = first_breach(row, examined(faulty, loss), _TRIED)
    assert found is not None
    assert found.message


def test_every_fault_is_about_a_property() -> None:
    assert set(FAULTS) == {row.name for loss in LOSSES for row in asked_of(loss)}


def course_sampling(centre: Any, o: int, rows: Any, dataset: Any, K: int = 10) -> Any:
    negatives = np.array([dataset.sampleTokenIdx() for _ in range(K)])
    loss, grad_centre, grad_columns = sampling(centre, o, rows.T, negatives)
    return loss, grad_centre, grad_columns.T


RIGHT = (
    (division_free, "naive_softmax", "columns"),
    (one_vector_a_row, "naive_softmax", "rows"),
    (of_the_course, "naive_softmax", "cs224n"),
    (one_by_one, "negative_sampling", "columns"),
    (course_sampling, "negative_sampling", "cs224n"),
)


@pytest.mark.parametrize(("function", "loss", "convention"), RIGHT, ids=[name_of(each[0]) for each in RIGHT])
def test_right_implementation_breaks_none(function: Any, loss: str, convention: str) -> None:
    subject = examined(function, loss, convention)
    for row in properties(loss, convention):
        if row.universal:
            assert first_breach(row, subject, _TRIED_ON_RIGHT) is None, row.name


@pytest.mark.parametrize("fault", ["nan_reaches_the_loss", "inputs_are_untouched", "buffers_are_used"])
def test_a_fault_breaks_little_else(fault: str) -> None:
    """A fault that changes no number leaves the properties about numbers alone."""
    subject = examined(FAULTS[fault](w2v_verified.naive_softmax), "naive_softmax", strict=True)
    for row in properties("naive_softmax"):
        if row.kind in ("values", "differences"):
            assert first_breach(row, subject, _TRIED_ON_RIGHT) is None, row.name


def breach_of(name: str, subject: Subject) -> str:
    (row,) = (row for row in properties(subject.base, subject.convention.name) if row.name == name)
    return str(first_breach(row, subject, _TRIED))


def test_strict_asks_for_the_top_grade() -> None:
    assert "of which strictly" in breach_of(
        "grad_U_is_within_its_bound", examined(right, "naive_softmax", strict=True)
    )


def test_a_difference_quotient_tells_the_entry() -> None:
    said = breach_of("gradients_agree_with_differences_of_the_loss", examined(y_missing, "naive_softmax"))
    assert "by difference quotients of the loss, grad_" in said


def test_numbers_out_of_the_range_are_passed_over() -> None:
    name = "results_are_finite_and_nothing_warns"
    assert "overflow" in breach_of(name, examined(no_shift, "naive_softmax"))
    assert breach_of(name, examined(no_shift, "naive_softmax", range="ordinary")) == "None"


@pytest.mark.parametrize("whole", [False, True])
def test_what_ordinary_code_may_refuse_counts_for_the_whole_contract(whole: bool) -> None:
    def floats_alone(v_c: Any, o: Any, U: Any) -> Any:
        if {v_c.dtype.kind, U.dtype.kind} != {"f"}:
            raise TypeError("v_c: expected floats")
        return w2v_verified.naive_softmax(v_c, o, U)

    said = breach_of("the_loss_is_within_its_bound", examined(floats_alone, "naive_softmax", whole=whole))
    assert ("expected floats" in said) == whole
