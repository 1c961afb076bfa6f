"""The input contract of generated functions: what an argument must be, and what it gets told otherwise.

No mathematics lives here. Every message names the argument, what was expected and what came.
"""

import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "INTEGER",
    "PLAIN",
    "buffers",
    "check_between",
    "check_nonnegative",
    "check_positive",
    "count",
    "floating",
    "position",
    "positions",
    "sizes",
    "within",
]

PLAIN = (np.dtype(np.float64), np.dtype(np.float32))
"""The dtypes of arrays that are taken as they are."""
INTEGER = np.dtype(np.intp)
"""The dtype of positions that are taken as they are."""


def floating(**arrays: Any) -> list[NDArray[Any]]:
    """The arrays in their common floating dtype; integers count as float64, numbers of Python as what they meet.

    Raises:
        TypeError: An argument does not hold real numbers.
    """
    converted = [np.asarray(a) for a in arrays.values()]
    dtypes = []
    for (name, given), array in zip(arrays.items(), converted, strict=True):
        if array.dtype.kind not in "fiub":
            raise TypeError(f"{name}: expected an array of real numbers, got dtype {array.dtype}")
        if type(given) not in (float, int):
            dtypes.append(array.dtype if array.dtype.kind == "f" else PLAIN[0])
    dtype = np.result_type(*dtypes) if dtypes else PLAIN[0]
    return [a if a.dtype == dtype else a.astype(dtype) for a in converted]


def sizes(expected: Sequence[tuple[str, tuple[int, ...], str]], minimum: dict[str, int]) -> None:
    """Check the shapes of the arguments, given as (name, shape, axes); ``minimum`` has the least of every axis.

    Raises:
        ValueError: A rank is wrong, two arguments disagree about an axis, or an axis is too short.
    """
    found: dict[str, tuple[int, str]] = {}
    for name, shape, axes in expected:
        names = axes.split()
        if len(names) != len(shape):
            raise ValueError(f"{name}: expected shape {_spelled(names)}, got {shape}")
        for axis, size in zip(names, shape, strict=True):
            known, where = found.setdefault(axis, (size, name))
            if known != size:
                raise ValueError(
                    f"{name}: expected shape {_spelled(names)} with {axis} = {known} as in {where}, got {shape}"
                )
            if size < minimum[axis]:
                raise ValueError(f"{name}: expected {axis} >= {minimum[axis]}, got shape {shape}")


def count(name: str, value: SupportsIndex) -> int:
    """``value`` as an integer of at least 1.

    Raises:
        TypeError: It is not an integer.
        ValueError: It is less than 1.
    """
    if isinstance(value, bool | np.bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name}: expected an integer, got {_kind(value)}")
    integer = operator.index(value)
    if integer < 1:
        raise ValueError(f"{name}: expected at least 1, got {integer}")
    return integer


def position(name: str, value: SupportsIndex, axis: str, size: int) -> int:
    """``value`` as an integer that points into an axis of ``size`` places.

    Raises:
        TypeError: It is not an integer.
        IndexError: It is negative or too large.
    """
    if isinstance(value, bool | np.bool):
        raise TypeError(f"{name}: expected an integer, got {value!r}")
    try:
        integer = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: expected an integer, got {_kind(value)}") from None
    if not 0 <= integer < size:
        raise IndexError(f"{name}: expected 0 <= {name} < {axis} = {size}, got {integer}")
    return integer


def check_positive(**arrays: NDArray[Any]) -> None:
    """Check that all entries are positive; NaN is none that is not.

    Raises:
        ValueError: An entry is 0 or less.

    >>> check_positive(X=np.array([[1.0, 0.0]]))
    Traceback (most recent call last):
    ValueError: X: expected positive, got 0.0 at (0, 1)
    """
    for name, array in arrays.items():
        if array.size and not array.min() > 0:
            _refuse(name, array, array <= 0, "positive")


def check_nonnegative(**arrays: NDArray[Any]) -> None:
    """Check that no entry is negative; NaN is none that is.

    Raises:
        ValueError: An entry is less than 0.

    >>> check_nonnegative(X=np.array([0.0, -1.0]))
    Traceback (most recent call last):
    ValueError: X: expected nonnegative, got -1.0 at 1
    """
    for name, array in arrays.items():
        if array.size and not array.min() >= 0:
            _refuse(name, array, array < 0, "nonnegative")


def check_between(low: float, high: float, /, **arrays: NDArray[Any]) -> None:
    """Check that all entries are strictly between two numbers, one of them perhaps infinite; NaN is none that is not.

    Raises:
        ValueError: An entry is no more than ``low``, or no less than ``high``.

    >>> check_between(0, 1, p=np.array(1.0))
    Traceback (most recent call last):
    ValueError: p: expected between 0 and 1, got 1.0
    """
    for name, array in arrays.items():
        if array.size and not (array.min() > low and array.max() < high):
            expected = f"above {low}" if math.isinf(high) else f"below {high}" if math.isinf(low) else ""
            outside = (array <= low) | (array >= high)
            _refuse(name, array, outside, expected or f"between {low} and {high}")


def _refuse(name: str, array: NDArray[Any], outside: NDArray[np.bool_], expected: str) -> None:
    """Refuse an array of which some entry is outside of a range."""
    wrong = np.argwhere(outside)
    if len(wrong):
        at = tuple(wrong[0].tolist())
        where = f" at {at if len(at) > 1 else at[0]}" if at else ""
        raise ValueError(f"{name}: expected {expected}, got {array[at].item()}{where}")


def within(places: NDArray[Any], size: int) -> bool:
    """Whether all integers point into an axis of ``size`` places."""
    return places.size == 0 or (0 <= places.item(places.argmin()) and places.item(places.argmax()) < size)


def positions(name: str, values: Any, axis: str, size: int) -> NDArray[np.intp]:
    """``values`` as an array of integers that point into an axis of ``size`` places.

    Raises:
        TypeError: They are not integers.
        IndexError: One of them is negative or too large.
    """
    array = np.asarray(values)
    if array.size == 0 and array.dtype.kind == "f" and not isinstance(values, np.ndarray):
        array = array.astype(np.intp)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected an array of integers, got {_kind(values)}")
    if not within(array, size):
        worst = array.min() if array.min() < 0 else array.max()
        raise IndexError(f"{name}: expected 0 <= {name} < {axis} = {size}, got {worst}")
    return array.astype(np.intp)


def buffers(
    out: Sequence[NDArray[Any]],
    dtype: np.dtype[Any],
    shapes: Mapping[str, tuple[int, ...]],
    inputs: Sequence[NDArray[Any]],
) -> list[NDArray[Any]]:
    """The arrays in ``out`` for the gradients, once they are found fit.

    Raises:
        TypeError: ``out`` holds something else than arrays.
        ValueError: One has the wrong shape or dtype, cannot be written, or shares memory with an input
            or with another.
    """
    if len(out) != len(shapes):
        raise ValueError(f"out: expected {len(shapes)} arrays ({', '.join(shapes)}), got {len(out)}")
    if _fit(out, dtype, shapes.values(), inputs):
        return list(out)
    for place, (name, array) in enumerate(zip(shapes, out, strict=True)):
        if not isinstance(array, np.ndarray):
            raise TypeError(f"out: expected an array for {name}, got {_kind(array)}")
        if array.shape != shapes[name] or array.dtype != dtype:
            raise ValueError(
                f"out: expected shape {shapes[name]} and dtype {dtype} for {name}, "
                f"got {array.shape} and {array.dtype}"
            )
        if not array.flags.writeable:
            raise ValueError(f"out: expected a writable array for {name}, got a read-only one")
        if any(np.may_share_memory(array, other) for other in (*inputs, *out[:place])):
            raise ValueError(
                f"out: expected memory of its own for {name}, got memory shared with another array"
            )
    return list(out)


def _fit(
    out: Sequence[NDArray[Any]],
    dtype: np.dtype[Any],
    shapes: Iterable[tuple[int, ...]],
    inputs: Sequence[NDArray[Any]],
) -> bool:
    """Whether ``out`` is fit at first sight: all are, or are views of, different arrays that own their memory."""
    expected = iter(shapes)
    for array in out:
        if type(array) is not np.ndarray or array.dtype is not dtype or array.shape != next(expected):
            return False
        if not array.flags.writeable:
            return False
    owners = set()
    for array in (*out, *inputs):
        owner: object = array
        if not array.flags.owndata:
            owner = array.base
            if type(owner) is not np.ndarray or not owner.flags.owndata:
                return False
        owners.add(id(owner))
    return len(owners) == len(out) + len(inputs)


def _spelled(axes: Sequence[str]) -> str:
    return f"({axes[0]},)" if len(axes) == 1 else f"({', '.join(axes)})"


def _kind(value: object) -> str:
    dtype = getattr(value, "dtype", None)
    return type(value).__name__ if dtype is None else f"{type(value).__name__} of dtype {dtype}"
