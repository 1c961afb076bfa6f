"""Judge the package's own functions: accuracy on deck and random examples, the contract, differences of the loss."""

from collections.abc import Callable
from dataclasses import dataclass

import w2v_verified
from w2v_verified.verify.cases.deck import deck
from w2v_verified.verify.check import check
from w2v_verified.verify.contract import clauses_for
from w2v_verified.verify.judging.calling import CallError, Function
from w2v_verified.verify.judging.finite_differences import worst_disagreement
from w2v_verified.verify.judging.folded import switch_cases
from w2v_verified.verify.judging.judge import judge
from w2v_verified.verify.judging.valued import computed_loss, exact_loss
from w2v_verified.verify.record import Record, load
from w2v_verified.verify.report.report import Report
from w2v_verified.verify.report.verdict import GRADES

__all__ = ["Row", "judge_own", "own_function"]

_EXACT_STEP = 2.0**-30
_COMPUTED_STEP = 2.0**-16
_WITNESSED_CASES = 2


@dataclass(frozen=True)
class Row:
    """What was found out about one function.

    Attributes:
        report: The verdict of ``check``, with the top grade asked for; None where there was nothing to judge.
        kept: How many clauses of the contract it keeps.
        clauses: How many there are.
        difference: Its gradients' largest distance from difference quotients, as a fraction of what is allowed.
        problems: Everything that is not as it should be, one sentence each.
    """

    report: Report | None
    kept: int
    clauses: int
    difference: float
    problems: tuple[str, ...]

    @property
    def examples(self) -> int:
        """How many inputs it was judged on."""
        return self.report.inputs if self.report else 0


def own_function(name: str) -> Function:
    """The generated function of a loss."""
    function: Function = getattr(w2v_verified, name)
    return function


def judge_own(
    name: str,
    examples: int,
    seed: int,
    *,
    function: Function | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Row:
    """Judge the generated function of a loss, or another in its place, by everything this project promises."""
    try:
        record = load(name)
        _ = record.programs
    except Exception as error:  # the record is part of what is judged
        return _unjudged(f"the record cannot be read: {_in_words(error)}")
    try:
        function = function or own_function(name)
    except Exception as error:  # a broken module may raise anything
        return _unjudged(f"the function cannot be imported: {_in_words(error)}")
    report = check(function, record, examples=examples, seed=seed, strict=True, progress=progress)
    problems = [str(finding) for finding in (*report.findings, *report.remarks)]
    if not report.ok and all(finding.kind == "law" for finding in report.findings):
        problems.append(f"value: {report.grade}, not componentwise accurate: {report.worst}")
    problems += _beside_switches(function, record)
    broken = {finding.kind for finding in (*report.findings, *report.remarks)}
    clauses = clauses_for(record)
    kept = sum(clause.name not in broken for clause in clauses) if report.clauses == len(clauses) else 0
    difference = _difference(function, record)
    if difference > 1:
        problems.append(
            f"finite differences: a gradient is {difference:.3g} times as far from them as is allowed"
        )
    return Row(report, kept, len(clauses), difference, tuple(problems))


def _beside_switches(function: Function, record: Record) -> list[str]:
    """What is not as it should be on both sides of every size that matters to the function."""
    problems = []
    for case in switch_cases(record):
        judged = judge(function, record, case.arguments, case.name, case.standard)
        if judged.finding is not None:
            problems.append(str(judged.finding))
        elif judged.accuracy is not None and judged.accuracy.tier != "strict":
            grade = GRADES[judged.accuracy.tier]
            problems.append(f"value: {grade}, not componentwise accurate [{case.name}]")
    return problems


def _unjudged(problem: str) -> Row:
    return Row(None, 0, 0, 0.0, (problem,))


def _in_words(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _difference(function: Function, record: Record) -> float:
    """How far the gradients are from differences of the defined loss and of the computed one."""
    worst = 0.0
    for case in deck(record)[:_WITNESSED_CASES]:
        for loss, step in (
            (exact_loss(record), _EXACT_STEP),
            (computed_loss(function, record), _COMPUTED_STEP),
        ):
            try:
                worst = max(worst, worst_disagreement(function, record, case.arguments, loss, step))
            except CallError:  # found and said by check
                return float("inf")
    return worst
