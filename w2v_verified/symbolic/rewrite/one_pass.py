"""The pass for a table too large to be kept near: its columns are read once, a part of them at a time.

Scores are a product with the table, and so is a gradient, over the axis the scores have; what lies between them is
known in full no sooner than all scores are. So the gradient is written by sums that need no more than a part of
the scores (`splitting`), and the statements are sorted by when they can be computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.indices import axis_of, bound_indices, is_pointer, label_of
from w2v_verified.symbolic.language.operators import BRACKETS
from w2v_verified.symbolic.proof.program import Program
from w2v_verified.symbolic.rewrite.splitting import Split, Table, split


@dataclass(frozen=True)
class OnePass:
    """A program whose statements ``along`` an axis of a table, and the ``sums`` of theirs, come part by part.

    ``before`` and ``after`` are the others. Parts leave out the place the table's index argument points at:
    whatever is ``kept`` or summed is 0 there. The product ``read_off`` is as it should be where it is finite
    and no divisor that left its sum is less than 1: then no product in the sum is smaller for it.
    """

    table: Table
    split: Split
    read_off: str
    before: tuple[Equation, ...]
    along: tuple[Equation, ...]
    sums: tuple[Equation, ...]
    after: tuple[Equation, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """The names of what is needed for all places in the end."""
        later = names_used(s.expression for s in self.after)
        return tuple(s.name for s in self.along if s.name in later)

    def is_whole(self) -> bool:
        """Whether the table is read in parts alone, and nothing is lost with the place that is left out."""
        if any(self.table.entries(s.expression) for s in (*self.before, *self.after)):
            return False
        pointer = self.table.pointer
        if pointer is None:
            return True
        values = {s.name: s.expression.xreplace({s.indices[0]: pointer}) for s in self.along}
        for s in self.sums:
            (w,) = bound_indices(s.expression)
            at = s.expression.function.xreplace({w: pointer})
            values[s.name] = at.xreplace(
                {f: values[label_of(f)] for f in at.atoms(sp.Indexed) if label_of(f) in values}
            )
        return all(values[name] == 0 for name in (*self.kept, *(s.name for s in self.sums)))


def one_pass(problem: Problem, program: Program) -> OnePass | None:
    """``program`` with one pass over a table; None if no table is read in the way that allows it."""
    for a in problem.arrays:
        axes = a.axes.split()
        for axis in axes if len(axes) == 2 and axes[0] != axes[1] else ():
            pointers = _pointers(program, axis)
            if len(pointers) <= 1 and not any(isinstance(p, sp.Indexed) for p in pointers):
                found = _over(problem, program, Table(a.name, axis, next(iter(pointers), None)))
                if found is not None:
                    return found
    return None


def _pointers(program: Program, axis: str) -> set[Any]:
    """The index arguments that point into ``axis``."""
    found = set()
    for s in program.statements:
        for e in s.expression.atoms(sp.Indexed, *BRACKETS):
            found |= {i for i in (e.args if isinstance(e, BRACKETS) else e.indices) if is_pointer(i)}
    return {p for p in found if axis_of(p) == axis}


def _over(problem: Problem, program: Program, table: Table) -> OnePass | None:
    reading = [s for s in program.statements if table.entries(s.expression)]
    if len(reading) != 2:
        return None
    scores, read_off = reading
    product = [t for t in sp.Add.make_args(scores.expression) if table.entries(t)]
    if len(product) != 1 or any(table.other_factor(e) is None for e in (product[0], read_off.expression)):
        return None
    if list(map(axis_of, scores.indices)) != [table.axis] or table.axis in map(axis_of, read_off.indices):
        return None
    after = split(problem, program, table, read_off)
    if after is None:
        return None
    when: dict[str, list[Equation]] = {"before": [], "along": [], "sums": [], "after": []}
    for s in after.program.statements:
        names = {k: {d.name for d in v} for k, v in when.items()}
        when["along" if s.name == scores.name else _when(s, table.axis, names)].append(s)
    found = OnePass(table, after, read_off.name, **{k: tuple(v) for k, v in when.items()})
    return found if found.is_whole() else None


def _when(s: Equation, axis: str, names: Mapping[str, set[str]]) -> str:
    """When a statement can be computed: as soon as what it uses is there."""
    e, used = s.expression, names_used([s.expression])
    if used & (names["sums"] | names["after"]):
        return "after"
    if not used & names["along"]:
        return "before"
    if not e.has(sp.Sum):
        return "along" if list(map(axis_of, s.indices)) == [axis] else "after"
    summed = [axis_of(i) for i in bound_indices(e)] if isinstance(e, sp.Sum) else []
    return "sums" if summed == [axis] and not e.function.has(sp.Sum) else "after"
