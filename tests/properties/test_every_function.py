"""What holds for every function that has a record, without naming one of them."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import w2v_verified
from w2v_verified.verify import (
    arguments_for,
    load,
    names,
    property_tests,
)
from w2v_verified.verify.judging.calling import attempt
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.trial import deck_of

QUICK = ("naive_softmax", "negative_sampling_sparse", "skip_gram_naive_softmax")
every_function = pytest.mark.parametrize(
    "loss", [pytest.param(n, marks=() if n in QUICK else pytest.mark.slow) for n in names()]
)


def made_for(loss: str) -> type:
    """The class of tests that users make; `w2v-verified verify` draws more values, `thorough` more of everything."""
    few, function = max(1, settings().max_examples // 40), getattr(w2v_verified, loss)
    tests = property_tests(function, loss, strict=True, contract="whole", max_examples=few)
    made = type(f"Test_{loss}", (tests,), {"__module__": __name__})
    return made if loss in QUICK else pytest.mark.slow(made)


globals().update({made.__name__: made for made in map(made_for, names())})


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
