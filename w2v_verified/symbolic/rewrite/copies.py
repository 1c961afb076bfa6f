"""The pass that reads a derivative where it is, if that is an argument, a number or another derivative as it stands.

A sum passes on what it is given: its derivative by a term is that of the sum. A copy of it would be an array and a pass
more. What the pass makes is proved equal to what it is given.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import canonical, fresh, label_of, substitute
from w2v_verified.symbolic.proof.program import Program, prove_same


def without_copies(program: Program, wanted: Collection[str], context: Context) -> Program:
    """The program without derivatives that are a number, or all of an array as it is: what reads them reads that.

    What is ``wanted`` is computed all the same.
    """
    while copies := {s.name: s for s in program.outputs if s.name not in wanted and _is_copy(s)}:
        program = _without(program, copies, context)
    return program


def _without(program: Program, copies: dict[str, Equation], context: Context) -> Program:
    kept = tuple(s for s in program.outputs if s.name not in copies)
    before = replace(program, helpers=(*program.helpers, *copies.values()), outputs=kept)

    def read(s: Equation) -> Equation:
        e = fresh(s.expression)
        while used := [x for x in e.atoms(sp.Indexed, sp.Symbol) if _is_of(copies.get(label_of(x)), x)]:
            e = e.xreplace({x: _meaning(copies[label_of(x)], x) for x in used})
        return replace(s, expression=canonical(e))

    stages, helpers, outputs = (tuple(map(read, part)) for part in (program.stages, program.helpers, kept))
    after = replace(program, stages=stages, helpers=helpers, outputs=outputs)
    prove_same(before, after, context)
    return after


def _is_copy(s: Equation) -> bool:
    e = s.expression
    if isinstance(e, sp.Indexed):
        return bool(e.indices == s.indices)
    return bool(e.is_Number or (isinstance(e, sp.Symbol) and not s.indices))


def _is_of(copied: Equation | None, entry_: Any) -> bool:
    """Whether this is an entry of the copy, and not the name within an entry."""
    return copied is not None and isinstance(entry_, sp.Indexed) == bool(copied.indices)


def _meaning(copied: Equation, entry_: Any) -> Any:
    at = entry_.indices if isinstance(entry_, sp.Indexed) else ()
    return substitute(copied.expression, dict(zip(copied.indices, at, strict=True)))
