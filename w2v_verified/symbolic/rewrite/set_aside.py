"""The pass that keeps the sum of the others: SET-ASIDE, COMPLEMENT and LOG1P of the facts in `facts`.

Where a loss singles out one entry of a softmax by an index argument, 1 minus its probability is the sum
of the others over the total. The argument may have an index of its own that is summed over: then the others
are added up for each of its places.
"""

from dataclasses import replace

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import (
    canonical,
    fresh,
    is_pointer,
    label_of,
    running,
)
from w2v_verified.symbolic.language.naming import Namer, entry
from w2v_verified.symbolic.proof.program import Program, proved
from w2v_verified.symbolic.proof.softmax import Softmax
from w2v_verified.symbolic.rewrite.complement import complement, rewritten
from w2v_verified.symbolic.rewrite.singled_out import Target, log_ratios


def set_aside(program: Program, context: Context, namer: Namer) -> Program:
    """The pass: every shifted softmax of which the loss singles out one entry by an index argument."""
    for softmax in program.softmaxes:
        target = _target(program, softmax, namer)
        if target is None:
            continue
        written = [fresh(o.expression) for o in program.outputs]
        by = complement(target, written)
        outputs = tuple(
            replace(o, expression=canonical(rewritten(e, by)))
            for o, e in zip(program.outputs, written, strict=True)
        )
        at = target.indices
        own = Equation(target.shifted, at, entry(softmax.s, softmax.at(softmax.rest, target.pointer)))
        before = [h for h in program.helpers if h.name != softmax.Z]
        place = next(n for n, h in enumerate(before) if h.name == softmax.e)
        helpers = (
            *before[:place],
            *((own,) if softmax.shifted else ()),
            *before[place:],
            *by.helpers(),
        )
        facts = tuple(dict.fromkeys((*program.facts, *by.others.rewriting.applied)))
        after = replace(program, helpers=helpers, outputs=outputs, facts=facts)
        program = proved(program, after, context)
    return program


def _target(program: Program, softmax: Softmax, namer: Namer) -> Target | None:
    """What the loss singles out by terms ``c log Z - c s[n]``, if that is one index argument."""
    loss = fresh(next(o.expression for o in program.outputs if o.name == "loss"))
    targets = set()
    for e in loss.atoms(sp.Add):
        for rest, position, _ in log_ratios(e, softmax):
            renaming = dict(zip(rest, softmax.rest, strict=True))
            pointer = position.xreplace(renaming)
            extra = tuple(sorted(running(pointer) - set(softmax.rest), key=str))
            own = namer.indices(extra, softmax.rest)
            pointer = pointer.xreplace(dict(zip(extra, own, strict=True)))
            if is_pointer(position) and (not own or (len(own) == 1 and not softmax.rest)):
                targets.add((pointer, own))
    if len(targets) != 1:
        return None
    pointer, own = targets.pop()
    kept, shifted = (namer.name(f"{x}_{label_of(pointer)}") for x in (softmax.e, softmax.s))
    return Target(softmax, pointer, own, kept, shifted)
