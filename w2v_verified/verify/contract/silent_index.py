"""An index out of range that is taken without a word, told from NumPy's own negative index."""

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.contract.clause import same_bits
from w2v_verified.verify.judging.calling import CallError, DeclinedError, Function, Returned, call, silence
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Argument, Record

__all__ = ["TAKEN_SILENTLY", "indexed", "labelled", "taken_silently"]

TAKEN_SILENTLY = "though NumPy's own indexing raises IndexError there"
"""Why such an index does not count, and is worth a remark."""


def taken_silently(
    function: Function, record: Record, arguments: Arguments, argument: Argument, bad: int, size: int
) -> Finding | None:
    """Say what an index out of range is taken for, unless it is refused or counts from the end as in NumPy."""
    returned = _returned(function, record, arguments, argument, bad)
    if returned is None:
        return None
    numpys_own = -size <= bad < 0
    taken_for = {"wrapped round": bad % size, "clipped": min(max(bad, 0), size - 1)}
    same = (
        how
        for how, index in taken_for.items()
        if _same(returned, _returned(function, record, arguments, argument, index))
    )
    how = next(same, None)
    if numpys_own and how != "clipped":
        return None
    what = "" if how is None else f" for {taken_for[how]} ({how})"
    message = f"{labelled(argument, bad)}, where 0 to {size - 1} are in range, is taken silently{what}"
    given = {**arguments, argument.name: indexed(arguments, argument, bad, np.dtype(np.int64))}
    return Finding("bad_index_refused", message, given, apart=TAKEN_SILENTLY)


def indexed(arguments: Arguments, argument: Argument, index: object, dtype: np.dtype) -> object:
    """The argument with this index, as the last of its entries if it has several."""
    if not argument.axes:
        return index
    whole = np.array(arguments[argument.name]).astype(dtype)
    whole.flat[-1] = index
    return whole


def labelled(argument: Argument, index: object) -> str:
    """How such an input is called."""
    return f"{index!r} in {argument.name}" if argument.axes else f"{argument.name} = {index!r}"


def _returned(
    function: Function, record: Record, arguments: Arguments, argument: Argument, index: int
) -> Returned | None:
    changed = indexed(arguments, argument, index, np.dtype(np.int64))
    try:
        with silence():
            return call(function, record, {**copied(arguments), argument.name: changed})
    except (CallError, DeclinedError):
        return None


def _same(one: Returned, other: Returned | None) -> bool:
    return other is not None and same_bits(one, other) is None
