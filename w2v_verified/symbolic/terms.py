"""Terms: a number times powers of atoms under the binders of finite sums, and how they are reduced."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.context import Context
from w2v_verified.symbolic.functions import Sigmoid
from w2v_verified.symbolic.indices import axis_of, canonical, free_indices, index, size, total

Factors = dict[Any, Any]


@dataclass(frozen=True)
class Term:
    """``coefficient * sum over binders of the product of atom ** power``."""

    coefficient: Any
    factors: Factors
    binders: tuple[Any, ...] = ()

    def times(self, other: "Term") -> "Term":
        """The product; binders of both are distinct because every bound index was named afresh."""
        factors = _merged(itertools.chain(self.factors.items(), other.factors.items()))
        return Term(self.coefficient * other.coefficient, factors, self.binders + other.binders)


def _merged(factors: Iterable[tuple[Any, Any]]) -> Factors:
    merged: Factors = {}
    for atom, power in factors:
        merged[atom] = merged.get(atom, sp.Integer(0)) + power
    return {a: p for a, p in merged.items() if p != 0}


def product(left: Iterable[Term], right: Iterable[Term]) -> list[Term]:
    """All products of a term of ``left`` with a term of ``right``."""
    return [a.times(b) for a, b in itertools.product(list(left), list(right))]


def joined(terms: Iterable[Term]) -> Any:
    """The SymPy expression of reduced terms."""
    return sp.Add(*[t.coefficient * sp.Mul(*[a**p for a, p in t.factors.items()]) for t in terms])


def collected(given: Iterable[Term], context: Context) -> list[Term]:
    """The terms ``given``, reduced, without binders, like terms added up, in an order that depends on nothing else."""
    sums: dict[Any, Any] = {}
    for term in (t for g in given for t in _without_exponentials(g, context)):
        coefficient, factors = _reduced(term, context)
        key = frozenset(factors.items())
        sums[key] = sums.get(key, sp.Integer(0)) + coefficient
    kept = [Term(c, dict(key)) for key, c in sums.items() if c != 0]
    if len(kept) < 2:
        return kept
    return sorted(kept, key=lambda t: sp.default_sort_key(joined([t])))


def _without_exponentials(term: Term, context: Context) -> list[Term]:
    """``e^x sigmoid(x) = e^x - sigmoid(x)`` and ``e^-x sigmoid(x) = 1 - sigmoid(x)``, where the rule is allowed."""
    if "SIGMOID" not in context.rules:
        return [term]
    for s in (a for a, p in term.factors.items() if isinstance(a, Sigmoid) and p.is_positive):
        power = term.factors.get(sp.exp(s.args[0]), sp.Integer(0))
        if power != 0:
            sign = 1 if power > 0 else -1
            one = term.times(Term(sp.Integer(1), {s: sp.Integer(-1)}))
            other = term.times(Term(sp.Integer(-1), {sp.exp(s.args[0]): sp.Integer(-sign)}))
            first = one if sign > 0 else one.times(Term(sp.Integer(1), {sp.exp(s.args[0]): sp.Integer(1)}))
            return [t for part in (first, other) for t in _without_exponentials(part, context)]
    return [term]


def _reduced(term: Term, context: Context) -> tuple[Any, Factors]:
    term = _picked(term)
    term = _orthogonal(term, context)
    term = _cancelled(term)
    factors = {a: p for a, p in term.factors.items() if not free_indices(a) & set(term.binders)}
    for binders, inside in _components(term):
        if not inside:
            factors = _merged([*factors.items(), (size(axis_of(binders[0])), sp.Integer(1))])
        else:
            factors = _merged([*factors.items(), (_canonical_sum(binders, inside), sp.Integer(1))])
    return term.coefficient, factors


def _picked(term: Term) -> Term:
    """``sum_w [w = o] f(w) = f(o)``, and ``[w = o] f(w) = [w = o] f(o)`` where neither is bound."""
    settled: set[Any] = set()
    while True:
        bracket = next(
            (a for a in term.factors if isinstance(a, sp.KroneckerDelta) and a not in settled), None
        )
        if bracket is None:
            return term
        kept, gone = sorted(bracket.args, key=lambda i: (i in term.binders, sp.default_sort_key(i)))
        if axis_of(kept) != axis_of(gone):
            raise ValueError(f"[{kept} = {gone}] compares indices of different axes")
        others = [(a, p) for a, p in term.factors.items() if a != bracket]
        replaced = [(a.xreplace({gone: kept}), p) for a, p in others]
        if gone in term.binders:
            binders = tuple(b for b in term.binders if b != gone)
            term = Term(term.coefficient, _merged((a, p) for a, p in replaced if a != 1), binders)
        else:
            settled.add(bracket)
            factors = _merged([(bracket, sp.Integer(1)), *((a, p) for a, p in replaced if a != 1)])
            term = replace(term, factors=factors)


def _orthogonal(term: Term, context: Context) -> Term:
    """``sum_i Q[i, a] Q[i, b] = [a = b]`` for an array declared orthogonal, where the rule is allowed."""
    if "ORTHOGONAL" not in context.rules:
        return term
    for x in term.binders:
        touching = [(a, p) for a, p in term.factors.items() if x in free_indices(a)]
        entries = [a for a, p in touching for _ in range(int(p) if p.is_Integer and p > 0 else 3)]
        if len(entries) != 2 or not all(_orthogonal_row(a, x, context) for a in entries):
            continue
        bracket = sp.KroneckerDelta(entries[0].indices[1], entries[1].indices[1])
        others = [(a, p) for a, p in term.factors.items() if x not in free_indices(a)]
        new = [] if bracket == 1 else [(bracket, sp.Integer(1))]
        left = tuple(b for b in term.binders if b != x)
        return _orthogonal(_picked(Term(term.coefficient, _merged([*others, *new]), left)), context)
    return term


def _orthogonal_row(entry: Any, x: Any, context: Context) -> bool:
    return (
        isinstance(entry, sp.Indexed)
        and entry.base.label.name in context.orthogonal
        and entry.indices[0] == x
        and x not in free_indices(entry.indices[1])
    )


def _cancelled(term: Term) -> Term:
    """``(sum_w f) / (sum_w f) = 1`` under the binders of an enclosing sum."""
    if not any(isinstance(a, sp.Sum) and p.is_negative for a, p in term.factors.items()):
        return term
    for x in term.binders:
        inside = {a: p for a, p in term.factors.items() if x in free_indices(a)}
        if not inside:
            continue
        candidate = _canonical_sum((x,), inside)
        if term.factors.get(candidate, sp.Integer(0)).is_negative:
            others = [(a, p) for a, p in term.factors.items() if a not in inside]
            binders = tuple(b for b in term.binders if b != x)
            shorter = Term(term.coefficient, _merged([*others, (candidate, sp.Integer(1))]), binders)
            return _cancelled(shorter)
    return term


def _components(term: Term) -> list[tuple[tuple[Any, ...], Factors]]:
    """The binders in groups that share no factor, each with its factors."""
    groups: list[tuple[set[Any], Factors]] = [({b}, {}) for b in term.binders]
    for atom, power in term.factors.items():
        bound = free_indices(atom) & set(term.binders)
        if not bound:
            continue
        touched = [g for g in groups if g[0] & bound]
        groups = [g for g in groups if not g[0] & bound]
        merged: Factors = {atom: power}
        for _, inside in touched:
            merged |= inside
        groups.append((set().union(*(b for b, _ in touched)), merged))
    return [(tuple(sorted(b, key=sp.default_sort_key)), inside) for b, inside in groups]


def _canonical_sum(binders: tuple[Any, ...], inside: Factors) -> Any:
    """The nested sum over ``binders``, in the order whose text sorts lowest."""
    body = sp.Mul(*[a**p for a, p in inside.items()])
    if len(binders) == 1:
        return canonical(total(binders[0], body))
    candidates = []
    for order in itertools.permutations(binders):
        if list(map(axis_of, order)) != sorted(map(axis_of, order)):
            continue
        names = {b: index(f"%{n}", axis_of(b)) for n, b in enumerate(order)}
        renamed = body.xreplace(names)
        candidates.append((sp.srepr(renamed), [names[b] for b in order], renamed))
    _, ordered, nested = min(candidates, key=lambda c: c[0])
    for b in ordered:
        nested = total(b, nested)
    return canonical(nested)
