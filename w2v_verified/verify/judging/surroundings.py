"""What a call finds around it and has to leave as it is: global generators, error state, filters of warnings."""

import gc
import random
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from w2v_verified.verify.judging.calling import Function

__all__ = ["Watched", "surroundings", "undisturbed"]


def surroundings() -> dict[str, object]:
    """The state of everything that a call shares with the rest of the program, by what it is called."""
    return {
        "the state of random": random.getstate(),
        "the state of np.random": _of_numpy(),
        "np.geterr()": np.geterr(),
        "np.geterrcall()": np.geterrcall(),
        "warnings.filters": list(warnings.filters),
        "np.get_printoptions()": np.get_printoptions(),
        "sys.stdout": sys.stdout,
        "sys.getrecursionlimit()": sys.getrecursionlimit(),
        "gc.isenabled()": gc.isenabled(),
    }


def _of_numpy() -> list[object]:
    """The state in a form that is quick to compare: it is asked for around every call."""
    parts = np.random.get_state(legacy=False)["state"].values()
    return [part.tobytes() if isinstance(part, np.ndarray) else part for part in parts]


class Watched:
    """A function, and what it changed around it in its last call: ``changed`` is its name, or None."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self.changed: str | None = None

    def __call__(self, *arguments: object, **keywords: object) -> object:
        """What the function returns."""
        random.random()  # so that the seed somebody has just set leaves another state when it is set again
        np.random.random()
        before = surroundings()
        try:
            return self._function(*arguments, **keywords)
        finally:
            after = surroundings()
            self.changed = next((name for name, value in before.items() if after[name] != value), None)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let the judge's own arithmetic be what it is, whatever error state and filters of warnings the caller has set.

    The global generators of random numbers are as they were in the end.
    """
    held, held_of_numpy = random.getstate(), np.random.get_state()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("default")
            yield
    finally:
        random.setstate(held)
        np.random.set_state(held_of_numpy)
