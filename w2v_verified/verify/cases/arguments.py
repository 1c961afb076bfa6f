"""The arguments of one call, seen through the record of the function: arrays, copies, numbers fit for their place."""

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from w2v_verified.verify.record import Argument, Record, axis_sizes

__all__ = [
    "Arguments",
    "Float",
    "Index",
    "altered",
    "arrays",
    "cast",
    "copied",
    "describe",
    "in_words",
    "index_arguments",
    "scaled",
    "snapshot",
]

Arguments: TypeAlias = Mapping[str, object]
Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Float: TypeAlias = np.ndarray[Any, np.dtype[np.floating[Any]]]
Index: TypeAlias = int | np.integer[Any] | np.ndarray[Any, np.dtype[np.integer[Any]]]

_LARGEST_INTEGER = 1000.0


def arrays(record: Record, arguments: Arguments) -> dict[str, Array]:
    """The floating arguments by name, as arrays."""
    return {a.name: np.asarray(arguments[a.name]) for a in record.arguments if a.kind == "array"}


def altered(record: Record, arguments: Arguments, change: Callable[[Array], Array]) -> dict[str, Array]:
    """The floating arguments with other numbers, within their domains, by name."""
    return {
        a.name: cast(change(np.asarray(arguments[a.name])), np.asarray(arguments[a.name]).dtype, a)
        for a in record.arguments
        if a.kind == "array"
    }


def index_arguments(record: Record) -> tuple[str, ...]:
    """The names of the arguments that are indices."""
    return tuple(argument.name for argument in record.arguments if argument.kind == "index")


def copied(arguments: Arguments) -> dict[str, object]:
    """The same arguments in memory of their own, with the same strides in the same order."""
    return {k: v.copy(order="K") if isinstance(v, np.ndarray) else v for k, v in arguments.items()}


def snapshot(arguments: Arguments) -> dict[str, bytes]:
    """The bytes of every argument."""
    return {name: np.asarray(value).tobytes() for name, value in arguments.items()}


def cast(values: Array, dtype: np.dtype[Any], argument: Argument) -> Array:
    """Bring numbers into a dtype and into the domain of an argument; float64 if no integer is in that.

    What is in the domain stays what it is.
    """
    if dtype.kind == "i":
        values = np.clip(np.rint(values), -_LARGEST_INTEGER, _LARGEST_INTEGER)
    values = values.astype(dtype)
    if argument.domain == "real":
        return values
    if argument.domain == "between":
        return _between(values, *argument.ends)
    values = np.abs(values)
    return values if argument.domain == "nonnegative" else np.where(values > 0, values, np.ones_like(values))


def _between(values: Array, low: float, high: float) -> Array:
    """Numbers strictly between two, which may be infinite: what is outside is turned inwards."""
    if values.dtype.kind == "i" and math.isfinite(low) and not math.floor(low) + 1 < high:
        values = values.astype(np.float64)
    inside = (values > low) & (values < high)
    if math.isinf(low) or math.isinf(high):
        end, turned = (low, 1) if math.isinf(high) else (high, -1)
        away = np.maximum(np.abs(values - end), 1)
        return np.where(inside, values, end + turned * away).astype(values.dtype)
    if values.dtype.kind == "i":
        return np.where(inside, values, math.floor(low) + 1).astype(values.dtype)
    share = (values / (1 + np.abs(values)) + 1) / 2
    kind = values.dtype.type
    made = np.clip(
        low + (high - low) * share, np.nextafter(kind(low), kind(high)), np.nextafter(kind(high), kind(low))
    )
    return np.where(inside, values, made).astype(values.dtype)


def scaled(values: Array, magnitude: float) -> Array:
    """Scale numbers so that the largest is ``magnitude`` in absolute value (all zeros stay zeros)."""
    largest = np.abs(values).max(initial=0.0)
    return values / largest * magnitude if largest > 0 else values


def describe(record: Record, arguments: Arguments) -> str:
    """Say in a few words what an input is like.

    >>> from w2v_verified.verify.record import load
    >>> describe(load("naive_softmax"), {"v_c": np.ones(3), "o": 0, "U": np.full((3, 5), -20.0)})
    'float64, d=3, V=5, |v_c| <= 1, |U| <= 20'
    """
    held = arrays(record, arguments)
    dtypes = "/".join(dict.fromkeys(array.dtype.name for array in held.values()))
    axes = [f"{axis}={size}" for axis, size in axis_sizes(record, arguments).items()]
    largest = [f"|{name}| <= {np.abs(array).max(initial=0):.3g}" for name, array in held.items()]
    return ", ".join([dtypes, *axes, *largest])


def in_words(value: object) -> str:
    """What a value is."""
    if isinstance(value, np.matrix):
        return f"np.matrix of shape {value.shape}"
    if isinstance(value, np.ma.MaskedArray):
        return f"a masked array of shape {value.shape}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    return type(value).__name__
