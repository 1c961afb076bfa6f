"""Values as Python source, exactly and in narrow lines."""

import textwrap
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

__all__ = ["WIDTH", "assigned", "called", "is_stored", "printed"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

WIDTH = 56
"""Lines are not longer where they can be broken: with four spaces before them they are legible at 60 columns."""

_FEW, _WRITTEN_OUT, _DIFFERING = 12, 100, 30  # entries
_PLAIN_DTYPES = (np.dtype(np.float64), np.dtype(np.intp))


def assigned(name: str, value: object, stored: str | None = None) -> list[str]:
    """The source of an assignment.

    Args:
        name: What is assigned to.
        value: An array or a number.
        stored: Source of the same entries as nested lists, for an array that is too large to be written out.

    >>> assigned("x", np.array([[0.1, -0.0]]))
    ['x = np.array([[0.1, -0.0]])']
    >>> assigned("x", np.where(np.arange(20) == 3, 2.0, 1.0))
    ['x = np.full((20,), 1.0)', 'x[3] = 2.0']
    """
    if not isinstance(value, np.ndarray):
        return [f"{name} = {value!r}"]
    dtype = "" if value.dtype in _PLAIN_DTYPES else f", dtype={_spelled(value.dtype)}"
    if value.size == 0:
        return [f"{name} = np.zeros({value.shape}, dtype={_spelled(value.dtype)})"]
    once = _once(value)
    if once.shape != value.shape:
        return [*assigned(name, once.copy()), f"{name} = np.broadcast_to({name}, {value.shape})"]
    if is_stored(value) and stored is not None:
        return [f"{name} = np.array(", f"    {stored},", f"    dtype={_spelled(value.dtype)},", ")"]
    common, places = _differing(value)
    if value.size > _FEW and len(places) <= _DIFFERING:
        entries = [f"{name}[{', '.join(map(str, place))}] = {value[place].item()!r}" for place in places]
        return [f"{name} = np.full({value.shape}, {common!r}{dtype})", *entries]
    return _filled(f"{name} = np.array(", f"{value.tolist()}{dtype}", ")")


def is_stored(value: object) -> bool:
    """Whether an array is too large to be written out, and not all but a few of its entries are equal."""
    if not isinstance(value, np.ndarray) or value.size <= _WRITTEN_OUT or _once(value).shape != value.shape:
        return False
    return len(_differing(value)[1]) > _DIFFERING


def _once(value: Array) -> Array:
    """What is broadcast, once."""
    lengths = zip(value.strides, value.shape, strict=True)
    return value[tuple(slice(0, 1) if stride == 0 else slice(size) for stride, size in lengths)]


def called(targets: Sequence[str], function: str, arguments: Sequence[str]) -> list[str]:
    """The source of a call."""
    names, given = ", ".join(targets), ", ".join(arguments)
    if len(names) + len(function) + len(" = (") > WIDTH:
        return [*_filled(f"results = {function}(", given, ")"), f"{names} = results"]
    return _filled(f"{names} = {function}(", given, ")")


def printed(words: str, value: str) -> list[str]:
    """The source that prints words and a value."""
    line = f'print("{words}", {value})'
    return [line] if len(line) <= WIDTH else ["print(", f'    "{words}",', f"    {value},", ")"]


def _spelled(dtype: np.dtype[Any]) -> str:
    return f"np.{dtype.name}" if dtype.isnative else repr(dtype.str)


def _differing(value: Array) -> tuple[object, list[tuple[int, ...]]]:
    """The entry that occurs most often, bit by bit, and the places of the others."""
    bits = np.array(value, order="C").reshape(-1, 1).view(np.uint8).reshape(value.size, -1)
    _, first, which, counts = np.unique(
        bits, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    most = int(counts.argmax())
    places = np.argwhere((which.reshape(-1) != most).reshape(value.shape))
    return value.flat[int(first[most])].item(), [tuple(place) for place in places.tolist()]


def _filled(opening: str, inside: str, closing: str) -> list[str]:
    """What stands in brackets, broken at its spaces where it is too long for a line."""
    if len(opening) + len(inside) + len(closing) <= WIDTH:
        return [opening + inside + closing]
    broken = textwrap.wrap(inside, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    return [opening, *(f"    {line}" for line in broken), closing]
