"""Explanations of what comes back in another form: in another order, turned, one value a pair, with axes too many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.diagnosis.as_called import raw
from w2v_verified.verify.diagnosis.evidence.explanation import right_line
from w2v_verified.verify.diagnosis.evidence.inputs import inputs
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.calling import Function
from w2v_verified.verify.judging.compare import deviations
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.record import Record

__all__ = ["by_form"]

_INPUTS = 3


@dataclass(frozen=True)
class _Came:
    """What came back from one call, and what is due."""

    record: Record
    standard: Standard
    values: list[Any]

    def right(self, change: Callable[[list[Any]], list[Any]]) -> bool:
        """Whether it is what is due once it is changed."""
        try:
            bound = self.standard.bound("lax")
            return deviations(self.record, {}, change(self.values), self.standard.exact, bound, "lax").ok
        except Exception:  # what came back may be anything, and refuse to become an array in any way
            return False

    def shape(self, place: int) -> tuple[int, ...]:
        """The shape that is due of a result."""
        return self.standard.exact.split[self.record.results[place].name][0].shape


def by_form(plain: Function, record: Record, convention: Convention, own: Arguments) -> str | None:
    """Say how the right results come back in the wrong form, on the finding's own input and on others."""
    given = [own, *(a for a in inputs(record) if convention.declines(record, a) is None)][: _INPUTS + 1]
    returned = [raw(plain, record, convention, arguments) for arguments in given]
    held = [
        _Came(record, Standard(record, arguments), list(values))
        for arguments, values in zip(given, returned, strict=True)
        if values is not None
    ]
    if len(held) != len(given) or _all_right(held, lambda values: values):
        return None
    return _of_order(record, held) or _of_one_result(record, held) or _of_extra_axes(record, held)


def _all_right(held: Sequence[_Came], change: Callable[[list[Any]], list[Any]]) -> bool:
    return all(each.right(change) for each in held)


def _of_order(record: Record, held: Sequence[_Came]) -> str | None:
    names = [result.name for result in record.results]
    for order in permutations(range(len(names))):
        if list(order) != sorted(order) and _all_right(held, partial(_reordered, order)):
            came = ", ".join(names[order.index(place)] for place in range(len(names)))
            return f"the right results in another order: ({came}) came, ({', '.join(names)}) is due"
    return None


def _reordered(order: Sequence[int], values: Sequence[Any]) -> list[Any]:
    return [values[place] for place in order]


def _of_one_result(record: Record, held: Sequence[_Came]) -> str | None:
    for place, result in enumerate(record.results):
        line = right_line(record, result.name)
        if result.of is not None and _all_right(held, partial(_changed, place, np.transpose)):
            return f"{result.name} is transposed; right is {line}"
        several = any(isinstance(each := v.values[place], np.ndarray) and each.size > 1 for v in held)
        if result.of is None and several and _all_right(held, partial(_changed, place, np.sum)):
            return f"{result.name} comes in parts, and their sum is due; right is {line}"
    return None


def _changed(place: int, change: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    return [*values[:place], change(values[place]), *values[place + 1 :]]


def _of_extra_axes(record: Record, held: Sequence[_Came]) -> str | None:
    """Axes of length 1 that are not due, in every one of the results that have any."""
    longer = [
        place
        for place in range(len(record.results))
        if all(np.ndim(each.values[place]) > len(each.shape(place)) for each in held)
    ]
    if not longer or not all(each.right(partial(_without_extra_axes, each, longer)) for each in held):
        return None
    shapes = ", ".join(
        f"{record.results[place].name} of shape {np.shape(held[0].values[place])} where {held[0].shape(place)} is due"
        for place in longer
    )
    return f"the right results, with an axis of length 1 too many: {shapes}"


def _without_extra_axes(came: _Came, places: Sequence[int], values: Sequence[Any]) -> list[Any]:
    held = list(values)
    for place in places:
        due, value = came.shape(place), np.asarray(values[place])
        if [n for n in value.shape if n != 1] != [n for n in due if n != 1]:
            return []
        held[place] = value.reshape(due)
    return held
