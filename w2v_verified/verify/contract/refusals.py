"""Clauses about wrong calls: each is refused with an error that names the argument."""

from collections.abc import Iterator

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, copied
from w2v_verified.verify.contract.silent_index import indexed, labelled, taken_silently
from w2v_verified.verify.judging.calling import DeclinedError, Function, ReturnError, silence
from w2v_verified.verify.judging.compare import working_dtype
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Argument, Record

__all__ = [
    "bad_index_refused",
    "bad_out_refused",
    "disagreeing_shapes_refused",
    "non_integer_index_refused",
    "short_axis_refused",
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


def short_axis_refused(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Arguments that leave an axis with fewer places than it has to have are refused."""
    for axis in record.axes:
        sharing = [argument for argument in record.arguments if axis.name in argument.axes]
        if axis.minimum == 0 or not sharing:
            continue
        short: dict[str, object] = {a.name: _cut(a, axis.name, axis.minimum - 1, arguments) for a in sharing}
        names = {*short, *(a.name for a in record.arguments if a.into == axis.name)}
        label = f"{axis.name} = {axis.minimum - 1}"
        found = _refused("short_axis_refused", function, arguments, short, label, names)
        if found is not None:
            return found
    return None


def _cut(argument: Argument, axis: str, size: int, arguments: Arguments) -> np.ndarray:
    """The first places of an argument along an axis."""
    value = np.asarray(arguments[argument.name])
    return value[tuple(slice(size) if name == axis else slice(None) for name in argument.axes)]


def bad_out_refused(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """Buffers of a wrong shape or dtype, read-only ones, and those that share memory are refused."""
    dtype = working_dtype(record, arguments)
    of = [str(result.of) for result in record.results if result.of is not None]
    inputs = {name: np.array(arguments[name], dtype) for name in of}
    given = {**copied(arguments), **inputs}
    fit = [np.empty(value.shape, dtype) for value in inputs.values()]
    memory = np.empty(max(value.size for value in fit), dtype)
    shared = tuple(memory[: value.size].reshape(value.shape) for value in fit)
    other = np.dtype(np.float32 if dtype == np.float64 else np.float64)
    for place, buffer in enumerate(fit):
        locked = np.empty(buffer.shape, dtype)
        locked.flags.writeable = False
        wrong = {
            "an axis too many in out": np.empty((1, *buffer.shape), dtype),
            f"{other} in out": np.empty(buffer.shape, other),
            "a read-only array in out": locked,
            "a list in out": buffer.tolist(),
            **({f"the memory of {of[place]} in out": inputs[of[place]]} if buffer.size else {}),
        }
        for label, bad in wrong.items():
            out = (*fit[:place], bad, *fit[place + 1 :])
            found = _refused("bad_out_refused", function, given, {}, label, {"out"}, out=out, copy=False)
            if found is not None:
                return found
    if len(fit) > 1 and all(value.size for value in fit):
        label = "one memory for two gradients in out"
        return _refused("bad_out_refused", function, given, {}, label, {"out"}, out=shared, copy=False)
    return None


def bad_index_refused(function: Function, record: Record, arguments: Arguments) -> Finding | None:
    """An index that is negative or not smaller than its axis is refused."""
    for argument, size in _indices(record, arguments):
        for bad in (size, 2**40, -1, -size - 1):
            found = taken_silently(function, record, arguments, argument, bad, size)
            if found is not None:
                return found
        for bad in (-1, -size, size, size + 1, 2**40):
            own = ", counted from the end as in NumPy," if -size <= bad < 0 else ""
            found = _with_index(
                "bad_index_refused", function, arguments, argument, bad, np.dtype(np.int64), own
            )
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
    kind: str,
    function: Function,
    arguments: Arguments,
    argument: Argument,
    bad: object,
    dtype: np.dtype,
    remark: str = "",
) -> Finding | None:
    changed, label = indexed(arguments, argument, bad, dtype), labelled(argument, bad) + remark
    return _refused(kind, function, arguments, {argument.name: changed}, label, {argument.name})


def _refused(
    kind: str,
    function: Function,
    arguments: Arguments,
    changed: dict[str, object],
    label: str,
    names: set[str],
    *,
    copy: bool = True,
    **keywords: object,
) -> Finding | None:
    given = {**(copied(arguments) if copy else arguments), **changed}
    try:
        with silence():
            function(*given.values(), **keywords)
    except ReturnError:
        return Finding(kind, f"{label} is accepted", given)
    except DeclinedError:
        return None
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
