"""The record of a generated function: what it takes, returns and computes, as data for those who judge it."""

import math

from w2v_verified.runtime.products import FEW, MANY
from w2v_verified.symbolic.definition.arguments import Argument, Array, Position
from w2v_verified.symbolic.definition.loss import Loss, lines
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.text import statement
from w2v_verified.symbolic.proof.program import Program


def described(problem: Problem, textbook: Program, stable: Program, tiled: bool) -> dict[str, object]:
    """The record as JSON has it.

    ``textbook`` is the program standard algorithms follow, ``stable`` the one whose bounds are strict; ``tiled`` says
    whether there is a road for large tables.
    """
    loss = problem.loss

    def spelled(program: Program) -> list[str]:
        taken = problem.taken | program.names
        return [statement(s, problem.letters, taken) for s in program.statements]

    sizes = [FEW, *([MANY] if tiled else [])]
    pointed = {p.into for p in problem.pointers}
    return {
        "name": loss.name,
        "summary": loss.summary,
        "axes": [
            {"name": a.name, "meaning": a.meaning, "minimum": max(a.minimum, int(a.name in pointed))}
            for a in loss.axes
        ],
        "arguments": [_argument(a) for a in loss.arguments],
        "results": [
            {"name": "loss", "of": None},
            *({"name": f"grad_{a.name}", "of": a.name} for a in problem.differentiated),
        ],
        **_in_parts(loss),
        **({"optional": True} if loss.optional else {}),
        "switches": [{"axes": axes, "size": size} for axes in _tables(loss) for size in sizes],
        "definition": list(lines(loss.definition)),
        "prepared": [statement(s, problem.letters, problem.taken) for s in problem.stages],
        "textbook": spelled(textbook),
        "stable": spelled(stable),
    }


def _tables(loss: Loss) -> list[list[str]]:
    """The axes of the matrix whose size decides how its products are computed: that which is pointed into."""
    into = {a.into for a in loss.arguments if isinstance(a, Position)}
    arrays = [a.axes.split() for a in loss.arguments if isinstance(a, Array)]
    return [axes for axes in arrays if len(axes) == 2 and axes[-1] in into][:1]


def _in_parts(loss: Loss) -> dict[str, object]:
    """How a gradient is returned that is zero in most columns, or an outer product."""
    if loss.factored:
        return {"factored": {f"grad_{loss.factored}": ["left", "right"]}, "out": False}
    if not loss.sparse:
        return {}
    parts = {"columns": "columns", "values": "grad_columns"}
    return {"touched": {f"grad_{loss.sparse}": parts}, "out": False}


def _end(x: float) -> float | None:
    return None if math.isinf(x) else x


def _argument(a: Argument) -> dict[str, object]:
    common: dict[str, object] = {"name": a.name, "axes": a.axes.split(), "meaning": a.meaning}
    if isinstance(a, Array):
        return {**common, "kind": "array", **domain_of(a), "gradient": a.gradient}
    return {**common, "kind": "index", "into": a.into}


def domain_of(a: Array) -> dict[str, object]:
    """What the entries of an array may be."""
    if a.between is None:
        return {"domain": a.admitted or "real"}
    return {"domain": "between", "between": [_end(x) for x in a.between]}
