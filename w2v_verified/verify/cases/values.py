"""How numbers are made fit for their place: dtype, domain, size. Shared by the deck and the strategies."""

from typing import Any, TypeAlias

import numpy as np

from w2v_verified.verify.record import Record

__all__ = ["Index", "cast", "index_arguments", "scaled"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Index: TypeAlias = int | np.integer[Any] | np.ndarray[Any, np.dtype[np.integer[Any]]]

_LARGEST_INTEGER = 1000.0


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


def index_arguments(record: Record) -> tuple[str, ...]:
    """The names of the arguments that are indices."""
    return tuple(argument.name for argument in record.arguments if argument.kind == "index")
