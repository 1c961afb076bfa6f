"""What the prover is at, for those who wait for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Named(Protocol):
    """Something to be proved that has an equation."""

    @property
    def equation(self) -> str:
        """What it says."""


_TOLD: ContextVar[Callable[[str], None] | None] = ContextVar("_TOLD", default=None)


@contextmanager
def watched(tell: Callable[[str], None]) -> Iterator[None]:
    """``tell`` hears of everything that is taken up in here."""
    before = _TOLD.set(tell)
    try:
        yield
    finally:
        _TOLD.reset(before)


def at_work_on(what: Named) -> None:
    """Tell whoever watches that this is taken up."""
    tell = _TOLD.get()
    if tell is not None:
        tell(what.equation)


__all__ = ["at_work_on", "watched"]
