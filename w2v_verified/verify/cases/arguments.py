"""The arguments of one call, seen through the record of the function: arrays, copies, numbers fit for their place."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from w2v_verified.verify.record import Record, axis_sizes

__all__ = [
    "Arguments",
    "Float",
    "Index",
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


def index_arguments(record: Record) -> tuple[str, ...]:
    """The names of the arguments that are indices."""
    return tuple(argument.name for argument in record.arguments if argument.kind == "index")


def copied(arguments: Arguments) -> dict[str, object]:
    """The same arguments in memory of their own, with the same strides in the same order."""
    return {k: v.copy(order="K") if isinstance(v, np.ndarray) else v for k, v in arguments.items()}


def snapshot(arguments: Arguments) -> dict[str, bytes]:
    """The bytes of every argument."""
    return {name: np.asarray(value).tobytes() for name, value in arguments.items()}


def cast(values: Array, dtype: np.dtype[Any], domain: str) -> Array:
    """Bring numbers into a dtype and into the domain of an argument ("positive": neither zero nor negative)."""
    if dtype.kind == "i":
        values = np.clip(np.rint(values), -_LARGEST_INTEGER, _LARGEST_INTEGER)
    values = values.astype(dtype)
    if domain == "positive":
        values = np.abs(values)
        values = np.where(values > 0, values, np.ones_like(values))
    return values


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
