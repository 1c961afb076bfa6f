"""One implementation before the court: its calls on the deck, its contract, random examples."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice

import numpy as np

from w2v_verified.verify.arrays import NUMPY, Library
from w2v_verified.verify.cases.arguments import Arguments, arrays, copied, describe
from w2v_verified.verify.cases.deck import Case, deck
from w2v_verified.verify.contract import clauses_for
from w2v_verified.verify.contract.clause import breach
from w2v_verified.verify.exact.oracle import OracleError
from w2v_verified.verify.judging.accuracy import Standard, standards_of
from w2v_verified.verify.judging.calling import Function, attempt
from w2v_verified.verify.judging.conventions import Convention, declining
from w2v_verified.verify.judging.finding import OWN_PROMISES, PLATFORM, Finding, Point, Worst
from w2v_verified.verify.judging.folded import LongCase
from w2v_verified.verify.judging.judge import Judged, judge
from w2v_verified.verify.judging.ledger import Ledger
from w2v_verified.verify.judging.long_inputs import long_cases, with_fewer_places
from w2v_verified.verify.judging.ordinary import nearer, ordinary_failures
from w2v_verified.verify.judging.room import room
from w2v_verified.verify.judging.shrink import shrink
from w2v_verified.verify.laws.asked import Asked
from w2v_verified.verify.laws.examples import examples_of, get_ready
from w2v_verified.verify.laws.outcome import Outcome, outcome_of
from w2v_verified.verify.laws.reading import LawOfLoss
from w2v_verified.verify.laws.trying import Tried, tried
from w2v_verified.verify.laws.wording import in_words
from w2v_verified.verify.record import Record

__all__ = ["Progress", "Trial", "deck_of"]

Progress = Callable[[int, int], None]

_TRIED_TO_SHRINK = 500
_DEARER = 5  # times as long takes a call with arrays of a library that compiles
_SECONDS_FOR_LONG_INPUTS = 3.0  # of a processor, in the function itself
_RANDOM, _NEARER = "random example", "on the way to what is not ordinary"
_DECLINED_AT_MOST = 20  # drawn for each one that a convention does not decline
_TOGETHER = 25  # random examples whose exact values are computed in one pass
_EXAMPLES_OF_A_LAW = 6
_SHADOWS = (
    "smallest_axes",
    "finite_and_silent",
)  # clauses that wrong numbers and failing calls break as well
_MEMORY = "memory"
_ROOM = 2 << 30  # bytes that one call with long axes may ask for
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
        laws: int = 0,
    ) -> None:
        self.record, self.convention = record, convention
        self.function, self.library = function, library
        self.ledger = Ledger(record)
        self.worst: Worst | None = None
        self.points: list[Point] = []
        self.failed: list[Point] = []
        self.laws: list[Outcome] = []
        self.drawn = self.played = self.clauses = self.enclosed = self.long = 0
        self.largest: dict[str, int] = {}
        self.together: dict[str, int] = {}
        self._examples = examples
        self._clauses = [each for each in clauses_for(record) if library.asks(each.name)]
        self._total = len(deck_of(record)) + len(self._clauses) + examples + laws
        self._done, self._progress = 0, progress

    def look(self, arguments: Arguments, case: str, standard: Standard | None = None) -> None:
        """Judge one input, unless an earlier one never came to an end."""
        self._step()
        if self.stopped or self.convention.declines(self.record, arguments) is not None:
            return
        self.drawn, self.played = self.drawn + (case == _RANDOM), self.played + (case != _RANDOM)
        try:
            judged = self._judge(self.function, arguments, case, standard)
        except OracleError:
            self.ledger.leave_aside(arguments, case)
            return
        self.enclosed += 1
        self._take(judged, arguments, case)

    def _take(self, judged: Judged, arguments: Arguments, case: str) -> None:
        if judged.finding is not None:
            wrong = judged.finding.deviation
            if wrong is not None and judged.finding.apart is None:
                self.failed.append(Point(case, wrong.error, wrong.bound))
            self.ledger.note(judged.finding, arguments, judged.finding.apart, self._fault)
        elif judged.accuracy is not None:
            if judged.flushed:
                self.ledger.note(_flushed(self.library, arguments), arguments, PLATFORM, self._fault)
            self.ledger.reach(judged.accuracy.tier)
            self.points.append(Point(case, judged.accuracy.error, judged.accuracy.bound))
            if self.worst is None or judged.accuracy.fraction > self.worst.fraction:
                where = describe(self.record, arguments)
                self.worst = Worst(judged.accuracy.fraction, judged.accuracy.result, where)

    def _judge(
        self, function: Function, arguments: Arguments, case: str = "", standard: Standard | None = None
    ) -> Judged:
        return judge(function, self.record, arguments, case, standard, flushes=self.library.flushes)

    @property
    def stopped(self) -> bool:
        """Whether a call did not come to an end: no more are made."""
        return _HANG in self.ledger.findings

    def _fault(self, arguments: Arguments) -> Finding | None:
        if self.convention.declines(self.record, arguments) is not None:
            return None
        found = self._judge(self.function, arguments).finding
        return None if found is None or found.apart else found

    def look_at_contract(self) -> None:
        """Go through every clause, on the first case of the deck: ordinary numbers."""
        base = deck_of(self.record)[0][0].arguments
        if self.stopped:
            return
        asked = declining(self.function, self.record, self.convention)
        if isinstance(attempt(asked, self.record, copied(base)), Finding):
            return  # a function that fails on ordinary numbers is not examined further
        if "inputs_untouched" in self.ledger.findings:
            return  # its inputs are not what they were, whatever is asked next
        for clause in self._clauses:
            self._step()
            self.clauses += 1
            fault = partial(breach, clause, asked, self.record)
            try:
                found = fault(base)
            except OracleError:
                self.ledger.leave_aside(base, clause.name)
                continue
            if found is not None and not (clause.name in _SHADOWS and self.ledger.tier == "unjudged"):
                own = None if clause.universal else OWN_PROMISES
                self.ledger.note(found, base, found.apart or own, fault)

    def look_at_random_examples(self, seed: int) -> None:
        """Judge random examples until one is wrong."""
        many = self.library.examples(self.record, seed, _DECLINED_AT_MOST * self._examples)
        fit = (a for a in many if self.convention.declines(self.record, a) is None)
        drawn = islice(fit, self._examples)
        while together := list(islice(drawn, _TOGETHER)):
            standards = standards_of(self.record, together)
            for arguments, standard in zip(together, standards, strict=True):
                self.look(arguments, _RANDOM, standard)
                if self.ledger.decided:
                    return

    def look_at_long_inputs(self, hurried: Function, seed: int) -> None:
        """Judge inputs with long axes until one is wrong, or one or all calls have taken the time there is for them."""
        spent = 0.0

        def timed(*arguments: object) -> object:
            nonlocal spent
            started = time.process_time()
            try:
                with room(_ROOM):
                    return hurried(*arguments)
            finally:
                spent += time.process_time() - started

        for case in long_cases(self.record, seed):
            if self.ledger.decided or spent > _SECONDS_FOR_LONG_INPUTS:
                return
            arguments = case.arguments
            if self.convention.declines(self.record, arguments) is not None:
                continue
            try:
                judged = self._judge(timed, arguments, case.name, case.standard)
            except OracleError:
                self.ledger.leave_aside(arguments, case.name)
                continue
            if judged.finding is not None and judged.finding.kind in (_HANG, _MEMORY):
                return
            self.long += 1
            if min(case.sizes.values(), default=0) > min(self.together.values(), default=0):
                self.together = dict(case.sizes)
            self.largest = {axis: max(size, self.largest.get(axis, 0)) for axis, size in case.sizes.items()}
            self._take(judged, arguments, case.name)
            if judged.finding is not None and self.ledger.decided:
                self._fewer_places(hurried, case, judged.finding.kind)

    def _fewer_places(self, hurried: Function, case: LongCase, kind: str) -> None:
        """Put what was found on a long input onto one of fewer places."""

        def fault(arguments: Arguments, standard: Standard) -> Finding | None:
            if self.convention.declines(self.record, arguments) is not None:
                return None
            again = self._judge(hurried, arguments, case.name, standard).finding
            return again if again is not None and again.kind == kind and not again.apart else None

        fewer, arguments = with_fewer_places(self.record, case, fault)
        if fewer is not None:
            self.ledger.findings[kind] = replace(
                self.ledger.findings[kind], finding=fewer, arguments=arguments
            )

    def look_at_laws(self, asked: Asked, laws: Sequence[LawOfLoss], convention: Convention) -> None:
        """Try every law; where one is broken, the values that break it are judged, and no verdict hangs on the law."""
        due = [(law, examples_of(law, convention, self.library, _EXAMPLES_OF_A_LAW)) for law in laws]
        get_ready(asked, due)
        for law, examples in due:
            self._step()
            if self.stopped:
                return
            found = tried(law, asked, examples)
            words = in_words(law, convention)
            for each in found:
                self._take_tried(words.name, each)
            self.laws.append(outcome_of(law, words, found))

    def _take_tried(self, law: str, each: Tried) -> None:
        if each.finding is None:
            return
        if each.finding.broken is None:
            self.ledger.note(each.finding, each.finding.arguments, each.finding.apart, self._fault)
            return
        case = f"input of the law: {law}"
        for call in each.calls.values():
            accuracy = call.accuracy
            if accuracy.deviation is None:
                self.ledger.reach(accuracy.tier)
                continue
            self.failed.append(Point(case, accuracy.error, accuracy.bound))
            wrong = Finding("value", accuracy.message, call.arguments, case, deviation=accuracy.deviation)
            self.ledger.note(wrong, call.arguments, None, self._fault)

    def look_nearer(self) -> None:
        """Judge ordinary inputs on the way to those beyond on which something was found."""
        beyond = [each for each in self.ledger.findings.values() if each.tier == "ordinary"]
        for found in beyond:
            for arguments in nearer(self.record, found.arguments):
                if self.ledger.decided:
                    return
                self.look(arguments, _NEARER)

    def shrunk(self) -> list[Finding]:
        """The findings that decide, on the smallest inputs that were looked for; those that say no more left out.

        Where they are about numbers that are not ordinary, the way to them is looked at once more.
        """
        found = self._shrunk()
        if self.ledger.tier != "ordinary":
            return found
        for arguments in ordinary_failures(self.function, self.record, found[0].arguments):
            self.look(arguments, _NEARER)
        return self._shrunk() if self.ledger.decided else found

    def _shrunk(self) -> list[Finding]:
        decisive = self.ledger.decisive
        tried = _TRIED_TO_SHRINK // (_DEARER if self.library.few else 1)
        share = tried // max(1, len(decisive))
        found = {
            kind: self._plainer(each.finding)
            if kind == _HANG
            else shrink(self.record, each.finding, each.arguments, self.ledger.kept(each), share)
            for kind, each in decisive.items()
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

    def _step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def _flushed(library: Library, arguments: Arguments) -> Finding:
    return Finding(
        "flushed", f"{library.name} takes subnormal numbers for 0, and returns 0 for them", arguments
    )
