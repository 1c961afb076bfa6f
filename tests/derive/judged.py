"""The printed function of a loss before the judge."""

from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import assume

from w2v_verified.symbolic import Derivation, Loss, record
from w2v_verified.verify import Record, compare


def wrong(loss: Loss, calls: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the printed function computes that the judge does not find right.

    A definition of which a rewritten form is not proved is none of those looked at: it says so, and does without.
    """
    derivation = Derivation(loss)
    assume(not derivation.dropped)
    namespace: dict[str, Any] = {}
    exec(derivation.standalone("x.py"), namespace)
    judge = Record.from_json(record(derivation))
    verdicts = [compare(judge, each, tuple(namespace[loss.name](**each))) for each in calls]
    return [str(verdict) for verdict in verdicts if not verdict.ok]
