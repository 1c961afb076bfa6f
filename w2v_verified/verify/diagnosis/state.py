"""Explanation of results that are those of an earlier call."""

import numpy as np

from w2v_verified.verify.cases.arguments import arrays, copied
from w2v_verified.verify.diagnosis.probes import inputs
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.calling import CallError, Function, call, silence
from w2v_verified.verify.record import Record

__all__ = ["by_earlier_values"]

_INPUTS = 3


def by_earlier_values(function: Function, record: Record) -> str | None:
    """Say that an array updated in place is seen with the values it had in an earlier call."""
    for name in arrays(record, inputs(record)[0]):
        if all(_sees_old(function, record, given, name) for given in inputs(record)[:_INPUTS]):
            return (
                f"after {name} was updated in place some results are still those of its old values: something is kept"
                f" from one call to the next; {record.definition[-1]} depends on the arguments of this call alone"
            )
    return None


def _sees_old(function: Function, record: Record, arguments: dict[str, object], name: str) -> bool:
    given = copied(arguments)
    held = np.asarray(given[name])
    old = Standard(record, copied(given))
    try:
        with silence():
            call(function, record, given)
            held *= 0.5
            returned = call(function, record, given)
    except CallError:
        return False
    new = Standard(record, given)
    judged = [
        (_close(returned[r.name], old, r.name), _close(returned[r.name], new, r.name)) for r in record.results
    ]
    return all(was or now for was, now in judged) and any(was and not now for was, now in judged)


def _close(value: object, standard: Standard, result: str) -> bool:
    high, _ = standard.exact.split[result]
    return bool(
        np.all(np.abs(np.asarray(value) - high) <= standard.bound("lax")[result] + np.spacing(np.abs(high)))
    )
