"""The methods of a result whose gradient is given as the two vectors it is the outer product of."""

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.printing.interface import call_text
from w2v_verified.symbolic.printing.uses import Uses


def methods(problem: Problem, uses: Uses) -> list[str]:
    """What a result with a factored gradient can do."""
    table = problem.loss.factored
    if not table:
        return []
    down, across = problem.axes_of(table)
    least = {a.name: a.minimum for a in problem.loss.axes}
    shapes = f'("left", self.left.shape, "{down}"), ("right", self.right.shape, "{across}")'
    minimum = f'{{"{down}": {least[down]}, "{across}": {least[across]}}}'
    call = call_text(
        uses.name("sizes"), [f'({shapes}, ("{table}", {table}.shape, "{down} {across}"))', minimum], None, 12
    )
    return [
        "",
        "def dense(self, out: Matrix[Float] | None = None) -> Matrix[Float]:",
        f'    """The gradient of {table} as an array, in ``out`` if that is given."""',
        "    if out is not None:",
        f'        shape = {{"grad_{table}": (len(self.left), len(self.right))}}',
        f"        (out,) = {uses.name('buffers')}((out,), self.left.dtype, shape, (self.left, self.right))",
        f"    return {uses.name('QUIET')}.copy().run({uses.name('outer')}, self.left, self.right, out)",
        "",
        f"def add_to(self, {table}: Matrix[Float], scale: float) -> None:",
        f'    """Add ``scale`` times the gradient of {table} to {table}, in place; a large one is never formed."""',
        f"    if {table}.shape != self.left.shape + self.right.shape:",
        *(f"        {line}" for line in call),
        f"    {uses.name('QUIET')}.copy().run({uses.name('add_outer')}, {table}, self.left, self.right, scale)",
    ]
