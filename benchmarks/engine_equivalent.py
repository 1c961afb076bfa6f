"""Mutants of the engine that no test can see, each with the reason why."""

from typing import NamedTuple

__all__ = ["EQUIVALENT", "Equivalent"]


class Equivalent(NamedTuple):
    """A line of a file as it is after the change, each statement on one line, and why nothing comes of it."""

    file: str
    line: str
    reason: str


EQUIVALENT: tuple[Equivalent, ...] = ()
