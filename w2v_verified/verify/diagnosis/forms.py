"""Explanations of what comes back in another form: in another order, turned, one value a pair, cut to integers."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.diagnosis.explanation import right_line
from w2v_verified.verify.diagnosis.probes import inputs, probe_all
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.calling import Function, silence
from w2v_verified.verify.judging.compare import deviations
from w2v_verified.verify.judging.conventions import CONVENTIONS, Convention, convention_named
from w2v_verified.verify.record import Record

__all__ = ["by_convention", "by_form", "by_integers"]

_INPUTS = 3


def by_convention(plain: Function, record: Record, convention: Convention) -> str | None:
    """Say that the function is right when it is called in another convention."""
    if _right_in(plain, record, convention):
        return None
    for other in CONVENTIONS.values():
        if other is not convention and _right_in(plain, record, other):
            return f"called in the convention {other.name}, {other.signature}, its results are right"
    return None


def _right_in(plain: Function, record: Record, convention: Convention) -> bool:
    try:
        known = convention_named(convention.name, record)
    except ValueError:  # it does not know losses of this form
        return False
    own = known.reworded(record)
    probes = probe_all(known.adapt(plain, own), own, known.declines)
    return len(probes) >= _INPUTS and all(p.right(r.name) for p in probes for r in own.results)


def by_form(plain: Function, record: Record, convention: Convention) -> str | None:
    """Say how the right results come back in the wrong form."""
    names = [result.name for result in record.results]
    given = inputs(record)[:_INPUTS]
    standards = [Standard(record, arguments) for arguments in given]
    returned = [_raw(plain, record, convention, arguments) for arguments in given]
    if any(values is None or len(values) != len(names) for values in returned):
        return None
    held = [list(values) for values in returned if values is not None]
    if _all_right(record, standards, held, list):
        return None
    due = f"({', '.join(names)})"
    for order in permutations(range(len(names))):
        if list(order) != sorted(order) and _all_right(record, standards, held, partial(_reordered, order)):
            came = ", ".join(names[order.index(place)] for place in range(len(names)))
            return f"the right results in another order: ({came}) came, {due} is due"
    for place, result in enumerate(record.results):
        line = right_line(record, [result.name])
        if result.of is not None and _all_right(
            record, standards, held, partial(_changed, place, np.transpose)
        ):
            return f"{result.name} is transposed; right is {line}"
        several = any(isinstance(each := v[place], np.ndarray) and each.size > 1 for v in held)
        if (
            result.of is None
            and several
            and _all_right(record, standards, held, partial(_changed, place, np.sum))
        ):
            return f"{result.name} comes in parts, and their sum is due; right is {line}"
    return None


def _reordered(order: Sequence[int], values: Sequence[Any]) -> list[Any]:
    return [values[place] for place in order]


def _changed(place: int, change: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    return [*values[:place], change(values[place]), *values[place + 1 :]]


def _all_right(
    record: Record,
    standards: Sequence[Standard],
    returned: Sequence[list[Any]],
    change: Callable[[list[Any]], list[Any]],
) -> bool:
    try:
        return all(_right(record, s, change(values)) for s, values in zip(standards, returned, strict=True))
    except Exception:  # what came back may be anything, and refuse to become an array in any way
        return False


def _right(record: Record, standard: Standard, results: Sequence[object]) -> bool:
    return deviations(record, {}, results, standard.exact, standard.bound("lax"), "lax").ok


def by_integers(plain: Function, record: Record, convention: Convention) -> str | None:
    """Say that results on integer arrays have lost what stands behind the point."""
    cut: set[str] = set()
    for arguments in inputs(record)[:_INPUTS]:
        given = {
            k: np.rint(2 * v).astype(np.int64) if isinstance(v, np.ndarray) and v.dtype.kind == "f" else v
            for k, v in arguments.items()
        }
        returned = _raw(plain, record, convention, given)
        if returned is None or len(returned) != len(record.results):
            return None
        exact = Standard(record, given).exact.split
        for result, value in zip(record.results, returned, strict=True):
            whole = np.trunc(exact[result.name][0])
            if not isinstance(value, np.ndarray | np.number | int | float):
                return None
            if np.array_equal(value, whole) and not np.array_equal(whole, exact[result.name][0]):
                cut.add(result.name)
            elif result.name in cut:
                return None
    if not cut:
        return None
    names = " and ".join(result.name for result in record.results if result.name in cut)
    return (
        f"on integer arrays {names} is cut to whole numbers: an array made like an integer one (zeros_like) holds"
        " integers; right is to compute in float64"
    )


def _raw(
    plain: Function, record: Record, convention: Convention, arguments: Arguments
) -> Sequence[object] | None:
    """Whatever comes back, if it is a sequence."""
    came: list[object] = []

    def overheard(*given: object) -> object:
        came.append(plain(*given))
        return came[-1]

    try:
        with silence():
            convention.adapt(overheard, record)(*copied(arguments).values())
    except Exception:
        if not came:
            return None
    returned = came[-1]
    if not isinstance(returned, Sequence) or len(returned) != len(record.results):
        return None
    return returned
