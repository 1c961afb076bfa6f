"""The report of a trial that could not go on: one finding, and nothing else that is known."""

from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Record
from w2v_verified.verify.report.snippet import snippet
from w2v_verified.verify.report.verdict import Report

__all__ = ["cut_short"]


def cut_short(
    function: str, record: Record, convention: Convention, finding: Finding, seed: int, strict: bool
) -> Report:
    """A report with this finding alone."""
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
        counterexample=snippet(record, convention, function, finding.arguments),
    )
