"""Every explanation can be carried out on every input, however small, and says which results it is about."""

import numpy as np
import pytest
from further_records import PROBABILITIES, SQUARES

from w2v_verified.verify import Record, load, names
from w2v_verified.verify.diagnosis.altered.derived import by_definition, by_derivation
from w2v_verified.verify.diagnosis.calls import by_index, by_one_more
from w2v_verified.verify.diagnosis.evidence.carried_out import Bench
from w2v_verified.verify.diagnosis.evidence.explanation import Explanation
from w2v_verified.verify.diagnosis.evidence.probes import Probe
from w2v_verified.verify.diagnosis.measured import by_factor, by_transposition
from w2v_verified.verify.judging.accuracy import standard_of

RECORDS = [*map(load, names()), PROBABILITIES, SQUARES]


def smallest(record: Record) -> dict[str, object]:
    """Axes as small as they may be, indices at the first place."""
    sizes = {axis.name: axis.minimum for axis in record.axes}
    return {
        a.name: np.ones(shape) if a.kind == "array" else np.zeros(shape, np.intp) if shape else 0
        for a in record.arguments
        for shape in [tuple(sizes[axis] for axis in a.axes)]
    }


def explanations(record: Record) -> list[Explanation]:
    return [
        *by_factor(record),
        *by_one_more(record),
        *by_derivation(record),
        *by_transposition(record),
        *by_index(record),
        *by_definition(record),
    ]


@pytest.mark.parametrize("record", RECORDS, ids=[record.name for record in RECORDS])
def test_every_explanation_can_be_carried_out_on_the_smallest_input(record: Record) -> None:
    arguments = smallest(record)
    bench = Bench(Probe(record, arguments, {}, standard_of(record, arguments)))
    known = {
        result.name: np.shape(np.asarray(arguments[result.of])) if result.of else ()
        for result in record.results
    }
    for explanation in explanations(record):
        found = bench.carried_out(explanation.meaning)
        assert found
        assert {name: np.shape(value) for name, value in found.items()}.items() <= known.items()
