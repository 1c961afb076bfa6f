"""Sums of differences between rows of matrices: squared distances, and what pulls rows together."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.differences import apart, difference, pulling
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import Frame, bound_indices, label_of
from w2v_verified.symbolic.plan.operations import Accumulate, Assign, Block, Fill
from w2v_verified.symbolic.plan.values import Distances, Pull, Value, changed

Rows = tuple[tuple[str, int], tuple[str, int]]
"""Two matrices by name, each with the axis that its rows have."""


def distances(target: Frame, s: Any) -> Distances | None:
    """``sum over i of (A[n, i] - B[k, i]) ** 2`` over n and k as what it is; None if it is none."""
    if not isinstance(s, sp.Sum) or len(s.limits) != 1 or len(target) != 2:
        return None
    (i,), e = bound_indices(s), s.function
    sides = difference(e.base) if isinstance(e, sp.Pow) and e.exp == 2 else None
    if sides is None:
        return None
    for left, right in (sides, sides[::-1]):
        if set(left.indices) == {target[0], i} and set(right.indices) == {target[1], i}:
            return Distances(target, left, right, i)
    return None


def pull(target: Frame, s: Any) -> Pull | None:
    """``sum over k of W[n, k] * (A[n, i] - B[k, i])`` over n and i as what it is; None if it is none."""
    parts = pulling(s, target)
    if parts is None:
        return None
    (k,), (left, right), rest = bound_indices(s), *parts
    fits = (
        isinstance(rest, sp.Indexed)
        and len(rest.indices) == 2
        and set(rest.indices) == {apart(left, right), k}
    )
    return Pull(target, rest, left, right, k) if fits else None


def measured(statements: Iterable[Equation]) -> dict[Rows, str]:
    """The statements that are squared distances, by the rows they are between."""
    found: dict[Rows, str] = {}
    for s in statements:
        value = distances(s.indices, s.expression)
        if value is not None:
            n, k = s.indices
            found[_rows(value.left, n, value.right, k)] = s.name
    return found


def squares_used(s: Equation, known: Mapping[Rows, str]) -> set[str]:
    """The squared distances between rows that ``s`` pulls together."""
    terms = [f for t in sp.Add.make_args(s.expression) for f in sp.Mul.make_args(t)]
    found = [value for f in terms if (value := pull(s.indices, f)) is not None]
    return {known[rows] for value in found if (rows := _rows_of(value)) in known}


def with_squares(block: Block, known: Mapping[Rows, str]) -> Block:
    """Operations whose pulls know the squared distances between their rows."""

    def told(value: Value) -> Value:
        return replace(value, squares=known.get(_rows_of(value))) if isinstance(value, Pull) else value

    return tuple(
        replace(o, value=changed(o.value, told)) if isinstance(o, Assign | Fill | Accumulate) else o
        for o in block
    )


def _rows_of(value: Pull) -> Rows:
    return _rows(value.left, apart(value.left, value.right), value.right, value.bound)


def _rows(left: Any, n: Any, right: Any, k: Any) -> Rows:
    return (label_of(left), left.indices.index(n)), (label_of(right), right.indices.index(k))
