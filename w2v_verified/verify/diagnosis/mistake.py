"""From a finding to the mistake behind it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from w2v_verified.verify.diagnosis.altered.derived import by_definition, by_derivation
from w2v_verified.verify.diagnosis.as_called import by_convention, by_integers
from w2v_verified.verify.diagnosis.calls import by_draws, by_index, by_one_more
from w2v_verified.verify.diagnosis.cuts import by_cut
from w2v_verified.verify.diagnosis.evidence.evidence import Evidence, gathered
from w2v_verified.verify.diagnosis.evidence.explanation import Explanation, right_line
from w2v_verified.verify.diagnosis.extremes import by_extremes
from w2v_verified.verify.diagnosis.forms import by_form
from w2v_verified.verify.diagnosis.further_calls import by_differences, by_earlier_values
from w2v_verified.verify.diagnosis.measured import (
    by_constant,
    by_digits,
    by_factor,
    by_ratio,
    by_transposition,
)
from w2v_verified.verify.judging.calling import Function
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Record

__all__ = ["Said", "diagnose", "said_of"]

_OF_FORM = ("return", "exception")
_OF_VALUES = ("value", "smallest_axes")


@dataclass(frozen=True)
class Said:
    """One sentence about the mistake behind a finding.

    Attributes:
        sentence: The mistake in words, and the line of mathematics that is right.
        results: The results that it is about, where it is about their values.
        explanation: What was carried out and gave what came back; None where it was read off the results, or found
            by other calls.
    """

    sentence: str
    results: tuple[str, ...] = ()
    explanation: Explanation | None = None


def diagnose(finding: Finding, plain: Function, record: Record, convention: Convention) -> str | None:
    """Name the mistake behind a finding, if one is known that gives what came back: on its own input and on others.

    Args:
        finding: What was found, on which input.
        plain: The implementation as its author wrote it.
        record: What it should compute.
        convention: How it is called; the mistake is named in its words.

    Raises:
        OracleError: The exact values are not known.
    """
    return "; ".join(each.sentence for each in said_of(finding, plain, record, convention)) or None


def said_of(finding: Finding, plain: Function, record: Record, convention: Convention) -> tuple[Said, ...]:
    """What ``diagnose`` says, sentence by sentence, with what each rests on."""
    base, record = record, convention.reworded(record)
    function, own = convention.adapt(plain, record), finding.arguments
    if finding.kind == "no_stale_state":
        return _alone(by_earlier_values(function, record, own))
    if finding.kind in _OF_FORM:
        return _alone(
            by_form(plain, record, convention, own)
            or by_convention(plain, base, convention, own)
            or by_integers(plain, record, convention, own)
        )
    evidence = (
        gathered(finding, function, record, convention.declines) if finding.kind in _OF_VALUES else None
    )
    if evidence is None or not evidence.probes:
        return ()
    if evidence.plain:
        return _alone(by_extremes(function, evidence) or by_integers(plain, record, convention, own))
    other = by_convention(plain, base, convention, own)
    if other:
        return _alone(other)
    explanations = chain(by_draws(plain, record, convention, evidence), _explanations(evidence))
    return _in_order(evidence, _of_values(function, evidence, explanations))


def _alone(sentence: str | None) -> tuple[Said, ...]:
    return () if sentence is None else (Said(sentence),)


def _in_order(evidence: Evidence, said: list[Said]) -> tuple[Said, ...]:
    """The sentence about the finding's own result first; none of any that is right on its own input."""
    if not any(evidence.about in each.results for each in said):
        return ()
    shown = [each for each in said if set(each.results) & set(evidence.shown)]
    return tuple(sorted(shown, key=lambda each: evidence.about not in each.results))


def _of_values(function: Function, evidence: Evidence, explanations: Iterator[Explanation]) -> list[Said]:
    """One sentence about every wrong result that has an explanation."""
    unexplained, said = list(evidence.wrong), []
    for explanation, explained in _plainest(explanations, evidence):
        said.append(_sentence(evidence, explained, explanation))
        unexplained = [name for name in unexplained if name not in explained]
    few: dict[str, list[str]] = {}
    for name in unexplained:
        ratio = next((each for each in by_ratio(evidence, name) if evidence.believes(each, name)), None)
        mistake = by_digits(evidence, name)
        if mistake is None and ratio is not None:
            said.append(_sentence(evidence, [name], ratio))
        elif mistake is None and name == _loss(evidence):
            cut = by_cut(function, evidence)
            said += [] if cut is None else [Said(cut, (name,))]
        else:
            mistake = mistake or by_differences(function, evidence, name)
            if mistake is not None:
                few.setdefault(mistake, []).append(name)
    return said + [_read_off(evidence, explained, mistake) for mistake, explained in few.items()]


def _loss(evidence: Evidence) -> str:
    return next(result.name for result in evidence.own.record.results if result.of is None)


def _plainest(
    explanations: Iterator[Explanation], evidence: Evidence
) -> Iterator[tuple[Explanation, list[str]]]:
    """The fewest explanations of as many wrong results as can be: one of all of them, or the largest parts."""
    partly: list[tuple[Explanation, list[str]]] = []
    for explanation in explanations:
        explained = [name for name in evidence.wrong if evidence.believes(explanation, name)]
        if len(explained) == len(evidence.wrong):
            yield explanation, explained
            return
        if explained:
            partly.append((explanation, explained))
    left = list(evidence.wrong)
    for explanation, explained in sorted(partly, key=lambda each: -len(each[1])):
        if kept := [name for name in explained if name in left]:
            yield explanation, kept
            left = [name for name in left if name not in kept]


def _sentence(evidence: Evidence, results: list[str], explanation: Explanation) -> Said:
    mistake, line = explanation.mistake, explanation.line
    if explanation.of_gradients and _loss(evidence) not in results:
        mistake, line = explanation.of_gradients, ""
    return replace(_read_off(evidence, results, mistake, line), explanation=explanation)


def _read_off(evidence: Evidence, results: list[str], mistake: str, line: str = "") -> Said:
    """A sentence about some results; the line of mathematics is that of the one the finding is about."""
    *others, last = results
    names = f"{', '.join(others)} and {last}" if others else last
    about = next((name for name in (evidence.about, *evidence.shown) if name in results), results[0])
    right = line or right_line(evidence.own.record, about)
    return Said(f"{names}: {mistake}; right is {right}", tuple(results))


def _explanations(evidence: Evidence) -> Iterator[Explanation]:
    record = evidence.own.record
    return chain(
        by_factor(record),
        by_one_more(record),
        by_derivation(record),
        by_transposition(record),
        by_index(record),
        by_definition(record),
        by_constant(evidence.probes, _loss(evidence)),
    )
