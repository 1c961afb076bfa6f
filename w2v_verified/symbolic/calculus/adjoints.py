"""Deriving the gradients of a loss for every size of every axis.

The definition is a list of stages (``z[w] = ...``, ..., ``loss = ...``). Going back through them, SymPy
differentiates each stage by one entry, at fresh indices, of each thing it uses; sums over brackets
``[w = o]`` are collapsed; and the chain rule adds up what the later stages pass on. Every step is kept.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.definition.recognise import recognised
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.indices import (
    axis_of,
    bound_indices,
    canonical,
    free_indices,
    fresh,
    size,
    substitute,
    total,
)
from w2v_verified.symbolic.language.naming import entry
from w2v_verified.symbolic.language.operators import Slope
from w2v_verified.symbolic.language.text import bracket
from w2v_verified.symbolic.proof.driver import Rewriting
from w2v_verified.symbolic.proof.program import Program


@dataclass(frozen=True)
class Link:
    """One use of ``of`` in the stage ``stage``: its derivative before and after brackets are collapsed."""

    stage: Equation
    of: Any
    slope: Any
    raw: Any
    collapsed: Any


@dataclass(frozen=True)
class Adjoint:
    """``name[indices] = expression``: the derivative of the loss by an entry of ``of``, and the ``facts`` applied."""

    of: str
    links: tuple[Link, ...]
    definition: Equation
    facts: tuple[str, ...]


def derive(problem: Problem) -> tuple[Adjoint, ...]:
    """The derivative of the loss by every stage and every argument asked for, last stage first."""
    passed_on: dict[str, Any] = {"loss": None}
    adjoints: list[Adjoint] = []
    names = [s.name for s in reversed(problem.stages[:-1])] + [a.name for a in problem.differentiated]
    for name in names:
        adjoint = _adjoint(problem, name, passed_on)
        passed_on[name] = adjoint.definition
        adjoints.append(adjoint)
    return tuple(adjoints)


def derived_program(problem: Problem, adjoints: tuple[Adjoint, ...]) -> Program:
    """The definition and the derivatives as a program."""
    facts = dict.fromkeys((*problem.facts, *(f for a in adjoints for f in a.facts)))
    outputs = (problem.stages[-1], *(a.definition for a in adjoints))
    return Program(problem.stages[:-1], (), outputs, tuple(facts))


def _adjoint(problem: Problem, name: str, passed_on: dict[str, Any]) -> Adjoint:
    indices = problem.indices(name)
    entry = problem.entry(name, indices)
    links: list[Link] = []
    parts: list[Any] = []
    for stage in problem.stages:
        if stage.name not in passed_on or name not in names_used([stage.expression]):
            continue
        link = _link(problem.renamed(stage, indices), entry)
        links.append(link)
        parts.append(_through(link, passed_on[stage.name]))
    chained = canonical(sp.Add(*parts))
    target = problem.adjoint_name(name)
    rewriting = Rewriting()
    shown = canonical(recognised(fresh(collapse(chained)), problem.context, rewriting))
    return Adjoint(name, tuple(links), Equation(target, indices, shown), tuple(rewriting.applied))


def _link(stage: Equation, entry: Any) -> Link:
    raw = canonical(sp.diff(fresh(stage.expression), entry))
    return Link(stage, entry, Slope(stage.expression, entry), raw, collapse(raw))


def _through(link: Link, later: Equation | None) -> Any:
    """The part of the chain rule's sum that goes through one stage."""
    if later is None:
        return link.collapsed
    part = entry(later.name, link.stage.indices) * link.collapsed
    for i in link.stage.indices:
        part = total(i, part)
    return part


def collapse(expression: Any) -> Any:
    """``sum_w [w = o] f(w) = f(o)`` wherever it applies, factors that do not run moved out of sums.

    Nothing is multiplied out beyond what a bracket asks for, so a square stays a square.
    """
    return canonical(_collapse(fresh(expression)))


def _collapse(e: Any) -> Any:
    if isinstance(e, sp.Sum):
        body, left = _collapse(e.function), list(bound_indices(e))
        while left:  # what a bracket gives a value comes before other sums hide the bracket
            k = next((k for k in left if any(_brackets(part, k) for part in _parts(body, k))), left[0])
            left.remove(k)
            body = sp.Add(*[_summed(part, k) for part in _parts(body, k)])
        return body
    if not e.args or isinstance(e, sp.Indexed):
        return e
    return e.func(*[_collapse(a) for a in e.args])


def _parts(body: Any, k: Any) -> list[Any]:
    """The terms of ``body``; a product is multiplied out only where a bracket with ``k`` is inside a factor.

    A factor that is ``(k != n)`` alone stays: it leaves out a place, which a difference would do by cancellation.
    """
    if isinstance(body, sp.Mul):
        for factor in body.args:
            spread = isinstance(factor, sp.Add) and bracket(factor) is None
            if spread and any(_brackets(t, k) for t in factor.args):
                rest = body / factor
                return [p for t in factor.args for p in _parts(rest * t, k)]
    if isinstance(body, sp.Add):
        bracketed = [p for t in body.args for p in _parts(t, k) if _brackets(p, k)]
        plain = sp.Add(*[p for t in body.args for p in _parts(t, k) if not _brackets(p, k)])
        return [*bracketed, *([plain] if plain != 0 else [])]
    return [body]


def _brackets(term: Any, k: Any) -> list[Any]:
    """The brackets that give ``k`` a value; ``[k = n[k]]`` is none of them."""
    return [
        f for f in sp.Mul.make_args(term) if isinstance(f, sp.KroneckerDelta) and _other(f, k) is not None
    ]


def _other(bracket: Any, k: Any) -> Any:
    """What a bracket says that ``k`` is, None if it is about something else or about k itself."""
    if k not in bracket.args:
        return None
    other = next(i for i in bracket.args if i != k)
    return None if k in free_indices(other) else other


def _summed(part: Any, k: Any) -> Any:
    """The sum over ``k`` of one term."""
    for b in _brackets(part, k):
        other = _other(b, k)
        if axis_of(other) != axis_of(k):
            raise ValueError(f"[{k} = {other}] compares indices of different axes")
        return _collapse(substitute(part / b, {k: other}))
    outside = [f for f in sp.Mul.make_args(part) if k not in free_indices(f)]
    inside = [f for f in sp.Mul.make_args(part) if k in free_indices(f)]
    return sp.Mul(*outside) * (total(k, sp.Mul(*inside)) if inside else size(axis_of(k)))


__all__ = ["Adjoint", "Link", "collapse", "derive", "derived_program"]
