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
    computed_loss,
    load,
    names,
    properties,
    property_tests,
)
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
    """One test for each property, those about exact values with most of the examples."""
    function, examples = getattr(w2v_verified, loss), settings().max_examples
    values = [row.name for row in properties(loss) if row.kind == "values"]
    how: dict[str, Any] = {"strict": True, "contract": "whole"}
    of_values = property_tests(function, loss, only=values, max_examples=max(1, examples // 3), **how)
    others = property_tests(function, loss, without=values, max_examples=max(1, examples // 20), **how)
    made = type(f"Test_{loss}", (of_values, others), {"__module__": __name__})
    return made if loss in QUICK else pytest.mark.slow(made)


globals().update({made.__name__: made for made in map(made_for, names())})


@pytest.mark.slow
@given(data=st.data())
def test_gradients_are_what_differences_of_their_own_loss_say(data: st.DataObject) -> None:
    """No formula for a gradient takes part, nor any definition: only the loss as it is computed."""
    loss = data.draw(st.sampled_from(names()))
    record, function = load(loss), getattr(w2v_verified, loss)
    arguments = data.draw(_small(record, largest=2))
    assert worst_disagreement(function, record, arguments, computed_loss(function, record), 2.0**-16) <= 1


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
