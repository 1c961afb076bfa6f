"""Expressions where some axes have no place, or one: a sum over it has no term, or one, and an index no choice."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.terms import Term, folded, merged
from w2v_verified.symbolic.language.indices import (
    BINDERS,
    axis_of,
    bound_indices,
    largest,
    pointer,
    size,
    total,
)

__all__ = ["at_sizes", "counted_out"]


def at_sizes(e: Any, fixed: Mapping[str, int]) -> Any:
    """``e`` where axes have the number of places that is ``fixed``; other numbers than 0 and 1 are left to evaluation.

    The one index into an axis with one place is an index argument, whatever an index was before.
    """
    return _at_sizes(e, tuple(fixed.items())) if fixed else e


def counted_out(term: Term, fixed: Mapping[str, int]) -> Term:
    """A term with numbers for the sizes that are ``fixed``, which sums of equal terms leave behind."""
    sizes = {size(axis): sp.Integer(count) for axis, count in fixed.items()}
    found = sizes.keys() & term.factors.keys()
    if not found:
        return term
    factors = merged((sizes.get(base, base), power) for base, power in term.factors.items())
    return folded(Term(term.coefficient, factors, term.binders, term.unsettled))


@lru_cache(maxsize=4096)
def _at_sizes(e: Any, fixed: tuple[tuple[str, int], ...]) -> Any:
    known = dict(fixed)
    if isinstance(e, BINDERS):
        again = total if isinstance(e, sp.Sum) else largest
        body = _at_sizes(e.function, fixed)
        for k in bound_indices(e):
            count = known.get(axis_of(k))
            if count == 0 and isinstance(e, sp.Sum):
                return sp.Integer(0)
            body = body if count == 1 else again(k, body)
        return body
    if _is_index(e) and known.get(axis_of(e)) == 1:
        return pointer("the one", axis_of(e))
    if isinstance(e, sp.Symbol):
        return next((sp.Integer(count) for axis, count in fixed if e == size(axis)), e)
    if isinstance(e, sp.Indexed):
        return e.base[tuple(_at_sizes(i, fixed) for i in e.indices)]
    return e.func(*[_at_sizes(a, fixed) for a in e.args]) if e.args else e


def _is_index(e: Any) -> bool:
    symbol = e.base.label if isinstance(e, sp.Indexed) else e
    return isinstance(symbol, sp.Symbol) and ":" in symbol.name
