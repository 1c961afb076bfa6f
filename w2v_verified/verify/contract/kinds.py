"""The clause about kinds of input: the same numbers held in other types, byte orders and views."""

from collections.abc import Iterator

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, arrays, index_arguments
from w2v_verified.verify.cases.case import make_case, targets
from w2v_verified.verify.cases.unusual import REFUSED
from w2v_verified.verify.judging.accuracy import right, standards_of
from w2v_verified.verify.judging.calling import DeclinedError, Function, attempt
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Record

__all__ = ["kinds_agree"]

_INTEGERS = ("int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64")
_FAR = 260  # from its middle on indices are no int8, and negative where they are taken for some


def kinds_agree(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Indices in any integer type, either byte order, broadcast arrays and views of each other are taken or refused."""
    if not right(function, record, arguments):
        return None
    cases = dict(_kinds(record, arguments))
    standards = standards_of(record, [_plain(record, given) for given in cases.values()])
    for (kind, given), standard in zip(cases.items(), standards, strict=True):
        try:
            returned = attempt(function, record, given)
        except DeclinedError:  # an input for which a convention promises nothing
            continue
        if isinstance(returned, Finding):
            apart = REFUSED if returned.kind == "exception" else None
            return Finding("kinds_agree", f"with {kind} it {returned.message}", given, apart=apart)
        wrong = standard.complaint(returned)
        if wrong is not None:
            return Finding("kinds_agree", f"with {kind}, {wrong}", given, deviation=wrong)
    return None


def _kinds(record: Record, arguments: Arguments) -> Iterator[tuple[str, Arguments]]:
    floating = arrays(record, arguments)
    indices = {name: np.asarray(arguments[name]) for name in index_arguments(record)}
    if indices:
        far = make_case(record, "", dict.fromkeys(targets(record), _FAR)).arguments
        for dtype in _INTEGERS:
            given = {k: _typed(v, dtype) for k, v in indices.items()}
            yield f"indices of type {np.dtype(dtype).name}", {**arguments, **given}
        for dtype in ("uint8", "uint16"):
            given = {k: _typed(np.asarray(far[k]), dtype) for k in indices}
            yield f"indices of type {dtype} into {_FAR} places", {**far, **given}
        swapped_too = {k: v.astype(v.dtype.newbyteorder("S")) for k, v in indices.items() if v.ndim}
        if swapped_too:
            yield "indices in the other byte order", {**arguments, **swapped_too}
    scalars = {k: np.array(v) for k, v in indices.items() if v.ndim == 0}
    if scalars:
        yield "an index as an array without axes", {**arguments, **scalars}
    swapped = {k: v.astype(v.dtype.newbyteorder("S")) for k, v in floating.items()}
    yield "the other byte order", {**arguments, **swapped}
    for name, array in floating.items():
        if array.ndim and array.size:
            same = np.broadcast_to(array[..., :1], array.shape)
            yield f"{name} broadcast from one column", {**arguments, name: same}
    for name, array in floating.items():
        if next(a.domain for a in record.arguments if a.name == name) != "real":
            continue  # the other argument need not lie in its domain
        tables = [t for t in floating.values() if t.ndim == 2 and t.size]
        slices = [part for table in tables for part in (table[:, 0], table[0]) if part.shape == array.shape]
        if slices:
            yield f"{name} a view of another argument", {**arguments, name: slices[0]}


def _plain(record: Record, arguments: Arguments) -> Arguments:
    """The same numbers as they usually are held, for the judge."""
    indices = {k: np.asarray(arguments[k]).astype(np.intp) for k in index_arguments(record)}
    plain = {k: v.astype(v.dtype.newbyteorder("=")) for k, v in arrays(record, arguments).items()}
    return {**arguments, **plain, **{k: v if v.ndim else int(v) for k, v in indices.items()}}


def _typed(index: np.ndarray, dtype: str) -> object:
    typed = index.astype(dtype)
    return typed if typed.ndim else typed[()]
