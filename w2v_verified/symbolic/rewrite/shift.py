"""The pass that names the exponentials of a softmax, shifted by their maximum or not, by the facts in `facts`.

A pass looks for a shape of expression, never for a loss. What it makes is proved equal to what it was
given (`prove_same`); a shape it does not recognise it leaves alone.
"""

from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import (
    axis_of,
    canonical,
    fresh,
    largest,
    size,
    total,
)
from w2v_verified.symbolic.language.naming import entry
from w2v_verified.symbolic.proof.driver import Rewriting
from w2v_verified.symbolic.proof.program import Program, proved
from w2v_verified.symbolic.proof.softmax import Softmax, Weighted


def _softmaxes(program: Program, taken: frozenset[str], shifted: bool) -> list[Softmax]:
    """One `Softmax` for every stage and place whose exponentials are added up in a logarithm, or below a line."""
    sums = {
        e.args[0]
        for d in program.statements
        for e in d.expression.atoms(sp.log, sp.Pow)
        if isinstance(e, sp.log) or e.exp.could_extract_minus_sign()
    }
    found = [
        (stage, place)
        for stage in program.stages
        for place in range(len(stage.indices))
        if any(Softmax(stage, place, taken, shifted).whole(s) is not None for s in sums)
    ]
    names = taken | program.names
    softmaxes: list[Softmax] = []
    for stage, place in found:
        softmaxes.append(Softmax(stage, place, names, shifted, len(found) == 1))
        names |= softmaxes[-1].names
    return softmaxes


def name_exponentials(program: Program, context: Context, taken: frozenset[str], shifted: bool) -> Program:
    """Names for the exponentials of a stage and their sum wherever they are added up.

    If they are to be ``shifted``, by SHIFT-LOG, SHIFT-RATIO and SHIFT-RATIO-OF-SUMS.
    """
    for softmax in _softmaxes(program, taken, shifted):
        if shifted and not context.positive(size(axis_of(softmax.index))):
            continue  # there is no largest of none
        x = entry(softmax.stage.name, softmax.stage.indices)
        all_indices, rest = softmax.stage.indices, softmax.rest
        shift = (
            Equation(softmax.m, rest, canonical(largest(softmax.index, x))),
            Equation(softmax.s, all_indices, x - entry(softmax.m, rest)),
        )
        helpers = (
            *(shift if shifted else ()),
            Equation(softmax.e, all_indices, sp.exp(entry(softmax.s, all_indices))),
            Equation(softmax.Z, rest, canonical(total(softmax.index, entry(softmax.e, all_indices)))),
        )
        naming = _Naming(softmax, Rewriting())
        stages, outputs = (
            tuple(replace(d, expression=canonical(naming.of(fresh(d.expression)))) for d in part)
            for part in (program.stages, program.outputs)
        )
        facts = tuple(dict.fromkeys((*program.facts, *naming.rewriting.applied)))
        softmaxes = (*program.softmaxes, softmax)
        after = replace(
            program,
            stages=stages,
            helpers=program.helpers + helpers,
            outputs=outputs,
            facts=facts,
            softmaxes=softmaxes,
        )
        program = proved(program, after, context)
    return program


@dataclass(frozen=True)
class _Naming:
    """Finds the places where the exponentials of a softmax stand."""

    softmax: Softmax
    rewriting: Rewriting

    def of(self, e: Any) -> Any:
        softmax = self.softmax
        if isinstance(e, sp.log):
            found = softmax.whole(e.args[0])
            if found is not None:
                return self._put("SHIFT-LOG", e, found)
        if not e.args or isinstance(e, sp.Indexed):
            return e
        if isinstance(e, sp.Mul):
            e = self._ratio(e)
        e = e.func(*[self.of(a) for a in e.args]) if e.args else e
        return _shifted_difference(e, softmax) if isinstance(e, sp.Add) and softmax.shifted else e

    def _put(self, fact: str, e: Any, below: Weighted, **further: Any) -> Any:
        """``e`` with names, by a fact if they are shifted."""
        softmax = self.softmax
        if not softmax.shifted:
            return softmax.named(e)
        values = {
            "x": lambda i: entry(softmax.stage.name, softmax.at(below.rest, i)),
            "a": below.at,
            "m": entry(softmax.m, below.rest),
        }
        axes = {"V": axis_of(softmax.index)}
        return self.rewriting.apply(fact, e, {**values, **further}, axes, named=softmax.named)

    def _ratio(self, e: Any) -> Any:
        """As many exponentials, or sums of them, above the line as below it."""
        for below in e.args:
            found = (
                self.softmax.whole(below.base) if isinstance(below, sp.Pow) and below.exp.is_Integer else None
            )
            if found is None or below.exp > 0:
                continue
            above = [f for f in e.args if f != below and self._over(f, found)]
            if len(above) == -below.exp:
                for f in above:
                    e = self._quotient(e, f, found)
        return e

    def _over(self, e: Any, below: Weighted) -> bool:
        """Whether ``e`` is ``exp(x)``, or a sum of such, at the indices of what it stands over."""
        if self.softmax.is_exponential(e):
            return self.softmax.rest_of(e.args[0]) == below.rest
        found = self.softmax.summed(e)
        return found is not None and found.rest == below.rest

    def _quotient(self, e: Any, above: Any, below: Weighted) -> Any:
        if self.softmax.is_exponential(above):
            return self._put("SHIFT-RATIO", e, below, h=above.args[0])
        weighted = self.softmax.summed(above)
        assert weighted is not None
        return self._put("SHIFT-RATIO-OF-SUMS", e, below, b=weighted.at)


def _shifted_difference(e: Any, softmax: Softmax) -> Any:
    """``c m - c x[n] = -c (x[n] - m)``."""
    for term in e.args:
        for x in term.atoms(sp.Indexed):
            if x.base.label.name != softmax.stage.name:
                continue
            coefficient = term.coeff(x)
            m = entry(softmax.m, softmax.rest_of(x))
            if coefficient * x == term and -coefficient * m in e.args:
                rest = e - term + coefficient * m
                return _shifted_difference(rest + coefficient * entry(softmax.s, x.indices), softmax)
    return e
