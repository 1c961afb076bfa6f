"""Statements that single out places by index arguments: masking and scatter-add."""

from collections.abc import Collection
from typing import Any, Literal

import sympy as sp

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import BINDERS, is_pointer, label_of, pointed_axes, running
from w2v_verified.symbolic.language.masks import summand
from w2v_verified.symbolic.language.operators import BRACKETS
from w2v_verified.symbolic.language.text import bracket, negative
from w2v_verified.symbolic.plan.operations import Mask, Scatter
from w2v_verified.symbolic.plan.values import Broadcast, Copy, Elementwise, SumWithout, Value


def mask(s: Equation, factor: Any, x: Any, spent: Collection[str]) -> Mask | None:
    """``(w != n) * x``: x with one place set to 0, in the memory of x if that is not used again; None if it is none."""
    sides = _sides(s, factor)
    if sides is None or x.has(*BINDERS, *BRACKETS) or not set(pointed_axes(sides[1])) <= set(s.indices):
        return None
    entry = isinstance(x, sp.Indexed)
    in_place = entry and x.indices == s.indices and label_of(x) in spent
    value: Value = Elementwise(x, s.indices)
    if not running(x) >= set(s.indices):
        value = Broadcast(value, s.indices)
    elif entry and not in_place:
        value = Copy(value)
    return Mask(s.name, s.indices, value, *sides)


def scatter(s: Equation, term: Any, target: str, zero: Any = None) -> Scatter | None:
    """``sum over k of (w == n[k]) * f``, where k may be none, added to ``target``; None if it is none.

    ``zero`` has the sides of the bracket of the place where ``target`` is known to be 0.
    """
    minus = negative(term)
    over, body = summand(-term if minus else term)
    brackets = [f for f in sp.Mul.make_args(body) if isinstance(f, sp.KroneckerDelta)]
    sides = _sides(s, brackets[0]) if len(brackets) == 1 else None
    if sides is None:
        return None
    index, pointer = sides
    how: Literal["add", "subtract"] = "subtract" if minus else "add"
    share, axes = body / brackets[0], pointed_axes(pointer)
    if not is_pointer(pointer):
        share = share.xreplace({index: pointer})
    if share.has(*BRACKETS, *BINDERS) or running(share) & {index}:
        return None
    if not over and set(axes) <= set(s.indices):
        if zero is not None and zero[:2] == (index, pointer):
            share = -share if minus else share
            return Scatter(target, s.indices, index, pointer, share, "set", repeated=False)
        return Scatter(target, s.indices, index, pointer, share, how, repeated=False)
    if set(over) - set(axes) or (len(s.indices) > 2 and set(s.indices) - {index, *axes}):
        return None
    return Scatter(target, s.indices, index, pointer, share, how, repeated=True)


def sum_without(e: Any, frame: tuple[Any, ...]) -> SumWithout | None:
    """``sum_w (w != n[c]) * x[w]`` as what it is; None if ``e`` is none."""
    if not isinstance(e, sp.Sum):
        return None
    factors = sp.Mul.make_args(e.function)
    masks = [f for f in factors if (sides := bracket(f)) and sides[2] == "!="]
    if len(masks) != 1 or len(factors) != 2 or len(e.limits) != 1:
        return None
    x, (w, pointer, _) = e.function / masks[0], bracket(masks[0]) or (None, None, None)
    axes = pointed_axes(pointer) if is_pointer(pointer) else None
    if not isinstance(x, sp.Indexed) or x.indices != (w,) or axes != frame or len(frame) != 1:
        return None
    return SumWithout(x, w, pointer)


def _sides(s: Equation, e: Any) -> tuple[Any, Any] | None:
    """The statement's own index and what a bracket compares it with: an index argument, or another index of its own."""
    left, right, _ = bracket(e) or (None, None, "")
    if left in s.indices and right in s.indices:
        return right, left
    pointed = left in s.indices and is_pointer(right) and left not in pointed_axes(right)
    return (left, right) if pointed else None
