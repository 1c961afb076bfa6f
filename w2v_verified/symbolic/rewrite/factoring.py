"""The pass that multiplies the terms of a sum by what they share once: ``p * x - p * y`` is ``p * (x - y)``.

Only what has all the indices of the sum is worth it. A sum over an axis that is a factor beside it gets a name. What
the pass makes is proved equal to what it is given.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.differences import pulling
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import (
    BINDERS,
    Frame,
    axis_of,
    bound_indices,
    canonical,
    fresh,
    index,
    is_pointer,
    label_of,
    running,
    total,
)
from w2v_verified.symbolic.language.naming import Namer
from w2v_verified.symbolic.language.operators import BRACKETS, Choose, Largest
from w2v_verified.symbolic.proof.program import Program, prove_same
from w2v_verified.symbolic.rewrite.powers import powers_of, product_of


def factoring(program: Program, context: Context, namer: Namer) -> Program:
    """The program with what terms share in front of them."""

    def changed(s: Equation) -> Equation:
        e = _inside(_summed_once(fresh(s.expression), s.indices, namer), s.indices)
        return replace(s, expression=canonical(_named(e, s.indices, namer)))

    parts = [tuple(map(changed, part)) for part in (program.stages, program.helpers, program.outputs)]
    stages, helpers, outputs = parts
    after = replace(program, stages=stages, helpers=(*helpers, *namer.taken_helpers()), outputs=outputs)
    if after != program:
        prove_same(program, after, context)
    return after


def _summed_once(e: Any, frame: Frame, namer: Namer) -> Any:
    """Sums of products with the same rows, or with differences of the same, as one, with the weights of all of them."""
    together: dict[Any, tuple[Any, Any, int]] = {}
    apart = []
    for term in sp.Add.make_args(e):
        number, s = term.as_coeff_Mul()
        parts = _weighted(s, frame)
        if parts is None:
            apart.append(term)
            continue
        rows, rest = parts
        (k,) = bound_indices(s)
        place = index("?0", axis_of(k))
        key = rows.xreplace({k: place})
        _, weights, count = together.get(key, (place, sp.Integer(0), 0))
        together[key] = place, weights + number * rest.xreplace({k: place}), count + 1
    if all(count < 2 for _, _, count in together.values()):
        return e
    for key, (k, weights, _) in together.items():
        number, rest = weights.primitive()
        if not isinstance(rest, sp.Indexed):
            order = (*(i for i in frame if i in running(rest)), k)
            rest = namer.helper("weights", order, rest)
        apart.append(number * total(k, rest * key))
    return sp.Add(*apart)


def _weighted(s: Any, frame: Frame) -> tuple[Any, Any] | None:
    """The rows that a sum over one axis adds up, or differences of such, and their weights; None if it is none."""
    parts = pulling(s, frame)
    if parts is not None:
        (left, right), rest = parts
        return left - right, rest
    factors = sp.Mul.make_args(s.function) if isinstance(s, sp.Sum) and len(s.limits) == 1 else ()
    entries = [f for f in factors if isinstance(f, sp.Indexed) and not any(map(is_pointer, f.indices))]
    if len(factors) != 2 or len(entries) != 2 or len(frame) != 2:
        return None
    (k,) = bound_indices(s)
    last = [f for f in entries if set(f.indices) == {k, frame[1]} and len(f.indices) == 2]
    first = [f for f in entries if set(f.indices) == {k, frame[0]} and len(f.indices) == 2]
    return (last[0], first[0]) if len(last) == len(first) == 1 else None


def _inside(e: Any, frame: Frame) -> Any:
    """``e`` with its sums of terms factored, inside functions and products too, but not inside sums over an axis."""
    if not e.args or isinstance(e, (sp.Indexed, *BRACKETS, *BINDERS, Choose)):
        return e
    e = e.func(*[_inside(a, frame) for a in e.args])
    return _factored(e) if isinstance(e, sp.Add) else e


def _factored(e: Any) -> Any:
    """A sum with the factor that most of its terms share in front of these; both parts again."""
    terms = sp.Add.make_args(e)
    fit = [t for t in terms if not t.has(*BRACKETS, Largest, Choose)]
    whole = set().union(*map(running, fit)) if fit else set()
    shared: Counter[Any] = Counter()
    split = [powers_of(t) for t in fit]
    for _, powers in split:
        shared.update((b, sp.sign(p)) for b, p in powers.items() if running(b) == whole and not b.has(sp.Sum))
    several = [(count, *key) for key, count in shared.items() if count > 1]
    if not whole or not several:
        return e
    _, base, sign = max(several, key=lambda each: (each[0], each[1].is_Add, each[2], str(each[1])))
    apart, together = [t for t in terms if t not in fit], []
    power = min(abs(p.get(base, 0)) for _, p in split if p.get(base, 0) * sign > 0) * sign
    for t, (number, powers) in zip(fit, split, strict=True):
        if powers.get(base, 0) * sign > 0:
            together.append(number * product_of({**powers, base: powers[base] - power}))
        else:
            apart.append(t)
    inner = _factored(sp.Add(*together))
    return sp.Add(base**power * inner, _factored(sp.Add(*apart)) if len(apart) > 1 else sp.Add(*apart))


def _named(e: Any, frame: Frame, namer: Namer, factor: bool = False) -> Any:
    """``e`` with names for the sums over an axis in what is factored."""
    if isinstance(e, sp.Sum):
        if not factor:
            return e
        labels = sorted({label_of(x) for x in e.atoms(sp.Indexed)})
        order = tuple(i for i in frame if i in running(e))
        return namer.helper("_".join(labels) if len(labels) == 2 else "inner", order, e)
    if isinstance(e, sp.Add):
        return e.func(*[_named(a, frame, namer, factor) for a in e.args])
    if isinstance(e, sp.Mul):
        inner = any(isinstance(f, sp.Add) and f.has(sp.Sum) for f in e.args)
        return e.func(*[_named(f, frame, namer, inner) for f in e.args])
    return e
