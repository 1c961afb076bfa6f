"""Inputs of one shape that are prepared together are judged as each by itself."""

from functools import cache

import numpy as np
import pytest

from w2v_verified.verify import load, names
from w2v_verified.verify.accuracy import Standard
from w2v_verified.verify.deck import deck
from w2v_verified.verify.stacked import standards_of


@cache
def _cases(loss: str) -> list[tuple[str, Standard, Standard]]:
    """Some cases of the deck that were known after the stack, each with what it is judged by on its own."""
    record = load(loss)
    cases = deck(record)
    stacked = standards_of(record, [case.arguments for case in cases])
    together = [(c, s) for c, s in zip(cases, stacked, strict=True) if s.known]
    return [(c.name, s, Standard(record, c.arguments)) for c, s in together[::4]]


@pytest.mark.parametrize("loss", names())
def test_same_bits_together_and_alone(loss: str) -> None:
    assert len(_cases(loss)) > 4
    for name, together, alone in _cases(loss):
        for result, bound in alone.bound("strict").items():
            np.testing.assert_array_equal(together.bound("strict")[result], bound, err_msg=name)
            for one, other in zip(together.exact.split[result], alone.exact.split[result], strict=True):
                np.testing.assert_array_equal(one, other, err_msg=name)


def test_inputs_that_need_more_digits_are_left_alone() -> None:
    record = load("naive_softmax")
    inputs = [{"v_c": np.array([x]), "o": 0, "U": np.array([[1.0, 0.5]])} for x in (1.0, 2.0, 3.0, 400.0)]
    *ordinary, certain = standards_of(record, inputs)
    assert all(each.known for each in ordinary)
    assert not certain.known
    assert certain.exact.precision > ordinary[0].exact.precision
