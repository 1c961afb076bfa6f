"""When arrays are so small that methods of theirs are the quickest products."""

from collections.abc import Iterable

import sympy as sp

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import axis_of, is_pointer
from w2v_verified.symbolic.plan.conditions import Condition, Contiguous, Few, Fit


def small(problem: Problem, statements: Iterable[Equation], touched: str | None) -> tuple[Condition, ...]:
    """The conditions under which no matrix is large, and all arrays are laid out for such products.

    Of a table of which few columns are ``touched``, these alone matter, and they are gathered.
    """
    tables: dict[tuple[str, ...], Few] = {}
    for s in statements:
        for indices in (s.indices, *(e.indices for e in s.expression.atoms(sp.Indexed))):
            axes = tuple(axis_of(i) for i in indices if not is_pointer(i))
            if len(axes) > 1 and touched not in axes:
                array = next((name for name, own in problem.signature.arrays.items() if own == axes), None)
                tables.setdefault(axes, Few(axes, array))
    laid_out = [Contiguous(name) for name, own in problem.signature.arrays.items() if own in tables]
    given = () if problem.loss.in_parts else problem.differentiated
    fit = tuple(n for n, a in enumerate(given) if len(a.axes.split()) == 1)
    return (*tables.values(), *laid_out, *((Fit(fit),) if fit else ()))
