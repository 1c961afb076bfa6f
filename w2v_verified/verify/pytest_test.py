"""A ready test of an implementation, for a test file: the deck, the contract, then Hypothesis."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, note, settings

from w2v_verified.verify.asking.subject import subject_of
from w2v_verified.verify.asking.values import not_strict
from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.cases.strategies import arguments_for
from w2v_verified.verify.check import TIME_LIMIT, check
from w2v_verified.verify.judging.calling import Function
from w2v_verified.verify.judging.judge import judge
from w2v_verified.verify.judging.surroundings import undisturbed
from w2v_verified.verify.record import Record
from w2v_verified.verify.report.snippet import snippet

__all__ = ["gradient_test"]


def gradient_test(
    function: Function,
    loss: str | Path | Record,
    convention: str = "columns",
    *,
    max_examples: int | None = None,
    strict: bool = False,
    range: str = "all",
    arrays: str = "numpy",
    gradients: str = "returned",
    time_limit: float | None = TIME_LIMIT,
) -> Callable[..., None]:
    """Make a test that pytest collects out of an implementation, as a function of a module or a method of a class.

    ``check`` goes through deck and contract; then Hypothesis draws, reports and shrinks in its own way, under the
    profile in force when the test runs, but for its deadline: exact values take their time, and ``time_limit`` is what
    ends a call.

    Args:
        function: The implementation.
        loss: As in ``check``.
        convention: As in ``check``.
        max_examples: How many examples Hypothesis draws; by default as many as the profile says.
        strict: Ask for componentwise accuracy.
        range: As in ``check``.
        arrays: As in ``check``.
        gradients: As in ``check``.
        time_limit: As in ``check``.

    Returns:
        A test function; it raises AssertionError with the finding and a snippet that shows it.

    Raises:
        TypeError: ``function`` cannot be called, or ``loss`` is none of the three.
        ValueError: There is no such loss, convention, range or library, ``max_examples`` is less than 1, or gradients
            are automatic and the arrays NumPy's.
        ModuleNotFoundError: As in ``check``.

    >>> from w2v_verified import naive_softmax
    >>> test_naive_softmax = gradient_test(naive_softmax, "naive_softmax", max_examples=10)
    >>> test_naive_softmax()
    """
    if max_examples is not None and max_examples < 1:
        raise ValueError(f"max_examples: expected 1 or more, got {max_examples}")
    subject = subject_of(
        function,
        loss,
        convention,
        strict=strict,
        range=range,
        arrays=arrays,
        gradients=gradients,
        time_limit=time_limit,
    )
    record, library = subject.record, subject.library

    def look(arguments: Arguments) -> None:
        if subject.passes_over(arguments):
            return
        judged = judge(subject.call, record, copied(arguments), flushes=library.flushes)
        finding = None if judged.finding is None or judged.finding.apart else judged.finding
        if finding is None and strict:
            finding = not_strict(judged, arguments)
        if finding is not None:
            shown = replace(finding, arguments=arguments)
            lines = snippet(record, subject.convention, subject.origin, shown, library=library)
            note(f"Run this to see it:\n{lines}")
        assert finding is None, str(finding)

    @undisturbed()
    def test(*_: object) -> None:
        report = check(
            function,
            subject.base,
            convention,
            examples=0,
            strict=strict,
            range=subject.range,
            arrays=arrays,
            gradients=gradients,
            time_limit=time_limit,
        )
        assert report.ok, f"\n{report}"
        profile = settings()
        patient = settings(
            profile,
            deadline=None,
            max_examples=max_examples or profile.max_examples,
            suppress_health_check=(*profile.suppress_health_check, HealthCheck.too_slow),
        )
        drawn = arguments_for(
            record, dtypes=library.formats, layouts=library.layouts, sizes=library.sizes(record)
        )
        patient(given(arguments=drawn)(look))()

    test.__doc__ = f"{subject.name} is {subject.base.name}, by deck, contract and random examples."
    return test
