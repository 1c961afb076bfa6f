"""The verdict in the forms that people and programs read it in."""

from dataclasses import dataclass

from w2v_verified.verify.arrays import NUMPY, Library
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Record
from w2v_verified.verify.report.origin import Origin
from w2v_verified.verify.report.page import page
from w2v_verified.verify.report.snippet import snippet
from w2v_verified.verify.report.text import summary, text
from w2v_verified.verify.report.verdict import Verdict

__all__ = ["WIDTH", "Report", "cut_short", "first_shown"]

WIDTH = 80
"""How wide the text is where nobody says: the same on every machine."""


@dataclass(frozen=True, repr=False)
class Report(Verdict):
    """The verdict on one implementation: ``print`` shows it, a notebook shows the page."""

    def text(self, width: int = WIDTH) -> str:
        """The report in words, in lines of ``width`` characters wherever they can be broken."""
        return text(self, width)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return summary(self, WIDTH)

    def _repr_html_(self) -> str:
        return page(self, self.record)


def first_shown(
    record: Record,
    convention: Convention,
    origin: Origin,
    findings: tuple[Finding, ...],
    library: Library = NUMPY,
) -> str | None:
    """Source that shows the first of the findings, if there is one; large arrays come from the report as JSON."""
    if not findings:
        return None
    own = convention.reworded(record)
    return snippet(own, convention, origin, findings[0], '["findings"][0]["arguments"]', library)


def cut_short(
    function: str,
    origin: Origin,
    record: Record,
    convention: Convention,
    finding: Finding,
    seed: int,
    strict: bool,
    range: str,
    library: Library = NUMPY,
) -> Report:
    """The report of a trial that could not go on: this finding, and nothing else that is known."""
    return Report(
        function=function,
        loss=record.name,
        convention=convention.name,
        tier="unjudged" if finding.kind == "hang" else "wrong",
        strict=strict,
        range=range,
        findings=(finding,),
        limits=(),
        remarks=(),
        advice=None,
        worst=None,
        points=(),
        failed=(),
        deck=0,
        examples=0,
        long=0,
        largest={},
        together={},
        clauses=0,
        seed=seed,
        seconds=0.0,
        counterexample=first_shown(record, convention, origin, (finding,), library),
        record=record,
        arrays=library.name,
        gradients=library.gradients,
        asked=library.asked(convention.reworded(record)),
    )
