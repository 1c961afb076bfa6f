"""The properties about exact values: each result, by itself, is within its error bound."""

from functools import partial

from w2v_verified.verify.arrays import Library
from w2v_verified.verify.asking.inputs import any_numbers
from w2v_verified.verify.asking.property import Property
from w2v_verified.verify.asking.subject import Subject
from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.judging.accuracy import standard_of
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.judging.judge import Judged, judge
from w2v_verified.verify.record import Record, Result

__all__ = ["not_strict", "value_properties"]

_OF_OTHERS = ("warning", "inputs_untouched")  # kinds of finding that other properties are about


def value_properties(base: Record, convention: Convention, library: Library) -> tuple[Property, ...]:
    """One for each result."""
    return tuple(_property(result) for result in convention.reworded(base).results)


def _property(result: Result) -> Property:
    of_loss = result.of is None
    return Property(
        name=f"{'the_loss' if of_loss else result.name}_is_within_its_bound",
        statement=f"{'The loss' if of_loss else f'Every entry of {result.name}'} is within its error bound of the"
        " exact value.",
        kind="values",
        universal=True,
        draw=any_numbers,
        judge=partial(_judge, result.name),
    )


def _judge(result: str, subject: Subject, arguments: Arguments) -> Finding | None:
    standard = standard_of(subject.record, arguments).of(result)
    judged = judge(
        subject.call,
        subject.record,
        copied(arguments),
        standard=standard,
        flushes=subject.library.flushes,
    )
    if judged.finding is not None and judged.finding.kind not in _OF_OTHERS:
        return judged.finding
    return not_strict(judged, arguments) if subject.strict else None


def not_strict(judged: Judged, arguments: Arguments) -> Finding | None:
    """What keeps a call, whose numbers are right, from the top grade."""
    accuracy = judged.accuracy
    if accuracy is None or accuracy.tier == "strict":
        return None
    return Finding(
        "value",
        f"{accuracy.result} is off by {accuracy.error:.2g}, of which strictly {accuracy.bound:.2g} is allowed",
        arguments,
    )
