"""What an author writes down: a loss in index notation, its arguments, its claims and their proofs."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from w2v_verified.notation import Signature
from w2v_verified.symbolic.language.intervals import NONNEGATIVE, POSITIVE, REALS, Range, declared

__all__ = ["Argument", "Array", "Axis", "Chain", "Claim", "Loss", "Position", "Section", "Step"]


@dataclass(frozen=True)
class Axis:
    """A named axis of any size from ``minimum`` on.

    ``letters`` are the index names documents use on it; ``latex`` is how its size is written.
    """

    name: str
    meaning: str = ""
    letters: str = ""
    minimum: int = 1
    latex: str = ""


@dataclass(frozen=True)
class Array:
    """A floating argument; ``axes`` are separated by blanks, none for a scalar.

    Its entries may be declared ``positive``, ``nonnegative`` (weights, counts, masks), or strictly ``between`` two
    numbers, of which one may be infinite; that is looked at in every call. A scalar may have a ``default``.
    """

    name: str
    axes: str
    meaning: str = ""
    latex: str = ""
    gradient: bool = True
    positive: bool = False
    nonnegative: bool = False
    between: tuple[float, float] | None = None
    default: float | None = None

    @property
    def range(self) -> Range:
        """Where its entries lie."""
        if self.between is not None:
            return declared(*self.between)
        return POSITIVE if self.positive else NONNEGATIVE if self.nonnegative else REALS

    @property
    def admitted(self) -> str:
        """What its entries have to be, in words; empty if they may be any numbers."""
        if self.between is not None:
            low, high = self.between
            if math.isinf(high):
                return f"above {low}"
            return f"below {high}" if math.isinf(low) else f"between {low} and {high}"
        return "positive" if self.positive else "nonnegative" if self.nonnegative else ""


@dataclass(frozen=True)
class Position:
    """An integer argument (an array of integers where ``axes`` are given) that points into an axis."""

    name: str
    into: str
    meaning: str = ""
    axes: str = ""
    latex: str = ""


Argument: TypeAlias = Array | Position


@dataclass(frozen=True)
class Step:
    """``= expression``, by the rules named (separated by blanks), for a reason a reader can follow.

    Each rule has to be needed: ALGEBRA, which all others work in, is named where no other is.
    """

    rules: str
    expression: str
    reason: str = ""


@dataclass(frozen=True)
class Chain:
    """Equalities that start at ``start`` and hold for all free indices ``over``.

    ``letting`` declares further arrays by their axes (blank-separated); ``orthogonal`` names those with
    orthonormal columns.
    """

    start: str
    steps: tuple[Step, ...]
    over: str = ""
    letting: Mapping[str, str] = field(default_factory=dict)
    orthogonal: str = ""


@dataclass(frozen=True)
class Section:
    """A numbered part of the document; a line ``[0]``, ``[1]`` ... of its text stands for a chain."""

    title: str
    text: str
    chains: tuple[Chain, ...] = ()


@dataclass(frozen=True)
class Claim:
    """The closed form an author gives for a gradient, or for the loss itself: one statement in index notation.

    It is proved by whatever rules it needs, over the axes of what it is about.
    """

    statement: str
    matrix: str = ""


@dataclass(frozen=True)
class Loss:
    """A loss, stated once; everything else is derived from it.

    ``sparse`` names the argument whose gradient is returned in its touched columns alone, ``factored`` the one
    whose gradient is returned as the two vectors it is the outer product of; ``optional`` gives the function a
    keyword that leaves the loss itself uncomputed, where it costs more than the gradients; ``blocks`` names an
    axis over which the loss is a sum, so that the function can be told how many of its places to take at once.
    ``unit`` is what the loss is measured in, such as "nats" where it is minus the logarithm of a probability.
    """

    name: str
    summary: str
    axes: tuple[Axis, ...]
    arguments: tuple[Argument, ...]
    definition: str
    title: str = ""
    source: str = ""
    unit: str = ""
    notation: str = ""
    latex: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    sparse: str = ""
    factored: str = ""
    optional: bool = False
    blocks: str = ""
    sections: tuple[Section, ...] = ()

    @property
    def in_parts(self) -> str:
        """The argument whose gradient is not returned as an array like it, if there is one."""
        return self.sparse or self.factored

    @property
    def signature(self) -> Signature:
        """What it is a function of, as all that reads its statements takes it."""
        return Signature(
            {a.name: a.minimum for a in self.axes},
            {a.name: tuple(a.axes.split()) for a in self.arguments if isinstance(a, Array)},
            {a.name: (tuple(a.axes.split()), a.into) for a in self.arguments if isinstance(a, Position)},
        )

    def statements(self, text: str) -> tuple[str, ...]:
        """The statements of a block of text, one a line, without comments (``# ...``).

        A line that is indented, or stands where a parenthesis is open, goes on with the one before.
        """
        lines = [line.partition("#")[0].expandtabs().rstrip() for line in text.splitlines()]
        indents = [_indent(line) for line in lines[1:] if _ASSIGNED.match(line.lstrip())]
        margin = min(indents, default=0)
        found: list[str] = []
        for line in filter(str.strip, lines):
            inside = bool(found) and sum(map(found[-1].count, "([")) > sum(map(found[-1].count, ")]"))
            if found and (inside or _indent(line) > margin):
                found[-1] = f"{found[-1]} {line.strip()}"
            else:
                found.append(line.strip())
        return tuple(found)


_ASSIGNED = re.compile(r"\w+\s*(\[[^=]*\])?\s*=(?!=)")
"""What a statement begins with."""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
