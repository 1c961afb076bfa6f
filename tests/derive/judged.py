"""The printed function of a loss before the judge."""

from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import event

from w2v_verified.symbolic import Derivation, Loss, record
from w2v_verified.verify import Record, compare


def wrong(loss: Loss, calls: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the printed function computes that the judge does not find right, and rewritten forms that are not proved.

    Where the prover gives up, which it says, the function is the one without that form, and not looked at.
    """
    derivation = Derivation(loss)
    if derivation.dropped:
        event("a form is not proved")
        return []
    namespace: dict[str, Any] = {}
    exec(derivation.standalone("x.py"), namespace)
    judge = Record.from_json(record(derivation))
    verdicts = [compare(judge, each, tuple(namespace[loss.name](**each))) for each in calls]
    return [str(verdict) for verdict in verdicts if not verdict.ok]
