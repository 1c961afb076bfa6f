"""The properties that are clauses of the contract: what a call promises besides numbers."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from w2v_verified.verify.arrays import Library
from w2v_verified.verify.asking.inputs import any_floats, any_length, plain_numbers
from w2v_verified.verify.asking.property import Draw, Property
from w2v_verified.verify.asking.subject import Subject
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.cases.unusual import is_mean_of_nothing
from w2v_verified.verify.contract import Clause, clauses_for
from w2v_verified.verify.contract.clause import breach
from w2v_verified.verify.judging.accuracy import standard_of
from w2v_verified.verify.judging.conventions import Convention, declining
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Record

__all__ = ["clause_properties"]

_DRAWN: Mapping[str, Draw] = {
    "finite_and_silent": any_floats,
    "inputs_untouched": any_floats,
    "read_only_accepted": any_floats,
    "same_input_same_bits": any_floats,
    "writable_results": any_floats,
    "fresh_results": any_length,
    "results_survive": any_length,
}
"""What a clause is tried on, where a call or a few of them can break it; for the others a few numbers are enough."""


def clause_properties(base: Record, convention: Convention, library: Library) -> tuple[Property, ...]:
    """One for each clause that has a meaning for the function and the library."""
    record = convention.reworded(base)
    return tuple(_property(each) for each in clauses_for(record) if library.asks(each.name))


def _property(clause: Clause) -> Property:
    return Property(
        name=clause.sentence,
        statement=clause.statement,
        kind="clause",
        universal=clause.universal,
        draw=_DRAWN.get(clause.name, plain_numbers),
        judge=partial(_judge, replace(clause, judge=clause.at_one)),
    )


def _judge(clause: Clause, subject: Subject, arguments: Arguments) -> Finding | None:
    record = subject.record
    if is_mean_of_nothing(record, arguments) and not subject.whole:
        return None  # NaN with a warning, which NumPy answers with there, would break many
    if _DRAWN.get(clause.name) is any_floats and not standard_of(record, arguments).representable:
        return None
    return breach(clause, declining(subject.call, record, subject.convention), record, arguments)
