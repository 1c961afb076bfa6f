"""One implementation before the court: its calls on the deck, its contract, random examples."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice

import numpy as np

from w2v_verified.verify.arrays import NUMPY, Library
from w2v_verified.verify.cases.arguments import Arguments, arrays, copied, describe
from w2v_verified.verify.cases.deck import Case, deck
from w2v_verified.verify.contract import Clause, clauses_for
from w2v_verified.verify.exact.oracle import OracleError
from w2v_verified.verify.judging.accuracy import Standard, standards_of
from w2v_verified.verify.judging.calling import CallError, DeclinedError, Function, attempt
from w2v_verified.verify.judging.conventions import Convention, declining
from w2v_verified.verify.judging.finding import OWN_PROMISES, PLATFORM, Finding, Point, Worst
from w2v_verified.verify.judging.judge import judge
from w2v_verified.verify.judging.shrink import shrink
from w2v_verified.verify.record import Record

__all__ = ["NOT_ENCLOSED", "Progress", "Trial", "deck_of"]

Progress = Callable[[int, int], None]

_TIERS = ("strict", "textbook", "lax", "wrong")
_SECONDS_TO_SHRINK = 1.5
_RANDOM = "random example"
_DECLINED_AT_MOST = 20  # drawn for each one that a convention does not decline
_TOGETHER = 25  # random examples whose exact values are computed in one pass
_SHADOWS = ("smallest_axes", "finite_and_silent")  # clauses that wrong numbers break as well
NOT_ENCLOSED = "not_enclosed"
_UNKNOWN = "for want of exact values"
_HANG = "hang"  # not tried again and again: each time costs the whole time limit


@lru_cache(maxsize=16)
def deck_of(record: Record) -> tuple[tuple[Case, Standard], ...]:
    """The deck with its exact values, which are computed once for all implementations."""
    cases = deck(record)
    return tuple(zip(cases, standards_of(record, [case.arguments for case in cases]), strict=True))


class Trial:
    """What has been seen of an implementation so far."""

    def __init__(
        self,
        record: Record,
        convention: Convention,
        function: Function,
        progress: Progress | None,
        examples: int,
        library: Library = NUMPY,
    ) -> None:
        self.record, self.convention = record, convention
        self.function, self.library = function, library
        self.findings: dict[str, tuple[Finding, Arguments, Callable[[Arguments], Finding | None]]] = {}
        self.remarks: dict[str, Finding] = {}
        self.worst: Worst | None = None
        self.points: list[Point] = []
        self.tier = "strict"
        self.drawn = self.played = self.clauses = self.enclosed = self.set_aside = 0
        self._examples = examples
        kept = library.clauses
        self._clauses = [each for each in clauses_for(record) if kept is None or each.name in kept]
        self._total = len(deck_of(record)) + len(self._clauses) + examples
        self._done, self._progress = 0, progress

    def look(self, arguments: Arguments, case: str, standard: Standard | None = None) -> None:
        """Judge one input, unless an earlier one never came to an end."""
        self._step()
        if self.stopped or self.convention.declines(self.record, arguments) is not None:
            return
        self.drawn, self.played = self.drawn + (case == _RANDOM), self.played + (case != _RANDOM)
        try:
            judged = judge(
                self.function, self.record, arguments, case, standard, flushes=self.library.flushes
            )
        except OracleError:
            self._set_aside(arguments, case)
            return
        self.enclosed += 1
        if judged.finding is not None:
            self._note(judged.finding, arguments, judged.finding.apart, self._fault)
        elif judged.accuracy is not None:
            if judged.flushed:
                self._note(_flushed(self.library, arguments), arguments, PLATFORM, self._fault)
            self.tier = max(self.tier, judged.accuracy.tier, key=_TIERS.index)
            self.points.append(Point(case, judged.accuracy.error, judged.accuracy.bound))
            if self.worst is None or judged.accuracy.fraction > self.worst.fraction:
                where = describe(self.record, arguments)
                self.worst = Worst(judged.accuracy.fraction, judged.accuracy.result, where)

    @property
    def stopped(self) -> bool:
        """Whether a call did not come to an end: no more are made."""
        return _HANG in self.findings

    def _fault(self, arguments: Arguments) -> Finding | None:
        if self.convention.declines(self.record, arguments) is not None:
            return None
        found = judge(self.function, self.record, arguments, flushes=self.library.flushes).finding
        return None if found is None or found.apart else found

    def look_at_contract(self) -> None:
        """Go through every clause, on the first case of the deck: ordinary numbers."""
        base = deck_of(self.record)[0][0].arguments
        if self.stopped:
            return
        asked = declining(self.function, self.record, self.convention)
        if isinstance(attempt(asked, self.record, copied(base)), Finding):
            return  # a function that fails on ordinary numbers is not examined further
        for clause in self._clauses:
            self._step()
            self.clauses += 1
            fault = partial(_breach, clause, asked, self.record)
            try:
                found = fault(base)
            except OracleError:
                self._set_aside(base, clause.name)
                continue
            if found is not None:
                self._note(found, base, found.apart if clause.universal else OWN_PROMISES, fault)

    def look_at_random_examples(self, seed: int) -> None:
        """Judge random examples until one is wrong."""
        many = self.library.examples(self.record, seed, _DECLINED_AT_MOST * self._examples)
        fit = (a for a in many if self.convention.declines(self.record, a) is None)
        drawn = islice(fit, self._examples)
        while together := list(islice(drawn, _TOGETHER)):
            standards = standards_of(self.record, together)
            for arguments, standard in zip(together, standards, strict=True):
                self.look(arguments, _RANDOM, standard)
                if self.findings:
                    return

    def shrunk(self) -> list[Finding]:
        """Every finding on the smallest input there was time to look for, those that say no more left out."""
        share = _SECONDS_TO_SHRINK / max(1, len(self.findings))
        found = {
            kind: self._plainer(each[0]) if kind == _HANG else shrink(self.record, *each, share)
            for kind, each in self.findings.items()
        }
        if any(kind in found for kind in ("value", "exception", "exit")):
            found = {kind: each for kind, each in found.items() if kind not in _SHADOWS}
        return list(found.values())

    def _plainer(self, hang: Finding) -> Finding:
        """A hang on zeros, if it hangs on zeros as well: the one thing tried."""
        zeros = dict(hang.arguments) | {
            name: np.zeros_like(array) for name, array in arrays(self.record, hang.arguments).items()
        }
        again = self._fault(zeros)
        return hang if again is None or again.kind != _HANG else replace(again, case=hang.case)

    def _note(
        self,
        finding: Finding,
        arguments: Arguments,
        apart: str | None,
        fault: Callable[[Arguments], Finding | None],
    ) -> None:
        if apart is None:
            self.tier = "wrong"
            self.findings.setdefault(finding.kind, (finding, arguments, fault))
        else:
            self.remarks.setdefault(f"{finding.kind}, {apart}", replace(finding, apart=apart))

    def _set_aside(self, arguments: Arguments, case: str) -> None:
        """Keep count of inputs on which the exact values are not known."""
        self.set_aside += 1
        first = self.remarks.get(NOT_ENCLOSED, Finding(NOT_ENCLOSED, "", arguments, case, _UNKNOWN))
        inputs = "1 input" if self.set_aside == 1 else f"{self.set_aside} inputs, this one and others,"
        message = f"{inputs} could not be enclosed: {describe(self.record, first.arguments)}"
        self.remarks[NOT_ENCLOSED] = replace(first, message=message)

    def _step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def _flushed(library: Library, arguments: Arguments) -> Finding:
    return Finding(
        "flushed", f"{library.name} takes subnormal numbers for 0, and returns 0 for them", arguments
    )


def _breach(clause: Clause, function: Function, record: Record, arguments: Arguments) -> Finding | None:
    try:
        found = clause.judge(function, record, copied(arguments))
        return found and replace(found, kind=clause.name)
    except DeclinedError:
        return None
    except CallError as error:
        return Finding(clause.name, str(error), arguments)
