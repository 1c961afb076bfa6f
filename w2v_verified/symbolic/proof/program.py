"""Programs: statements in the order they are computed, and the proof that one equals another."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy as sp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.domain import condition, conditions, objections
from w2v_verified.symbolic.algebra.normal import equal, normal
from w2v_verified.symbolic.algebra.rules import ALGEBRAIC
from w2v_verified.symbolic.algebra.work import OF_A_PROGRAM, extent, limited, spend
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.language.indices import (
    axis_of,
    canonical,
    free_indices,
    fresh,
    is_pointer,
    label_of,
    name_of,
    numbered_apart,
    substitute,
)
from w2v_verified.symbolic.language.intervals import POSITIVE
from w2v_verified.symbolic.language.naming import entry
from w2v_verified.symbolic.language.operators import Choose, Largest
from w2v_verified.symbolic.proof.facts import FACTS
from w2v_verified.symbolic.proof.softmax import Softmax


@dataclass(frozen=True)
class Program:
    """``stages`` are the author's; ``outputs`` are the loss and the derivatives; ``helpers`` name parts.

    Of the helpers named in ``shifts`` nothing may be used but that they are numbers, of those in ``scales`` that they
    are positive. ``dropped`` says which rewritten forms of it were not proved, and so not used.
    """

    stages: tuple[Equation, ...]
    helpers: tuple[Equation, ...]
    outputs: tuple[Equation, ...]
    facts: tuple[str, ...] = ()
    softmaxes: tuple[Softmax, ...] = ()
    shifts: frozenset[str] = frozenset()
    scales: frozenset[str] = frozenset()
    dropped: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def statements(self) -> tuple[Equation, ...]:
        """All statements, every name assigned before it is used."""
        left = [*self.stages, *self.helpers, *self.outputs]
        done: list[Equation] = []
        while left:
            waiting = {s.name for s in left}
            ready = next((s for s in left if not names_used([s.expression]) & waiting), None)
            if ready is None:
                raise ProofError(f"{left[0].name}: defined in terms of itself")
            left.remove(ready)
            done.append(ready)
        return tuple(done)

    @property
    def names(self) -> frozenset[str]:
        """The names the program assigns."""
        return frozenset(s.name for s in (*self.stages, *self.helpers, *self.outputs))


def without_idle_helpers(program: Program) -> Program:
    """The program without helpers that nothing is computed from."""
    return computing(program, [s.name for s in (*program.stages, *program.outputs)])


def computing(program: Program, wanted: Collection[str]) -> Program:
    """The program without the statements that nothing ``wanted`` is computed from."""
    needed = set(wanted)
    for s in reversed(program.statements):
        needed |= names_used([s.expression]) if s.name in needed else set()

    def kept(part: Iterable[Equation]) -> tuple[Equation, ...]:
        return tuple(s for s in part if s.name in needed)

    return replace(
        program, stages=kept(program.stages), helpers=kept(program.helpers), outputs=kept(program.outputs)
    )


def opened(program: Program, names: set[str]) -> Program:
    """The program with the statements ``names`` among its helpers, so that a proof unfolds them."""
    helpers = tuple(s for s in (*program.stages, *program.outputs) if s.name in names)
    return replace(
        program,
        stages=tuple(s for s in program.stages if s.name not in names),
        helpers=(*program.helpers, *helpers),
        outputs=(
            *(s for s in program.outputs if s.name not in names),
            *(Equation(f"{s.name} itself", s.indices, entry(s.name, s.indices)) for s in helpers),
        ),
    )


def one_way(expression: Any, context: Context) -> Any:
    """``expression`` with every choice made one way, where it is proved that the other gives the same.

    The two are compared where the choice stands, entry by entry, so that a sum may choose differently at each place.

    Raises:
        ProofError: They are not proved equal.
    """
    while True:
        choices = [
            c for c in expression.atoms(Choose) if not (c.args[2].has(Choose) or c.args[3].has(Choose))
        ]
        if not choices:
            return expression
        for choice in sorted(choices, key=sp.default_sort_key):
            if not equal(choice.args[2], choice.args[3], context):
                raise ProofError("the two branches of a choice are not proved equal")
            expression = expression.xreplace({choice: choice.args[2]})


def proved(before: Program, after: Program, context: Context) -> Program:
    """``after`` if it is proved to compute what ``before`` does; ``before`` if it is not, which says so."""
    try:
        prove_same(before, after, context)
    except ProofError as error:
        return replace(before, dropped=(*before.dropped, str(error)))
    return replace(after, dropped=before.dropped)


def prove_same(before: Program, after: Program, context: Context) -> None:
    """Prove that ``after`` computes what ``before`` does, and that all of it is defined.

    The outputs and stages must be the same, each with the same indices over the same axes and equal entry by entry,
    whichever way a choice goes. Shifts stay what they are, arbitrary numbers, and scales arbitrary positive ones:
    equality must hold for every one of them, whatever it is defined to be. That is enough because the first program of
    a row of proofs, the derived one, has none.

    Raises:
        ProofError: It is not proved; the message says of which output.
    """
    try:
        with limited(OF_A_PROGRAM):
            _prove_same(before, after, context)
    except RecursionError:
        raise ProofError("a rewritten form is nested too deeply to be proved equal") from None


def _prove_same(before: Program, after: Program, context: Context) -> None:
    unknown = [f for f in after.facts if f not in FACTS]
    if unknown:
        raise ProofError(f"{unknown[0]}: no such fact; known: {', '.join(FACTS)}")
    _check_outputs(before, after)
    _check_names(before, after, context.given)
    scales = dict.fromkeys(_positive(before, after, context), POSITIVE)
    context = replace(context, ranges={**context.ranges, **scales})
    unfoldings = _Unfolding(before, context), _Unfolding(after, context)
    _check_defined(before, after, context, *unfoldings)
    proving = context.allowing(*ALGEBRAIC)
    known = {s.name: s for s in (*before.stages, *before.outputs)}
    for new in (*after.stages, *after.outputs):
        old = known[new.name]
        renamed = substitute(new.expression, dict(zip(new.indices, old.indices, strict=True)))
        sides = tuple(zip(unfoldings, (old.expression, renamed), strict=True))
        try:
            one, other = (u.written_out(e) for u, e in sides)
            if one == other:
                continue
            one, other = (u.of(e) for u, e in sides)
            same = equal(one, other, proving)
        except ProofError as error:
            raise ProofError(
                f"{new.name}: the rewritten form is not proved equal to the derived one: {error}"
            ) from None
        if not same:
            raise ProofError(f"{new.name}: the rewritten form is not proved equal to the derived one")


def _positive(before: Program, after: Program, context: Context) -> set[str]:
    """The helpers that a proof may take for positive numbers and no more: scales, each positive by its definition.

    Raises:
        ProofError: One is not known to be.
    """
    scales = before.scales | after.scales
    found = set()
    for program in (before, after):
        known = context.defining(*program.statements)
        for h in program.helpers:
            if h.name in scales:
                if not known.positive(h.expression):
                    raise ProofError(f"{h.name}: not known to be positive")
                found.add(h.name)
    return found


def _check_outputs(before: Program, after: Program) -> None:
    """The same stages and outputs with the same indices."""
    for what in ("stages", "outputs"):
        old, new = ({s.name: s.indices for s in getattr(p, what)} for p in (before, after))
        for name in [*(n for n in old if n not in new), *(n for n in new if n not in old)]:
            raise ProofError(f"{name}: {'computed no more' if name in old else 'was not computed before'}")
        for name, indices in old.items():
            axes = [list(map(axis_of, i)) for i in (indices, new[name])]
            if axes[0] != axes[1]:
                raise ProofError(f"{name}: expected one index over each of {axes[0]}, got {axes[1]}")


def _check_names(before: Program, after: Program, given: frozenset[str]) -> None:
    """Each name is given once, to nothing that has one, and is used with as many indices; each index is bound."""
    every = (*after.stages, *after.helpers, *after.outputs)
    names = Counter(s.name for s in every)
    given = given | (names_used(s.expression for s in before.statements) - before.names)
    letters = {name_of(i) for s in every for i in s.indices}
    ranks = dict(pair for s in before.statements for pair in _ranks(s.expression))
    ranks |= {s.name: len(s.indices) for s in every}
    for s in every:
        if names[s.name] > 1 or s.name in given | letters:
            raise ProofError(f"{s.name}: the name of something else")
        free = {i for i in free_indices(s.expression) if not is_pointer(i)}
        if len(set(s.indices)) < len(s.indices) or not free <= set(s.indices):
            raise ProofError(f"{s.name}: expected an expression of its own indices, each of them once")
        unknown = names_used([s.expression]) - given - set(names)
        unknown |= {name for name, rank in _ranks(s.expression) if ranks.get(name, rank) != rank}
        if unknown:
            raise ProofError(f"{s.name}: {min(unknown)} is not known, or has other indices")


def _ranks(expression: Any) -> set[tuple[str, int]]:
    """The arrays and scalars that occur, with the number of their indices."""
    entries = expression.atoms(sp.Indexed)
    scalars = expression.atoms(sp.Symbol) - {x.base.label for x in entries}
    return {(label_of(x), len(x.indices)) for x in entries} | {(x.name, 0) for x in scalars}


def _check_defined(
    before: Program, after: Program, context: Context, old: "_Unfolding", new: "_Unfolding"
) -> None:
    """Whatever has a condition meets it, by its form or because the same stood in the program before."""
    known = context.defining(*after.statements)
    every = {c for b in before.statements for c in conditions(b.expression)}
    written: set[tuple[str, Any]] | None = None
    stood: set[tuple[str, Any]] | None = None
    for s in after.statements:
        for e, reason in objections(s.expression, known):
            what = condition(e)
            if what is not None:
                kinds = ("positive", what[0])
                if written is None:
                    written = {(kind, old.written_out(x)) for kind, x in every}
                if any((kind, new.written_out(what[1])) in written for kind in kinds):
                    continue
                if stood is None:
                    stood = {(kind, old.of(x)) for kind, x in every}
                if any((kind, new.of(what[1])) in stood for kind in kinds):
                    continue
            raise ProofError(f"{s.name}: {reason}")


class _Unfolding:
    """Unfolds a program's own helpers; shifts and stages are left as they are, choices are made."""

    def __init__(self, program: Program, context: Context) -> None:
        self.helpers = {
            h.name: h
            for h in program.helpers
            if not h.expression.has(Largest) and h.name not in program.shifts | program.scales
        }
        self.proving = context.defining(*self.helpers.values()).allowing("UNFOLD", *ALGEBRAIC)
        self.bare = context.bare

    @cached_property
    def _known(self) -> Context:
        made = [replace(h, expression=one_way(h.expression, self.proving)) for h in self.helpers.values()]
        return self.bare.defining(*made).allowing("UNFOLD", *ALGEBRAIC)

    def of(self, expression: Any) -> Any:
        """``expression`` in normal form with the helpers unfolded."""
        return normal(one_way(expression, self.proving), self._known)

    def written_out(self, expression: Any) -> Any:
        """``expression`` as it is, with what the helpers stand for in their place."""
        while names_used([expression]) & set(self.helpers):
            with numbered_apart(expression):
                apart = fresh(expression)
                used = {x for x in apart.atoms(sp.Indexed, sp.Symbol) if self._is_use(x)}
                spend(extent(apart) + sum(extent(self.helpers[label_of(x)].expression) for x in used))
                expression = canonical(apart.xreplace({x: self._meaning(x) for x in used}))
        return canonical(expression)

    def _is_use(self, x: Any) -> bool:
        known = self.helpers.get(label_of(x))
        return known is not None and isinstance(x, sp.Indexed) == bool(known.indices)

    def _meaning(self, x: Any) -> Any:
        known = self.helpers[label_of(x)]
        at = x.indices if isinstance(x, sp.Indexed) else ()
        return substitute(known.expression, dict(zip(known.indices, at, strict=True)))
