"""The losses of this repository and what follows from them, followed once for all tests of a process."""

from functools import cache
from pathlib import Path

from w2v_verified.symbolic import Derivation, load

LOSSES = load(Path(__file__).parents[2] / "derivations")


@cache
def derived(name: str) -> Derivation:
    return Derivation(LOSSES[name])
