"""Judge anybody's implementation of a loss and its gradients."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from w2v_verified.verify.accuracy import Standard
from w2v_verified.verify.arguments import Arguments, copied, describe
from w2v_verified.verify.calling import CallError, Function, attempt
from w2v_verified.verify.contract import Clause, clauses_for
from w2v_verified.verify.conventions import Convention, convention_named
from w2v_verified.verify.deck import Case, deck
from w2v_verified.verify.diagnosis import diagnose
from w2v_verified.verify.finding import Finding
from w2v_verified.verify.judge import judge
from w2v_verified.verify.oracle import OracleError
from w2v_verified.verify.record import Record, load
from w2v_verified.verify.report import Report, Worst
from w2v_verified.verify.shrink import shrink
from w2v_verified.verify.snippet import snippet
from w2v_verified.verify.strategies import arguments_by_seed

__all__ = ["check"]

Progress = Callable[[int, int], None]

_TIERS = ("strict", "textbook", "lax", "wrong")
_SECONDS_TO_SHRINK = 1.5
_RANDOM = "random example"
_SHADOWS = ("smallest_axes", "finite_and_silent")  # clauses that wrong numbers break as well
_NOT_ENCLOSED = "not_enclosed"
_UNKNOWN = "for want of exact values"


def check(
    function: Function,
    loss: str | Record,
    convention: str = "columns",
    examples: int = 200,
    seed: int = 0,
    strict: bool = False,
    *,
    progress: Progress | None = None,
) -> Report:
    """Judge an implementation: a fixed deck of corner cases, the contract, then random examples; then shrink.

    Args:
        function: The implementation, called with positional arguments as the convention says.
        loss: A registered loss, or a record of your own.
        convention: "columns": ``f(v_c, o, U[, negatives])``, U of shape (d, V). "rows": the same with U of shape
            (V, d), its gradient too. "cs224n": ``f(centerWordVec, outsideWordIdx, outsideVectors, dataset[, K])``.
        examples: How many random examples to draw.
        seed: The random examples are the same for the same seed.
        strict: Ask for the top grade.
        progress: Called as ``progress(done, total)`` now and then.

    Returns:
        The verdict: ``report.ok``, ``report.grade``, ``report.findings``, and all of it in words by ``print(report)``.

    Raises:
        TypeError: ``function`` cannot be called, or ``loss`` is neither a name nor a record.
        ValueError: There is no such loss or convention, or ``examples`` is negative.
        OracleError: The exact values are not known on any of the inputs; on some, it is a remark.

    >>> from w2v_verified import naive_softmax
    >>> check(naive_softmax, "naive_softmax", examples=20).grade
    'componentwise accurate'
    """
    if not callable(function):
        raise TypeError(f"function: expected something that can be called, got {type(function).__name__}")
    if not isinstance(loss, str | Record):
        raise TypeError(f"loss: expected a name or a Record, got {type(loss).__name__}")
    if examples < 0:
        raise ValueError(f"examples: expected 0 or more, got {examples}")
    record = load(loss) if isinstance(loss, str) else loss
    trial = _Trial(record, convention_named(convention, record), function, progress, examples)
    started = time.perf_counter()
    for case, standard in _deck_of(record):
        trial.look(case.arguments, case.name, standard)
    trial.look_at_contract()
    if not trial.findings:
        trial.look_at_random_examples(seed)
    if not trial.enclosed:
        raise OracleError(f"{record.name}: none of {trial.set_aside} inputs could be enclosed")
    findings = _diagnosed(trial.shrunk(), function, record, trial.convention)
    name = getattr(function, "__name__", type(function).__name__)
    return Report(
        function=name,
        loss=record.name,
        convention=convention,
        tier=trial.tier,
        strict=strict,
        findings=findings,
        remarks=tuple(trial.remarks.values()),
        worst=trial.worst,
        deck=len(_deck_of(record)),
        examples=trial.drawn,
        clauses=trial.clauses,
        seed=seed,
        seconds=time.perf_counter() - started,
        counterexample=snippet(record, trial.convention, name, findings[0].arguments) if findings else None,
    )


def _diagnosed(
    findings: Sequence[Finding], function: Function, record: Record, convention: Convention
) -> tuple[Finding, ...]:
    """The findings, each mistake behind them named once."""
    named: dict[str, Finding] = {}
    known: set[str] = set()
    for finding in findings:
        diagnosis = diagnose(finding.kind, function, record, convention)
        named[finding.kind] = replace(finding, diagnosis=None if diagnosis in known else diagnosis)
        known |= {diagnosis} if diagnosis else set()
    return tuple(named.values())


@lru_cache(maxsize=16)
def _deck_of(record: Record) -> tuple[tuple[Case, Standard], ...]:
    """The deck with its exact values, which are computed once for all implementations."""
    return tuple((case, Standard(record, case.arguments)) for case in deck(record))


class _Trial:
    """One implementation before the court: what has been seen of it so far."""

    def __init__(
        self,
        record: Record,
        convention: Convention,
        function: Function,
        progress: Progress | None,
        examples: int,
    ) -> None:
        self.record, self.convention = record, convention
        self.function = convention.adapt(function, record)
        self.findings: dict[str, tuple[Finding, Arguments, Callable[[Arguments], Finding | None]]] = {}
        self.remarks: dict[str, Finding] = {}
        self.worst: Worst | None = None
        self.tier = "strict"
        self.drawn = self.clauses = self.enclosed = self.set_aside = 0
        self._examples = examples
        self._clauses = clauses_for(record)
        self._total = len(_deck_of(record)) + len(self._clauses) + examples
        self._done, self._progress = 0, progress

    def look(self, arguments: Arguments, case: str, standard: Standard | None = None) -> None:
        """Judge one input."""
        self._step()
        try:
            judged = judge(self.function, self.record, arguments, case, standard)
        except OracleError:
            self._set_aside(arguments, case)
            return
        self.enclosed += 1
        apart = self.convention.declines(self.record, arguments)
        if judged.finding is not None:
            self._note(judged.finding, arguments, apart, self._fault)
        elif judged.accuracy is not None and apart is None:
            self.tier = max(self.tier, judged.accuracy.tier, key=_TIERS.index)
            if self.worst is None or judged.accuracy.fraction > self.worst.fraction:
                where = describe(self.record, arguments)
                self.worst = Worst(judged.accuracy.fraction, judged.accuracy.result, where)

    def _fault(self, arguments: Arguments) -> Finding | None:
        if self.convention.declines(self.record, arguments) is not None:
            return None
        return judge(self.function, self.record, arguments).finding

    def look_at_contract(self) -> None:
        """Go through every clause, on the first case of the deck: ordinary numbers."""
        base = _deck_of(self.record)[0][0].arguments
        if isinstance(attempt(self.function, self.record, copied(base)), Finding):
            return  # a function that fails on ordinary numbers is not examined further
        for clause in self._clauses:
            self._step()
            self.clauses += 1
            fault = partial(_breach, clause, self.function, self.record)
            try:
                found = fault(base)
            except OracleError:
                self._set_aside(base, clause.name)
                continue
            if found is not None:
                apart = (
                    None if clause.universal else "which w2v_verified promises for its own functions alone"
                )
                apart = self.convention.declines(self.record, found.arguments) or apart
                self._note(found, base, apart, fault)

    def look_at_random_examples(self, seed: int) -> None:
        """Judge random examples until one is wrong."""
        for arguments in arguments_by_seed(self.record, seed, self._examples):
            self.drawn += 1
            self.look(arguments, _RANDOM)
            if self.findings:
                return

    def shrunk(self) -> list[Finding]:
        """Every finding on the smallest input there was time to look for, those that say no more left out."""
        share = _SECONDS_TO_SHRINK / max(1, len(self.findings))
        plain = self.findings.get("value")
        found = {kind: shrink(self.record, *each, share) for kind, each in self.findings.items()}
        if plain is not None:
            found = {kind: each for kind, each in found.items() if kind not in _SHADOWS}
        return list(found.values())

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
        elif finding.kind not in self.remarks:
            self.remarks[finding.kind] = Finding(
                finding.kind, finding.message, finding.arguments, finding.case, apart
            )

    def _set_aside(self, arguments: Arguments, case: str) -> None:
        """Keep count of inputs on which the exact values are not known."""
        self.set_aside += 1
        first = self.remarks.get(_NOT_ENCLOSED, Finding(_NOT_ENCLOSED, "", arguments, case, _UNKNOWN))
        inputs = "1 input" if self.set_aside == 1 else f"{self.set_aside} inputs, this one and others,"
        message = f"{inputs} could not be enclosed: {describe(self.record, first.arguments)}"
        self.remarks[_NOT_ENCLOSED] = replace(first, message=message)

    def _step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def _breach(clause: Clause, function: Function, record: Record, arguments: Arguments) -> Finding | None:
    try:
        found = clause.judge(function, record, copied(arguments))
        return found and replace(found, kind=clause.name)
    except CallError as error:
        return Finding(clause.name, str(error), arguments)
