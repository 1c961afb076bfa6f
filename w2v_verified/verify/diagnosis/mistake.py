"""From a finding to the mistake behind it."""

from collections.abc import Iterator, Sequence
from itertools import chain

from w2v_verified.verify.diagnosis.explanation import Explanation, believed, right_line
from w2v_verified.verify.diagnosis.extremes import by_cut, by_extremes
from w2v_verified.verify.diagnosis.forms import by_convention, by_form, by_integers
from w2v_verified.verify.diagnosis.further_calls import by_differences, by_earlier_values
from w2v_verified.verify.diagnosis.measured import (
    by_constant,
    by_digits,
    by_factor,
    by_ratio,
    by_transposition,
)
from w2v_verified.verify.diagnosis.probes import Probe, probe_all
from w2v_verified.verify.diagnosis.programs import by_definition, by_derivation, by_index
from w2v_verified.verify.judging.calling import Function
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.record import Record

__all__ = ["diagnose"]

_OF_FORM = ("return", "exception")
_OF_VALUES = ("value", "smallest_axes", "layouts_agree", "warning")


def diagnose(kind: str, plain: Function, record: Record, convention: Convention) -> str | None:
    """Name the mistake behind a finding, if one is known that gives what came back on every one of several inputs.

    Args:
        kind: The kind of the finding.
        plain: The implementation as its author wrote it.
        record: What it should compute.
        convention: How it is called; the mistake is named in its words.
    """
    base, record = record, convention.reworded(record)
    function = convention.adapt(plain, record)
    if kind == "no_stale_state":
        return by_earlier_values(function, record)
    if kind in _OF_FORM:
        return (
            by_form(plain, record, convention)
            or by_convention(plain, base, convention)
            or by_integers(plain, record, convention)
        )
    if kind not in _OF_VALUES:
        return None
    probes = probe_all(function, record, convention.declines)
    wrong = [r.name for r in record.results if not all(probe.right(r.name) for probe in probes)]
    if not probes:
        return None
    if not wrong:
        return by_extremes(function, record) or by_integers(plain, record, convention)
    return by_convention(plain, base, convention) or _of_values(function, record, probes, wrong)


def _of_values(function: Function, record: Record, probes: Sequence[Probe], wrong: list[str]) -> str | None:
    """One sentence about every wrong result that has an explanation."""
    loss = next(result.name for result in record.results if result.of is None)
    unexplained, sentences = list(wrong), []
    for explanation, explained in _plainest(_explanations(record, probes, loss), wrong, probes):
        sentences.append(_sentence(record, explained, explanation.mistake, explanation.line))
        unexplained = [name for name in unexplained if name not in explained]
    few: dict[str, list[str]] = {}
    for name in unexplained:
        mistake = by_digits(probes, name)
        if mistake is None:
            ratio = next((e for e in by_ratio(probes, name) if believed(e, name, probes)), None)
            mistake = (
                ratio.mistake if ratio else None if name == loss else by_differences(function, probes, name)
            )
        if mistake is not None:
            few.setdefault(mistake, []).append(name)
        elif name == loss and (cut := by_cut(function, record)) is not None:
            sentences.append(cut)
    sentences += [_sentence(record, explained, mistake, "") for mistake, explained in few.items()]
    return "; ".join(sentences) or None


def _plainest(
    explanations: Iterator[Explanation], wrong: Sequence[str], probes: Sequence[Probe]
) -> Iterator[tuple[Explanation, list[str]]]:
    """The fewest explanations of as many wrong results as can be: one of all of them, or the largest parts."""
    partly: list[tuple[Explanation, list[str]]] = []
    for explanation in explanations:
        explained = [name for name in wrong if believed(explanation, name, probes)]
        if len(explained) == len(wrong):
            yield explanation, explained
            return
        if explained:
            partly.append((explanation, explained))
    left = list(wrong)
    for explanation, explained in sorted(partly, key=lambda each: -len(each[1])):
        if kept := [name for name in explained if name in left]:
            yield explanation, kept
            left = [name for name in left if name not in kept]


def _sentence(record: Record, results: list[str], mistake: str, line: str) -> str:
    *others, last = results
    names = f"{', '.join(others)} and {last}" if others else last
    return f"{names}: {mistake}; right is {line or right_line(record, results)}"


def _explanations(record: Record, probes: Sequence[Probe], loss: str) -> Iterator[Explanation]:
    return chain(
        by_factor(record),
        by_derivation(record),
        by_transposition(record),
        by_index(record),
        by_definition(record),
        by_constant(probes, loss),
    )
