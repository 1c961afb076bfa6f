"""The road for a large table: it is read once, a part at a time (tiling)."""

from dataclasses import dataclass, field, replace

import sympy as sp

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.indices import Frame, axis_of, is_pointer, label_of
from w2v_verified.symbolic.language.naming import entry
from w2v_verified.symbolic.plan.conditions import AtLeastOne, Condition, Finite, Many, Moderate
from w2v_verified.symbolic.plan.operations import (
    Accumulate,
    Accumulator,
    Assign,
    Block,
    Branch,
    Computed,
    Keep,
    Leave,
    Loop,
    Operation,
    Return,
)
from w2v_verified.symbolic.plan.planner import Planner
from w2v_verified.symbolic.rewrite.one_pass import OnePass


def tiled(problem: Problem, planner: Planner, found: OnePass, judged: list[str]) -> Block:
    """The road, if nothing has to be moderate but what is computed in parts.

    There is none if a name is taken, or if there is no one operation for a result that is to be made.
    """
    part = _in_a_part(found)
    new = {"part", *(part.names[name] for name in part.cuts), *set(part.meaning) - found.split.program.names}
    if problem.loss.blocks or not set(judged) <= {s.name for s in found.along} or new & planner.taken:
        return ()
    if not all(planner.makes_array(s) for s in found.after if s.name in planner.made):
        return ()
    held = [s for s in (*found.along, *found.sums) if s.name in found.kept or s in found.sums]
    for s in held:
        planner.held(s)
    before = planner.block(found.before, found.split.program.statements)
    loop = Loop(
        found.table.name,
        found.table.axis,
        found.table.pointer,
        tuple((name, indices, part.names[name]) for name, indices in part.cuts.items()),
        tuple(part.same),
        _in_the_loop(planner.branch(), found, part, judged),
        _behind_it(planner.branch(), found, judged),
    )
    zeros = (Accumulator(s.name, s.indices) for s in held)
    return (Branch((Many(found.table.name),), (*before, *zeros, loop)),)


@dataclass(frozen=True)
class _Part:
    """What is computed in a part.

    Of the ``statements`` there the ``meaning`` holds in all places; ``names`` are those that are other names in a
    part, ``same`` are entries that are the same there, ``cuts`` the indices of the arrays that are cut.
    """

    statements: list[Equation] = field(default_factory=list)
    meaning: dict[str, Equation] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    same: list[Equation] = field(default_factory=list)
    cuts: dict[str, Frame] = field(default_factory=dict)


def _in_a_part(found: OnePass) -> _Part:
    """What is computed in a part."""
    axis = found.table.axis
    part = _Part()
    own = {s.name for s in found.along}
    for s in (*found.along, *found.sums):
        for x in sorted(s.expression.atoms(sp.Indexed), key=sp.default_sort_key):
            if label_of(x) not in own and any(not is_pointer(i) and axis_of(i) == axis for i in x.indices):
                part.cuts[label_of(x)] = x.indices
                part.names[label_of(x)] = f"{label_of(x)}_part"
        e = s.expression.replace(
            lambda x: isinstance(x, sp.KroneckerDelta) and found.table.pointer in x.args,
            lambda *_: sp.Integer(0),
        )
        e = e.replace(
            lambda x: isinstance(x, sp.Indexed) and label_of(x) in part.names,
            lambda x: entry(part.names[label_of(x)], x.indices),
        )
        if isinstance(e, sp.Indexed) and e.indices == s.indices:
            part.same.append(replace(s, expression=e))
            part.names[s.name] = label_of(e)
            continue
        if s.name in found.kept:
            part.names[s.name] = f"{s.name}_part"
        name = part.names.get(s.name, s.name)
        part.statements.append(replace(s, name=name, expression=e))
        part.meaning[name] = s
    return part


def _in_the_loop(planner: Planner, found: OnePass, part: _Part, judged: list[str]) -> Block:
    """What is done with a part; where values are not moderate, the loop is left."""
    planned: list[Operation] = []
    sums = {s.name for s in found.sums}
    for n, s in enumerate(part.statements):
        (step,) = planner.block([s], part.statements[n:], (), part.meaning)
        planned.append(_accumulated(step) if s.name in sums else step)
        if s.name in {part.names.get(name, name) for name in judged}:
            planned.append(Leave(s.name))
        planned += [Keep(name, s.name) for name in found.kept if part.names[name] == s.name]
    return tuple(planned)


def _accumulated(step: Operation) -> Operation:
    """A step whose value is added to the name it is for."""
    match step:
        case Computed(formula, (Assign(name, value),)):
            return Computed(formula, (Accumulate(name, value),))
        case _:
            raise UnsupportedError(f"{step}: expected one value to add up over parts")


def _behind_it(planner: Planner, found: OnePass, judged: list[str]) -> Block:
    """What is done behind the loop: the product that was read off, and if that is fit, all that is left."""
    needed = {found.read_off}
    for s in reversed(found.after):
        needed |= names_used([s.expression]) if s.name in needed else set()
    front = [s for s in found.after if s.name in needed]
    back = [s for s in found.after if s.name not in needed]
    own = tuple(found.split.singled[name] for name in judged if name in found.split.singled)
    fit: list[Condition] = [*map(AtLeastOne, found.split.divisors), Finite(found.read_off)]
    fit += [Moderate(own)] if own else []
    lines = planner.block(front, found.after)
    return (*lines, Branch(tuple(fit), (*planner.branch().block(back, back), Return())))
