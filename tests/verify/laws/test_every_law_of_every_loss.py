"""Every law that a record carries is kept by our function, strictly, and broken by some fault that fits all."""

import pytest
from general_faults import general_faults

import w2v_verified
from w2v_verified.verify import load, names
from w2v_verified.verify.arrays import NUMPY
from w2v_verified.verify.judging.conventions import CONVENTIONS
from w2v_verified.verify.laws.asked import Asked
from w2v_verified.verify.laws.examples import examples_of
from w2v_verified.verify.laws.reading import laws_of
from w2v_verified.verify.laws.trying import tried

COLUMNS = CONVENTIONS["columns"]
_OFTEN = ("naive_softmax", "negative_sampling")

each_loss = pytest.mark.parametrize(
    "loss", [loss if loss in _OFTEN else pytest.param(loss, marks=pytest.mark.slow) for loss in names()]
)


@each_loss
def test_laws_are_kept_and_each_sees_some_fault(loss: str) -> None:
    record, right = load(loss), getattr(w2v_verified, loss)
    faults = list(general_faults(right, record))
    assert record.laws
    for law in laws_of(record):
        examples = examples_of(law, COLUMNS, NUMPY, 5)
        kept = tried(law, Asked(right, record, COLUMNS, lambda each: False, strict=True), examples)
        assert [each.finding for each in kept if each.finding is not None] == [], law.law.name
        assert all(each.told for each in kept), law.law.name
        assert any(
            each.finding is not None and each.finding.broken is not None
            for _, faulty in faults
            for each in tried(law, Asked(faulty, record, COLUMNS, lambda each: False), examples)
        ), law.law.name
