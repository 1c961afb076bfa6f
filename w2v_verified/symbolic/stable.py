"""Passes that give a derived program its stable form by the facts in `facts`.

A pass looks for a shape of expression, never for a loss. What it makes is proved equal to what it was
given (`prove_same`); a shape it does not recognise it leaves alone.
"""

from dataclasses import replace
from typing import Any

import sympy as sp

from w2v_verified.symbolic.context import Context, Definition
from w2v_verified.symbolic.functions import Choose, Largest, Log1p
from w2v_verified.symbolic.indices import (
    bound_indices,
    canonical,
    free_indices,
    fresh,
    is_pointer,
    name_of,
    total,
)
from w2v_verified.symbolic.program import Program, prove_same


def entry(name: str, indices: tuple[Any, ...]) -> Any:
    """``name[indices]`` for a name the passes introduced."""
    return sp.IndexedBase(sp.Symbol(name, real=True))[indices] if indices else sp.Symbol(name, real=True)


class Softmax:
    """Exponentials of a stage ``x`` that are summed over its index at ``place``."""

    def __init__(self, stage: Definition, place: int, taken: frozenset[str]) -> None:
        def name(wanted: str) -> str:
            return wanted if wanted not in taken else f"{wanted}_{stage.name}"

        self.stage, self.place = stage, place
        self.index = stage.indices[place]
        self.rest = stage.indices[:place] + stage.indices[place + 1 :]
        self.m, self.s, self.e, self.Z, self.R = map(name, ("m", "s", "e", "Z", "R"))
        self.others, self.own = name("others"), ""

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


def _softmaxes(program: Program, taken: frozenset[str]) -> list[Softmax]:
    """One `Softmax` for every stage and place whose exponentials some output adds up."""
    found: dict[tuple[str, int], Softmax] = {}
    for s in {s for o in program.outputs for s in o.expression.atoms(sp.Sum)}:
        for stage in program.stages:
            for place in range(len(stage.indices)):
                key = (stage.name, place)
                candidate = Softmax(stage, place, taken | program.names)
                if key not in found and candidate.summed(s) is not None:
                    found[key] = candidate
    return [found[key] for key in sorted(found)]


def shift(program: Program, context: Context, taken: frozenset[str]) -> Program:
    """SHIFT-LOG, SHIFT-RATIO and SHIFT-DIFFERENCE wherever exponentials of a stage are added up."""
    for softmax in _softmaxes(program, taken):
        x = entry(softmax.stage.name, softmax.stage.indices)
        all_indices, rest = softmax.stage.indices, softmax.rest
        helpers = (
            Definition(softmax.m, rest, canonical(Largest(total(softmax.index, x)))),
            Definition(softmax.s, all_indices, x - entry(softmax.m, rest)),
            Definition(softmax.e, all_indices, sp.exp(entry(softmax.s, all_indices))),
            Definition(softmax.Z, rest, canonical(total(softmax.index, entry(softmax.e, all_indices)))),
        )
        outputs = tuple(
            replace(o, expression=canonical(_shifted(fresh(o.expression), softmax))) for o in program.outputs
        )
        facts = (*program.facts, "SHIFT-LOG", "SHIFT-RATIO", "SHIFT-DIFFERENCE")
        after = Program(program.stages, program.helpers + helpers, outputs, facts)
        prove_same(program, after, context)
        program = after
    return program


def _shifted(e: Any, softmax: Softmax) -> Any:
    if isinstance(e, sp.log):
        found = softmax.summed(e.args[0])
        if found is not None:
            rest, z = found
            return entry(softmax.m, rest) + sp.log(z)
    if not e.args or isinstance(e, sp.Indexed):
        return e
    if isinstance(e, sp.Mul):
        e = _shifted_ratio(e, softmax)
    e = e.func(*[_shifted(a, softmax) for a in e.args]) if e.args else e
    return _shifted_difference(e, softmax) if isinstance(e, sp.Add) else e


def _shifted_ratio(e: Any, softmax: Softmax) -> Any:
    for above in e.args:
        if not softmax.is_exponential(above):
            continue
        for below in e.args:
            if isinstance(below, sp.Pow) and below.exp == -1:
                found = softmax.summed(below.base)
                if found is not None and found[0] == softmax.rest_of(above.args[0]):
                    return e / above / below * entry(softmax.e, above.args[0].indices) / found[1]
    return e


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


def set_aside(program: Program, context: Context, taken: frozenset[str]) -> Program:
    """SET-ASIDE, COMPLEMENT and LOG1P where one entry of a softmax is singled out by an index argument."""
    for softmax in _shifted_softmaxes(program, taken):
        target = _target(program, softmax)
        if target is None:
            continue
        label = target.base.label if isinstance(target, sp.Indexed) else target
        softmax.own = f"{softmax.e}_{name_of(label)}"
        rest, everywhere = softmax.rest, softmax.stage.indices
        e, own = entry(softmax.e, everywhere), entry(softmax.own, rest)
        away = 1 - sp.KroneckerDelta(softmax.index, target)
        helpers = [h for h in program.helpers if h.name != softmax.Z]
        helpers += [
            Definition(softmax.own, rest, entry(softmax.e, softmax.at(rest, target))),
            Definition(softmax.others, everywhere, away * e),
            Definition(softmax.R, rest, canonical(total(softmax.index, entry(softmax.others, everywhere)))),
            Definition(softmax.Z, rest, entry(softmax.R, rest) + own),
        ]
        outputs = tuple(
            replace(o, expression=canonical(_set_aside(fresh(o.expression), softmax, target)))
            for o in program.outputs
        )
        facts = (*program.facts, "SET-ASIDE", "COMPLEMENT", "LOG1P")
        after = Program(program.stages, tuple(helpers), outputs, facts)
        prove_same(program, after, context)
        program = after
    return program


def _shifted_softmaxes(program: Program, taken: frozenset[str]) -> list[Softmax]:
    stages = [s for s in program.stages if s.indices]
    candidates = [Softmax(s, p, taken) for s in stages for p in range(len(s.indices))]
    shifts = {h.name: h for h in program.helpers}
    return [c for c in candidates if c.Z in shifts and shifts[c.Z].indices == c.rest]


def _target(program: Program, softmax: Softmax) -> Any:
    """The index argument ``n`` of a term ``c log Z - c s[n]`` of the loss, in the stage's own indices."""
    loss = fresh(next(o.expression for o in program.outputs if o.name == "loss"))
    targets = set()
    for total_ in loss.atoms(sp.Add):
        for rest, position, _ in _log_ratios(total_, softmax):
            renaming = dict(zip(rest, softmax.rest, strict=True))
            target = position.xreplace(renaming)
            if is_pointer(position) and free_indices(target) <= {*softmax.rest, target}:
                targets.add(target)
    return targets.pop() if len(targets) == 1 else None


def _log_ratios(e: Any, softmax: Softmax) -> list[tuple[tuple[Any, ...], Any, Any]]:
    """The pairs of terms ``c log Z[rest]`` and ``-c s[rest, n]`` of a sum, as (rest, n, c)."""
    found = []
    for s in sorted(e.atoms(sp.Indexed), key=sp.default_sort_key):
        if s.base.label.name != softmax.s:
            continue
        rest = softmax.rest_of(s)
        log_z = sp.log(entry(softmax.Z, rest))
        coefficient = -e.coeff(s)
        if coefficient != 0 and coefficient * log_z in e.args and -coefficient * s in e.args:
            found.append((rest, s.indices[softmax.place], coefficient))
    return found


def _set_aside(e: Any, softmax: Softmax, target: Any) -> Any:
    if not e.args or isinstance(e, sp.Indexed):
        return e
    if isinstance(e, sp.Add):
        e = _log_set_aside(e, softmax, target)
        e = _complement(e, softmax, target)
    return (
        e
        if not isinstance(e, sp.Add | sp.Mul | sp.Sum)
        else e.func(*[_inside(a, softmax, target) for a in e.args])
    )


def _inside(e: Any, softmax: Softmax, target: Any) -> Any:
    return e if isinstance(e, sp.Tuple | Choose) else _set_aside(e, softmax, target)


def _log_set_aside(e: Any, softmax: Softmax, target: Any) -> Any:
    for rest, position, c in _log_ratios(e, softmax):
        if position != target.xreplace(dict(zip(softmax.rest, rest, strict=True))):
            continue
        log_z, s = sp.log(entry(softmax.Z, rest)), entry(softmax.s, softmax.at(rest, position))
        r, own = entry(softmax.R, rest), entry(softmax.own, rest)
        e = e - c * log_z + c * s + c * Choose(r, own, Log1p(r / own), log_z - s)
    return e


def _complement(e: Any, softmax: Softmax, target: Any) -> Any:
    """``c e[w] / Z - c [w = n]`` with the entry set aside."""
    for x in sorted(e.atoms(sp.Indexed), key=sp.default_sort_key):
        if x.base.label.name != softmax.e:
            continue
        rest, position = softmax.rest_of(x), x.indices[softmax.place]
        bracket = sp.KroneckerDelta(position, target.xreplace(dict(zip(softmax.rest, rest, strict=True))))
        z, r = entry(softmax.Z, rest), entry(softmax.R, rest)
        coefficient = e.coeff(x / z)
        if coefficient != 0 and coefficient * x / z in e.args and -coefficient * bracket in e.args:
            others = entry(softmax.others, x.indices)
            e = e - coefficient * x / z + coefficient * others / z
            e = e + coefficient * bracket - coefficient * bracket * r / z
    return e
