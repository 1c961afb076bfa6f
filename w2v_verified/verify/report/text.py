"""The verdict as text, in lines no longer than a given width wherever they can be broken."""

import re
import textwrap
from collections.abc import Iterator, Mapping

import numpy as np

from w2v_verified.verify.judging.finding import OWN_PROMISES, Worst
from w2v_verified.verify.laws.outcome import BROKEN, HELD
from w2v_verified.verify.record import Record
from w2v_verified.verify.report.verdict import Verdict

__all__ = ["by_status", "judged_on", "range_in_words", "summary", "text", "wrapped"]

_SUMMED_UP = 3  # findings
_LAWS_IN_FULL = 2
_NO_BREAK = "\N{NO-BREAK SPACE}"
_BETWEEN_NUMBERS = re.compile(r"(?<=\d), (?=\d)")


def text(verdict: Verdict, width: int) -> str:
    """All of it."""
    return "\n".join(_lines(verdict, width))


def summary(verdict: Verdict, width: int) -> str:
    """A few lines: the grade, and the first findings."""
    lines = [wrapped(_headline(verdict), width, "")]
    findings = [each for each in verdict.findings if each.broken is None] or verdict.findings
    lines += [wrapped(str(finding), width) for finding in findings[:_SUMMED_UP]]
    more = len(findings) - _SUMMED_UP
    if more > 0:
        lines.append(f"  and {more} more")
    return "\n".join(lines)


def wrapped(sentence: str, width: int, indent: str = "  ", further: str = "  ") -> str:
    """A sentence in lines of a width, those after the first indented further; no ``U[1, 0]`` is broken."""
    filled = textwrap.fill(
        _BETWEEN_NUMBERS.sub(f",{_NO_BREAK}", sentence),
        width,
        initial_indent=indent,
        subsequent_indent=indent + further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return filled.replace(_NO_BREAK, " ")


def _lines(verdict: Verdict, width: int) -> Iterator[str]:
    yield wrapped(_headline(verdict), width, "")
    yield wrapped(_signature(verdict.reworded), width)
    yield wrapped(judged_on(verdict), width)
    if verdict.asked:
        yield wrapped(verdict.asked, width)
    if verdict.tier == "ordinary":
        yield wrapped(range_in_words(verdict), width)
    if verdict.worst is not None and verdict.is_accurate:
        yield wrapped(_worst_in_words(verdict.worst), width)
    if verdict.advice is not None:
        yield wrapped(verdict.advice, width)
    if verdict.strict and not verdict.ok and verdict.is_accurate:
        yield wrapped("not ok: strict asks for componentwise accuracy", width)
    yield from _findings(verdict, width)
    if verdict.counterexample is not None:
        yield from ("", "  Run this to see the first of them:", "", _indented(verdict.counterexample))
    if verdict.notation:
        said = "All lines of what is right, in index notation; (a == b) is 1 where it holds, and 0 elsewhere:"
        yield from ("", wrapped(said, width, further=""), "")
        yield from (wrapped(line, width, "    ") for line in verdict.notation)
    yield from _laws(verdict, width)
    yield from _remarks(verdict, width)


def _findings(verdict: Verdict, width: int) -> Iterator[str]:
    """Every finding; of broken laws the first few, for all are listed further down."""
    broken = 0
    for finding in verdict.findings:
        broken += finding.broken is not None
        if finding.broken is not None and broken > _LAWS_IN_FULL:
            continue
        yield from ("", wrapped(str(finding), width))
        if finding.diagnosis is not None:
            yield wrapped(f"What it looks like: {finding.diagnosis}", width)
    if broken > _LAWS_IN_FULL:
        yield from (
            "",
            wrapped(f"and {_count(broken - _LAWS_IN_FULL, 'broken law')} more, as listed below", width),
        )


def _headline(verdict: Verdict) -> str:
    return f"{verdict.function} as {verdict.loss}, called in {verdict.convention}: {verdict.grade}"


def _signature(record: Record) -> str:
    """What goes in and what comes out, by the names that everything else is said in."""
    taken = []
    for each in record.arguments:
        shape = f"({f',{_NO_BREAK}'.join(each.axes)}{',' if len(each.axes) == 1 else ''})"
        taken.append(f"{each.name}{_NO_BREAK}{shape}" if each.axes else each.name)
    return f"arguments {', '.join(taken)}; results {', '.join(record.fields)}"


def _remarks(verdict: Verdict, width: int) -> Iterator[str]:
    for apart in dict.fromkeys(remark.apart for remark in verdict.remarks):
        remarks = [remark for remark in verdict.remarks if remark.apart == apart]
        yield ""
        if apart == OWN_PROMISES:
            kinds = ", ".join(remark.kind for remark in remarks)
            yield wrapped(f"Not counted, {apart}: {kinds}", width)
        else:
            yield wrapped(f"Not counted, {apart}:", width)
            yield from (wrapped(f"- {remark}", width) for remark in remarks)


def _laws(verdict: Verdict, width: int) -> Iterator[str]:
    """What became of the laws, those of one kind together."""
    if not verdict.laws:
        return
    why = f" (why they hold: {verdict.document})" if verdict.document else ""
    yield from ("", wrapped(f"{_count(len(verdict.laws), 'law')} of {verdict.loss}{why}:", width))
    for status, laws in by_status(verdict).items():
        yield wrapped(f"- {status}: {'; '.join(laws)}", width)


def by_status(verdict: Verdict) -> dict[str, list[str]]:
    """The names of the laws that one thing became of, broken ones first; what held, with the number of examples."""
    found: dict[str, list[str]] = {}
    for law in verdict.laws:
        status = f"held on {_count(law.held, 'example')}" if law.status == HELD else law.status
        found.setdefault(status, []).append(law.name)
    return dict(sorted(found.items(), key=lambda each: not each[0].startswith(BROKEN)))


def judged_on(verdict: Verdict) -> str:
    """How many inputs it was judged on, and how large they were."""
    return (
        f"judged on {_count(verdict.deck, 'deck case')}, {_count(verdict.examples, 'random example')}"
        f" (seed {verdict.seed}), {_count(verdict.clauses, 'contract clause')}{_long_in_words(verdict)}"
        f" in {verdict.seconds:.1f} s"
    )


def range_in_words(verdict: Verdict) -> str:
    """What ordinary numbers are, and where it ends being right."""
    text = (
        "ordinary: every score and every difference of scores is within 700 (float64; 80 in float32), and products "
        "and squares are finite with room to spare"
    )
    text += "".join(f"; {end}" for end in verdict.ends)
    if verdict.range == "ordinary":
        return text
    return f"{text}; asked for was all numbers (--range ordinary asks for these)"


def _long_in_words(verdict: Verdict) -> str:
    if not verdict.long:
        return ""
    alone, together = _sizes(verdict.largest), _sizes(verdict.together)
    return f" and {_count(verdict.long, 'long input')} (up to {alone}, and together {together})"


def _sizes(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{axis}{_NO_BREAK}={_NO_BREAK}{size}" for axis, size in sizes.items())


def _worst_in_words(worst: Worst) -> str:
    where = f"in {worst.result} on {worst.where}"
    if worst.fraction <= 1:
        return f"the largest error is {worst.fraction:.2f} of what rounding explains, {where}"
    if np.isinf(worst.fraction):
        return f"is not exact where exact code is, {where}"
    lost = _count(max(1, round(np.log10(worst.fraction))), "digit")
    return f"loses up to {lost} of what is attainable, {where}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _indented(source: str) -> str:
    return "\n".join(f"    {line}" for line in source.splitlines())
