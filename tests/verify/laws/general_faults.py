"""Faults that fit every function: what comes back is changed, or what is computed with."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from w2v_verified.verify import Record

__all__ = ["general_faults"]

Function = Callable[..., Any]


def general_faults(right: Function, record: Record) -> Iterator[tuple[str, Function]]:
    """Each with a name, those first that most laws see."""
    for name, change in LOSSES.items():
        yield f"the loss is {name}", _with_result(right, 0, change)
    for place, field in enumerate(record.fields[1:], 1):
        if not np.issubdtype(_dtype(field, record), np.integer):
            for name, change in ARRAYS.items():
                yield f"{field} {name}", _with_result(right, place, change)
    for place, argument in enumerate(record.arguments):
        if argument.kind == "array":
            yield f"the first of {argument.name} counts twice", _with_argument(right, place, first_twice)
            yield f"the last of {argument.name} counts twice", _with_argument(right, place, last_twice)
        elif argument.axes:
            yield (
                f"the first of {argument.name} is taken for all",
                _with_argument(right, place, first_for_all),
            )
            if len(argument.axes) == 1:
                yield f"repeats in {argument.name} are lost", _with_argument(right, place, np.unique)
    yield "a weight decays", _decaying(right, record)


LOSSES: dict[str, Callable[[Any], Any]] = {
    "less by 9": lambda loss: loss - 9,
    "more by 1": lambda loss: loss + 1,
    "doubled": lambda loss: 2 * loss,
    "negative": lambda loss: -loss,
}
ARRAYS: dict[str, Callable[[Any], Any]] = {
    "is more by 1": lambda g: g + g.dtype.type(1),
    "is negative": lambda g: -g,
    "is doubled": lambda g: g * g.dtype.type(2),
    "is doubled at first": lambda g: first_twice(g),
    "is doubled in the first column": lambda g: first_twice(g.T).T,
}


def first_twice(array: Any) -> Any:
    changed = np.array(array)
    changed[:1] *= 2
    return changed


def last_twice(array: Any) -> Any:
    changed = np.array(array)
    changed[..., -1:] *= 2
    return changed


def first_for_all(array: Any) -> Any:
    return np.full_like(array, np.ravel(array)[0]) if np.size(array) else array


def _dtype(field: str, record: Record) -> type:
    columns = {each.touched.columns for each in record.results if each.touched is not None}
    return int if field in columns else float


def _with_result(right: Function, place: int, change: Callable[[Any], Any]) -> Function:
    def faulty(*given: Any) -> Any:
        results = list(right(*given))
        results[place] = change(results[place])
        return tuple(results)

    return faulty


def _with_argument(right: Function, place: int, change: Callable[[Any], Any]) -> Function:
    def faulty(*given: Any) -> Any:
        changed = list(given)
        changed[place] = change(changed[place])
        return right(*changed)

    return faulty


def _decaying(right: Function, record: Record) -> Function:
    place = max(
        n for n, argument in enumerate(record.arguments) if len(argument.axes) == 2 and argument.gradient
    )

    def faulty(*given: Any) -> Any:
        loss, *rest = right(*given)
        return (loss + float((given[place] ** 2).sum()), *rest)

    return faulty
