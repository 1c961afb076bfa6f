"""The pass that names the exponentials of a softmax, shifted by their maximum or not, by the facts in `facts`.

A pass looks for a shape of expression, never for a loss. What it makes is proved equal to what it was
given (`prove_same`); a shape it does not recognise it leaves alone.
"""

from dataclasses import replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.context import Context, Definition
from w2v_verified.symbolic.indices import (
    bound_indices,
    canonical,
    free_indices,
    fresh,
    largest,
    total,
)
from w2v_verified.symbolic.naming import entry, free_name
from w2v_verified.symbolic.program import Program, prove_same


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

    def summed(self, e: Any) -> tuple[tuple[Any, ...], Any] | None:
        """For ``sum_k c exp(x[.., k, ..])``: the other indices, and the sum with e in place of exp(x)."""
        if not isinstance(e, sp.Sum) or len(e.limits) != 1:
            return None
        k = bound_indices(e)[0]
        found = [f for f in sp.Mul.make_args(e.function) if self.is_exponential(f)]
        if len(found) != 1 or found[0].args[0].indices[self.place] != k:
            return None
        rest = self.rest_of(found[0].args[0])
        if any(k in free_indices(i) for i in rest):
            return None
        if e.function == found[0]:
            return rest, entry(self.Z, rest)
        shifted = e.function / found[0] * entry(self.e, found[0].args[0].indices)
        return rest, total(k, shifted)


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

    If they are to be ``shifted``, SHIFT-LOG, SHIFT-RATIO and SHIFT-DIFFERENCE are applied on the way.
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
        stages, outputs = (
            tuple(replace(d, expression=canonical(_named(fresh(d.expression), softmax))) for d in part)
            for part in (program.stages, program.outputs)
        )
        facts = ("SHIFT-LOG", "SHIFT-RATIO", "SHIFT-DIFFERENCE") if shifted else ()
        softmaxes = (*program.softmaxes, softmax)
        after = Program(stages, program.helpers + helpers, outputs, (*program.facts, *facts), softmaxes)
        prove_same(program, after, context)
        program = after
    return program


def _named(e: Any, softmax: Softmax) -> Any:
    if isinstance(e, sp.log):
        found = softmax.summed(e.args[0])
        if found is not None:
            rest, z = found
            return entry(softmax.m, rest) + sp.log(z) if softmax.shifted else sp.log(z)
    if not e.args or isinstance(e, sp.Indexed):
        return e
    if isinstance(e, sp.Mul):
        e = _named_ratio(e, softmax)
    e = e.func(*[_named(a, softmax) for a in e.args]) if e.args else e
    return _shifted_difference(e, softmax) if isinstance(e, sp.Add) and softmax.shifted else e


def _named_ratio(e: Any, softmax: Softmax) -> Any:
    """As many exponentials, or sums of them, above the line as below it."""
    for below in e.args:
        found = softmax.summed(below.base) if isinstance(below, sp.Pow) and below.exp.is_Integer else None
        if found is None or below.exp > 0:
            continue
        above = [(f, _numerator(f, found[0], softmax)) for f in e.args if f != below]
        named = [(f, new) for f, new in above if new is not None]
        if len(named) == -below.exp:
            rest = e / below / sp.Mul(*(f for f, _ in named))
            return rest * sp.Mul(*(new for _, new in named)) * found[1] ** below.exp
    return e


def _numerator(e: Any, rest: tuple[Any, ...], softmax: Softmax) -> Any:
    """``exp(x)``, or a sum with such a factor, with the named exponential instead; None if it is neither."""
    if softmax.is_exponential(e):
        x = e.args[0]
        return entry(softmax.e, x.indices) if softmax.rest_of(x) == rest else None
    found = softmax.summed(e)
    return found[1] if found is not None and found[0] == rest else None


def _shifted_difference(e: Any, softmax: Softmax) -> Any:
    """``c m - c x[n] = -c (x[n] - m)``."""
    for term in e.args:
        for x in term.atoms(sp.Indexed):
            if x.base.label.name != softmax.stage.name or not term.has(x):
                continue
            coefficient = term.coeff(x)
            m = entry(softmax.m, softmax.rest_of(x))
            if coefficient * x == term and -coefficient * m in e.args:
                rest = e - term + coefficient * m
                return _shifted_difference(rest + coefficient * entry(softmax.s, x.indices), softmax)
    return e
