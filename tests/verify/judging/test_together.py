"""Inputs of any sizes that are prepared together are judged as each by itself, to the last bit."""

import numpy as np
import pytest
from further_records import RECORDS

from w2v_verified.verify import TIERS, load, names
from w2v_verified.verify.cases.deck import deck
from w2v_verified.verify.judging.accuracy import Standard, standards_of
from w2v_verified.verify.record import Record


@pytest.mark.parametrize("record", [*map(load, names()), *RECORDS], ids=lambda record: record.name)
def test_same_bits_together_and_alone(record: Record) -> None:
    cases = deck(record)[::4]
    together = standards_of(record, [case.arguments for case in cases])
    assert len({np.shape(np.asarray(v)) for case in cases for v in case.arguments.values()}) > 4
    for case, one in zip(cases, together, strict=True):
        assert one.known
        alone = Standard(record, case.arguments)
        for tier in TIERS:
            for result, bound in alone.bound(tier).items():
                np.testing.assert_array_equal(one.bound(tier)[result], bound, err_msg=f"{case.name}, {tier}")
        for result, halves in alone.exact.split.items():
            np.testing.assert_array_equal(one.exact.split[result], halves, err_msg=case.name)


def test_inputs_that_need_more_digits_get_them() -> None:
    record = load("naive_softmax")
    inputs = [{"v_c": np.array([x]), "o": 0, "U": np.array([[1.0, 0.5]])} for x in (1.0, 2.0, 3.0, 400.0)]
    *ordinary, certain = standards_of(record, inputs)
    assert len({each.exact.precision for each in ordinary}) == 1
    assert certain.exact.precision > ordinary[0].exact.precision
    assert 0 < certain.exact.split["loss"][0] < 1e-80
