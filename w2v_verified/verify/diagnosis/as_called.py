"""Explanations by how a function is called: in another convention, or with integers in the arrays."""

from collections.abc import Sequence

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, arrays, copied
from w2v_verified.verify.diagnosis.evidence.inputs import inputs
from w2v_verified.verify.diagnosis.evidence.probes import probe_all, probe_of
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.calling import Function, silence
from w2v_verified.verify.judging.conventions import CONVENTIONS, Convention, convention_named
from w2v_verified.verify.record import Record

__all__ = ["by_convention", "by_integers", "raw"]

_INPUTS = 3


def by_convention(plain: Function, record: Record, convention: Convention, own: Arguments) -> str | None:
    """Say that the function is right when it is called in another convention, on the finding's own input too.

    The record is that of the loss as it is defined, the input in the words of the caller's code.
    """
    arguments = convention.restored(record, own)
    if _right_in(plain, record, convention, arguments):
        return None
    for other in CONVENTIONS.values():
        if other.name != convention.name and _right_in(plain, record, other, arguments):
            return f"called in the convention {other.name}, {other.signature}, its results are right"
    return None


def _right_in(plain: Function, base: Record, convention: Convention, arguments: Arguments) -> bool:
    try:
        known = convention_named(convention.name, base)
    except ValueError:  # it does not know losses of this form
        return False
    record, own = known.reworded(base), known.given(base, arguments)
    if known.declines(record, own) is not None:
        return False
    adapted = known.adapt(plain, record)
    first = probe_of(adapted, record, own)
    if first is None or not all(first.right(result.name) for result in record.results):
        return False
    probes = probe_all(adapted, record, known.declines)
    return len(probes) >= _INPUTS and all(p.right(r.name) for p in probes for r in record.results)


def by_integers(plain: Function, record: Record, convention: Convention, own: Arguments) -> str | None:
    """Say that results have lost what stands behind the point, where the finding's own input has integer arrays."""
    if not any(array.dtype.kind == "i" for array in arrays(record, own).values()):
        return None
    cut: set[str] = set()
    for given in (own, *map(_in_integers, inputs(record)[:_INPUTS])):
        returned = raw(plain, record, convention, given)
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


def _in_integers(arguments: Arguments) -> Arguments:
    return {
        k: np.rint(2 * v).astype(np.int64) if isinstance(v, np.ndarray) and v.dtype.kind == "f" else v
        for k, v in arguments.items()
    }


def raw(
    plain: Function, record: Record, convention: Convention, arguments: Arguments
) -> Sequence[object] | None:
    """Whatever comes back, if it is a sequence as long as is due."""
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
    if not isinstance(returned, Sequence):
        return None
    try:
        values = [returned[place] for place in range(len(returned))]
    except Exception:  # a sequence of the caller's own may fail in any way
        return None
    return values if len(values) == len(record.results) else None
