"""What a call finds around it and has to leave as it is: global generators, error state, filters of warnings."""

import gc
import random
import sys
import warnings

import numpy as np

from w2v_verified.verify.judging.calling import Function

__all__ = ["Watched", "surroundings"]


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
        before = surroundings()
        try:
            return self._function(*arguments, **keywords)
        finally:
            after = surroundings()
            self.changed = next((name for name, value in before.items() if after[name] != value), None)
