"""What a check found, as data."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from w2v_verified.verify.judging.conventions import CONVENTIONS
from w2v_verified.verify.judging.deviation import Deviation
from w2v_verified.verify.judging.finding import Finding, Point, Worst
from w2v_verified.verify.record import Record

__all__ = ["GRADES", "Verdict"]

GRADES = {
    "strict": "componentwise accurate",
    "textbook": "accurate as standard algorithms are",
    "lax": "accurate as standard algorithms are",
    "wrong": "wrong",
}
"""The grade for the tightest tier of error bounds that every result was within."""


@dataclass(frozen=True)
class Verdict:
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
        failed: Error and bound of every input on which it is wrong by its numbers.
        deck: How many cases of the fixed deck were judged.
        examples: How many random examples were judged.
        clauses: How many contract clauses were looked at.
        seed: Replays the random examples.
        seconds: How long it took.
        counterexample: Source that shows the first finding, or None.
        record: The loss as it is defined.
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
    failed: tuple[Point, ...]
    deck: int
    examples: int
    clauses: int
    seed: int
    seconds: float
    counterexample: str | None
    record: Record

    @property
    def grade(self) -> str:
        """One of "componentwise accurate", "accurate as standard algorithms are" or "wrong"."""
        return GRADES[self.tier]

    @property
    def ok(self) -> bool:
        """Whether the function is not wrong and, where strictness was asked for, has the top grade."""
        return self.tier == "strict" or (self.tier != "wrong" and not self.strict)

    @property
    def reworded(self) -> Record:
        """The loss in the words of the caller's code: those of findings, remarks and the snippet."""
        return CONVENTIONS[self.convention].reworded(self.record)

    @property
    def notation(self) -> tuple[str, ...]:
        """The lines of mathematics that diagnoses quote from, if there are any: they explain every name."""
        diagnosed = any(finding.diagnosis is not None for finding in self.findings)
        return self.reworded.textbook if diagnosed else ()

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, ready for ``json.dumps``.

        The keys stay: ``function``, ``loss``, ``convention``, ``grade``, ``ok``, ``strict``, ``findings`` and
        ``remarks`` (each with ``kind``, ``message``, ``case``, ``apart``, ``diagnosis``, ``arguments`` and
        ``deviation``: ``result``, ``position``, ``entry``, ``computed``, ``exact``, ``error`` and ``bound``, or null),
        ``worst`` (``fraction``, ``result``, ``where``, or null), ``advice``, ``deck``, ``examples``, ``clauses``,
        ``seed``, ``seconds``, ``counterexample``, ``points`` and ``failed`` (case, error, bound) and ``notation``. The
        names are those of the caller's code. NaN and infinities are text.
        """
        return {
            "function": self.function,
            "loss": self.loss,
            "convention": self.convention,
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
            "points": [_of_point(point) for point in self.points],
            "failed": [_of_point(point) for point in self.failed],
            "notation": list(self.notation),
        }


def _plain(finding: Finding) -> dict[str, Any]:
    arguments = {name: _jsonable(np.asarray(value).tolist()) for name, value in finding.arguments.items()}
    return {
        "kind": finding.kind,
        "message": finding.message,
        "case": finding.case,
        "apart": finding.apart,
        "diagnosis": finding.diagnosis,
        "arguments": arguments,
        "deviation": _of_deviation(finding.deviation),
    }


def _of_point(point: Point) -> list[Any]:
    return [point.case, _jsonable(point.error), _jsonable(point.bound)]


def _of_deviation(deviation: Deviation | None) -> dict[str, Any] | None:
    if deviation is None:
        return None
    return {
        "result": deviation.result,
        "position": list(deviation.position),
        "entry": deviation.entry,
        **{name: _jsonable(getattr(deviation, name)) for name in ("computed", "exact", "error", "bound")},
    }


def _jsonable(value: Any) -> Any:
    """The same data with NaN and infinities as text, which JSON has no numbers for."""
    if isinstance(value, dict):
        return {key: _jsonable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_jsonable(each) for each in value]
    return str(value) if isinstance(value, float) and not np.isfinite(value) else value
