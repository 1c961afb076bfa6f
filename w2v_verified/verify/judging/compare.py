"""Comparing what a function returned with the exact values, in units of the error it may have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.bounds.tiers import error_bound
from w2v_verified.verify.evaluation import balls
from w2v_verified.verify.evaluation.frames import Array
from w2v_verified.verify.exact.oracle import Reference, reference
from w2v_verified.verify.judging.dense import dense, left_out
from w2v_verified.verify.judging.deviation import Deviation
from w2v_verified.verify.record import Record

__all__ = ["Comparison", "Deviation", "compare", "deviations", "working_dtype"]


_MANY = 5000  # entries
_PART = 1 << 14
_ROUGHLY = 1e-9
_KNOWN = 2.0**-90
_DOUBLE = (np.dtype(np.float32), np.dtype(np.float64))


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
    returned = dict(zip(fields, result, strict=True))
    whole = dense(record, arguments, returned)
    for name, computed in whole.items():
        shape = exact.split[name][0].shape
        if computed.shape != shape:
            raise ValueError(f"{name}: expected shape {shape}, got {computed.shape}")
        if computed.dtype.kind not in "iuf":
            raise ValueError(f"{name}: expected real numbers, got {computed.dtype}")
    sizes = [array.size for array in whole.values()]
    double = all(array.dtype in _DOUBLE for array in whole.values())
    touched = any(each.touched is not None for each in record.results)
    with np.errstate(all="ignore"):
        if double and not touched and sum(sizes) > _MANY:
            worst = [_worst(name, array, *exact.split[name], bound[name]) for name, array in whole.items()]
            return Comparison(tier, tuple(each for each in worst if each is not None))
        computed = np.concatenate(list(whole.values()), axis=None, dtype=np.longdouble)
        high, low = exact.joined
        allowed = np.concatenate([bound[name] for name in whole], axis=None)
        error = _error(computed, high, low)
        fraction = _in_units(error, allowed, high)
    if touched:
        fraction[_left_out(record, arguments, returned, exact)] = np.inf
    found, start = [], 0
    for (name, array), size in zip(whole.items(), sizes, strict=True):
        if size:
            within = int(fraction[start : start + size].argmax())
            place = start + within
            found.append(
                Deviation(
                    name,
                    float(fraction[place]),
                    _position(within, array.shape),
                    float(computed[place]),
                    float(high[place]),
                    float(error[place]),
                    float(allowed[place]),
                )
            )
        start += size
    return Comparison(tier, tuple(found))


def _error(computed: Any, high: Any, low: Any) -> Any:
    """Subtracting the nearest float64 is exact where it cancels, so no small difference is rounded away."""
    return np.abs((computed - high) - low)


def _position(place: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """`np.unravel_index` in C order, quicker for one place."""
    position: list[int] = []
    for length in reversed(shape):
        place, at = divmod(place, length)
        position.insert(0, at)
    return tuple(position)


def _worst(name: str, computed: Array, high: Array, low: Array, allowed: Array) -> Deviation | None:
    """The worst entry of a large result, part by part: in float64, and again where it may be the worst of all."""
    arrays = [np.ravel(each) for each in (computed, high, low, allowed)]
    parts = [slice(start, start + _PART) for start in range(0, computed.size, _PART)]
    fractions = [_fraction(np.float64, *(each[part] for each in arrays)).max() for part in parts]
    bar = max(fractions, default=0.0) * (1 - _ROUGHLY)
    found: Deviation | None = None
    most = np.longdouble(-1)
    for part, largest in zip(parts, fractions, strict=True):
        if largest < bar:
            continue
        numbers = [each[part] for each in arrays]
        exactly = _fraction(np.longdouble, *numbers)
        at = int(exactly.argmax())
        if exactly[at] > most:
            most = exactly[at]
            each, exact, rest, bound = (array[at] for array in numbers)
            found = Deviation(
                name,
                float(most),
                _position(part.start + at, computed.shape),
                float(each),
                float(exact),
                float(_error(np.longdouble(each), exact, rest)),
                float(bound),
            )
    return found


def _fraction(kind: type[np.floating], computed: Array, high: Array, low: Array, allowed: Array) -> Array:
    return _in_units(_error(computed.astype(kind), high, low), allowed, high)


def _in_units(error: Array, allowed: Array, high: Array) -> Array:
    """The error of every entry as a fraction of what is allowed; that of NaN or infinity is NaN or infinite.

    No error is below what is known of the exact value, which is 90 bits.
    """
    fraction = error / allowed
    beyond = fraction > 1
    if beyond.any():
        fraction[beyond & (error <= _KNOWN * np.abs(high))] = 0
    undecided = np.isnan(fraction)
    if undecided.any():
        fraction[undecided] = np.where(error[undecided] == 0, 0, np.inf)
    return fraction


def _left_out(
    record: Record, arguments: Mapping[str, object], returned: Mapping[str, Any], exact: Reference
) -> NDArray[np.bool_]:
    """Where a gradient that comes by column should not be zero and was not returned."""
    missing = []
    for each in record.results:
        value = exact.values[each.name]
        outside = np.zeros(value.shape, np.bool_)
        if each.of is not None and each.touched is not None:
            columns = np.asarray(returned[each.touched.columns])
            outside = left_out(record, arguments, each.of, columns) & ~balls.zeros(value)
        missing.append(outside)
    return np.concatenate(missing, axis=None)
