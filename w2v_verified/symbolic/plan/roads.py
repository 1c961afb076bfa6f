"""The roads of a function: which programs it carries out, and what decides between them.

Values decide between two roads, a short one where all exponentials are ordinary numbers and a safe one. Where
all products are of a matrix and a vector, or of vectors, the short road is for small ones, which NumPy
multiplies in the least time by methods of the arrays, and there may be one for a large table (`tiling`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import sympy as sp

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.functions import FLATTENING
from w2v_verified.symbolic.language.operators import Choose, Larger, Largest
from w2v_verified.symbolic.plan.blocks import added
from w2v_verified.symbolic.plan.conditions import Moderate
from w2v_verified.symbolic.plan.contraction import contraction
from w2v_verified.symbolic.plan.methods import by_methods
from w2v_verified.symbolic.plan.operations import (
    Allocate,
    Block,
    Branch,
    ByBlocks,
    FindColumns,
    Guard,
    Operation,
    Return,
    ReturnLoss,
)
from w2v_verified.symbolic.plan.ordinary import are_ordinary
from w2v_verified.symbolic.plan.plan import Plan
from w2v_verified.symbolic.plan.planner import Planner
from w2v_verified.symbolic.plan.small import small
from w2v_verified.symbolic.plan.tiling import tiled
from w2v_verified.symbolic.plan.values import Way
from w2v_verified.symbolic.proof.program import Program
from w2v_verified.symbolic.rewrite.large import may_be_large
from w2v_verified.symbolic.rewrite.one_pass import OnePass
from w2v_verified.symbolic.rewrite.touched import sole_scatter, touched_axis


@dataclass(frozen=True)
class Roads:
    """The code paths of a loss, each proved equal to the derived program.

    ``safe`` is right for all values, ``moderate`` is shorter where exponentials are ordinary numbers, ``one_pass``
    reads a large table once (tiling); None where there is none.
    """

    safe: Program
    moderate: Program | None
    one_pass: OnePass | None


def planned(problem: Problem, roads: Roads) -> Plan:
    """What the generated function does.

    Raises:
        UnsupportedError: An expression is of no kind that a plan has; the message names it.
    """
    programs = [p for p in (roads.safe, roads.moderate) if p is not None]
    touched = touched_axis(problem, roads.safe)
    alone = _sole(programs, touched)
    made = _made(problem, touched, programs)
    in_parts = problem.loss.in_parts
    taken = problem.taken.union(*(p.names for p in programs))
    planner = Planner(
        letters=problem.letters,
        taken=taken,
        touched=touched,
        alone=alone,
        made=made,
        added=added(problem),
        arguments=frozenset(a.name for a in problem.loss.arguments),
        results=frozenset() if in_parts else frozenset(f"grad_{a.name}" for a in problem.differentiated),
        wanted=frozenset(f"grad_{a.name}" for a in problem.differentiated),
        factored=f"grad_{problem.loss.factored}" if problem.loss.factored else "",
        optional=problem.loss.optional,
    )
    if problem.loss.blocks:
        block = _roads(problem, planner, roads, ReturnLoss())
        body: Block = (ByBlocks(problem.loss.blocks, block),)
    else:
        body = _roads(problem, planner, roads, Return())
    return Plan(
        problem, taken, touched, _is_heard(roads.safe), _provided(problem, touched, made, alone is None), body
    )


def _is_heard(program: Program) -> bool:
    """Whether something is divided by what is worked out in place, and no choice works out what is not chosen.

    An infinity there gives 0, of which nobody hears; those of names are looked at, or are sums of exponentials.
    """
    below = [p.base for s in program.statements for p in s.expression.atoms(sp.Pow) if p.exp.is_negative]
    choices = any(s.expression.has(Choose) for s in program.statements)
    return not choices and any(isinstance(e, sp.Add) and e.atoms(sp.Indexed) for e in below)


def _roads(problem: Problem, planner: Planner, roads: Roads, end: Return | ReturnLoss) -> Block:
    """The short roads for moderate values in front, the safe one behind them."""
    program, moderate = roads.safe, roads.moderate
    shared, judged = _shared(problem, program, moderate)
    planned: Block = ()
    planner = replace(planner, large=may_be_large(program, problem.context))
    if moderate is not None and judged:
        near = _near(problem, planner, moderate, len(shared), judged)
        planned = near
        if roads.one_pass is not None:
            planned += tiled(problem, planner.branch(moderate=True), roads.one_pass, judged)
        if near:
            shared = ()
        else:
            planned += planner.block(shared, [*program.statements, *moderate.statements])
            quick = moderate.statements[len(shared) :]
            block = (*planner.branch(moderate=True).block(quick, quick), end)
            planned += (Branch((Moderate(tuple(judged)),), block, moderate=True),)
    else:
        shared = ()
    guarded = _guarded(problem, program)
    planned += tuple(map(Guard, _in_order(guarded, problem, shared)))
    rest = program.statements[len(shared) :]
    return (*planned, *planner.block(rest, rest, guarded), end)


def _near(problem: Problem, planner: Planner, moderate: Program, shared: int, judged: list[str]) -> Block:
    """The short road with products by methods of small arrays; nothing if it has other products."""
    if problem.loss.blocks:
        return ()
    statements = moderate.statements
    planner = planner.branch()
    front = by_methods(planner.block(statements[:shared], statements))
    quick = by_methods((*planner.branch(moderate=True).block(statements[shared:], statements), Return()))
    if front is None or quick is None:
        return ()
    floats = are_ordinary(statements, judged, problem.context)
    block = (*front, Branch((Moderate(tuple(judged)),), quick, floats))
    conditions = small(problem, statements, planner.touched)
    return (Branch(conditions, block, floats),) if conditions else block


def _made(problem: Problem, touched: str | None, programs: Iterable[Program]) -> frozenset[str]:
    """The gradients that are one product of arrays on each road, which makes its own array."""
    if problem.loss.blocks or problem.loss.in_parts:
        return frozenset()
    outputs = [o for p in programs for o in p.outputs]
    names = [f"grad_{a.name}" for a in problem.differentiated if a.axes and touched not in a.axes.split()]
    return frozenset(n for n in names if all(_is_made(o) for o in outputs if o.name == n))


def _is_made(s: Equation) -> bool:
    product = contraction(s.indices, s.expression)
    return product is not None and product.way in (Way.PRODUCT, Way.OUTER)


def _sole(programs: Sequence[Program], touched: str | None) -> str | None:
    """The statement that alone scatters into the touched columns, if it does so in all programs."""
    found = {sole_scatter(program, touched) for program in programs}
    return found.pop() if len(found) == 1 else None


def _shared(
    problem: Problem, program: Program, moderate: Program | None
) -> tuple[tuple[Equation, ...], list[str]]:
    """The statements both programs begin with, and the names whose values decide between them."""
    if moderate is None:
        return (), []
    shared: list[Equation] = []
    arrays = [a.name for a in problem.arrays]
    deciding = _guarded(problem, program)
    for one, other in zip(program.statements, moderate.statements, strict=False):
        if one != other or names_used([one.expression]) & deciding - set(arrays):
            break
        shared.append(one)
    known = [*arrays, *(s.name for s in shared)]
    wanted = _guarded(problem, moderate)
    return (tuple(shared), [n for n in known if n in wanted]) if wanted <= set(known) else ((), [])


def _in_order(names: Collection[str], problem: Problem, statements: Iterable[Equation]) -> list[str]:
    return [n for n in (*(a.name for a in problem.arrays), *(s.name for s in statements)) if n in names]


def _guarded(problem: Problem, program: Program) -> set[str]:
    """Names whose infinities some function would flatten: they are shifted, or go into a bounded function."""
    arrays = {a.name for a in problem.arrays} | {s.name for s in program.stages}
    inside = [f for s in program.statements for f in s.expression.atoms(Larger, Largest, *FLATTENING)]
    return names_used(inside) & arrays


def _provided(problem: Problem, touched: str | None, made: Collection[str], find: bool) -> Block:
    """What provides the gradients' arrays, and ``find``s the touched columns.

    Those that are ``made`` by the product they are stay None unless the caller has given arrays. Where few
    columns are touched, the others are 0.
    """
    planned: list[Operation] = []
    if not problem.loss.in_parts:
        names = {f"grad_{a.name}": a for a in problem.differentiated}
        few = tuple(name for name, a in names.items() if touched in a.axes.split())
        planned.append(Allocate(tuple(names), tuple(n for n in names if n in made), few))
    if touched is not None and find:
        planned.append(FindColumns(tuple(p.name for p in problem.pointers if p.into == touched)))
    return tuple(planned)
