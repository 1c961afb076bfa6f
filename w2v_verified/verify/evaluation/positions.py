"""The integers and truth values of a program: where positions point, brackets and comparisons hold, whole exponents."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Expression, Position
from w2v_verified.verify.evaluation.frames import Frame, Integers, Placed

__all__ = ["COMPARE", "Pointers", "indicator", "selection", "whole"]

COMPARE: Mapping[str, np.ufunc] = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}

_RELATE: Mapping[str, np.ufunc] = {"==": np.equal, "!=": np.not_equal, **COMPARE}

Pointers: TypeAlias = Mapping[str, Placed]
"""Index arguments, by name."""


def whole(exponent: Expression) -> int | None:
    """The exponent, if it is written as a whole number."""
    match exponent:
        case syntax.Number(int() as n):
            return n
        case syntax.Negative(syntax.Number(int() as n)):
            return -n
        case _:
            return None


def _mentioned(positions: Sequence[Position]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for each in positions:
        found |= {each.name} if isinstance(each, syntax.Running) else _mentioned(each.positions)
    return found


def _value(position: Position, frame: Frame, pointers: Pointers) -> Integers:
    """The value of `position` at every entry of a frame."""
    match position:
        case syntax.Running(name):
            return frame.coordinates(name)
        case syntax.Lookup(name, positions):
            held = pointers[name]
            return held.array.take(_address(positions, held.frame, frame, pointers))


def _address(positions: Sequence[Position], source: Frame, frame: Frame, pointers: Pointers) -> Integers:
    """For every entry of a frame, the entry of `source` at `positions`."""
    found = source.starts[frame.inputs]
    for position, strides in zip(positions, source.strides, strict=True):
        found = found + _value(position, frame, pointers) * strides[frame.inputs]
    return found


def indicator(node: syntax.Indicator, scope: Frame, pointers: Pointers) -> Placed:
    """Where the Iverson bracket `node` is 1."""
    frame = scope.part(_mentioned((node.left, node.right)))
    left, right = (_value(side, frame, pointers) for side in (node.left, node.right))
    return Placed(_RELATE[node.relation](left, right), frame)


def selection(
    positions: tuple[Position, ...], source: Frame, scope: Frame, pointers: Pointers
) -> tuple[Frame, Integers | None]:
    """The frame over what `positions` depend on, and for each of its entries that of `source` there.

    None stands for the entries in their order.
    """
    key = (positions, source)
    if key in scope.selections:
        return scope.selections[key]
    frame = scope.part(_mentioned(positions))
    running = tuple(each.name for each in positions if isinstance(each, syntax.Running))
    plain = len(running) == len(positions)
    if plain and running == frame.names:
        found: tuple[Frame, Integers | None] = frame, None
    else:
        found = frame, _address(positions, source, frame, pointers)
    if plain:
        scope.selections[key] = found
    return found
