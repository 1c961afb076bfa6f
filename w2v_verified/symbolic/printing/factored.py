"""Gradients given as the two vectors they are the outer product of."""

import sympy as sp

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.printing.interface import call_text


def methods(problem: Problem) -> list[str]:
    """What a result with a factored gradient can do."""
    table = problem.loss.factored
    if not table:
        return []
    down, across = problem.axes_of(table)
    least = {a.name: a.minimum for a in problem.loss.axes}
    shapes = f'("left", self.left.shape, "{down}"), ("right", self.right.shape, "{across}")'
    minimum = f'{{"{down}": {least[down]}, "{across}": {least[across]}}}'
    call = call_text(
        "sizes", [f'({shapes}, ("{table}", {table}.shape, "{down} {across}"))', minimum], None, 12
    )
    return [
        "",
        "def dense(self, out: Matrix[F] | None = None) -> Matrix[F]:",
        f'    """The gradient of {table} as an array, in ``out`` if that is given."""',
        "    if out is not None:",
        f'        shape = {{"grad_{table}": (len(self.left), len(self.right))}}',
        "        (out,) = buffers((out,), self.left.dtype, shape, (self.left, self.right))",
        "    return QUIET.copy().run(outer, self.left, self.right, out)",
        "",
        f"def add_to(self, {table}: Matrix[F], scale: float) -> None:",
        f'    """Add ``scale`` times the gradient of {table} to {table}, in place; a large one is never formed."""',
        f"    if {table}.shape != self.left.shape + self.right.shape:",
        *(f"        {line}" for line in call),
        f"    QUIET.copy().run(add_outer, {table}, self.left, self.right, scale)",
    ]


def factors(problem: Problem, s: Equation) -> list[str]:
    """The line that takes the two vectors of the gradient ``s``, in arrays of their own.

    Raises:
        UnsupportedError: It is no such product.
    """
    factors_ = [f for f in sp.Mul.make_args(s.expression) if isinstance(f, sp.Indexed)]
    entries = sorted(factors_, key=lambda f: f.indices != s.indices[:1])
    alone = sp.Mul(*entries) == s.expression
    if not alone or [f.indices for f in entries] != [(i,) for i in s.indices]:
        raise UnsupportedError(f"{s.name}: expected an outer product of two vectors to give in its factors")
    arguments = {a.name for a in problem.arrays}
    names = [str(f.base.label.name) for f in entries]
    left, right = (f"{name}.copy()" if name in arguments else name for name in names)
    return [f"left, right = {left}, {right}"]
