"""What is found out about a function: findings, one sentence about one input each; errors against their bounds."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["OWN_PROMISES", "PLATFORM", "Finding", "Point", "Worst"]

OWN_PROMISES = "which w2v_verified promises for its own functions alone"
"""Why a breach of a clause that is not universal does not count."""

PLATFORM = "for it is what the platform does"
"""Why subnormal numbers that are flushed to zero do not count."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        kind: What was examined: "value", "exception", "warning", "return", or the name of a contract clause.
        message: One sentence in plain words.
        arguments: The input it shows on, by name.
        case: Where that input came from: a name from the deck, "random example" or "smallest found".
        apart: Why it does not count against the function, or None where it counts.
        diagnosis: The mistake that gives exactly these results on several inputs, and the line of mathematics that is
            right; None where no known mistake does.
    """

    kind: str
    message: str
    arguments: Mapping[str, object]
    case: str = ""
    apart: str | None = None
    diagnosis: str | None = None

    def __str__(self) -> str:
        where = f" [{self.case}]" if self.case else ""
        return f"{self.kind}: {self.message}{where}"


@dataclass(frozen=True)
class Worst:
    """The largest error seen, as a fraction of the tightest bound, and where."""

    fraction: float
    result: str
    where: str


@dataclass(frozen=True)
class Point:
    """One judged input: the error that is worst for its bound, and that bound (the strict one)."""

    case: str
    error: float
    bound: float
