"""Judge anybody's implementation of a loss and its gradients."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from w2v_verified.verify.arrays import library_named
from w2v_verified.verify.asking.subject import Ending, passes_over
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.diagnosis import by_cancellation, diagnose
from w2v_verified.verify.engine import record_of
from w2v_verified.verify.exact.oracle import OracleError
from w2v_verified.verify.exact.precision import LAST_PRECISION
from w2v_verified.verify.judging.calling import Function
from w2v_verified.verify.judging.conventions import Convention, convention_named, range_named
from w2v_verified.verify.judging.finding import Finding, Limit
from w2v_verified.verify.judging.guard import Announce, announced, guarded
from w2v_verified.verify.judging.ordinary import limits
from w2v_verified.verify.judging.plainness import plainness
from w2v_verified.verify.judging.surroundings import undisturbed
from w2v_verified.verify.laws.asked import Asked
from w2v_verified.verify.laws.reading import laws_of
from w2v_verified.verify.record import Record
from w2v_verified.verify.report.origin import origin_of
from w2v_verified.verify.report.report import Report, cut_short, first_shown
from w2v_verified.verify.trial import Progress, Trial, deck_of

__all__ = ["TIME_LIMIT", "check"]

_INACCURATE = ("textbook", "lax")
TIME_LIMIT = 10.0
"""Seconds that one call may take."""
LONG_INPUT_LIMIT = 1.0
"""Seconds that one call with long axes may take: a function that takes longer is not judged on longer ones."""


@undisturbed()
def check(
    function: Function,
    loss: str | Path | Record,
    convention: str = "columns",
    examples: int = 200,
    seed: int = 0,
    strict: bool = False,
    *,
    range: str = "all",
    arrays: str = "numpy",
    gradients: str = "returned",
    time_limit: float | None = TIME_LIMIT,
    progress: Progress | None = None,
    announce: Announce | None = None,
    stuck: Callable[[Report], None] | None = None,
) -> Report:
    """Judge an implementation: a fixed deck of corner cases, the contract, random examples, its laws; then shrink.

    Args:
        function: The implementation, called with positional arguments as the convention says.
        loss: A registered loss; a record; or the path of a definition of your own, a file ``.py`` with a ``LOSS``,
            which is derived first (that takes SymPy, and a second or two).
        convention: "columns": ``f(v_c, o, U[, negatives])``, U of shape (d, V). "rows": the same with U of shape
            (V, d), its gradient too. "cs224n": ``f(centerWordVec, outsideWordIdx, outsideVectors, dataset[, K])``.
        examples: How many random examples to draw.
        seed: The random examples are the same for the same seed.
        strict: Ask for the top grade.
        range: "all": it has to be right on all numbers that fit in the format. "ordinary": where scores and their
            differences stay within 700 (80 in float32), and products and squares are finite with room to spare; the
            convention "cs224n" never promised more.
        arrays: "numpy"; or "torch" or "jax": the function gets arrays of that library, in float64 or float32, indices
            as int64 or, where it is one, as a Python int, and returns such arrays.
        gradients: "returned" by the function; or "automatic": it returns the loss alone, and the library, torch or
            jax, differentiates it.
        time_limit: Seconds of the processor that one call may take; None for any time. The first call, which may
            compile, may take three times as long; a call that waits is ended after three times as long on the clock.
            It holds in the main thread of a system with ``signal.setitimer``; elsewhere nothing ends a call, and
            nowhere one that swallows every exception.
        progress: Called as ``progress(done, total)`` now and then.
        announce: Called with the arguments before every call.
        stuck: Called with a report where a call swallows every exception and cannot be ended, from within that call;
            it can end the process. By default a line on standard error says so.

    Returns:
        The verdict: ``report.ok``, ``report.grade``, ``report.findings``, and all of it in words by ``print(report)``.

    Raises:
        TypeError: ``function`` cannot be called, or ``loss`` is none of the three.
        ValueError: There is no such loss, convention, range or library, the definition is refused, ``examples`` is
            negative, ``time_limit`` is not positive, or gradients are automatic and the arrays NumPy's.
        ModuleNotFoundError: The library is not installed; the message names the extra that brings it.
        UsageError: It cannot be imported.
        OracleError: The exact values are not known on any of the inputs; on some, it is a remark.

    >>> from w2v_verified import naive_softmax
    >>> check(naive_softmax, "naive_softmax", examples=20).grade
    'componentwise accurate'
    """
    if not callable(function):
        raise TypeError(f"function: expected something that can be called, got {type(function).__name__}")
    if examples < 0:
        raise ValueError(f"examples: expected 0 or more, got {examples}")
    if time_limit is not None and not time_limit > 0:
        raise ValueError(f"time_limit: expected more than 0 seconds, got {time_limit}")
    library = library_named(arrays, gradients)
    base = library.judged(record_of(loss))
    called = library.within(convention_named(convention, base), sizes=False)
    wanted = range_named(range, called)
    record = called.reworded(base)
    laws = laws_of(base)
    name = getattr(function, "__name__", type(function).__name__)
    last: dict[str, object] = {}

    def announce_and_keep(arguments: Arguments) -> None:
        last.update(arguments)
        if announce is not None:
            announce(arguments)

    def give_up(message: str) -> None:
        if stuck is not None:
            hang = Finding("hang", message, dict(last))
            stuck(cut_short(name, origin_of(function), base, called, hang, seed, strict, wanted, library))

    native = library.adapt(function, record)
    limited = guarded(native, time_limit, None if stuck is None else give_up)
    watched = announced(called.adapt(limited, record), record, announce_and_keep)
    short = LONG_INPUT_LIMIT if time_limit is None else min(LONG_INPUT_LIMIT, time_limit)
    hurried = guarded(native, short, None if stuck is None else give_up)
    trial = Trial(record, library.within(called), watched, progress, examples, library, len(laws))
    started = time.perf_counter()
    for case, standard in deck_of(record):
        trial.look(case.arguments, case.name, standard)
    trial.look_at_contract()
    if not trial.ledger.decided:
        trial.look_at_random_examples(seed)
    if not trial.ledger.decided:
        trial.look_at_long_inputs(announced(called.adapt(hurried, record), record, announce_and_keep), seed)
    if laws:
        ordinary = wanted == "ordinary" and not strict
        passed_over = partial(passes_over, trial.convention, record, ordinary)
        asked = Asked(Ending(watched, record), base, called, passed_over, strict, library.flushes)
        trial.look_at_laws(asked, laws, convention_named(convention, base))
    trial.look_nearer()
    if not trial.enclosed:
        raise OracleError(
            f"{record.name}: could not be judged: none of {trial.ledger.set_aside} inputs could be enclosed at "
            f"{LAST_PRECISION} bits, which is as far as the judge goes"
        )
    broken = tuple(law.finding for law in trial.laws if law.finding is not None)
    findings = (*_diagnosed(sorted(trial.shrunk(), key=plainness), limited, base, called), *broken)
    return Report(
        function=name,
        loss=record.name,
        convention=convention,
        tier=trial.ledger.tier,
        strict=strict,
        range=wanted,
        findings=findings,
        limits=_limits(trial, findings),
        remarks=tuple(trial.ledger.remarks.values()),
        advice=_known(partial(by_cancellation, called.adapt(limited, record), record))
        if trial.ledger.tier in _INACCURATE
        else None,
        worst=trial.worst,
        points=tuple(trial.points),
        failed=tuple(trial.failed),
        deck=trial.played,
        examples=trial.drawn,
        long=trial.long,
        largest=trial.largest,
        together=trial.together,
        clauses=trial.clauses,
        seed=seed,
        seconds=time.perf_counter() - started,
        counterexample=first_shown(base, called, origin_of(function), findings, library),
        record=base,
        arrays=arrays,
        gradients=gradients,
        asked=library.asked(record),
        laws=tuple(trial.laws),
    )


def _limits(trial: Trial, findings: Sequence[Finding]) -> tuple[Limit, ...]:
    """From where on a function that is right on ordinary numbers is not."""
    if trial.ledger.tier != "ordinary":
        return ()
    try:
        return limits(trial.function, trial.record, findings[0].arguments)
    except OracleError:
        return ()


def _known(explained: Callable[[], str | None]) -> str | None:
    """An explanation, or none where it would need exact values that are not known."""
    try:
        return explained()
    except OracleError:
        return None


def _diagnosed(
    findings: Sequence[Finding], function: Function, record: Record, convention: Convention
) -> tuple[Finding, ...]:
    """The findings, each mistake behind them named once."""
    named: dict[str, Finding] = {}
    known: set[str] = set()
    for finding in findings:
        diagnosis = _known(partial(diagnose, finding, function, record, convention))
        named[finding.kind] = replace(finding, diagnosis=None if diagnosis in known else diagnosis)
        known |= {diagnosis} if diagnosis else set()
    return tuple(named.values())
