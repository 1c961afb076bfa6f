"""What became of a law: on how many examples it held, or what broke it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.laws.reading import LawOfLoss
from w2v_verified.verify.laws.trying import Tried
from w2v_verified.verify.laws.wording import Wording

__all__ = ["BROKEN", "HELD", "NOT_ASKED", "UNTRIED", "Outcome", "outcome_of"]

HELD, BROKEN, UNTRIED, NOT_ASKED = "held", "broken", "could not be tried", "not asked for in this convention"
"""What can become of a law."""


@dataclass(frozen=True)
class Outcome:
    """What became of a law.

    Attributes:
        name: What people call it; like the rest, in the words of the caller's code.
        statement: What it says.
        reason: Why it holds.
        proved: Whether all that it says is proved.
        status: One of the four.
        held: The number of examples that it held on.
        finding: The plainest example that broke it.
    """

    name: str
    statement: str
    reason: str
    proved: bool
    status: str
    held: int = 0
    finding: Finding | None = None


def outcome_of(law: LawOfLoss, words: Wording, found: Sequence[Tried]) -> Outcome:
    """Sum up what became of some examples; no example stands for a convention that declines all of them."""
    held = sum(each.open for each in found)
    broken = [each.finding for each in found if each.finding is not None and each.finding.broken is not None]
    status = BROKEN if broken else HELD if held else UNTRIED if found else NOT_ASKED
    plainest = min(broken, key=_entries, default=None)
    return Outcome(words.name, words.sentence, words.reason, law.law.proved, status, held, plainest)


def _entries(finding: Finding) -> int:
    return sum(np.size(np.asarray(value)) for value in finding.arguments.values())
