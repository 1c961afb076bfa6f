"""Tables of which only the columns count that index arguments point at."""

from typing import Any

import sympy as sp

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.indices import BINDERS, axis_of, bound_indices, is_pointer, label_of
from w2v_verified.symbolic.language.masks import scattered_parts
from w2v_verified.symbolic.proof.program import Program


def touched_axis(problem: Problem, program: Program) -> str | None:
    """The axis along which tables are read by index arguments alone, so that few of their columns matter.

    Raises:
        UnsupportedError: A gradient by touched columns is asked for, and an array is read along the whole axis.
    """
    wanted = problem.loss.sparse
    if problem.loss.blocks or problem.loss.factored:
        return None
    for axis in sorted({p.into for p in problem.pointers}):
        tables = [a for a in problem.differentiated if axis in a.axes.split()]
        reader = _read_whole(problem, program, axis)
        if wanted and axis == problem.axes_of(wanted)[-1] and reader is not None:
            raise UnsupportedError(
                f"{reader}: {axis} is read as a whole, so no column of grad_{wanted} is zero"
            )
        every = [a.axes.split() for a in tables]
        fit = 2 in map(len, every) and all(len(own) <= 2 and own.count(axis) == 1 for own in every)
        few = fit and reader is None and _is_zero_elsewhere(program, axis)
        if few and (not wanted or [(a.name, axis) for a in tables] == [(wanted, every[0][-1])]):
            return axis
    if wanted:
        raise UnsupportedError(
            f"sparse {wanted}: expected a matrix whose columns are read by index arguments, and added up by them alone"
        )
    return None


def _is_zero_elsewhere(program: Program, axis: str) -> bool:
    """Whether all that is computed along the axis is 0 but where index arguments point."""
    zero: set[str] = set()

    def is_zero(e: Any, i: Any) -> bool:
        """Whether each term of ``e`` has a factor that is."""
        if isinstance(e, sp.Add):
            return all(is_zero(t, i) for t in e.args)
        if isinstance(e, sp.Sum):
            return is_zero(e.function, i)
        if isinstance(e, sp.Mul):
            return any(is_zero(f, i) for f in e.args)
        if isinstance(e, sp.KroneckerDelta):
            return i in e.args
        return e == 0 or (isinstance(e, sp.Indexed) and label_of(e) in zero and i in e.indices)

    for s in program.statements:
        along = [i for i in s.indices if axis_of(i) == axis]
        bound = [(f, i) for f in s.expression.atoms(*BINDERS) for i in bound_indices(f) if axis_of(i) == axis]
        if len(along) > 1 or not all(is_zero(s.expression, i) for i in along):
            return False
        if not all(isinstance(f, sp.Sum) and is_zero(f.function, i) for f, i in bound):
            return False
        zero |= {s.name} if along else set()
    return True


def _read_whole(problem: Problem, program: Program, axis: str) -> str | None:
    """The name of a statement that reads an argument along the whole of ``axis``."""
    arguments = {a.name for a in problem.loss.arguments}
    for s in program.statements:
        for e in s.expression.atoms(sp.Indexed):
            whole = [i for i in e.indices if not is_pointer(i) and axis_of(i) == axis]
            if whole and label_of(e) in arguments:
                return s.name
    return None


def sole_scatter(program: Program, touched: str | None) -> str | None:
    """The name of the statement that alone scatters over the touched axis, and can be held by its parts.

    It is read by another, has no other terms, and no other index, or one more that a gradient sums over in a product
    with it.
    """
    found = [
        s
        for s in program.statements
        if s.expression.has(sp.KroneckerDelta) and touched in [axis_of(i) for i in s.indices]
    ]
    if len(found) != 1 or scattered_parts(found[0]) is None:
        return None
    (s,) = found
    users = [u for u in program.statements if s.name in names_used([u.expression])]
    if len(s.indices) == 1:
        return s.name if users else None
    return s.name if len(users) == 1 and _is_product_with(users[0], s) else None


def _is_product_with(user: Equation, s: Equation) -> bool:
    """Whether ``user[i, w] = sum over b of A[i, b] * s[b, w]``."""
    e = user.expression
    if not isinstance(e, sp.Sum) or len(e.limits) != 1 or len(user.indices) != 2:
        return False
    factors, (b,) = sp.Mul.make_args(e.function), bound_indices(e)
    i, w = user.indices
    of = {label_of(f): f.indices for f in factors if isinstance(f, sp.Indexed)}
    return len(factors) == len(of) == 2 and of.pop(s.name, ()) == (b, w) and (i, b) in of.values()
