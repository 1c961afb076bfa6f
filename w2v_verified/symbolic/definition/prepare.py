"""From what an author writes to stages that can be differentiated and computed one by one.

Functions in disguise are recognised, a probability whose logarithm is taken is unfolded, and sums inside
other expressions become stages. That the result equals the definition is a step of the derivation.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.rules import ALGEBRAIC
from w2v_verified.symbolic.definition.gathered import Stages, gathered_only
from w2v_verified.symbolic.definition.inner_sums import frame_of, inner_sums
from w2v_verified.symbolic.definition.recognise import recognised
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.exponentials import has_exponentials, is_below
from w2v_verified.symbolic.language.functions import Sigmoid
from w2v_verified.symbolic.language.indices import (
    Frame,
    axis_of,
    bound_indices,
    canonical,
    free_indices,
    fresh,
    is_pointer,
    label_of,
    size,
    substitute,
    total,
)
from w2v_verified.symbolic.language.naming import Namer, entry
from w2v_verified.symbolic.proof.drawing import Names
from w2v_verified.symbolic.proof.driver import Rewriting, naming
from w2v_verified.symbolic.proof.step import ProofStep


def prepared(stages: Stages, context: Context, namer: Namer) -> tuple[Stages, tuple[str, ...]]:
    """The stages of a definition, ready to be differentiated, and the facts that were applied to make them."""
    made = _inlined(tuple(replace(s, expression=_without_idle_sums(s.expression)) for s in stages))
    rewriting = Rewriting()
    known = context.defining(*made)
    made = tuple(
        Equation(s.name, s.indices, canonical(recognised(fresh(s.expression), known, rewriting)))
        for s in made
    )
    made = gathered_only(made, namer)
    made = _hoisted(made, namer, inner_sums)
    made = _hoisted(made, namer, _exponents)
    return made, tuple(rewriting.applied)


def preparation(before: Stages, after: Stages, context: Context, names: Names) -> ProofStep | None:
    """The step from the loss as it is defined to that of the stages prepared; None if these are the same."""
    if [(s.name, s.expression) for s in before] == [(s.name, s.expression) for s in after]:
        return None
    apart = tuple(_apart(s, {s.name for s in after}) for s in after)
    known = context.bare.defining(*before[:-1], *apart[:-1])
    rules = ("UNFOLD", *sorted(ALGEBRAIC))
    title = "loss: the stages prepared from the definition"
    return ProofStep(rules, before[-1].expression, apart[-1].expression, (), known, names, title=title)


def _apart(s: Equation, names: set[str]) -> Equation:
    """A statement about stages that are called what nobody can call one."""
    used = {x for x in s.expression.atoms(sp.Indexed, sp.Symbol) if label_of(x) in names}
    renamed = {x: entry(f"={label_of(x)}", x.indices if isinstance(x, sp.Indexed) else ()) for x in used}
    return Equation(f"={s.name}", s.indices, s.expression.xreplace(renamed))


def _inlined(stages: Stages) -> Stages:
    """Stages of exponentials written out in logarithms, divisors and roots, quotients of them in logarithms."""
    current = list(stages)
    for stage in stages[:-1]:
        e = stage.expression
        large = has_exponentials(e) and not any(map(is_below, e.atoms(sp.Pow)))
        if large or (e.has(sp.exp, Sigmoid) and isinstance(e, sp.Mul | sp.Pow | Sigmoid)):
            current = [
                Equation(s.name, s.indices, canonical(_unfolded(fresh(s.expression), stage, large)))
                for s in current
            ]
    used = names_used(s.expression for s in current)
    return tuple(s for s in current if s.name in used or s.name == "loss")


def _unfolded(e: Any, stage: Equation, below: bool) -> Any:
    """``e`` with what a stage stands for inside logarithms, and in divisors, roots and other powers ``below`` too."""
    power = isinstance(e, sp.Pow) and not isinstance(e, sp.exp) and not (e.exp.is_Integer and e.exp > 0)
    if isinstance(e, sp.log) or (below and power):
        return e.func(_written_out(e.args[0], stage), *e.args[1:])
    if below and isinstance(e, sp.Mul) and any(_is_quotient_of(a, stage.name) for a in e.args):
        return e.func(*(_written_out(a, stage) for a in e.args))
    if not e.args or isinstance(e, sp.Indexed | sp.Tuple):
        return e
    return e.func(*[_unfolded(a, stage, below) for a in e.args])


def _is_quotient_of(e: Any, name: str) -> bool:
    """Whether ``e`` is a divisor that has a stage among its terms."""
    return is_below(e) and name in names_used([e.base])


def _without_idle_sums(e: Any) -> Any:
    """``sum_k f = K f`` where f does not depend on k."""
    if not e.has(sp.Sum) or isinstance(e, sp.Indexed):
        return e
    if not isinstance(e, sp.Sum):
        return e.func(*map(_without_idle_sums, e.args))
    body = _without_idle_sums(e.function)
    for k in bound_indices(e):
        body = total(k, body) if k in free_indices(body) else size(axis_of(k)) * body
    return body


def _written_out(e: Any, stage: Equation) -> Any:
    """``e`` with what a stage stands for where it is a term or a factor, not inside functions."""
    if isinstance(e, sp.Indexed | sp.Symbol):
        same = label_of(e) == stage.name
        return _at(stage, e.indices if isinstance(e, sp.Indexed) else ()) if same else e
    if isinstance(e, sp.Sum):
        return e.func(_written_out(e.function, stage), *e.limits)
    if isinstance(e, sp.Add | sp.Mul) or (isinstance(e, sp.Pow) and not isinstance(e, sp.exp)):
        return e.func(*(_written_out(a, stage) for a in e.args))
    return e


def _at(stage: Equation, indices: tuple[Any, ...]) -> Any:
    """The definition of a stage at other indices."""
    if len(indices) != len(stage.indices):
        return entry(stage.name, indices)
    return fresh(substitute(stage.expression, dict(zip(stage.indices, indices, strict=True))))


def _hoisted(stages: Stages, namer: Namer, hoist: Callable[[Equation, Namer], Any]) -> Stages:
    """The stages, each behind the helpers that ``hoist`` made for it."""
    made: list[Equation] = []
    for s in stages:
        expression = hoist(s, namer)
        made += namer.taken_helpers()
        made.append(Equation(s.name, s.indices, expression))
    return tuple(made)


def _exponents(s: Equation, namer: Namer) -> Any:
    return canonical(_with_exponents(fresh(s.expression), s.indices, namer))


def _with_exponents(e: Any, order: Frame, namer: Namer) -> Any:
    """In ``sum_k exp(f(k))`` the exponent becomes a stage, wherever it stands."""
    for s in sorted(e.atoms(sp.Sum), key=sp.default_sort_key):
        k = bound_indices(s)[0]
        for factor in sp.Mul.make_args(s.function):
            if not isinstance(factor, sp.exp) or k not in free_indices(factor):
                continue
            f = factor.args[0]
            if (
                isinstance(f, sp.Indexed)
                and f.base.label.name in namer.stages
                and not any(map(is_pointer, f.indices))
            ):
                continue
            frame = frame_of(f, (*order, k))
            stage = namer.helper("logit", frame, f)
            e = e.xreplace({f: stage})
            positions = {i for x in e.atoms(sp.Indexed) for i in x.indices if is_pointer(i)}
            for p in sorted(positions, key=str):
                at = f.xreplace({k: p})
                if axis_of(p) == axis_of(k) and not at.is_number:
                    e = naming((at, stage.xreplace({k: p})))(e)
            return _with_exponents(e, order, namer)
    return e
