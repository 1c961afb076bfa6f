"""Gradients made whole (dense) that come in parts: in the columns an index points at (sparse), or in two factors."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.cases.arguments import in_words
from w2v_verified.verify.record import Record, Result, Touched

__all__ = ["assembled", "dense", "entry", "left_out", "spread"]

Array: TypeAlias = NDArray[Any]


def dense(record: Record, arguments: Mapping[str, object], returned: Mapping[str, Any]) -> dict[str, Array]:
    """Every result as a whole array, from the fields that were returned.

    Raises:
        ValueError: See ``assembled``.
    """
    return {result.name: assembled(record, arguments, result, returned) for result in record.results}


def assembled(
    record: Record, arguments: Mapping[str, object], result: Result, returned: Mapping[str, Any]
) -> Array:
    """A result as a whole array, from the fields it was returned in.

    Raises:
        ValueError: See ``spread``; or the factors are not two vectors as long as the argument's axes.
    """
    if result.of is None:
        return np.asarray(returned[result.name])
    if result.factors is not None:
        return _multiplied(np.shape(np.asarray(arguments[result.of])), result.factors, returned)
    if result.touched is not None:
        return spread(record, arguments, result.of, result.touched, returned)
    return np.asarray(returned[result.name])


def _multiplied(shape: tuple[int, ...], factors: tuple[str, str], returned: Mapping[str, Any]) -> Array:
    for name, length in zip(factors, shape, strict=True):
        factor = returned[name]
        if not isinstance(factor, np.ndarray) or factor.dtype.kind != "f" or factor.shape != (length,):
            raise ValueError(
                f"{name}: expected {length} floating numbers on one axis, got {in_words(factor)}"
            )
    left, right = (returned[name] for name in factors)
    product: Array = left[:, None] * right
    return product


def spread(
    record: Record, arguments: Mapping[str, object], of: str, touched: Touched, returned: Mapping[str, Any]
) -> Array:
    """The gradient of the argument ``of``, zero in the columns that were not returned.

    Raises:
        ValueError: The columns are not sorted, unique, in range or pointed at by an index, or the values are not
            one column for each of them; the message names the field.

    >>> from w2v_verified.verify.record import load
    >>> arguments = {"v_c": np.ones(1), "o": 3, "U": np.ones((1, 4)), "negatives": np.array([0])}
    >>> returned = {"columns": np.array([0, 3]), "grad_columns": np.array([[0.75, -0.25]])}
    >>> spread(load("negative_sampling_sparse"), arguments, "U", Touched("columns", "grad_columns"), returned)
    array([[ 0.75,  0.  ,  0.  , -0.25]])
    """
    columns, values = returned[touched.columns], returned[touched.values]
    if not isinstance(columns, np.ndarray) or columns.dtype.kind not in "iu" or columns.ndim != 1:
        raise ValueError(f"{touched.columns}: expected one axis of integers, got {in_words(columns)}")
    if not isinstance(values, np.ndarray) or values.dtype.kind != "f":
        raise ValueError(
            f"{touched.values}: expected a NumPy array of floating numbers, got {in_words(values)}"
        )
    shape, place, axis = _table(record, arguments, of)
    expected = (*shape[:place], columns.size, *shape[place + 1 :])
    if values.shape != expected:
        wanted = f"{expected}, one column for each of {touched.columns}"
        raise ValueError(f"{touched.values}: expected shape {wanted}, got shape {values.shape}")
    numbers = columns.tolist()
    if numbers != sorted(set(numbers)):
        raise ValueError(f"{touched.columns}: expected sorted columns, each once, got {numbers}")
    stray = sorted(set(numbers) - _pointed_at(record, arguments, axis))
    if stray:
        raise ValueError(f"{touched.columns}: {stray[0]} is among them, but no index points there")
    whole = np.zeros(shape, values.dtype)
    np.moveaxis(whole, place, -1)[..., columns] = np.moveaxis(values, place, -1)
    return whole


def left_out(record: Record, arguments: Mapping[str, object], of: str, columns: Array) -> NDArray[np.bool_]:
    """The entries of the gradient of the argument ``of`` whose columns were not returned."""
    shape, place, _ = _table(record, arguments, of)
    missing = np.ones(shape, np.bool_)
    np.moveaxis(missing, place, -1)[..., columns] = False
    return missing


def entry(record: Record, name: str, position: tuple[int, ...], returned: Mapping[str, Any]) -> str:
    """An entry of a result in terms of the fields that were returned, as it can be typed; "" where it was left out.

    >>> from w2v_verified.verify.record import load
    >>> returned = {"columns": np.array([0, 3]), "grad_columns": np.array([[0.75, -0.25]])}
    >>> entry(load("negative_sampling_sparse"), "grad_U", (0, 3), returned)
    'grad_columns[0, 1]'
    """
    result = next(result for result in record.results if result.name == name)
    if result.factors is not None:
        return " * ".join(f"{field}[{place}]" for field, place in zip(result.factors, position, strict=True))
    if result.touched is None:
        return f"{name}[{', '.join(map(str, position))}]" if position else name
    _, place = _pointed_axis(record, str(result.of))
    columns = np.asarray(returned[result.touched.columns]).tolist()
    if position[place] not in columns:
        return ""
    within = (*position[:place], columns.index(position[place]), *position[place + 1 :])
    return f"{result.touched.values}[{', '.join(map(str, within))}]"


def _table(record: Record, arguments: Mapping[str, object], of: str) -> tuple[tuple[int, ...], int, str]:
    """The shape of a table, and which of its axes holds the columns that indices point at."""
    axis, place = _pointed_axis(record, of)
    return np.shape(np.asarray(arguments[of])), place, axis


def _pointed_axis(record: Record, of: str) -> tuple[str, int]:
    axes = next(argument.axes for argument in record.arguments if argument.name == of)
    pointed = {argument.into for argument in record.arguments}
    place = next(place for place, axis in enumerate(axes) if axis in pointed)
    return axes[place], place


def _pointed_at(record: Record, arguments: Mapping[str, object], axis: str) -> set[int]:
    return {
        int(index)
        for argument in record.arguments
        if argument.into == axis
        for index in np.asarray(arguments[argument.name]).flat
    }
