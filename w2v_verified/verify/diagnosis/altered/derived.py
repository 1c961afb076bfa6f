"""Explanations by a program with one mistake in it: in what was derived, or in the loss before that."""

from collections.abc import Iterator
from itertools import chain

from w2v_verified.verify.diagnosis.altered.alterations import (
    alterations,
    equal_scores,
    other_pointers,
    within_statements,
)
from w2v_verified.verify.diagnosis.altered.everywhere import in_every_sum
from w2v_verified.verify.diagnosis.altered.other_axis import over_another_axis
from w2v_verified.verify.diagnosis.altered.slips import in_a_derivative, in_a_first_term, in_a_loss
from w2v_verified.verify.diagnosis.evidence.explanation import Altered, Explanation
from w2v_verified.verify.record import Record

__all__ = ["by_definition", "by_derivation"]


def by_derivation(record: Record) -> Iterator[Explanation]:
    """A mistake in one line of what was derived, or the same in all: others, as far as they are apart, are right."""
    program = record.programs["textbook"]
    pointers = [argument for argument in record.arguments if argument.into is not None and argument.axes]
    for altered in chain(
        alterations(program, in_a_derivative),
        within_statements(program, in_a_first_term),
        within_statements(program, other_pointers(record)),
        equal_scores(record),
        over_another_axis(program),
        chain.from_iterable(in_every_sum(program, pointer) for pointer in pointers),
    ):
        yield Explanation(altered.mistake, altered.line, Altered(altered.program))


def by_definition(record: Record) -> Iterator[Explanation]:
    """A mistake in the loss, differentiated without a further one."""
    program = record.programs["definition"]
    for altered in chain(alterations(program, in_a_loss), within_statements(program, other_pointers(record))):
        yield Explanation(
            f"this is another loss: {altered.mistake}",
            altered.line,
            Altered(altered.program, differentiated=True),
            of_gradients=f"the gradient of another loss: {altered.mistake}",
        )
