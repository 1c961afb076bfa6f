"""A ready class of tests of an implementation, for a test file: one Hypothesis test for each property."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, note, reject, settings

from w2v_verified.nearest import meant, one_of
from w2v_verified.verify.asking import Property, properties_for
from w2v_verified.verify.asking.property import identifier
from w2v_verified.verify.asking.subject import Subject, subject_of
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.cases.strategies import made_by
from w2v_verified.verify.check import TIME_LIMIT
from w2v_verified.verify.exact.oracle import OracleError
from w2v_verified.verify.judging.calling import Function
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.judging.surroundings import undisturbed
from w2v_verified.verify.record import Record
from w2v_verified.verify.report.snippet import snippet

__all__ = ["CONTRACTS", "property_tests"]

CONTRACTS = ("universal", "whole")
"""The clauses that an implementation may be asked: those of any right one, or all that w2v_verified promises."""

_PASSED_OVER = (
    HealthCheck.too_slow,  # exact values take their time
    HealthCheck.filter_too_much,  # a convention may decline most inputs
    HealthCheck.differing_executors,  # inherited by a subclass, whose instances hold nothing
)


def property_tests(
    function: Function,
    loss: str | Path | Record,
    convention: str = "columns",
    *,
    only: Iterable[str] | None = None,
    without: Iterable[str] = (),
    contract: str = "universal",
    max_examples: int | None = None,
    strict: bool = False,
    range: str = "all",
    arrays: str = "numpy",
    gradients: str = "returned",
    time_limit: float | None = TIME_LIMIT,
    name: str | None = None,
) -> type:
    """Make a class that pytest collects out of an implementation, with one Hypothesis test for each property.

    ``properties`` lists them: results within their bounds, gradients that agree with differences of the loss, the
    clauses of the contract, and the laws of the loss, but for those whose inputs the convention declines. Each test
    draws, reports and shrinks in Hypothesis' way, under the profile in force where the class is made, but for its
    deadline: ``time_limit`` is what ends a call. Inputs that the convention declines or that are beyond the range are
    passed over. Subclasses may add tests.

    Args:
        function: The implementation.
        loss: As in ``check``.
        convention: As in ``check``.
        only: The names of the properties to test, of all that ``properties`` lists, laws also by the names in the
            loss's file; by default all that are asked.
        without: The names of properties to leave out.
        contract: "universal": the clauses that any right implementation keeps. "whole": also what w2v_verified
            promises for its own functions alone; then inputs that ordinary code may refuse count as well.
        max_examples: How many examples each test draws; by default as many as the profile says.
        strict: Ask for componentwise accuracy.
        range: As in ``check``.
        arrays: As in ``check``.
        gradients: As in ``check``.
        time_limit: As in ``check``. Once a call did not come to its end, no more are made.
        name: What the class is called, where it is to be pickled under a name that is not its function's.

    Returns:
        The class; a test of it raises AssertionError with what is wrong, and notes the lines to run.

    Raises:
        TypeError: ``function`` cannot be called, or ``loss`` is none of the three.
        ValueError: There is no such loss, convention, range, library, contract or property; no property is left;
            ``max_examples``, ``time_limit`` or ``name`` is none; or gradients are automatic and the arrays NumPy's.
        ModuleNotFoundError: As in ``check``.

    >>> from w2v_verified import naive_softmax
    >>> TestNaiveSoftmax = property_tests(naive_softmax, "naive_softmax", max_examples=10)
    >>> TestNaiveSoftmax().test_grad_U_is_within_its_bound()
    """
    if max_examples is not None and (not isinstance(max_examples, int) or max_examples < 1):
        raise ValueError(f"max_examples: expected 1 or more, got {max_examples!r}")
    if time_limit is not None and not time_limit > 0:
        raise ValueError(f"time_limit: expected more than 0 seconds, got {time_limit}")
    if name is not None and not (isinstance(name, str) and name.isidentifier()):
        raise ValueError(f"name: expected one that a class can have, got {name!r}")
    if contract not in CONTRACTS:
        raise ValueError(f"contract: {one_of(contract, CONTRACTS)}")
    subject = subject_of(
        function,
        loss,
        convention,
        strict=strict,
        range=range,
        arrays=arrays,
        gradients=gradients,
        time_limit=time_limit,
        whole=contract == "whole",
    )
    rows = _chosen(
        properties_for(subject.base, subject.convention, subject.library), only, without, subject.whole
    )
    called = name or _class_name(subject)
    module = sys._getframe(1).f_globals.get("__name__", __name__)
    patient = settings(
        deadline=None,
        max_examples=max_examples or settings().max_examples,
        suppress_health_check=(*settings().suppress_health_check, *_PASSED_OVER),
    )
    tests = {f"test_{row.name}": _test(row, subject, f"{module}.{called}", patient) for row in rows}
    what = f"{subject.name} is {subject.base.name}, property by property."
    return type(called, (), {"__module__": module, "__doc__": what, **tests})


def _chosen(
    rows: Sequence[Property], only: Iterable[str] | None, without: Iterable[str], whole: bool
) -> list[Property]:
    """The rows that are asked.

    Raises:
        ValueError: A name is none of theirs, or none is left.
    """
    names = [row.name for row in rows]
    wanted = None if only is None else _named("only", only, names)
    left_out = _named("without", without, names)
    chosen = [
        row
        for row in rows
        if (row.universal or whole if wanted is None else row.name in wanted) and row.name not in left_out
        if row.asked
    ]
    if not chosen:
        argument = "without" if left_out else "only"
        raise ValueError(f"{argument}: expected at least one property to be left, got none")
    return chosen


def _named(argument: str, given: Iterable[str], names: Sequence[str]) -> list[str]:
    """The properties asked for; a law also by the name that it has in its loss's file."""
    try:
        held = [given] if isinstance(given, str) else list(given)
    except TypeError:
        raise TypeError(f"{argument}: expected names of properties, got {given!r}") from None
    found = []
    for each in held:
        known = identifier(each) if isinstance(each, str) else ""
        if known not in names:
            raise ValueError(
                f"{argument}: expected names out of {', '.join(names)}, got {each!r}{meant(known, names)}"
            )
        found.append(known)
    return found


def _class_name(subject: Subject) -> str:
    own = subject.name if subject.name.isidentifier() else subject.base.name
    return "Test" + "".join(part[:1].upper() + part[1:] for part in own.split("_"))


def _test(row: Property, subject: Subject, owner: str, patient: settings) -> Callable[..., None]:
    """One test as a method: Hypothesis prints and keeps what it finds under this name."""

    def test(self: object, arguments: Arguments) -> None:
        try:
            with undisturbed():
                found = row.breach(subject, arguments)
        except OracleError:
            reject()
        if found is not None:
            shown = _shown(subject, found)
            note(f"Run this to see it:\n{_lines(subject, shown)}")
            raise AssertionError(shown.message)

    test.__name__ = f"test_{row.name}"
    test.__qualname__ = f"{owner.rpartition('.')[2]}.{test.__name__}"
    test.__module__, test.__doc__ = owner.rpartition(".")[0], row.statement
    # Hypothesis tells tests by their source, which is the same for all of these, and by this.
    vars(test)["_hypothesis_internal_add_digest"] = f"{owner}.{row.name}".encode()
    drawn = made_by(lambda choices: row.draw(choices, subject))
    asked = drawn.filter(lambda arguments: not subject.passes_over(arguments))
    made: Callable[..., None] = patient(given(arguments=asked)(test))
    return made


def _shown(subject: Subject, found: Finding) -> Finding:
    """A finding with the input that shows it: the one whose call had no end, where that was an earlier one."""
    endless = subject.call.endless
    return found if found.kind != "hang" or endless is None else replace(found, arguments=endless)


def _lines(subject: Subject, found: Finding) -> str:
    return snippet(subject.record, subject.convention, subject.origin, found, library=subject.library)
