"""The sums of a term: what does not depend on a binder leaves it, and the rest gets a canonical form."""

import itertools
from collections.abc import Iterable
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.terms import Factors, Term, folded, indices_in, merged
from w2v_verified.symbolic.algebra.work import extent, spend
from w2v_verified.symbolic.language.indices import axis_of, canonical, index, size, total

_ONE = sp.Integer(1)
_MOST_ORDERS = 720


def summed(term: Term) -> Term:
    """``term`` without binders: sums are atoms, one for each group of binders that share no factor."""
    term = _cancelled(term)
    bound = set(term.binders)
    factors = {a: p for a, p in term.factors.items() if not indices_in(a, p) & bound}
    for binders, inside in _components(term):
        new = (canonical_sum(binders, inside), _ONE) if inside else (size(axis_of(binders[0])), _ONE)
        factors = merged([*factors.items(), new])
    return folded(Term(term.coefficient, factors, (), term.unsettled))


def _cancelled(term: Term) -> Term:
    """``(sum_w f) / (sum_w f) = 1`` under the binders of an enclosing sum."""
    if not any(isinstance(a, sp.Sum) and p.is_negative for a, p in term.factors.items()):
        return term
    for x in term.binders:
        inside = {a: p for a, p in term.factors.items() if x in indices_in(a, p)}
        if not inside:
            continue
        candidate = canonical_sum((x,), inside)
        if term.power(candidate).is_negative:
            others = [(a, p) for a, p in term.factors.items() if a not in inside]
            binders = tuple(b for b in term.binders if b != x)
            factors = merged([*others, (candidate, _ONE)])
            return _cancelled(Term(term.coefficient, factors, binders, term.unsettled))
    return term


def _components(term: Term) -> list[tuple[tuple[Any, ...], Factors]]:
    """The binders in groups that share no factor, each with its factors."""
    groups: list[tuple[set[Any], Factors]] = [({b}, {}) for b in term.binders]
    for base, power in term.factors.items():
        bound = indices_in(base, power) & set(term.binders)
        if not bound:
            continue
        touched = [g for g in groups if g[0] & bound]
        groups = [g for g in groups if not g[0] & bound]
        together: Factors = {base: power}
        for _, inside in touched:
            together |= inside
        groups.append((set().union(*(b for b, _ in touched)), together))
    return [(tuple(sorted(b, key=sp.default_sort_key)), inside) for b, inside in groups]


def canonical_sum(binders: tuple[Any, ...], inside: Factors) -> Any:
    """The nested sum over ``binders``, in the order whose text sorts lowest."""
    body = sp.Mul(*[a**p for a, p in inside.items()])
    if len(binders) == 1:
        return canonical(total(binders[0], body))
    candidates = []
    for order in _orders(binders, body):
        spend(extent(body))
        names = {b: index(f"%{n}", axis_of(b)) for n, b in enumerate(order)}
        renamed = body.xreplace(names)
        candidates.append((sp.srepr(renamed), [names[b] for b in order], renamed))
    _, ordered, nested = min(candidates, key=lambda c: c[0])
    for b in ordered:
        nested = total(b, nested)
    return canonical(nested)


def _orders(binders: tuple[Any, ...], body: Any) -> Iterable[tuple[Any, ...]]:
    """The orders to look at: those in which binders that play different parts stand in one fixed order."""
    if len(binders) < 3:
        groups = [list(g) for _, g in itertools.groupby(sorted(binders, key=axis_of), axis_of)]
    else:
        parts = sorted((((axis_of(b), _part(b, binders, body)), b) for b in binders), key=lambda p: p[0])
        groups = [[b for _, b in g] for _, g in itertools.groupby(parts, lambda p: p[0])]
    orders = itertools.product(*map(itertools.permutations, groups))
    return (tuple(itertools.chain(*order)) for order in itertools.islice(orders, _MOST_ORDERS))


def _part(b: Any, binders: tuple[Any, ...], body: Any) -> str:
    """The part that a binder plays, whatever the others are called."""
    names = {other: index("%other", axis_of(other)) for other in binders}
    return str(sp.srepr(body.xreplace({**names, b: index("%this", axis_of(b))})))
