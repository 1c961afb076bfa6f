"""Arrays in a scope of bound indices.

Inside bound indices w, b, ... (outermost first) every array has one dimension per bound index, of size 1 where
it does not depend on it; so NumPy's broadcasting is the broadcasting over named indices.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Bound, Entry, Expression, Position
from w2v_verified.verify.record import Record

__all__ = [
    "COMPARE",
    "NOT_FOLDED",
    "Array",
    "Counts",
    "Pointers",
    "Scope",
    "gather",
    "index_arrays",
    "indicator",
    "integers",
    "plain_places",
    "result_shape",
    "size_of",
    "whole",
]

Array: TypeAlias = NDArray[Any]
Scope: TypeAlias = tuple[Bound, ...]
Pointers: TypeAlias = Mapping[str, NDArray[np.intp]]

Counts: TypeAlias = Mapping[str, NDArray[np.intp]]
"""Of axes that are folded: how many equal places each of its places stands for."""

NOT_FOLDED: Counts = MappingProxyType({})

COMPARE: Mapping[str, np.ufunc] = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}


def whole(exponent: Expression) -> int | None:
    """The exponent, if it is written as a whole number."""
    match exponent:
        case syntax.Number(int() as n):
            return n
        case syntax.Negative(syntax.Number(int() as n)):
            return -n
        case _:
            return None


def integers(
    record: Record, arguments: Mapping[str, object], sizes: Mapping[str, int]
) -> dict[str, NDArray[np.intp]]:
    """The index arguments as integer arrays, each entry within the axis it points into.

    Raises:
        TypeError: One does not hold integers.
        IndexError: An entry lies outside its axis.
    """
    found: dict[str, NDArray[np.intp]] = {}
    for argument in record.arguments:
        if argument.kind != "index":
            continue
        array = np.asarray(arguments[argument.name])
        if array.dtype.kind not in "iu" and array.size:
            raise TypeError(f"{argument.name}: expected integers, got {array.dtype}")
        array = array.astype(np.intp)
        size = sizes[str(argument.into)]
        if array.size and (array.min() < 0 or array.max() >= size):
            raise IndexError(
                f"{argument.name}: expected 0 <= {argument.name} < {argument.into} = {size}, "
                f"got {array.min() if array.min() < 0 else array.max()}"
            )
        found[argument.name] = array
    return found


def result_shape(scope: Scope, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """The shape of an array that depends on every bound index of `scope`."""
    return tuple(sizes[bound.axis] for bound in scope)


def size_of(axis: str, sizes: Mapping[str, int], counts: Counts) -> int:
    """The size of an axis, what is folded unfolded."""
    return int(counts[axis].sum()) if axis in counts else sizes[axis]


def _mesh(position: Position, scope: Scope, sizes: Mapping[str, int], pointers: Pointers) -> NDArray[np.intp]:
    """The values of `position` over `scope`."""
    match position:
        case syntax.Running(name):
            place = next(place for place, bound in enumerate(scope) if bound.name == name)
            shape = [1] * len(scope)
            shape[place] = -1
            return np.arange(sizes[scope[place].axis]).reshape(shape)
        case syntax.Lookup(name, positions):
            pointer = pointers[name]
            if not positions:
                return pointer.reshape((1,) * len(scope))
            found: NDArray[np.intp] = pointer[
                tuple(_mesh(each, scope, sizes, pointers) for each in positions)
            ]
            return found


def indicator(
    node: syntax.Indicator, scope: Scope, sizes: Mapping[str, int], pointers: Pointers
) -> NDArray[np.bool_]:
    """Where the Iverson bracket `node` is 1."""
    left, right = (_mesh(side, scope, sizes, pointers) for side in (node.left, node.right))
    return np.asarray(left == right if node.equal else left != right)


def gather(array: Array, entry: Entry, scope: Scope, sizes: Mapping[str, int], pointers: Pointers) -> Array:
    """The entries `entry` of `array` over `scope`; a view where they need no index arrays."""
    places = plain_places(entry, scope)
    if places is None:
        found: Array = array[index_arrays(entry, scope, sizes, pointers)]
        return found
    if len(places) > 1 and places != sorted(places):
        array = array.transpose(sorted(range(len(places)), key=places.__getitem__))
    if len(places) == len(scope):
        return array
    return array[tuple(slice(None) if place in places else None for place in range(len(scope)))]


def plain_places(entry: Entry, scope: Scope) -> list[int] | None:
    """Where in `scope` the index of each axis stands, if all are bound indices, each its own."""
    names = [bound.name for bound in scope]
    places = [names.index(each.name) for each in entry.positions if isinstance(each, syntax.Running)]
    return places if len(places) == len(entry.positions) == len(set(places)) else None


def index_arrays(
    entry: Entry, scope: Scope, sizes: Mapping[str, int], pointers: Pointers
) -> tuple[NDArray[np.intp], ...]:
    """The index arrays, over `scope`, by which NumPy selects `entry`."""
    return tuple(_mesh(each, scope, sizes, pointers) for each in entry.positions)
