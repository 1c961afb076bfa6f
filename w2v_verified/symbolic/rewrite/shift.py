"""The pass that names the exponentials of a softmax, shifted by their maximum or not, by the facts in `facts`.

A pass looks for a shape of expression, never for a loss. What it makes is proved equal to what it was
given (`prove_same`); a shape it does not recognise it leaves alone.
"""

from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context, Definition
from w2v_verified.symbolic.language.indices import (
    axis_of,
    bound_indices,
    canonical,
    free_indices,
    fresh,
    label_of,
    largest,
    total,
)
from w2v_verified.symbolic.language.naming import entry, free_name
from w2v_verified.symbolic.proof.driver import Rewriting
from w2v_verified.symbolic.proof.program import Program, prove_same


class Softmax:
    """Exponentials of a stage ``x`` that are summed over its index at ``place``.

    ``e = exp(s)`` where ``s = x - m`` with the largest ``x``, or ``x`` itself if they are not ``shifted``.
    """

    def __init__(
        self, stage: Definition, place: int, taken: frozenset[str], shifted: bool, alone: bool = True
    ) -> None:
        def name(wanted: str) -> str:
            plain = alone and wanted not in taken
            return wanted if plain else free_name(f"{wanted}_{stage.name}", taken)

        self.stage, self.place, self.shifted = stage, place, shifted
        self.index = stage.indices[place]
        self.rest = stage.indices[:place] + stage.indices[place + 1 :]
        self.m, self.s, self.e, self.Z, self.R = map(name, ("m", "s", "e", "Z", "R"))
        self.s = self.s if shifted else stage.name
        self.others, self.hits = name("others"), name("hits")
        self.names = frozenset({self.m, self.s, self.e, self.Z, self.R, self.others, self.hits})

    def rest_of(self, x: Any) -> tuple[Any, ...]:
        """The indices of an entry of the stage without the one that is summed over."""
        return tuple(x.indices[: self.place] + x.indices[self.place + 1 :])

    def at(self, rest: tuple[Any, ...], position: Any) -> tuple[Any, ...]:
        """Indices of an entry of the stage."""
        return (*rest[: self.place], position, *rest[self.place :])

    def is_exponential(self, e: Any) -> bool:
        """Whether ``e`` is ``exp(x[...])``."""
        return (
            isinstance(e, sp.exp)
            and isinstance(e.args[0], sp.Indexed)
            and e.args[0].base.label.name == self.stage.name
        )

    def summed(self, e: Any) -> "Weighted | None":
        """``sum_k a[k] exp(x[.., k, ..])`` as what it is; None if it is none."""
        if not isinstance(e, sp.Sum) or len(e.limits) != 1:
            return None
        k = bound_indices(e)[0]
        found = [f for f in sp.Mul.make_args(e.function) if self.is_exponential(f)]
        if len(found) != 1 or found[0].args[0].indices[self.place] != k:
            return None
        rest = self.rest_of(found[0].args[0])
        return None if any(k in free_indices(i) for i in rest) else Weighted(rest, k, e.function / found[0])

    def named(self, e: Any) -> Any:
        """``e`` with names for the exponentials, shifted or not, and for their sum."""
        found = {}
        for f in e.atoms(sp.exp):
            for x in f.args[0].atoms(sp.Indexed):
                shift = entry(self.m, self.rest_of(x)) if self.shifted else 0
                if label_of(x) == self.stage.name and f.args[0] == x - shift:
                    found[f] = entry(self.e, x.indices)
        e = e.xreplace(found)
        totals = {}
        for s in e.atoms(sp.Sum):
            k, x = bound_indices(s)[0], s.function
            if (
                len(s.limits) == 1
                and isinstance(x, sp.Indexed)
                and label_of(x) == self.e
                and x.indices[self.place] == k
            ):
                totals[s] = entry(self.Z, self.rest_of(x))
        return e.xreplace(totals)


@dataclass(frozen=True)
class Weighted:
    """A sum over ``index`` of exponentials of a stage at the other indices ``rest``, each times ``weight``."""

    rest: tuple[Any, ...]
    index: Any
    weight: Any

    def at(self, i: Any) -> Any:
        """The weight at an index."""
        return self.weight.xreplace({self.index: i})


def _softmaxes(program: Program, taken: frozenset[str], shifted: bool) -> list[Softmax]:
    """One `Softmax` for every stage and place whose exponentials are added up somewhere."""
    sums = {s for d in program.statements for s in d.expression.atoms(sp.Sum)}
    found = [
        (stage, place)
        for stage in program.stages
        for place in range(len(stage.indices))
        if any(Softmax(stage, place, taken, shifted).summed(s) is not None for s in sums)
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
        x = entry(softmax.stage.name, softmax.stage.indices)
        all_indices, rest = softmax.stage.indices, softmax.rest
        shift = (
            Definition(softmax.m, rest, canonical(largest(softmax.index, x))),
            Definition(softmax.s, all_indices, x - entry(softmax.m, rest)),
        )
        helpers = (
            *(shift if shifted else ()),
            Definition(softmax.e, all_indices, sp.exp(entry(softmax.s, all_indices))),
            Definition(softmax.Z, rest, canonical(total(softmax.index, entry(softmax.e, all_indices)))),
        )
        naming = _Naming(softmax, Rewriting())
        stages, outputs = (
            tuple(replace(d, expression=canonical(naming.of(fresh(d.expression)))) for d in part)
            for part in (program.stages, program.outputs)
        )
        facts = tuple(dict.fromkeys((*program.facts, *naming.rewriting.applied)))
        softmaxes = (*program.softmaxes, softmax)
        after = Program(stages, program.helpers + helpers, outputs, facts, softmaxes)
        prove_same(program, after, context)
        program = after
    return program


@dataclass(frozen=True)
class _Naming:
    """Finds the places where the exponentials of a softmax stand."""

    softmax: Softmax
    rewriting: Rewriting

    def of(self, e: Any) -> Any:
        softmax = self.softmax
        if isinstance(e, sp.log):
            found = softmax.summed(e.args[0])
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
                self.softmax.summed(below.base)
                if isinstance(below, sp.Pow) and below.exp.is_Integer
                else None
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
