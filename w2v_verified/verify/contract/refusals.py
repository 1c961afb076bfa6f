"""Clauses about wrong calls: each is refused with an error that names the argument."""

from collections.abc import Iterator

import numpy as np

from w2v_verified.verify.arguments import Arguments, copied
from w2v_verified.verify.calling import Function, ReturnError, silence
from w2v_verified.verify.finding import Finding
from w2v_verified.verify.record import Argument, Record

__all__ = [
    "bad_index_refused",
    "disagreeing_shapes_refused",
    "non_integer_index_refused",
    "wrong_rank_refused",
]

_REFUSALS = (ValueError, IndexError, TypeError)


def wrong_rank_refused(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """An argument with an axis too many or too few is refused."""
    for argument in record.arguments:
        value = np.asarray(arguments[argument.name])
        for wrong in [value[None], *([value[0]] if value.ndim and len(value) else [])]:
            label = f"{argument.name} of shape {wrong.shape}"
            found = _refused(
                "wrong_rank_refused", function, arguments, {argument.name: wrong}, label, {argument.name}
            )
            if found is not None:
                return found
    return None


def disagreeing_shapes_refused(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Two arguments that disagree about an axis they share are refused; either may be named."""
    for axis in record.axes:
        sharing = [argument for argument in record.arguments if axis.name in argument.axes]
        for argument in sharing if len(sharing) > 1 else []:
            value = np.asarray(arguments[argument.name])
            place = argument.axes.index(axis.name)
            longer = np.pad(value, [(0, int(i == place)) for i in range(value.ndim)])
            label = f"{argument.name} of shape {longer.shape} against {axis.name} = {value.shape[place]}"
            found = _refused(
                "disagreeing_shapes_refused",
                function,
                arguments,
                {argument.name: longer},
                label,
                {other.name for other in sharing},
            )
            if found is not None:
                return found
    return None


def bad_index_refused(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """An index that is negative or not smaller than its axis is refused."""
    for argument, size in _indices(record, arguments):
        for bad in (-1, -size, size, size + 1, 2**40):
            found = _with_index("bad_index_refused", function, arguments, argument, bad, np.dtype(np.int64))
            if found is not None:
                return found
    return None


def non_integer_index_refused(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """An index that is not an integer is refused, even where its value is one."""
    for argument, _ in _indices(record, arguments):
        for bad, dtype in (
            (0.0, np.float64),
            (0.5, np.float32),
            (False, np.bool_),
            ("0", np.str_),
            (None, object),
        ):
            found = _with_index(
                "non_integer_index_refused", function, arguments, argument, bad, np.dtype(dtype)
            )
            if found is not None:
                return found
    return None


def _indices(record: Record, arguments: Arguments) -> Iterator[tuple[Argument, int]]:
    """The index arguments that hold an index, each with the size of the axis it points into."""
    for argument in record.arguments:
        if argument.into is not None and np.size(np.asarray(arguments[argument.name])):
            table = next(a for a in record.arguments if argument.into in a.axes)
            shape = np.shape(np.asarray(arguments[table.name]))
            yield argument, shape[table.axes.index(argument.into)]


def _with_index(
    kind: str, function: Function, arguments: Arguments, argument: Argument, bad: object, dtype: np.dtype
) -> Finding | None:
    value: object = bad
    if argument.axes:
        whole = np.array(arguments[argument.name]).astype(dtype)
        whole.flat[-1] = bad
        value = whole
    label = f"{argument.name} = {bad!r}" if not argument.axes else f"{bad!r} in {argument.name}"
    return _refused(kind, function, arguments, {argument.name: value}, label, {argument.name})


def _refused(
    kind: str,
    function: Function,
    arguments: Arguments,
    changed: dict[str, object],
    label: str,
    names: set[str],
) -> Finding | None:
    given = {**copied(arguments), **changed}
    try:
        with silence():
            function(*given.values())
    except ReturnError:
        return Finding(kind, f"{label} is accepted", given)
    except _REFUSALS as error:
        if any(name in str(error).replace(":", " ").replace("`", " ").split() for name in names):
            return None
        wanted = " or ".join(sorted(names))
        return Finding(kind, f"{label} is refused without naming {wanted}: {error}", given)
    except Exception as error:
        return Finding(
            kind, f"{label} raises {type(error).__name__}, not ValueError, IndexError or TypeError", given
        )
    return Finding(kind, f"{label} is accepted", given)
