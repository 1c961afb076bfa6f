"""What a loss is a function of: named axes, floating arguments, and integers that point into an axis."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from w2v_verified.notation import Signature
from w2v_verified.symbolic.language.intervals import NONNEGATIVE, POSITIVE, REALS, Range, declared

__all__ = ["Argument", "Array", "Axis", "Position", "signature_of"]


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
    numbers, of which one may be infinite; that is looked at in every call. A scalar may have a ``default``. What a law
    is about may be ``orthogonal``: a square array with orthonormal columns.
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
    orthogonal: bool = False

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
    """An integer argument (an array of integers where ``axes`` are given) that points into an axis.

    What a law is about may point ``one_to_one``, no two at the same place: from an axis into itself, a permutation.
    """

    name: str
    into: str
    meaning: str = ""
    axes: str = ""
    latex: str = ""
    one_to_one: bool = False


Argument: TypeAlias = Array | Position


def signature_of(axes: Iterable[Axis], arguments: Iterable[Argument]) -> Signature:
    """The names that axes and arguments give a meaning, as all that reads statements takes them."""
    arguments = tuple(arguments)
    return Signature(
        {a.name: a.minimum for a in axes},
        {a.name: tuple(a.axes.split()) for a in arguments if isinstance(a, Array)},
        {a.name: (tuple(a.axes.split()), a.into) for a in arguments if isinstance(a, Position)},
    )
