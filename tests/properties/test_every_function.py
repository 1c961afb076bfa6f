"""What holds for every function that has a record, without naming one of them."""

import inspect
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import w2v_verified
from w2v_verified.verify import (
    Record,
    arguments_for,
    compare,
    computed_loss,
    exact_loss,
    load,
    names,
    property_tests,
)
from w2v_verified.verify.cases.arguments import copied
from w2v_verified.verify.contract import clauses_for
from w2v_verified.verify.judging.calling import attempt
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.judging.finite_differences import worst_disagreement
from w2v_verified.verify.trial import deck_of


def _few_entries(arguments: dict[str, Any]) -> bool:
    return all(np.size(value) < 9 for value in arguments.values())


def _small(record: Record, largest: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    """Moderate numbers and short axes, for what looks at every entry in turn."""
    moderate = arguments_for(record, largest=largest, dtypes=("float64",), magnitudes=("small", "ordinary"))
    return moderate.filter(_few_entries)


QUICK = ("naive_softmax", "negative_sampling_sparse", "skip_gram_naive_softmax")
every_function = pytest.mark.parametrize(
    "loss", [pytest.param(n, marks=() if n in QUICK else pytest.mark.slow) for n in names()]
)


def made_for(loss: str) -> type:
    """The class of tests that users make, on a few examples each: the tests below try more of them at once."""
    few, function = max(1, settings().max_examples // 20), getattr(w2v_verified, loss)
    tests = property_tests(function, loss, strict=True, contract="whole", max_examples=few)
    made = type(f"Test_{loss}", (tests,), {"__module__": __name__})
    return made if loss in QUICK else pytest.mark.slow(made)


globals().update({made.__name__: made for made in map(made_for, names())})


@every_function
@given(data=st.data())
def test_within_the_strict_bound_of_the_exact_values(loss: str, data: st.DataObject) -> None:
    """Any shape, layout, dtype and magnitude: each entry is within its rounding-error bound, and nothing warns."""
    record, function = load(loss), getattr(w2v_verified, loss)
    arguments = data.draw(arguments_for(record))
    returned = attempt(function, record, arguments)
    assert not isinstance(returned, Finding), returned
    comparison = compare(record, arguments, tuple(returned.values()), tier="strict")
    assert comparison.ok, comparison.worst


@pytest.mark.slow
@given(data=st.data())
def test_gradients_are_what_differences_of_the_loss_say(data: st.DataObject) -> None:
    """No formula for a gradient takes part: only the loss, as it is defined and as it is computed."""
    loss = data.draw(st.sampled_from(names()))
    record, function = load(loss), getattr(w2v_verified, loss)
    arguments = data.draw(_small(record, largest=2))
    assert worst_disagreement(function, record, arguments, exact_loss(record), 2.0**-30) <= 1
    assert worst_disagreement(function, record, arguments, computed_loss(function, record), 2.0**-16) <= 1


@pytest.mark.slow
@settings(max_examples=settings().max_examples * 6 // 5)  # two clauses are for ten functions of twelve
@given(data=st.data())
def test_contract(data: st.DataObject) -> None:
    """Every clause, starting from any small input of any function; test_contract.py has each function keep each."""
    loss = data.draw(st.sampled_from(names()))
    record, function = load(loss), getattr(w2v_verified, loss)
    arguments = data.draw(_small(record))
    for clause in clauses_for(record):
        found = clause.judge(function, record, copied(arguments))
        assert found is None, (clause.name, str(found))


@every_function
def test_corner_cases(loss: str) -> None:
    """The whole fixed deck, within the strict bound."""
    record, function = load(loss), getattr(w2v_verified, loss)
    for case, standard in deck_of(record):
        assert standard.representable, case.name  # it is a case the contract promises
        returned = attempt(function, record, case.arguments)
        assert not isinstance(returned, Finding), (case.name, returned)
        worst = standard.worst(returned, "strict")
        assert worst is not None, case.name
        assert worst.fraction <= 1, (case.name, worst)


OPTIONAL = [n for n in names() if "with_loss" in inspect.signature(getattr(w2v_verified, n)).parameters]


@pytest.mark.parametrize("loss", OPTIONAL)
@given(data=st.data())
def test_leaving_the_loss_out_changes_no_bit_of_the_gradients(loss: str, data: st.DataObject) -> None:
    function, arguments = getattr(w2v_verified, loss), data.draw(arguments_for(load(loss)))
    without, with_it = function(**arguments, with_loss=False), function(**arguments)
    assert np.isnan(without.loss)
    assert [g.tobytes() for g in without[1:]] == [g.tobytes() for g in with_it[1:]]


def test_some_loss_can_be_left_out() -> None:
    assert OPTIONAL
