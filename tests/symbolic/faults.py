"""One small fault in an expression, at a random node, and whether it changes a value somewhere."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
from expressions import DERIVATION, Draw, Scope, changed, nodes, position, renamed
from hypothesis import strategies as st

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Binary, Call, Expression, Negative, Number, Sum
from w2v_verified.symbolic.language.errors import UndefinedError
from w2v_verified.symbolic.language.indices import axis_of
from w2v_verified.symbolic.proof.drawing import Names
from w2v_verified.symbolic.proof.sampling import Numbers, Point
from w2v_verified.symbolic.proof.step import ProofStep

SIZES = (1, 2, 3, 0, 5, 4, 7, 9)


def wrong(draw: Draw, e: Expression, scope: Scope) -> Expression:
    """``e`` with one node changed: an operator, an index, a bracket, an axis, a sign, a power, a constant."""
    places = [(way, n, s) for way, n, s in nodes(e, scope) if _options(n)]
    if not places:
        return Binary("+", e, Number(1))
    way, node, there = draw(st.sampled_from(places))
    fault = draw(st.sampled_from(_options(node)))
    return changed(e, way, _faulty(draw, node, there, fault))


def _options(node: Any) -> list[str]:
    match node:
        case Binary(operator):
            return ["operator", "swap", "left", "right"] + (["power"] if operator == "**" else [])
        case syntax.Entry(_, positions):
            return ["index"] if positions else []
        case syntax.Indicator():
            return ["turn", "side"]
        case Sum():
            return ["drop", "others"]
        case Number():
            return ["constant"]
        case Negative():
            return ["sign"]
        case Call():
            return ["function", "argument"]
        case syntax.Larger() | syntax.Name():
            return ["constant"]
    return []


def _faulty(draw: Draw, node: Any, scope: Scope, fault: str) -> Any:
    match fault:
        case "operator":
            return replace(node, operator=draw(st.sampled_from([o for o in "+-*" if o != node.operator])))
        case "swap":
            return replace(node, left=node.right, right=node.left)
        case "left":
            return node.left
        case "right":
            return node.right
        case "power":
            return replace(node, right=Binary("+", node.right, Number(1)))
        case "index":
            place = draw(st.integers(0, len(node.positions) - 1))
            axis = _axis_of(node, place)
            new = position(draw, axis, scope) or node.positions[place]
            return replace(node, positions=(*node.positions[:place], new, *node.positions[place + 1 :]))
        case "turn":
            others = [r for r in ("==", "!=", "<", "<=") if r != node.relation]
            return replace(node, relation=draw(st.sampled_from(others)))
        case "side":
            return replace(node, left=position(draw, "V", scope) or node.left)
        case "drop":
            index = position(draw, node.bound.axis, scope)
            return Binary("*", node, Number(2)) if index is None else _at(node, index)
        case "others":
            if node.bound.axis != "V":
                return Binary("+", node, Number(1))
            away = syntax.Indicator("!=", syntax.Running(node.bound.name), syntax.Lookup("o", ()))
            return replace(node, body=Binary("*", away, node.body))
        case "constant":
            return Binary("+", node, Number(1))
        case "sign":
            return node.operand
        case "function":
            others = [f for f in ("sin", "cos", "tanh", "sigmoid", "exp") if f != node.function]
            return replace(node, function=draw(st.sampled_from(others)))
        case "argument":
            return node.argument
    raise AssertionError(fault)


def _at(node: Sum, index: Any) -> Expression:
    made: Expression = renamed(node.body, node.bound.name, index)
    return made


def _axis_of(node: syntax.Entry, place: int) -> str:
    return DERIVATION.steps.names.arrays[node.name][place]


def differs(step: ProofStep, names: Names) -> bool:
    """Whether the two sides of a step have different values somewhere, by numbers alone."""
    axes = sorted({*names.axes, *(axis_of(i) for i in step.over)})
    for n in range(2 * len(SIZES)):
        source = random.Random(n)
        sizes = {a: SIZES[(n + 3 * m * (n >= len(SIZES))) % len(SIZES)] for m, a in enumerate(axes)}
        sizes |= {a: max(s, names_least(step, a)) for a, s in sizes.items()}
        values = drawn(names, sizes, source)
        with np.errstate(all="ignore"):
            point = Point(sizes, values, step.context.definitions)
            try:
                left, right = (point.value(e).over(step.over) for e in (step.before, step.after))
            except UndefinedError:
                continue
            off = np.abs(left - right) / (1 + np.maximum(np.abs(left), np.abs(right)))
        if off.size and np.all(np.isfinite(off)) and float(np.max(off)) > 1e-5:
            return True
    return False


def names_least(step: ProofStep, axis: str) -> int:
    return step.context.least.get(axis, 0)


def drawn(names: Names, sizes: dict[str, int], source: random.Random) -> dict[str, Numbers]:
    """Values of all arguments."""
    values: dict[str, Numbers] = {}
    for name, axes in names.arrays.items():
        shape = tuple(sizes[a] for a in axes)
        low = 0.2 if name in names.ranges and names.ranges[name].positive else -1.2
        numbers = [source.uniform(low, 1.3) for _ in range(int(np.prod(shape)))]
        values[name] = np.array(numbers, dtype=complex).reshape(shape)
    for name, (axes, into) in names.pointers.items():
        shape = tuple(sizes[a] for a in axes)
        places = [source.randrange(sizes[into]) for _ in range(int(np.prod(shape)))]
        values[name] = np.array(places, dtype=int).reshape(shape)
    return values
