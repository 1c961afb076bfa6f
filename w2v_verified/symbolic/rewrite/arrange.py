"""Passes that give every statement one of the kinds a plan knows, by naming parts of it (legalisation).

As everywhere in this room, a pass looks for a shape, and what it makes is proved equal to what it was given.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.differences import apart, pulling
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import (
    BINDERS,
    Frame,
    axis_of,
    bound_indices,
    canonical,
    free_indices,
    fresh,
    gathered_axes,
    is_pointer,
    label_of,
    running,
    total,
)
from w2v_verified.symbolic.language.masks import single_mask
from w2v_verified.symbolic.language.naming import Namer
from w2v_verified.symbolic.language.operators import Choose, Largest, Order
from w2v_verified.symbolic.language.products import entries_of, flattened, without
from w2v_verified.symbolic.language.text import bracket
from w2v_verified.symbolic.proof.program import Program, proved
from w2v_verified.symbolic.rewrite.large import may_be_large


def arrange(program: Program, context: Context, namer: Namer, touched: str | None) -> Program:
    """Multiply out sums of brackets, and name parts of larger expressions.

    These are gathers inside products, the weights of scatter-adds, each scattered sum beside another term, functions
    inside larger products, sums inside anything, and divisors that are squared.

    What is scattered over the ``touched`` axis alone is added up part by part anyway.
    """
    accumulated = partial(_accumulated, touched)
    functions = partial(_functions, may_be_large(program, context))
    for step in (_distributed, _masked, _gathers, _weights, accumulated, functions, _inner_sums, _divisors):
        rewritten = {
            s.name: Equation(s.name, s.indices, canonical(step(fresh(s.expression), s.indices, namer)))
            for s in program.statements
        }
        helpers = tuple(namer.taken_helpers())
        if not helpers and all(rewritten[s.name] == s for s in program.statements):
            continue
        after = replace(
            program,
            stages=tuple(rewritten[s.name] for s in program.stages),
            helpers=helpers + tuple(rewritten[s.name] for s in program.helpers),
            outputs=tuple(rewritten[s.name] for s in program.outputs),
        )
        program = proved(program, after, context)
    return program


def _distributed(e: Any, frame: Frame, namer: Namer) -> Any:
    """Sums of brackets inside products multiplied out, so that each bracket is a term of its own."""
    if isinstance(e, sp.Sum) and e.has(sp.KroneckerDelta) and not _is_mask(e.function):
        body = _distributed(e.function, frame, namer)
        return sp.Add(*[e.func(t, *e.limits) for t in sp.Add.make_args(body)])
    if isinstance(e, sp.Mul) and not _is_mask(e):
        for f in e.args:
            if isinstance(f, sp.Add) and f.has(sp.KroneckerDelta):
                rest = e / f
                return sp.Add(*[_distributed(rest * t, frame, namer) for t in f.args])
        return e.func(*[_distributed(f, frame, namer) if isinstance(f, sp.Sum) else f for f in e.args])
    if isinstance(e, sp.Add):
        return sp.Add(*[part for t in e.args for part in _unmasked(_distributed(t, frame, namer))])
    return e


def _masked(e: Any, frame: Frame, namer: Namer) -> Any:
    """What is summed without the place of another index gets a name: there it is 0, whatever stands there."""
    if isinstance(e, sp.Sum):
        mask = single_mask(e.function)
        sides = None if mask is None else bracket(mask[0])
        if mask is None or sides is None or is_pointer(sides[1]) or mask[1].has(*BINDERS):
            return e.func(_masked(e.function, (*frame, *bound_indices(e)), namer), *e.limits)
        order = (*frame, *(k for k in bound_indices(e) if k in running(e.function)))
        order = tuple(i for i in order if i in running(e.function))
        fits = set(order) == running(e.function) and all(i in order for i in sides[:2])
        return e.func(namer.helper("others", order, e.function), *e.limits) if fits else e
    if not e.args or isinstance(e, sp.Indexed | sp.KroneckerDelta | Order):
        return e
    return e.func(*[_masked(a, frame, namer) for a in e.args])


def _unmasked(e: Any) -> list[Any]:
    """A mask among other terms as a term without it and one that takes the place away."""
    mask = single_mask(e)
    return [e] if mask is None else [mask[1], -(1 - mask[0]) * mask[1]]


def _is_mask(e: Any) -> bool:
    """Whether ``e`` is ``(w != n) * x``, a kind of its own."""
    return single_mask(e) is not None


def _products(e: Any, change: Callable[[Any, Frame], Any], over: Frame = ()) -> Any:
    """``e`` with ``change(product, indices summed over)`` in place of each product of several factors."""
    if isinstance(e, sp.Sum):
        return e.func(_products(e.function, change, (*over, *bound_indices(e))), *e.limits)
    if isinstance(e, sp.Mul) and not e.has(sp.Sum):
        return change(e, over)
    if not e.args or isinstance(e, sp.Indexed | sp.KroneckerDelta | Order | Largest | Choose):
        return e
    return e.func(*[_products(a, change, over) for a in e.args])


def _gathers(e: Any, frame: Frame, namer: Namer) -> Any:
    """``sum_i U[i, n[k]] v[i]``: the gathered columns get a name of their own."""

    def change(part: Any, over: Frame) -> Any:
        factors = [f for f in part.args if not f.is_number]
        entries = [f for f in factors if isinstance(f, sp.Indexed)]
        whole = set().union(*map(running, entries)) if entries else set()
        if (
            len(entries) != len(factors)
            or len(entries) < 2
            or (all(running(f) == whole for f in entries) and not over)
        ):
            return part
        for f in entries:
            if any(map(is_pointer, f.indices)) and running(f):
                part = part.xreplace({f: namer.helper(_gather_name(f), gathered_axes(f.indices), f)})
        return part

    e = _products(e, change)
    gathers = [f for f in e.atoms(sp.Indexed) if any(map(is_pointer, f.indices)) and running(f)]
    return e.xreplace({f: namer.known(gathered_axes(f.indices), f) for f in gathers})


def _gather_name(f: Any) -> str:
    return "_".join([label_of(f), *(label_of(i) for i in f.indices if is_pointer(i))])


def _weights(e: Any, frame: Frame, namer: Namer) -> Any:
    """``sum_k A[a] g[k] [w = n[k]]``: what is scattered over w gets a name, the rest is a product with it."""
    groups: dict[tuple[Any, Any, Frame], Any] = {}
    plain: list[Any] = []
    waiting = [(term, _separated(term, frame) if len(frame) == 2 else None) for term in sp.Add.make_args(e)]
    needed = {split.key for _, split in waiting if split is not None and split.gathers}
    for term, split in waiting:
        if split is None or split.key not in needed:
            plain.append(term)
        else:
            groups[split.key] = groups.get(split.key, 0) + split.scattered
    for (index, rest, kept), scattered in sorted(groups.items(), key=lambda g: sp.default_sort_key(g[0][1])):
        part = rest * namer.helper("weights", (*kept, index), scattered)
        for k in kept:
            part = total(k, part)
        plain.append(part)
    return sp.Add(*plain)


@dataclass(frozen=True)
class _Split:
    """A scatter-add: its index w, the factor A with the other index and the sums A needs; what is scattered.

    ``gathers`` says whether naming what is scattered saves work by itself.
    """

    key: tuple[Any, Any, Frame]
    scattered: Any
    gathers: bool


def _separated(term: Any, frame: Frame) -> _Split | None:
    """A scatter-add over one of two indices, taken apart, or None if the term is none."""
    sums = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum)]
    if len(sums) > 1:
        return None
    over = bound_indices(sums[0]) if sums else ()
    factors = [f for f in sp.Mul.make_args(term) if f not in sums]
    factors += sp.Mul.make_args(sums[0].function) if sums else ()
    brackets = [f for f in factors if isinstance(f, sp.KroneckerDelta)]
    index = next((i for b in brackets for i in b.args if i in frame), None)
    if len(brackets) != 1 or index is None:
        return None
    across = next(i for i in frame if i != index)
    if across in free_indices(brackets[0]):
        return None
    rest = [f for f in factors if across in free_indices(f)]
    kept = tuple(k for k in over if any(k in free_indices(f) for f in rest))
    if (
        not rest
        or len(kept) > 1
        or any(map(is_pointer, (i for f in rest for x in f.atoms(sp.Indexed) for i in x.indices)))
    ):
        return None
    scattered = sp.Mul(*(f for f in factors if across not in free_indices(f)))
    for k in over:
        scattered = scattered if k in kept else total(k, scattered)
    own = {k: sp.Symbol(f"%{n}:{axis_of(k)}", integer=True, nonnegative=True) for n, k in enumerate(kept)}
    key = (index, sp.Mul(*rest).xreplace(own), tuple(own.values()))
    return _Split(key, scattered.xreplace(own), not kept or bool(set(over) - set(kept)))


def _accumulated(touched: str | None, e: Any, frame: Frame, namer: Namer) -> Any:
    """Each scattered sum is added up by itself, so that its many terms do not round at the size of another."""
    terms = sp.Add.make_args(e)
    sums = [t for t in terms if t.has(sp.KroneckerDelta) and t.has(sp.Sum) and not _is_masked_sum(t)]
    alone = all(t.has(sp.KroneckerDelta) for t in terms)
    if alone and len(frame) == 1 and axis_of(frame[0]) == touched:
        return e
    for t in sorted(sums, key=sp.default_sort_key)[1 if alone else 0 :]:
        number, rest = t.as_coeff_Mul()
        e = e - t + number * namer.helper("added", frame, rest)
    return e


def _is_masked_sum(e: Any) -> bool:
    return isinstance(e, sp.Sum) and _is_mask(e.function)


def _functions(large: Callable[[Any], bool], e: Any, frame: Frame, namer: Namer) -> Any:
    """In a sum that should be a matrix product, what is no entry gets a name.

    An exponential that may be large is named together with what it multiplies at each place.
    """

    def change(part: Any, over: Frame) -> Any:
        pulls = pulling(total(over[0], part), frame) if len(over) == 1 else None
        if pulls is not None:
            (left, right), rest = pulls
            if isinstance(rest, sp.Indexed) and not any(map(is_pointer, rest.indices)):
                return part
            return namer.helper("weights", (apart(left, right), over[0]), rest) * (left - right)
        factors = part.args
        entries = [f for f in factors if isinstance(f, sp.Indexed) and not any(map(is_pointer, f.indices))]
        others = [f for f in factors if f not in entries and running(f)]
        narrow = any(running(f) != running(part) for f in entries)
        if not over or not others or not narrow or part.has(sp.KroneckerDelta):
            return part
        groups: dict[Frame, list[Any]] = {}
        for f in others:
            groups.setdefault(tuple(sorted(running(f), key=str)), []).append(f)
        for f in [f for f in others if isinstance(f, sp.exp) and large(f.args[0])]:
            _join(f, groups, entries)
        for axes, group in sorted(((a, g) for a, g in groups.items() if g), key=lambda g: str(g[0])):
            part = without(part, *group) * namer.helper("part", axes, sp.Mul(*group))
        return part

    return _products(e, change)


def _join(exponential: Any, groups: dict[Frame, list[Any]], entries: list[Any]) -> None:
    """Put an exponential into a group with all its indices, or else entries with no others into its own group."""
    own = running(exponential)
    group = tuple(sorted(own, key=str))
    wider = min((g for g in groups if set(g) > own), key=len, default=None)
    if wider is not None:
        groups[group].remove(exponential)
        groups[wider].append(exponential)
    elif len(groups[group]) == 1:
        groups[group] += [x for x in entries if running(x) <= own]


def _inner_sums(e: Any, frame: Frame, namer: Namer) -> Any:
    """Each sum or maximum inside something else than a sum of multiples of sums gets a name."""
    return sp.Add(*[_with_names(t, namer) for t in sp.Add.make_args(e)])


def _with_names(term: Any, namer: Namer) -> Any:
    """A term with at most one sum, in which there is none but what makes it a contraction."""
    entries = entries_of(flattened(canonical(term))[1])
    contracted = entries is not None and not any(is_pointer(i) for f in entries for i in f.indices)
    if not term.has(*BINDERS) or contracted:
        return term
    sums = [f for f in sp.Mul.make_args(term) if isinstance(f, BINDERS)]
    outer = sums[0] if len(sums) == 1 else None
    if outer is None:
        return _named(term, namer)
    rest = _named(term / outer, namer) if term != outer else sp.Integer(1)
    return rest * outer.func(_named(outer.function, namer), *outer.limits)


def _named(e: Any, namer: Namer) -> Any:
    """``e`` with a name for each sum or maximum in it, and for those in these."""
    if isinstance(e, BINDERS):
        inner = e.func(_named(e.function, namer), *e.limits)
        wanted = "inner" if isinstance(e, sp.Sum) else "largest"
        return namer.helper(wanted, tuple(sorted(running(e), key=str)), inner)
    if not e.has(*BINDERS):
        return e
    return e.func(*[_named(a, namer) for a in e.args])


def _divisors(e: Any, frame: Frame, namer: Namer) -> Any:
    """What is divided by several times gets a name: its square may leave the range of numbers."""
    squared = {p.base for p in e.atoms(sp.Pow) if p.exp.is_Integer and p.exp < -1}
    names = {
        base: namer.helper("divisor", tuple(sorted(running(base), key=str)), base)
        for base in sorted(squared, key=sp.default_sort_key)
        if isinstance(base, sp.Add)
        and not base.has(*BINDERS)
        and not all(s.is_integer for s in base.free_symbols)
    }
    powers = [p for p in e.atoms(sp.Pow) if p.base in names and p.exp.is_Integer and p.exp < 0]
    return e.xreplace({p: names[p.base] ** p.exp for p in powers})
