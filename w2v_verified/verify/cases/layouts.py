"""Ways to hold the same values in memory: each is a function from an array to an equal one laid out differently."""

from collections.abc import Callable, Mapping
from types import EllipsisType, MappingProxyType
from typing import Any, TypeAlias

import numpy as np

__all__ = ["LAYOUTS", "Layout", "layout_of"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Layout: TypeAlias = Callable[[Array], Array]


def _along_all(array: Array, part: slice) -> tuple[slice | EllipsisType, ...]:
    """The same part of every axis, as a view even where there is no axis."""
    return (*[part] * array.ndim, ...)


def _contiguous(array: Array) -> Array:
    return np.array(array, order="C")


def _fortran(array: Array) -> Array:
    return np.array(array, order="F")


def _strided(array: Array) -> Array:
    every_other = _along_all(array, slice(None, None, 2))
    buffer = np.zeros(tuple(2 * size for size in array.shape), array.dtype)
    buffer[every_other] = array
    return buffer[every_other]


def _reversed(array: Array) -> Array:
    backwards = _along_all(array, slice(None, None, -1))
    return np.array(array[backwards], order="C")[backwards]


def _read_only(array: Array) -> Array:
    copy = np.array(array, order="C")
    copy.flags.writeable = False
    return copy


def _transposed(array: Array) -> Array:
    """A transposed view of part of a larger array: neither C nor Fortran contiguous where that can be."""
    buffer = np.zeros(tuple(size + 1 for size in reversed(array.shape)), array.dtype)
    view = buffer[_along_all(array, slice(1, None))].T
    view[...] = array
    return view


LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "C": _contiguous,
        "Fortran": _fortran,
        "strided": _strided,
        "reversed": _reversed,
        "read-only": _read_only,
        "transposed": _transposed,
    }
)


def layout_of(array: Array) -> str:
    """The name of the layout that an array has, "C" for a plain one.

    >>> layout_of(LAYOUTS["reversed"](np.eye(2)))
    'reversed'
    """
    if not array.flags.writeable:
        return "read-only"
    if array.flags.c_contiguous:
        return "C"
    if array.flags.f_contiguous:
        return "Fortran"
    if all(stride < 0 for stride in array.strides):
        return "reversed"
    ascending = list(array.strides) == sorted(array.strides)
    return "transposed" if ascending and array.ndim > 1 else "strided"
