"""What a check found, as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from w2v_verified.verify.judging.conventions import CONVENTIONS
from w2v_verified.verify.judging.deviation import Deviation
from w2v_verified.verify.judging.finding import Broken, Finding, Limit, Point, Worst
from w2v_verified.verify.laws.outcome import Outcome
from w2v_verified.verify.record import Record, load, names

__all__ = ["GRADES", "Verdict"]

GRADES = {
    "strict": "componentwise accurate",
    "textbook": "accurate as standard algorithms are",
    "lax": "accurate as standard algorithms are",
    "ordinary": "right on ordinary numbers",
    "unjudged": "could not be judged",
    "wrong": "wrong",
}
"""The grade for the tightest tier of error bounds that every result was within, or what else became of it."""
_ACCURATE = ("strict", "textbook", "lax")


@dataclass(frozen=True)
class Verdict:
    """The verdict on one implementation.

    Attributes:
        function: Its name.
        loss: The record it was judged by.
        convention: How it was called.
        tier: The tightest tier of bounds all results were within ("strict", "textbook", "lax"); "ordinary" where that
            holds of ordinary numbers and not of others, "unjudged" where time or memory did not suffice, or "wrong".
        strict: Whether the top grade was asked for.
        range: The numbers it was asked to be right on: "all" or "ordinary".
        findings: What counts against it, the plainest first; each on the smallest input found.
        limits: Where it ends being right, if it is right on ordinary numbers and not on others.
        remarks: What does not count: promises that its convention, or ordinary NumPy code, does not make.
        advice: How digits were lost, where nothing is wrong and that could be seen, or None.
        worst: The largest error among the inputs it is right on, or None if it is right on none.
        points: Error and bound of every input it is not wrong on.
        failed: Error and bound of every input on which it is wrong by its numbers.
        deck: How many cases of the fixed deck were judged.
        examples: How many random examples were judged.
        long: How many inputs with long axes were judged.
        largest: The largest size of every axis among those.
        together: The sizes of that of them whose smallest axis is largest.
        clauses: How many contract clauses were looked at.
        seed: Replays the random examples.
        seconds: How long it took.
        counterexample: Source that shows the first finding, or None.
        record: The loss as it is defined.
        arrays: The library whose arrays it was called with.
        gradients: "returned" by it, or "automatic".
        asked: What a library was asked, as a sentence; "" where nothing was left out.
        laws: What became of every law of the loss.
    """

    function: str
    loss: str
    convention: str
    tier: str
    strict: bool
    range: str
    findings: tuple[Finding, ...]
    limits: tuple[Limit, ...]
    remarks: tuple[Finding, ...]
    advice: str | None
    worst: Worst | None
    points: tuple[Point, ...]
    failed: tuple[Point, ...]
    deck: int
    examples: int
    long: int
    largest: Mapping[str, int]
    together: Mapping[str, int]
    clauses: int
    seed: int
    seconds: float
    counterexample: str | None
    record: Record
    arrays: str = "numpy"
    gradients: str = "returned"
    asked: str = ""
    laws: tuple[Outcome, ...] = ()

    @property
    def grade(self) -> str:
        """One of ``GRADES``, from "componentwise accurate" to "wrong"."""
        return GRADES[self.tier]

    @property
    def ok(self) -> bool:
        """Whether the function is right on what it was asked for and, where that is strictness, has the top grade."""
        if self.strict:
            return self.tier == "strict"
        return self.is_accurate or (self.tier == "ordinary" and self.range == "ordinary")

    @property
    def inputs(self) -> int:
        """How many inputs it was judged on, the clauses aside."""
        return self.deck + self.examples + self.long

    @property
    def is_accurate(self) -> bool:
        """Whether all results were within the bounds of a tier."""
        return self.tier in _ACCURATE

    @property
    def status(self) -> int:
        """The exit status: 0 if it is ok, 2 if it could not be judged, else 1."""
        return 0 if self.ok else 2 if self.tier == "unjudged" else 1

    @property
    def ends(self) -> tuple[str, ...]:
        """Where it ends being right, a clause for each place: "loss is wrong from a score of 709.8 on"."""
        together: dict[str, list[str]] = {}
        for limit in self.limits:
            place = f"from a {limit.of} of {limit.at:.4g} on"
            together.setdefault(place, []).append(limit.result or "the call")
        return tuple(f"{_listed(names)} wrong {place}" for place, names in together.items())

    @property
    def reworded(self) -> Record:
        """The loss in the words of the caller's code: those of findings, remarks and the snippet."""
        return CONVENTIONS[self.convention].reworded(self.record)

    @property
    def document(self) -> str | None:
        """Where each law of a registered loss stands under its name, with its proof or argument."""
        known = self.record.name in names() and load(self.record.name).laws == self.record.laws
        return f"derivations/{self.record.name}.md" if known else None

    @property
    def notation(self) -> tuple[str, ...]:
        """The lines of mathematics that diagnoses quote from, if there are any: they explain every name."""
        diagnosed = any(finding.diagnosis is not None for finding in self.findings)
        return self.reworded.textbook if diagnosed else ()

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, ready for ``json.dumps``.

        The keys stay: ``function``, ``loss``, ``convention``, ``arrays``, ``gradients``, ``grade``, ``ok``,
        ``strict``, ``range``, ``limits`` (each with ``result``, ``of``, ``at`` and ``value``), ``findings`` and
        ``remarks`` (each with ``kind``, ``message``, ``case``, ``apart``, ``diagnosis``, ``arguments`` and
        ``deviation``: ``result``, ``position``, ``entry``, ``computed``, ``exact``, ``error`` and ``bound``, or null;
        ``broken``, of a law: ``law``, ``statement``, ``left``, ``right``, ``error``, ``slack`` and the further
        ``calls``, each with ``name`` and ``arguments``, or null), ``laws`` (each with ``name``, ``statement``,
        ``reason``, ``proved``, ``status`` and ``held``, the number of examples),
        ``worst`` (``fraction``, ``result``, ``where``, or null), ``advice``, ``deck``, ``examples``, ``long``,
        ``largest``, ``together``, ``clauses``, ``seed``, ``seconds``, ``counterexample``, ``points`` and ``failed``
        (case, error, bound) and ``notation``. The names are those of the caller's code. NaN and infinities are text.
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
            "range": self.range,
            "limits": [_jsonable(vars(limit)) for limit in self.limits],
            "findings": [_plain(finding) for finding in self.findings],
            "laws": [_of_law(law) for law in self.laws],
            "remarks": [_plain(remark) for remark in self.remarks],
            "worst": None
            if self.worst is None
            else vars(self.worst) | {"fraction": _jsonable(float(self.worst.fraction))},
            "deck": self.deck,
            "examples": self.examples,
            "long": self.long,
            "largest": dict(self.largest),
            "together": dict(self.together),
            "clauses": self.clauses,
            "seed": self.seed,
            "seconds": self.seconds,
            "counterexample": self.counterexample,
            "advice": self.advice,
            "points": [_of_point(point) for point in self.points],
            "failed": [_of_point(point) for point in self.failed],
            "notation": list(self.notation),
        }


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last} are" if others else f"{last} is"


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "message": finding.message,
        "case": finding.case,
        "apart": finding.apart,
        "diagnosis": finding.diagnosis,
        "arguments": _of_arguments(finding.arguments),
        "deviation": _of_deviation(finding.deviation),
        "broken": _of_broken(finding.broken),
    }


def _of_arguments(arguments: Mapping[str, object]) -> dict[str, Any]:
    return {name: _jsonable(np.asarray(value).tolist()) for name, value in arguments.items()}


def _of_broken(broken: Broken | None) -> dict[str, Any] | None:
    if broken is None:
        return None
    calls = [{"name": each.name, "arguments": _of_arguments(each.arguments)} for each in broken.calls]
    numbers = {name: _jsonable(getattr(broken, name)) for name in ("left", "right", "error", "slack")}
    return {"law": broken.law, "statement": broken.statement, **numbers, "calls": calls}


def _of_law(law: Outcome) -> dict[str, Any]:
    names = ("name", "statement", "reason", "proved", "status", "held")
    return {name: getattr(law, name) for name in names}


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
