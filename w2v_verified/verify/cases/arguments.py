"""The arguments of one call, seen through the record of the function: sizes, dtypes, a description in words."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from w2v_verified.verify.record import Record, sizes

__all__ = ["Arguments", "Float", "arrays", "copied", "describe"]

Arguments: TypeAlias = Mapping[str, object]
Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Float: TypeAlias = np.ndarray[Any, np.dtype[np.floating[Any]]]


def arrays(record: Record, arguments: Arguments) -> dict[str, Array]:
    """The floating arguments by name, as arrays."""
    return {a.name: np.asarray(arguments[a.name]) for a in record.arguments if a.kind == "array"}


def copied(arguments: Arguments) -> dict[str, object]:
    """The same arguments in memory of their own, with the same strides in the same order."""
    return {k: v.copy(order="K") if isinstance(v, np.ndarray) else v for k, v in arguments.items()}


def describe(record: Record, arguments: Arguments) -> str:
    """Say in a few words what an input is like.

    >>> from w2v_verified.verify.record import load
    >>> describe(load("naive_softmax"), {"v_c": np.ones(3), "o": 0, "U": np.full((3, 5), -20.0)})
    'float64, d=3, V=5, |v_c| <= 1, |U| <= 20'
    """
    held = arrays(record, arguments)
    dtypes = "/".join(dict.fromkeys(array.dtype.name for array in held.values()))
    axes = [f"{axis}={size}" for axis, size in sizes(record, arguments).items()]
    largest = [f"|{name}| <= {np.abs(array).max(initial=0):.3g}" for name, array in held.items()]
    return ", ".join([dtypes, *axes, *largest])
