"""How the generated function computes what was derived: its programs, and the facts that lead to them."""

from collections.abc import Iterable, Iterator

import numpy as np

from w2v_verified.runtime.elementwise import MODERATE
from w2v_verified.runtime.products import MANY
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.text import statement
from w2v_verified.symbolic.page.page import Block, Code, Listing, Paragraph, Table, Text, said
from w2v_verified.symbolic.page.prose import words
from w2v_verified.symbolic.plan.roads import Roads
from w2v_verified.symbolic.proof.facts import FACTS
from w2v_verified.symbolic.proof.program import Program

__all__ = ["computed"]

_FAR, _FAR_IN_SINGLE = (MODERATE[np.dtype(t)] for t in (np.float64, np.float32))


def computed(problem: Problem, roads: Roads, read_once: bool) -> Iterator[Block]:
    """Every road of the function."""
    safe, moderate, passing = roads.safe, roads.moderate, roads.one_pass
    if safe.facts:
        yield _said(
            "Equal over the real numbers, better in floating point. Each program was proved equal to the one "
            "above it, for every value of the shift and whichever way a choice goes."
        )
        yield _facts(safe.facts)
    else:
        yield _said("The generated function computes what was derived, in this order:")
    yield _program(problem, safe)
    if moderate is not None:
        yield _said(
            f"Where no value is far from 0 (within ±{_FAR:.0f} in double precision, ±{_FAR_IN_SINGLE:.0f} in "
            "single), exponentials are ordinary numbers and need no such care. Then this is computed "
            "instead, proved equal as well:"
        )
        new = [f for f in moderate.facts if f not in safe.facts]
        if new:
            yield _facts(new)
        yield _program(problem, moderate)
    if passing is not None and read_once:
        yield _said(
            f"Where {passing.table.name} has {MANY:,} entries or more, and values are moderate, it is read "
            f"once, a part of {passing.table.axis} at a time, and sums over {passing.table.axis} are added up "
            "part by part. For that, divisors leave a sum, and what an index argument singles out is computed by "
            "itself, proved equal as well:"
        )
        yield _program(problem, passing.split.program)


def _said(text: str) -> Paragraph:
    return Paragraph(said(text))


def _program(problem: Problem, program: Program) -> Listing:
    taken = problem.taken | program.names
    return Listing(tuple(statement(s, problem.letters, taken) for s in program.statements), "text")


def _facts(names: Iterable[str]) -> Table:
    head = tuple(map(said, ("fact", "instead of", "computed as", "why")))
    rows = []
    for row in map(FACTS.__getitem__, dict.fromkeys(names)):
        letting = (Text(" with "), Code(row.letting)) if row.letting else ()
        rows.append((said(row.name), (Code(row.left),), (Code(row.right), *letting), words(row.reason)))
    return Table(head, tuple(rows))
