"""Comparing what a function returned with the exact values, in units of the error it may have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify import balls
from w2v_verified.verify.bounds import error_bound
from w2v_verified.verify.oracle import Reference, reference
from w2v_verified.verify.record import Record
from w2v_verified.verify.touched import dense, left_out

__all__ = ["Comparison", "Deviation", "compare", "deviations", "working_dtype"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """The entry of one result that is worst for its bound.

    `fraction` is |computed - exact| / bound: at most 1 if right, infinite if computed is NaN or infinite, or left
    out of a gradient that comes by column.
    """

    result: str
    fraction: float
    position: tuple[int, ...]
    computed: float
    exact: float
    error: float
    bound: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The worst entry of each result, in the record's order; an empty result has none."""

    tier: str
    deviations: tuple[Deviation, ...]

    @property
    def worst(self) -> Deviation | None:
        """The worst entry of all."""
        return max(self.deviations, key=lambda each: each.fraction, default=None)

    @property
    def ok(self) -> bool:
        """Whether every entry is within its bound."""
        return all(each.fraction <= 1 for each in self.deviations)


def working_dtype(record: Record, arguments: Mapping[str, object]) -> np.dtype[np.floating]:
    """The format a function must compute in: that of its floating arguments; integers count as float64.

    >>> from w2v_verified.verify.record import load
    >>> v_c, U = np.ones(1, np.float32), np.ones((1, 2), np.float32)
    >>> working_dtype(load("naive_softmax"), {"v_c": v_c, "o": 0, "U": U})
    dtype('float32')
    """
    given = (np.asarray(arguments[each.name]).dtype for each in record.arguments if each.kind == "array")
    return np.result_type(*(dtype if dtype.kind == "f" else np.float64 for dtype in given))


def compare(
    record: Record, arguments: Mapping[str, object], result: Sequence[object], tier: str = "strict"
) -> Comparison:
    """How far `result`, a tuple in the order of the record's fields, is from the exact values.

    Raises:
        ValueError: `result` has the wrong number of fields, or a field has not the shape of its argument.

    >>> from w2v_verified import naive_softmax
    >>> from w2v_verified.verify.record import load
    >>> v_c, U = np.array([1.0, -1.0]), np.array([[1.0, 2.0], [0.5, 3.0]])
    >>> compare(load("naive_softmax"), {"v_c": v_c, "o": 1, "U": U}, naive_softmax(v_c, 1, U)).ok
    True
    """
    bound = error_bound(record, arguments, working_dtype(record, arguments), tier)
    return deviations(record, arguments, result, reference(record, arguments, wanted=bound), bound, tier)


def deviations(
    record: Record,
    arguments: Mapping[str, object],
    result: Sequence[object],
    exact: Reference,
    bound: Mapping[str, NDArray[np.float64]],
    tier: str,
) -> Comparison:
    """`compare` with the reference and the bounds at hand."""
    fields = record.fields
    if len(result) != len(fields):
        raise ValueError(f"result: expected {len(fields)} fields ({', '.join(fields)}), got {len(result)}")
    found, returned = [], dict(zip(fields, result, strict=True))
    whole = dense(record, arguments, returned)
    for each in record.results:
        computed = whole[each.name]
        if computed.shape != exact.values[each.name].shape:
            raise ValueError(
                f"{each.name}: expected shape {exact.values[each.name].shape}, got {computed.shape}"
            )
        if computed.dtype.kind not in "iuf":
            raise ValueError(f"{each.name}: expected real numbers, got {computed.dtype}")
        if computed.size:
            missing = np.zeros(computed.shape, np.bool_)
            if each.of is not None and each.touched is not None:
                outside = left_out(record, arguments, each.of, np.asarray(returned[each.touched.columns]))
                missing = outside & ~balls.zeros(exact.values[each.name])
            found.append(_worst(each.name, computed, missing, *exact.split[each.name], bound[each.name]))
    return Comparison(tier, tuple(found))


def _worst(
    name: str,
    computed: NDArray[np.floating],
    missing: NDArray[np.bool_],
    high: NDArray[np.float64],
    low: NDArray[np.float64],
    bound: NDArray[np.float64],
) -> Deviation:
    with np.errstate(all="ignore"):
        # Subtracting the nearest float64 is exact where it cancels, so no small difference is rounded away.
        error = np.abs((computed.astype(np.longdouble) - high) - low)
        fraction = np.where(error == 0, 0, np.where(np.isfinite(computed), error / bound, np.inf))
        fraction = np.where(np.isnan(fraction) | missing, np.inf, fraction)
    position = np.unravel_index(int(fraction.argmax()), fraction.shape)
    return Deviation(
        name,
        float(fraction[position]),
        tuple(int(place) for place in position),
        float(computed[position]),
        float(high[position]),
        float(error[position]),
        float(bound[position]),
    )
