"""Expressions as values of the kinds a plan knows."""

from typing import Any

import sympy as sp

from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.functions import function_of
from w2v_verified.symbolic.language.indices import (
    BINDERS,
    Frame,
    axis_of,
    bound_indices,
    is_pointer,
    running,
    size,
)
from w2v_verified.symbolic.language.operators import Choose, Largest
from w2v_verified.symbolic.language.text import negative, ordered_terms, shown, split_fraction
from w2v_verified.symbolic.plan.contraction import contraction
from w2v_verified.symbolic.plan.differences import distances, pull
from w2v_verified.symbolic.plan.scatter import sum_without
from w2v_verified.symbolic.plan.values import (
    DIFFERENCE,
    QUOTIENT,
    Contraction,
    Distances,
    Elementwise,
    Gather,
    Multiple,
    Pull,
    Reduction,
    SumWithout,
    Terms,
    Ufunc,
    Value,
)


def ufunc(e: Any, frame: Frame) -> Ufunc | None:
    """A ufunc of NumPy's own with what it takes."""
    terms = ordered_terms(e)
    row = function_of(e)
    if row is not None and row.in_place:
        found = Ufunc(row, (e.args[0],), frame)
    elif isinstance(e, sp.Add) and len(e.args) == 2 and negative(terms[1]):
        found = Ufunc(DIFFERENCE, (terms[0], -terms[1]), frame)
    else:
        number, above, below = split_fraction(e)
        if number != 1 or len(above) != 1 or len(below) != 1:
            return None
        found = Ufunc(QUOTIENT, (above[0], below[0]), frame)
    whole = running(e) >= set(frame)
    return found if whole and not any(p.has(*BINDERS, Choose) for p in found.operands) else None


def term_of(frame: Frame, term: Any) -> Value:
    """A contraction, or another value."""
    return contraction(frame, term) or value_of(term, frame)


def together(frame: Frame, sums: list[Any], plain: Any) -> Value:
    """All terms of a statement in one value."""
    elementwise = ordered_terms(plain) if plain != 0 else []
    terms = [(negative(t), term_of(frame, -t if negative(t) else t)) for t in sums]
    terms += [(negative(t), value_of(-t if negative(t) else t, frame)) for t in elementwise]
    return terms[0][1] if len(terms) == 1 and not terms[0][0] else Terms(tuple(terms))


def value_of(e: Any, frame: Frame) -> Value:
    """An elementwise expression, or a multiple of a sum or a maximum of one."""
    sums = [f for f in sp.Mul.make_args(e) if isinstance(f, BINDERS)]
    rest = e / sp.Mul(*sums)
    if len(sums) > 1 or rest.has(*BINDERS):
        raise UnsupportedError(f"{shown(e)}: a sum inside another expression; give the sum a name of its own")
    if sums:
        return _multiple(rest, sums[0], frame)
    if isinstance(e, sp.Indexed) and any(map(is_pointer, e.indices)):
        return Gather(e, frame)
    return Elementwise(e, frame)


def _multiple(rest: Any, s: Any, frame: Frame) -> Value:
    """``rest`` times a sum or a maximum."""
    own = tuple(i for i in frame if i in running(s))
    value: Contraction | Reduction | SumWithout | Distances | Pull | None
    value = contraction(own, s) or sum_without(s, own) or distances(own, s) or pull(own, s)
    if value is None:
        body = s.function
        bound = tuple(i for i in reversed(bound_indices(s)) if i in running(body))
        missing = [size(axis_of(i)) for i in bound_indices(s) if i not in bound]
        if isinstance(s, sp.Sum):
            rest = rest * sp.Mul(*missing)
        if not bound:
            return Elementwise(rest * body, frame)
        value = _reduction(s, body, own, bound)
    if own == frame and rest == 1:
        return value
    number, above, below = split_fraction(rest)
    return Multiple(number * sp.Mul(*above), value, own, tuple(below), frame)


def _reduction(s: Any, body: Any, own: Frame, bound: Frame) -> Reduction:
    whole = own + bound
    entry_of_all = isinstance(body, sp.Indexed) and sorted(body.indices, key=str) == sorted(whole, key=str)
    if entry_of_all and tuple(i for i in body.indices if i not in bound) == own:
        whole = body.indices
    return Reduction("max" if isinstance(s, Largest) else "sum", body, whole, bound)
