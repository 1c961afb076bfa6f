"""Losses that are a sum over an axis: so many of its places at a time as memory allows."""

from typing import Any

import sympy as sp

from w2v_verified.symbolic.definition.loss import Argument
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.indices import axis_of, bound_indices, size
from w2v_verified.symbolic.printing.interface import parameters, result_name, sizes_needed, type_of


def added(problem: Problem) -> frozenset[str]:
    """The gradients to which every block adds its part: those without the axis.

    Raises:
        UnsupportedError: The loss of the whole is not the sum of the losses of its blocks.
    """
    axis = problem.loss.blocks
    if not axis:
        return frozenset()
    if not _is_sum_over(problem, axis):
        raise UnsupportedError(
            f"blocks: expected a loss that is a sum over {axis}, each of its terms reading one place of {axis}"
        )
    return frozenset(f"grad_{a.name}" for a in problem.differentiated if axis not in a.axes.split())


def block_loop(problem: Problem) -> list[str]:
    """The lines that call the function of a block for each of them, and return what comes of it."""
    axis = problem.loss.blocks
    arguments = [f"{a.name}{_cut(a, axis)}" for a in problem.loss.arguments]
    grads = [f"grad_{a.name}{_cut(a, axis)}" for a in problem.differentiated]
    result = ", ".join(f"grad_{a.name}" for a in problem.differentiated)
    return [
        f'step = {axis} if block_size is None else count("block_size", block_size)',
        "loss = 0.0",
        f"for start in range(0, max({axis}, 1), max(step, 1)):",
        "    block = slice(start, start + step)",
        f"    loss += QUIET.copy().run({', '.join(['_block', *arguments, *grads, 'start > 0'])})",
        f"return {result_name(problem.loss.name)}(loss, {result})",
    ]


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


def _cut(a: Argument, axis: str) -> str:
    axes = a.axes.split()
    if axis not in axes:
        return ""
    return f"[{', '.join([':'] * axes.index(axis) + ['block'])}]"


def block_function(problem: Problem, lines: list[str]) -> list[str]:
    """The function that works on one block, and adds to the gradients that all blocks share if told so."""
    grads = [f"grad_{a.name}: {type_of(a)}" for a in problem.differentiated]
    return [
        "",
        "",
        "def _block(",
        *(f"    {part}," for part in (*parameters(problem), *grads, "add: bool")),
        ") -> float:",
        f'    """The loss of a block along {problem.loss.blocks}; its gradients are written, or added."""',
        *(f"    {line}".rstrip() for line in (*sizes_needed(problem, lines), *lines)),
    ]
