"""What has been found about an implementation so far: the grade it leads to, what counts, and what does not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from w2v_verified.verify.cases.arguments import Arguments, describe
from w2v_verified.verify.judging.finding import UNJUDGED, Finding
from w2v_verified.verify.judging.ordinary import is_ordinary
from w2v_verified.verify.record import Record

__all__ = ["NOT_ENCLOSED", "Fault", "Found", "Ledger"]

Fault: TypeAlias = Callable[[Arguments], Finding | None]
"""What shows a finding again on another input, if it is there."""

NOT_ENCLOSED = "not_enclosed"
_TIERS = ("strict", "textbook", "lax", "ordinary", "unjudged", "wrong")
_ANYWHERE = ("return", "exit", "crash", "inputs_untouched")  # no size of numbers excuses these
_UNKNOWN = "for want of exact values"


@dataclass(frozen=True)
class Found:
    """A finding, the input it was made on, what shows it again, and the grade it leads to."""

    finding: Finding
    arguments: Arguments
    fault: Fault
    tier: str


class Ledger:
    """The findings by kind, each the gravest of its kind; the remarks; and the tier that all of it comes to."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.findings: dict[str, Found] = {}
        self.remarks: dict[str, Finding] = {}
        self.tier = "strict"
        self.set_aside = 0

    @property
    def decided(self) -> bool:
        """Whether no further input can change the grade."""
        return self.tier in ("unjudged", "wrong")

    @property
    def decisive(self) -> dict[str, Found]:
        """The findings that the grade rests on."""
        return {kind: each for kind, each in self.findings.items() if each.tier == self.tier}

    def reach(self, tier: str) -> None:
        """Results were within the bounds of a tier, or led to that grade."""
        self.tier = max(self.tier, tier, key=_TIERS.index)

    def note(self, finding: Finding, arguments: Arguments, apart: str | None, fault: Fault) -> None:
        """Enter a finding, or a remark where something sets it apart."""
        if apart is not None:
            self.remarks.setdefault(f"{finding.kind}, {apart}", replace(finding, apart=apart))
            return
        tier = self.leads_to(finding)
        self.reach(tier)
        known = self.findings.get(finding.kind)
        if known is None or _TIERS.index(tier) > _TIERS.index(known.tier):
            self.findings[finding.kind] = Found(finding, arguments, fault, tier)

    def leads_to(self, finding: Finding) -> str:
        """The grade a finding leads to."""
        if finding.kind in UNJUDGED:
            return "unjudged"
        if finding.kind in _ANYWHERE or is_ordinary(self._record, finding.arguments):
            return "wrong"
        return "ordinary"

    def kept(self, found: Found) -> Fault:
        """What shows a finding again on an input of its kind: one on ordinary numbers stays on these."""

        def fault(arguments: Arguments) -> Finding | None:
            again = found.fault(arguments)
            return again if again is not None and self.leads_to(again) == found.tier else None

        return fault

    def leave_aside(self, arguments: Arguments, case: str) -> None:
        """Keep count of inputs on which the exact values are not known."""
        self.set_aside += 1
        first = self.remarks.get(NOT_ENCLOSED, Finding(NOT_ENCLOSED, "", arguments, case, _UNKNOWN))
        inputs = "1 input" if self.set_aside == 1 else f"{self.set_aside} inputs, this one and others,"
        message = f"{inputs} could not be enclosed: {describe(self._record, first.arguments)}"
        self.remarks[NOT_ENCLOSED] = replace(first, message=message)
