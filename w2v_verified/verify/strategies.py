"""Hypothesis strategies for the arguments of any recorded function.

``arguments_for(record)`` draws shapes, dtypes, layouts, magnitudes, ties and indices. It shrinks to every axis at 1
(or 2), float64, C order, zeros. Each part is a strategy of its own, so a test may fix what it is not about.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st

from w2v_verified.verify.layouts import LAYOUTS
from w2v_verified.verify.record import Argument, Record
from w2v_verified.verify.values import Index, cast, scaled

__all__ = ["DTYPES", "MAGNITUDES", "arguments_for", "dtypes_for", "indices", "numbers", "sizes_for"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

DTYPES = ("float64", "float32", "mixed", "integers")
"""What ``dtypes_for`` draws from, simplest first."""

MAGNITUDES = ("small", "ordinary", "wide", "logits", "gap", "huge", "denormal")
"""What ``arguments_for`` draws from, simplest first."""

_LONGEST = 300
_DRAWN_BY_THEMSELVES = 6
_KINDS = {"small": 3, "ordinary": 4, "wide": 1000}
_ONE_IN = 20
_SCALES = {
    "logits": (20.0, 1000.0),
    "gap": (1900.0, 2100.0),
    "huge": (1e14, 1e15),
    "denormal": (1e-320, 1e-39),
}
_TIES = ("none", "equal slices", "zero slice", "all equal")


@st.composite
def arguments_for(
    draw: st.DrawFn,
    record: Record,
    *,
    largest: int = 6,
    dtypes: Sequence[str] = DTYPES,
    layouts: Sequence[str] = tuple(LAYOUTS),
    magnitudes: Sequence[str] = MAGNITUDES,
) -> dict[str, object]:
    """Arguments of one call, by name, in call order.

    Args:
        draw: Given by Hypothesis.
        record: The function the arguments are for.
        largest: The largest ordinary size of an axis; one draw in twenty has an axis of up to 300.
        dtypes: Which of ``DTYPES`` to draw from.
        layouts: Which of ``LAYOUTS`` to draw from.
        magnitudes: Which of ``MAGNITUDES`` to draw from.
    """
    sizes = draw(sizes_for(record, largest=largest))
    held = draw(dtypes_for(record, dtypes))
    magnitude = draw(st.sampled_from(magnitudes))
    arrays = [argument.name for argument in record.arguments if argument.kind == "array"]
    scaled_one = draw(st.sampled_from(arrays)) if magnitude in _SCALES else None
    drawn: dict[str, object] = {}
    for argument in record.arguments:
        shape = tuple(sizes[axis] for axis in argument.axes)
        if argument.into is not None:
            drawn[argument.name] = draw(indices(shape, sizes[argument.into]))
            continue
        values = draw(numbers(shape, magnitude if magnitude in _KINDS else "ordinary"))
        if argument.name == scaled_one:
            values = scaled(values, draw(st.floats(*_SCALES[magnitude])))
        values = draw(_with_ties(values))
        layout = LAYOUTS[draw(st.sampled_from(layouts))]
        drawn[argument.name] = layout(cast(values, held[argument.name], argument.domain))
    return _colliding(record, drawn) if draw(st.sampled_from((False, False, True))) else drawn


@st.composite
def sizes_for(draw: st.DrawFn, record: Record, *, largest: int = 6) -> dict[str, int]:
    """A size for every axis of a record, each from its minimum.

    >>> from hypothesis import find
    >>> from w2v_verified.verify.record import load
    >>> find(sizes_for(load("naive_softmax")), lambda sizes: True)
    {'d': 1, 'V': 1}
    """
    sizes = {axis.name: draw(st.integers(axis.minimum, max(largest, axis.minimum))) for axis in record.axes}
    if draw(st.integers(0, _ONE_IN - 1)) == _ONE_IN - 1:  # not zero: Hypothesis shrinks towards it
        long = draw(st.sampled_from([axis.name for axis in record.axes]))
        sizes = {name: min(size, 3) for name, size in sizes.items()}
        sizes[long] = draw(st.integers(largest + 1, _LONGEST))
    return sizes


@st.composite
def dtypes_for(
    draw: st.DrawFn, record: Record, dtypes: Sequence[str] = DTYPES
) -> Mapping[str, np.dtype[Any]]:
    """A dtype for every array argument: one for all, or in "mixed" float32 and float64 (and integers) side by side."""
    kind = draw(st.sampled_from(dtypes))
    names = [argument.name for argument in record.arguments if argument.kind == "array"]
    if kind == "integers":
        integer = draw(st.sampled_from(("int64", "int32")))
        return {name: np.dtype(integer) for name in names}
    if kind == "mixed":
        return {name: np.dtype(draw(st.sampled_from(("float64", "float32", "int64")))) for name in names}
    return {name: np.dtype(kind) for name in names}


@st.composite
def numbers(draw: st.DrawFn, shape: tuple[int, ...], magnitude: str) -> Array:
    """An array of float64 numbers: "small" integers, "ordinary" of size about 1, or "wide" (any up to 1000).

    It is zero or normally distributed throughout, and a few entries are drawn by themselves. So the number of draws
    does not depend on the shape, and shapes shrink whatever else the example needs.
    """
    reach = _KINDS[magnitude]
    count = int(np.prod(shape, dtype=np.intp))
    values = np.zeros(count)
    if draw(st.booleans()):
        values = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).standard_normal(count) * (reach / 4)
        values = np.rint(values) if magnitude == "small" else values
    element = st.integers(-reach, reach) if magnitude == "small" else st.floats(-reach, reach)
    for place, value in draw(
        st.lists(st.tuples(st.integers(0, 2**16), element), max_size=_DRAWN_BY_THEMSELVES)
    ):
        if count:
            values[place % count] = value
    return values.reshape(shape)


@st.composite
def indices(draw: st.DrawFn, shape: tuple[int, ...], size: int) -> Index:
    """One index (shape ``()``) or an array of them into an axis of ``size``: free, all the last, or all the same."""
    if shape == ():
        index = draw(st.integers(0, size - 1))
        return np.int64(index) if draw(st.sampled_from((False, False, True))) else index
    count = int(np.prod(shape, dtype=np.intp))
    kind = draw(st.sampled_from(("free", "same", "last")))
    if kind == "free":
        drawn = draw(st.lists(st.integers(0, size - 1), min_size=count, max_size=count))
    else:
        drawn = [size - 1 if kind == "last" else draw(st.integers(0, size - 1))] * count
    dtype = draw(st.sampled_from((np.int64, np.int32)))
    layout = LAYOUTS[draw(st.sampled_from(tuple(LAYOUTS)))]
    return layout(np.array(drawn, dtype=dtype).reshape(shape))


@st.composite
def _with_ties(draw: st.DrawFn, values: Array) -> Array:
    """Perhaps make slices of an array equal or zero: what random numbers never are."""
    kind = draw(st.sampled_from(_TIES))
    if kind == "none" or values.size < 2:
        return values
    values = values.copy()
    if kind == "all equal":
        values[...] = values.flat[0]
        return values
    view = np.moveaxis(values, draw(st.integers(0, values.ndim - 1)), 0)
    slices = range(len(view))
    chosen = draw(st.lists(st.sampled_from(slices), min_size=1, max_size=len(slices), unique=True))
    view[chosen] = 0.0 if kind == "zero slice" else view[0].copy()
    return values


def _colliding(record: Record, arguments: dict[str, object]) -> dict[str, object]:
    """Let one entry of every index array coincide with the first index argument into the same axis."""
    first: dict[str, Argument] = {}
    changed = dict(arguments)
    for argument in record.arguments:
        if argument.into is None:
            continue
        leader = first.setdefault(argument.into, argument)
        own, target = np.array(arguments[argument.name]), np.asarray(arguments[leader.name])
        if leader is not argument and own.size and target.size:
            own.flat[-1] = target.flat[0]
            changed[argument.name] = own if own.ndim else int(own)
    return changed
