"""What is found out about a function: findings, one sentence about one input each; errors against their bounds."""

from collections.abc import Mapping
from dataclasses import dataclass

from w2v_verified.verify.judging.deviation import Deviation

__all__ = [
    "OWN_PROMISES",
    "PLATFORM",
    "UNJUDGED",
    "Broken",
    "Finding",
    "FurtherCall",
    "Limit",
    "Point",
    "Shared",
    "Worst",
]

OWN_PROMISES = "which w2v_verified promises for its own functions alone"
"""Why a breach of a clause that is not universal does not count."""

PLATFORM = "for it is what the platform does"
"""Why subnormal numbers that are flushed to zero do not count."""

UNJUDGED = ("hang", "memory")
"""Kinds of finding that say nothing about the numbers: the call did not come to an end."""


@dataclass(frozen=True)
class FurtherCall:
    """A call of the function that a finding is about beside the first: its name, and its arguments by name."""

    name: str
    arguments: Mapping[str, object]


@dataclass(frozen=True)
class Broken:
    """A statement of a law that does not hold, whatever rounding did.

    Attributes:
        law: The name of the law.
        statement: What does not hold, as it is stated.
        left: Its left side, of what came back.
        right: Its right side.
        error: Their distance.
        slack: What rounding explains of that.
        calls: The calls of the function after the first.
        results: The results that it speaks of, each with the name of its call, or "" for the first.
    """

    law: str
    statement: str
    left: float
    right: float
    error: float
    slack: float
    calls: tuple[FurtherCall, ...]
    results: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shared:
    """A result that shares memory with an argument, or with a result of the same call or of a later one."""

    result: str
    other: str
    later: bool = False


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        kind: What was examined: "value", "exception", "warning", "return", "law", or the name of a contract clause.
        message: One sentence in plain words.
        arguments: The input it shows on, by name.
        case: Where that input came from: a name from the deck, "random example" or "smallest found".
        apart: Why it does not count against the function, or None where it counts.
        diagnosis: The mistake that gives exactly what came back, on this input and on several others, and the line of
            mathematics that is right; None where no known mistake does.
        deviation: The entry that is wrong, where one call of the function on the arguments shows one.
        about: The argument it is about, where that is one.
        shared: What shares memory and should not, where it is about that.
        broken: The statement of a law that does not hold, where it is about one.
    """

    kind: str
    message: str
    arguments: Mapping[str, object]
    case: str = ""
    apart: str | None = None
    diagnosis: str | None = None
    deviation: Deviation | None = None
    about: str = ""
    broken: Broken | None = None
    shared: Shared | None = None

    def __str__(self) -> str:
        where = f" [{self.case}]" if self.case else ""
        return f"{self.kind}: {self.message}{where}"


@dataclass(frozen=True)
class Limit:
    """Where a function that is right on ordinary numbers ends being right.

    Attributes:
        result: The result that fails there; "" where the call does.
        of: What is too large: "score", or "product" (a square is one) where no score is.
        at: How large it is at the smallest input that fails, along the way to the finding.
        value: What the result is on the finding.
    """

    result: str
    of: str
    at: float
    value: float


@dataclass(frozen=True)
class Worst:
    """The largest error seen, as a fraction of the tightest bound, and where."""

    fraction: float
    result: str
    where: str


@dataclass(frozen=True)
class Point:
    """One judged input: the error that is worst for its bound, which may be NaN or infinite, and that bound."""

    case: str
    error: float
    bound: float
