"""What a check found, for a person to read and for a program to use."""

import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np

from w2v_verified.verify.arrays import NUMPY, Library
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.judging.finding import OWN_PROMISES, Finding, Point, Worst
from w2v_verified.verify.record import Record
from w2v_verified.verify.report.snippet import snippet

__all__ = ["GRADES", "Report", "cut_short"]

_LONGEST_REMARK = 110
_WIDTH = 110

GRADES = {
    "strict": "componentwise accurate",
    "textbook": "accurate as standard algorithms are",
    "lax": "accurate as standard algorithms are",
    "wrong": "wrong",
}
"""The grade for the tightest tier of error bounds that every result was within."""


@dataclass(frozen=True)
class Report:
    """The verdict on one implementation.

    Attributes:
        function: Its name.
        loss: The record it was judged by.
        convention: How it was called.
        tier: The tightest tier of bounds all results were within ("strict", "textbook", "lax") or "wrong".
        strict: Whether the top grade was asked for.
        findings: What counts against it, the plainest first; each on the smallest input found.
        remarks: What does not count: promises that its convention, or ordinary NumPy code, does not make.
        advice: How digits were lost, where nothing is wrong and that could be seen, or None.
        worst: The largest error among the inputs it is right on, or None if it is right on none.
        points: Error and bound of every input it is not wrong on.
        deck: How many cases of the fixed deck were judged.
        examples: How many random examples were judged.
        clauses: How many contract clauses were looked at.
        seed: Replays the random examples.
        seconds: How long it took.
        counterexample: Source that shows the first finding, or None.
        arrays: The library whose arrays it was called with.
        gradients: "returned" by it, or "automatic".
        asked: What a library was asked, as a sentence; "" where nothing was left out.
    """

    function: str
    loss: str
    convention: str
    tier: str
    strict: bool
    findings: tuple[Finding, ...]
    remarks: tuple[Finding, ...]
    advice: str | None
    worst: Worst | None
    points: tuple[Point, ...]
    deck: int
    examples: int
    clauses: int
    seed: int
    seconds: float
    counterexample: str | None
    arrays: str = "numpy"
    gradients: str = "returned"
    asked: str = ""

    @property
    def grade(self) -> str:
        """One of "componentwise accurate", "accurate as standard algorithms are" or "wrong"."""
        return GRADES[self.tier]

    @property
    def ok(self) -> bool:
        """Whether the function is not wrong and, where strictness was asked for, has the top grade."""
        return self.tier == "strict" or (self.tier != "wrong" and not self.strict)

    def __str__(self) -> str:
        judged = (
            f"judged on {_count(self.deck, 'deck case')}, {_count(self.examples, 'random example')}"
            f" (seed {self.seed}) and {_count(self.clauses, 'contract clause')} in {self.seconds:.1f} s"
        )
        lines = [
            f"{self.function} as {self.loss}, called in {self.convention}: {self.grade}",
            _wrapped(judged),
            *([_wrapped(self.asked)] if self.asked else []),
        ]
        if self.worst is not None and self.tier != "wrong":
            lines.append(_wrapped(self._worst_in_words(self.worst)))
        if self.advice is not None:
            lines.append(_wrapped(self.advice))
        if self.strict and not self.ok and self.tier != "wrong":
            lines.append(_wrapped("not ok: strict asks for componentwise accuracy"))
        for finding in self.findings:
            lines += ["", _wrapped(str(finding))]
            if finding.diagnosis is not None:
                lines.append(_wrapped(f"What it looks like: {finding.diagnosis}"))
        if self.counterexample is not None:
            lines += ["", "  Run this to see the first of them:", "", _indented(self.counterexample)]
        for apart in dict.fromkeys(remark.apart for remark in self.remarks):
            remarks = [remark for remark in self.remarks if remark.apart == apart]
            if apart == OWN_PROMISES:
                kinds = ", ".join(remark.kind for remark in remarks)
                lines += ["", _wrapped(f"Not counted, {apart}: {kinds}")]
            else:
                lines += [
                    "",
                    f"  Not counted, {apart}:",
                    *(f"  - {_shortened(str(each))}" for each in remarks),
                ]
        return "\n".join(lines)

    def _worst_in_words(self, worst: Worst) -> str:
        if worst.fraction <= 1:
            return f"worst error {worst.fraction:.2f} of its bound, in {worst.result} on {worst.where}"
        if np.isinf(worst.fraction):
            return f"is not exact where exact code is, in {worst.result} on {worst.where}"
        lost = _count(max(1, round(np.log10(worst.fraction))), "digit")
        return f"loses up to {lost} of what is attainable, in {worst.result} on {worst.where}"

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, ready for ``json.dumps``.

        The keys stay: ``function``, ``loss``, ``convention``, ``arrays``, ``gradients``, ``grade``, ``ok``,
        ``strict``, ``findings`` and ``remarks`` (each with ``kind``, ``message``, ``case``, ``apart``, ``diagnosis``
        and ``arguments``), ``worst`` (``fraction``, ``result``, ``where``, or null), ``advice``, ``deck``,
        ``examples``, ``clauses``, ``seed``, ``seconds``, ``counterexample`` and ``points`` (case, error, bound). NaN
        and infinities are text.
        """
        return {
            "function": self.function,
            "loss": self.loss,
            "convention": self.convention,
            "arrays": self.arrays,
            "gradients": self.gradients,
            "grade": self.grade,
            "ok": self.ok,
            "strict": self.strict,
            "findings": [_plain(finding) for finding in self.findings],
            "remarks": [_plain(remark) for remark in self.remarks],
            "worst": None
            if self.worst is None
            else vars(self.worst) | {"fraction": _jsonable(float(self.worst.fraction))},
            "deck": self.deck,
            "examples": self.examples,
            "clauses": self.clauses,
            "seed": self.seed,
            "seconds": self.seconds,
            "counterexample": self.counterexample,
            "advice": self.advice,
            "points": [[point.case, _jsonable(point.error), _jsonable(point.bound)] for point in self.points],
        }


def cut_short(
    function: str,
    record: Record,
    convention: Convention,
    finding: Finding,
    seed: int,
    strict: bool,
    library: Library = NUMPY,
) -> Report:
    """The report of a trial that could not go on: this finding, and nothing else that is known."""
    return Report(
        function=function,
        loss=record.name,
        convention=convention.name,
        tier="wrong",
        strict=strict,
        findings=(finding,),
        remarks=(),
        advice=None,
        worst=None,
        points=(),
        deck=0,
        examples=0,
        clauses=0,
        seed=seed,
        seconds=0.0,
        counterexample=snippet(record, convention, function, finding.arguments, library),
        arrays=library.name,
        gradients=library.gradients,
        asked=library.asked(record),
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _plain(finding: Finding) -> dict[str, Any]:
    arguments = {name: _jsonable(np.asarray(value).tolist()) for name, value in finding.arguments.items()}
    return {
        "kind": finding.kind,
        "message": finding.message,
        "case": finding.case,
        "apart": finding.apart,
        "diagnosis": finding.diagnosis,
        "arguments": arguments,
    }


def _jsonable(value: Any) -> Any:
    """The same data with NaN and infinities as text, which JSON has no numbers for."""
    if isinstance(value, dict):
        return {key: _jsonable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_jsonable(each) for each in value]
    return str(value) if isinstance(value, float) and not np.isfinite(value) else value


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_REMARK else text[: _LONGEST_REMARK - 3] + "..."


def _wrapped(text: str) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
