"""Brackets read as places: masks, and terms that are scattered where an index argument points."""

from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import bound_indices, is_pointer
from w2v_verified.symbolic.language.operators import BRACKETS
from w2v_verified.symbolic.language.text import bracket, negative


def single_mask(e: Any) -> tuple[Any, Any] | None:
    """For ``(w != n) * x``: the bracket and x, which is one factor, or several where n is an index that runs."""
    factors = sp.Mul.make_args(e)
    masks = [(f, sides) for f in factors if (sides := bracket(f)) and sides[2] == "!="]
    if len(masks) != 1:
        return None
    mask, (_, pointer, _) = masks[0]
    rest = e / mask
    inside = rest.atoms(sp.Sum, sp.Function) - set(rest.atoms(*BRACKETS))
    outside = rest.xreplace({e: sp.Integer(1) for e in inside})
    fits = len(factors) == 2 or not (is_pointer(pointer) or outside.has(*BRACKETS))
    return (mask, rest) if fits else None


def scattered_parts(s: Equation) -> list[tuple[Any, Any]] | None:
    """``s`` as (index argument, value) for each of its terms, if all of them scatter over its last index.

    Every other index of ``s`` has to be the first of each index argument's, and those summed over its others.
    """
    parts = []
    for term in sp.Add.make_args(s.expression):
        minus = negative(term)
        over, body = summand(-term if minus else term)
        brackets = [f for f in sp.Mul.make_args(body) if isinstance(f, sp.KroneckerDelta)]
        if len(brackets) != 1 or (body / brackets[0]).has(*BRACKETS, sp.Sum):
            return None
        left, pointer, _ = bracket(brackets[0]) or (None, None, "")
        axes = pointer.indices if isinstance(pointer, sp.Indexed) else ()
        others = s.indices[:-1]
        if left != s.indices[-1] or not is_pointer(pointer) or any(map(is_pointer, axes)):
            return None
        if axes[: len(others)] != others or set(axes) != {*others, *over}:
            return None
        share = body / brackets[0]
        parts.append((pointer, -share if minus else share))
    return parts


def summand(term: Any) -> tuple[tuple[Any, ...], Any]:
    """A product with at most one sum that holds brackets: the indices it is summed over, and the product inside."""
    sums = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum) and f.has(sp.KroneckerDelta)]
    if len(sums) != 1:
        return (), term
    return tuple(reversed(bound_indices(sums[0]))), term / sums[0] * sums[0].function
