"""The printed function of a loss before the judge, and numbers to call it with."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from w2v_verified.symbolic import Array, Derivation, Loss, Position, record
from w2v_verified.verify import Record, compare


def wrong(loss: Loss, calls: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the printed function computes that the judge does not find right."""
    derivation = Derivation(loss)
    namespace: dict[str, Any] = {}
    exec(derivation.standalone("x.py"), namespace)
    judge = Record.from_json(record(derivation))
    verdicts = [compare(judge, each, tuple(namespace[loss.name](**each))) for each in calls]
    return [str(verdict) for verdict in verdicts if not verdict.ok]


def drawn(
    arguments: Iterable[Array | Position],
    random: np.random.Generator,
    numbers: Callable[[Array, tuple[int, ...]], Any],
) -> dict[str, Any]:
    """Arguments over small axes V and B, with ``numbers`` for the entries of an array."""
    sizes = {"V": int(random.integers(1, 5)), "B": int(random.integers(1, 4))}
    found: dict[str, Any] = {}
    for a in arguments:
        shape = tuple(sizes[axis] for axis in a.axes.split())
        if isinstance(a, Position):
            places = random.integers(0, sizes[a.into], shape)
            found[a.name] = places if shape else int(places)
        else:
            found[a.name] = np.asarray(numbers(a, shape))
    return found
