"""Where the results of a function are kept."""

from collections.abc import Collection

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.plan.operations import Allocate, Block, FindColumns, Operation


def provided(problem: Problem, touched: str | None, made: Collection[str], find: bool) -> Block:
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
