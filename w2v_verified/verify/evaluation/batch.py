"""The arguments of one call, or of a batch of calls of any sizes, as evaluators take them."""

from collections.abc import Mapping, Sequence

import numpy as np

from w2v_verified.verify.evaluation.frames import Array, Fold, Placed, space_of
from w2v_verified.verify.record import Record, axis_sizes

__all__ = ["Batch", "together"]


class Batch:
    """Calls of one function, of any sizes; where some have axes folded, ``folds`` has an entry for each.

    Raises:
        ValueError: An argument is missing or has a wrong shape.
        TypeError, IndexError: An index argument does not hold integers, or points outside its axis.
    """

    def __init__(
        self, record: Record, calls: Sequence[Mapping[str, object]], folds: Sequence[Fold] = ()
    ) -> None:
        extents = [axis_sizes(record, call) for call in calls]
        self.space = space_of(extents, folds)
        self.frames = {each.name: self.space.over(each.axes) for each in record.arguments}
        self.pointers: dict[str, Placed] = {}
        self.arrays: dict[str, list[Array]] = {}
        for each in record.arguments:
            given = [np.asarray(call[each.name]) for call in calls]
            if each.kind == "array":
                self.arrays[each.name] = given
                continue
            bounds = [size[str(each.into)] for size in extents]
            checked = [
                _integers(each.name, str(each.into), array, bound)
                for array, bound in zip(given, bounds, strict=True)
            ]
            self.pointers[each.name] = Placed(together(checked), self.frames[each.name])


def together(arrays: Sequence[Array]) -> Array:
    """The entries of all arrays, one after the other in C order."""
    return arrays[0].ravel() if len(arrays) == 1 else np.concatenate([array.ravel() for array in arrays])


def _integers(name: str, axis: str, array: Array, size: int) -> Array:
    if array.dtype.kind not in "iu" and array.size:
        raise TypeError(f"{name}: expected integers, got {array.dtype}")
    array = array.astype(np.intp)
    if array.size and (array.min() < 0 or array.max() >= size):
        raise IndexError(
            f"{name}: expected 0 <= {name} < {axis} = {size}, "
            f"got {array.min() if array.min() < 0 else array.max()}"
        )
    return array
