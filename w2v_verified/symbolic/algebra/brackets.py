"""Brackets ``[i = j]`` in a term: what they single out is put in their place."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from operator import methodcaller
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.terms import Factors, Term, indices_in, merged
from w2v_verified.symbolic.language.indices import axis_of, free_indices, fresh_index, name_of
from w2v_verified.symbolic.language.operators import BRACKETS, Below, Order, Upto

_ONE, _ZERO = sp.Integer(1), sp.Integer(0)


def picked(term: Term, context: Context) -> Term:
    """``sum_w [w = o] f(w) = f(o)``, and ``[w = o] f(w) = [w = o] f(o)`` where neither is bound, if that is allowed.

    The larger of two indices goes, so that it comes to an end; an index is replaced only by one it is no part of:
    ``[w = n[w]]`` stays, and turns n[w] into w.
    """
    if "PICK" not in context.rules:
        return term
    settled: set[Any] = set()
    while True:
        brackets = [a for a in term.factors if isinstance(a, sp.KroneckerDelta) and a not in settled]
        if not brackets:
            return term
        choices = [(b, *_direction(b, term.binders)) for b in brackets]
        bracket, kept, gone = next((c for c in choices if c[2] in term.binders), choices[0])
        others = {a: p for a, p in term.factors.items() if a != bracket}
        factors, unsettled = _replaced(others, partial(_everywhere, replacement={gone: kept}))
        if any(a == 0 for a in factors):  # what comes before itself
            return Term(_ZERO, {})
        binders = term.binders
        if gone in binders:
            binders = tuple(b for b in binders if b != gone)
        else:
            settled.add(bracket)
            factors = merged([(bracket, _ONE), *factors.items()])
        term = Term(term.coefficient, factors, binders, term.unsettled or unsettled)


def _direction(bracket: Any, binders: tuple[Any, ...]) -> tuple[Any, Any]:
    """The index that is kept and the one that goes."""
    left, right = bracket.args
    if axis_of(left) != axis_of(right):
        raise ValueError(f"[{left} = {right}] compares indices of different axes")
    for gone, kept in sorted(
        ((left, right), (right, left)), key=lambda p: sp.default_sort_key(p[0]), reverse=True
    ):
        if gone in binders and not kept.has(gone):
            return kept, gone
    kept, gone = sorted((left, right), key=lambda i: (_size(i), sp.default_sort_key(i)))
    return kept, gone


def _size(position: Any) -> int:
    return 1 + sum(map(_size, position.indices)) if isinstance(position, sp.Indexed) else 1


def _replaced(factors: Factors, replace_in: Callable[[Any], Any]) -> tuple[Factors, bool]:
    """The factors with an index replaced, and whether that changed the inside of an atom."""
    found: list[tuple[Any, Any]] = []
    unsettled = False
    for base, power in factors.items():
        new, exponent = replace_in(base), replace_in(power)
        if (new, exponent) != (base, power):
            unsettled = (
                unsettled or not isinstance(base, sp.Indexed | sp.KroneckerDelta | Order) or exponent != power
            )
        if isinstance(new, BRACKETS):
            exponent = _ONE
        if new != 1:
            found.append((new, exponent))
    made = merged(found)
    made |= {a: _ONE for a in made if isinstance(a, BRACKETS)}
    return made, unsettled


def _everywhere(e: Any, replacement: Mapping[Any, Any]) -> Any:
    """``e`` with an index replaced until it is gone: ``n[n[w]]`` has ``n[w]`` in it again once n[w] is w."""
    while (new := e.xreplace(replacement)) != e:
        e = new
    return e


def ordered(term: Term) -> Term:
    """``[i < j]**2 = [i < j]``, ``[i < j][i <= j] = [i < j]``, and nothing comes before what comes before it."""
    factors = dict(term.factors)
    for a in [a for a in factors if isinstance(a, Order)]:
        i, j = a.args
        same = sp.KroneckerDelta(i, j) in factors
        factors[a] = _ONE
        if isinstance(a, Below) and (same or Below(j, i) in factors or Upto(j, i) in factors):
            return Term(_ZERO, {})
        if isinstance(a, Upto) and (same or Below(i, j) in factors):
            del factors[a]
        elif isinstance(a, Upto) and Upto(j, i) in factors:
            del factors[a], factors[Upto(j, i)]
            return ordered(replace(term, factors={**factors, sp.KroneckerDelta(i, j): _ONE}))
    return replace(term, factors=factors)


def by_strict_order(e: Any) -> Any:
    """``e`` with ``1 - [j < i]`` for ``[i <= j]``."""
    return e.replace(Upto, lambda i, j: 1 - Below(j, i))


def one_to_one(term: Term, context: Context) -> Term:
    """``[p_a = p_b] = [a = b]`` for indices declared one to one, where the rule is allowed.

    And ``sum_w f(p_w) = sum_w f(w)`` where they point from an axis into itself.
    """
    if "ONE-TO-ONE" not in context.rules:
        return term
    factors = merged((a, p) for b, p in term.factors.items() if (a := _as_places(b, context)) != 1)
    if any(base == 0 for base in factors):
        return Term(_ZERO, {})
    term = replace(term, factors=factors)
    for x in term.binders:
        held = {e for a, p in factors.items() for e in a.atoms(sp.Indexed) | p.atoms(sp.Indexed)}
        through = {e for e in held if _pairs(e, context) and e.indices[0] == x and axis_of(e) == axis_of(x)}
        if len(through) != 1:
            continue
        (entry,) = through
        apart = {entry: fresh_index(axis_of(x))}
        if any(x in indices_in(a.xreplace(apart), p.xreplace(apart)) for a, p in factors.items()):
            continue
        # One substitution, y = p_x: what p_y is then is nobody's to replace again.
        replaced, unsettled = _replaced(factors, methodcaller("xreplace", {entry: x}))
        term = Term(term.coefficient, replaced, term.binders, term.unsettled or unsettled)
        return one_to_one(term, context)
    return term


def _as_places(factor: Any, context: Context) -> Any:
    """``[a = b]`` for a bracket ``[p_a = p_b]``; any other factor as it is."""
    if not isinstance(factor, sp.KroneckerDelta):
        return factor
    one, other = factor.args
    if not (_pairs(one, context) and _pairs(other, context) and one.base == other.base):
        return factor
    return sp.KroneckerDelta(*one.indices, *other.indices)


def _pairs(e: Any, context: Context) -> bool:
    """Whether ``e`` is an entry of an index argument with one axis that is declared one to one."""
    return isinstance(e, sp.Indexed) and len(e.indices) == 1 and name_of(e.base.label) in context.one_to_one


def orthonormal(term: Term, context: Context) -> Term:
    """``sum_i Q[i, a] Q[i, b] = [a = b]`` for an array declared orthogonal, where the rule is allowed."""
    if "ORTHOGONAL" not in context.rules:
        return term
    for x in term.binders:
        touching = [(a, p) for a, p in term.factors.items() if x in indices_in(a, p)]
        entries = [a for a, p in touching for _ in range(int(p) if p.is_Integer and p > 0 else 3)]
        if len(entries) != 2 or not all(_in_column(a, x, context) for a in entries):
            continue
        first, second = entries
        if first.base != second.base:
            continue
        bracket = sp.KroneckerDelta(first.indices[1], second.indices[1])
        others = [(a, p) for a, p in term.factors.items() if (a, p) not in touching]
        factors = merged([*others, *([] if bracket == 1 else [(bracket, _ONE)])])
        left = tuple(b for b in term.binders if b != x)
        return orthonormal(picked(Term(term.coefficient, factors, left, term.unsettled), context), context)
    return term


def _in_column(entry: Any, x: Any, context: Context) -> bool:
    return (
        isinstance(entry, sp.Indexed)
        and entry.base.label.name in context.orthogonal
        and entry.indices[0] == x
        and x not in free_indices(entry.indices[1])
    )
