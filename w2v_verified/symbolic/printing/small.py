"""When arrays are so small that methods of theirs are the quickest products: what generated code asks."""

from collections.abc import Iterable

import sympy as sp

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import axis_of, is_pointer
from w2v_verified.symbolic.printing.interface import places


def small(problem: Problem, statements: Iterable[Equation], touched: str | None) -> list[str]:
    """The conditions under which no matrix is large, and all arrays are laid out for such products.

    Of a table of which few columns are ``touched``, these alone matter, and they are gathered.
    """
    tables: dict[tuple[str, ...], str] = {}
    for s in statements:
        for indices in (s.indices, *(e.indices for e in s.expression.atoms(sp.Indexed))):
            axes = tuple(axis_of(i) for i in indices if not is_pointer(i))
            if len(axes) > 1 and touched not in axes:
                tables.setdefault(axes, _size(problem, axes))
    parts = [f"{size} <= FEW" for size in dict.fromkeys(tables.values())]
    parts += [f"{a.name}.flags.forc" for a in problem.arrays if tuple(a.axes.split()) in tables]
    given = () if problem.loss.in_parts else problem.differentiated
    fit = [f"out[{n}].flags.carray" for n, a in enumerate(given) if len(a.axes.split()) == 1]
    both = f"({' and '.join(fit)})" if len(fit) > 1 else "".join(fit)
    parts += [f"(out is None or {both})"] if fit else []
    return parts


def _size(problem: Problem, axes: tuple[str, ...]) -> str:
    """How many entries a table with these axes has."""
    for a in problem.arrays:
        if tuple(a.axes.split()) == axes:
            return f"{a.name}.size"
    where = places(problem)
    return " * ".join(where[axis][0] for axis in axes)
