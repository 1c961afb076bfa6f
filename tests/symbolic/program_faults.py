"""One small fault in a statement of a program, at a random node, and whether it changes what the program computes."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
import sympy as sp
from expressions import Draw
from faults import SIZES, drawn
from hypothesis import strategies as st

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import UndefinedError
from w2v_verified.symbolic.language.functions import Log1p, Sigmoid, Softplus
from w2v_verified.symbolic.language.indices import axis_of, bound_indices
from w2v_verified.symbolic.language.operators import Choose, Largest
from w2v_verified.symbolic.pipeline import Derivation
from w2v_verified.symbolic.proof.program import Program
from w2v_verified.symbolic.proof.sampling import Point

Way = tuple[int, ...]
_FUNCTIONS = (sp.exp, Sigmoid, Softplus, sp.tanh, sp.cos)


def wrong_program(draw: Draw, program: Program) -> Program:
    """The program with one node of one statement changed."""
    part = draw(st.sampled_from([p for p in ("stages", "helpers", "outputs") if getattr(program, p)]))
    statements = getattr(program, part)
    n = draw(st.integers(0, len(statements) - 1))
    s = statements[n]
    places = [p for p in _places(s.expression, s.indices) if _faults(p[1])]
    if not places:
        return _with(program, part, _put(statements, n, s.expression + 1))
    way, node, scope = draw(st.sampled_from(places))
    fault = draw(st.sampled_from(_faults(node)))
    new = _faulty(draw, node, scope | _pointers(s.expression), fault)
    return _with(program, part, _put(statements, n, _changed(s.expression, way, new)))


def _with(program: Program, part: str, statements: tuple[Equation, ...]) -> Program:
    changes: dict[str, Any] = {part: statements}
    return replace(program, **changes)


def _put(statements: tuple[Equation, ...], n: int, e: Any) -> tuple[Equation, ...]:
    return (*statements[:n], replace(statements[n], expression=e), *statements[n + 1 :])


def _places(e: Any, scope: tuple[Any, ...]) -> list[tuple[Way, Any, frozenset[Any]]]:
    found: list[tuple[Way, Any, frozenset[Any]]] = [((), e, frozenset(scope))]
    if isinstance(e, sp.Sum | Largest):
        inner = _places(e.function, (*scope, *bound_indices(e)))
        return found + [((0, *way), node, there) for way, node, there in inner]
    if isinstance(e, sp.Indexed | sp.KroneckerDelta):
        return found
    for n, a in enumerate(e.args):
        found += [((n, *way), node, there) for way, node, there in _places(a, scope)]
    return found


def _changed(e: Any, way: Way, new: Any) -> Any:
    if not way:
        return new
    args = list(e.args)
    args[way[0]] = _changed(args[way[0]], way[1:], new)
    return e.func(*args)


def _pointers(e: Any) -> frozenset[Any]:
    used = {i for x in e.atoms(sp.Indexed) for i in x.indices} | {
        i for x in e.atoms(sp.KroneckerDelta) for i in x.args
    }
    return frozenset(i for i in used if ":>" in str(i) and not isinstance(i, sp.Indexed))


def _faults(e: Any) -> list[str]:
    if isinstance(e, sp.Add | sp.Mul):
        return ["drop", "negate", "double"]
    if isinstance(e, sp.Indexed):
        return ["index", "square"]
    if isinstance(e, sp.KroneckerDelta):
        return ["one", "zero"]
    if isinstance(e, sp.Sum | Largest):
        return ["negate", "shift"]
    if isinstance(e, Choose):
        return ["near", "far"]
    if isinstance(e, sp.Pow) and not isinstance(e, sp.exp):
        return ["square", "one"]
    if isinstance(e, (*_FUNCTIONS, Log1p, sp.log)):
        return ["function", "argument"]
    return ["shift"] if e.is_Rational or e.is_Symbol else []


def _faulty(draw: Draw, e: Any, scope: frozenset[Any], fault: str) -> Any:
    match fault:
        case "drop":
            return e.func(*e.args[1:]) if draw(st.booleans()) else e.func(*e.args[:-1])
        case "negate":
            return -e
        case "double":
            return e + e.args[0]
        case "index":
            place = draw(st.integers(0, len(e.indices) - 1))
            same = [i for i in scope if axis_of(i) == axis_of(e.indices[place]) and i != e.indices[place]]
            if not same:
                return 2 * e
            new = draw(st.sampled_from(sorted(same, key=str)))
            return e.base[(*e.indices[:place], new, *e.indices[place + 1 :])]
        case "square":
            return e**2
        case "one":
            return sp.Integer(1)
        case "zero":
            return sp.Integer(0)
        case "shift":
            return e + 1
        case "near":
            return Choose(e.args[0], e.args[1], e.args[2] + draw(st.sampled_from(_reals(e))), e.args[3])
        case "far":
            return Choose(e.args[0], e.args[1], e.args[2], e.args[3] * 2)
        case "function":
            others = [f for f in _FUNCTIONS if not isinstance(e, f)]
            return draw(st.sampled_from(others))(e.args[0])
        case "argument":
            return e.args[0]
    raise AssertionError(fault)


def _reals(e: Any) -> list[Any]:
    """Something to add to a branch: one, or what the condition looks at, which has the same indices."""
    return [sp.Integer(1), e.args[0], e.args[1]]


def computes_something_else(derivation: Derivation, before: Program, after: Program) -> bool:
    """Whether an output has another value somewhere, by numbers alone."""
    names, least = derivation.steps.names, derivation.problem.context.least
    old, new = ({s.name: s for s in p.statements} for p in (before, after))
    for n in range(2 * len(SIZES)):
        sizes = {
            a: max(SIZES[(n + 3 * m * (n >= len(SIZES))) % len(SIZES)], least.get(a, 0))
            for m, a in enumerate(names.axes)
        }
        if np.prod([max(s, 1) for s in sizes.values()]) > 2500:
            continue
        values = drawn(names, sizes, random.Random(n))
        with np.errstate(all="ignore"):
            points = Point(sizes, dict(values), old), Point(sizes, dict(values), new)
            for o in before.outputs:
                try:
                    left, right = (p.entries(o.name) for p in points)
                except UndefinedError:
                    return True
                off = np.abs(left - right) / (1 + np.maximum(np.abs(left), np.abs(right)))
                if off.size and np.all(np.isfinite(off)) and float(np.max(off)) > 1e-6:
                    return True
    return False
