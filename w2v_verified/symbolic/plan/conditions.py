"""What decides between the roads of a function: each condition is data."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Moderate:
    """No entry is so far from 0 that its exponential is no ordinary number."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Few:
    """A table with these axes is small; ``array`` is an argument that has them."""

    axes: tuple[str, ...]
    array: str | None


@dataclass(frozen=True)
class Contiguous:
    """An array lies in one segment of memory."""

    name: str


@dataclass(frozen=True)
class Fit:
    """The arrays the caller gives for these results, by their places among them, can be written as they lie."""

    places: tuple[int, ...]


@dataclass(frozen=True)
class Many:
    """A table is large."""

    name: str


@dataclass(frozen=True)
class AtLeastOne:
    """A scalar is not less than 1."""

    name: str


@dataclass(frozen=True)
class Finite:
    """All entries of an array are finite."""

    name: str


Condition: TypeAlias = Moderate | Few | Contiguous | Fit | Many | AtLeastOne | Finite
