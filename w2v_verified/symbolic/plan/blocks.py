"""Losses that are a sum over an axis: so many of its places at a time as memory allows."""

from typing import Any

import sympy as sp

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.indices import axis_of, bound_indices, size


def added(problem: Problem) -> frozenset[str]:
    """The gradients to which every block adds its part: those without the axis.

    Raises:
        UnsupportedError: The loss of the whole is not the sum of the losses of its blocks.
    """
    axis = problem.loss.blocks
    if not axis:
        return frozenset()
    if any(a.axes.split().count(axis) > 1 for a in problem.loss.arguments) or not _is_sum_over(problem, axis):
        raise UnsupportedError(
            f"blocks: expected a loss that is a sum over {axis}, each of its terms reading one place of {axis}"
        )
    return frozenset(f"grad_{a.name}" for a in problem.differentiated if axis not in a.axes.split())


def _is_sum_over(problem: Problem, axis: str) -> bool:
    """Whether the loss adds up terms over ``axis`` and nothing else looks along it or at its size."""
    *stages, loss = problem.stages
    terms = sp.Add.make_args(loss.expression)
    inner = [_summand(t, axis) for t in terms]
    rest = [*(s.expression for s in stages), *(e for e in inner if e is not None)]
    return None not in inner and not any(size(axis) in e.free_symbols or _sums_over(e, axis) for e in rest)


def _summand(term: Any, axis: str) -> Any:
    """What a multiple of a sum over ``axis`` adds up, the multiple included; None if it is none."""
    coefficient, rest = term.as_coeff_Mul()
    if isinstance(rest, sp.Sum) and [axis_of(i) for i in bound_indices(rest)].count(axis) == 1:
        others = [limit for limit in rest.limits if axis_of(limit[0]) != axis]
        return coefficient * (sp.Sum(rest.function, *others) if others else rest.function)
    return None


def _sums_over(e: Any, axis: str) -> bool:
    return any(axis in map(axis_of, bound_indices(s)) for s in e.atoms(sp.Sum))
