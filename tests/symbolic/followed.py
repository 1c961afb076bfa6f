"""The losses of this repository and what follows from them, followed once for all tests of a process."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from w2v_verified.symbolic import Derivation, Loss, load

LOSSES = load(Path(__file__).parents[2] / "derivations")


@cache
def derived(name: str) -> Derivation:
    return Derivation(LOSSES[name])


def retold(loss: Loss) -> Derivation:
    """One of the losses with other sections; what does not depend on them is that of the loss as it is."""
    made, other = derived(loss.name), Derivation(loss)
    assert replace(loss, sections=made.loss.sections) == made.loss
    vars(other).update(adjoints=made.adjoints, stable=made.stable, roads=made.roads)
    return other
