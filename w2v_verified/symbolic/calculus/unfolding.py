"""The laws of a loss with all their calls unfolded: equalities as steps to prove, inequalities to be evaluated.

A call is unfolded to the derived program of what is called: its stages and gradients under names of their own, over the
axes that the law says, at the arguments that it says. A family of calls has the indices it is made over in front.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import sympy as sp

from w2v_verified.notation import LanguageError
from w2v_verified.notation.laws import Calling, ReadLaw
from w2v_verified.notation.syntax import Pointing, Statement
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.domain import Domain
from w2v_verified.symbolic.algebra.rules import ALGEBRAIC, WIDE
from w2v_verified.symbolic.algebra.work import Effort
from w2v_verified.symbolic.calculus.call_names import CallNames
from w2v_verified.symbolic.calculus.law_lines import Derived, HeldLine
from w2v_verified.symbolic.definition.arguments import Array, Position, signature_of
from w2v_verified.symbolic.definition.law import Law
from w2v_verified.symbolic.definition.problem import FURTHER_LETTERS
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import (
    canonical,
    fresh,
    index,
    is_pointer,
    name_of,
    pointer,
    table,
)
from w2v_verified.symbolic.language.intervals import REALS, Range
from w2v_verified.symbolic.language.naming import free_name, lettered_indices
from w2v_verified.symbolic.language.translate import Translator
from w2v_verified.symbolic.proof.drawing import Names
from w2v_verified.symbolic.proof.step import ProofStep

__all__ = ["Unfolding"]


class Unfolding:
    """All names of a law as equations, in its own axes."""

    def __init__(
        self, own: Derived, law: Law, read: ReadLaw, called: Callable[[str], Derived], effort: Effort
    ) -> None:
        self.own, self.law, self.read, self.called, self.effort = own, law, read, called, effort
        self.problem = own.problem
        self.ranges: dict[str, Range] = {
            **self.problem.ranges,
            **{a.name: a.range for a in self.law.letting if isinstance(a, Array)},
        }
        self.positions: dict[str, tuple[tuple[Any, ...], Any]] = {}
        self.known: dict[str, Equation] = {}
        self.names = {*self.read.signature.names, *self.problem.reserved, *self.problem.taken}
        signature = self.read.signature
        self.translator = Translator(
            frozenset(signature.least),
            {name: into for name, (_, into) in signature.pointers.items()},
            self.ranges,
        )
        self.letters = {
            **self.problem.letters,
            **{a.name: (*a.letters.split(), *FURTHER_LETTERS) for a in self.law.axes},
        }
        self._unfold()

    @cached_property
    def held(self) -> tuple[HeldLine, ...]:
        """Every line of the law, with the context it is proved in."""
        return tuple(self._lines())

    def _unfold(self) -> None:
        """Give every name a meaning, in the order in which they can be computed."""
        for step in self.read.steps:
            match step:
                case Statement():
                    self._define(step)
                case Pointing(target, bounds, position, _):
                    held = self.translator.position(position, {b.name: b.axis for b in bounds})
                    own = tuple(index(b.name, b.axis) for b in bounds)
                    self.positions[target] = own, self._pointed(held)
                case Calling():
                    self._call(step)

    def _lines(self) -> Iterator[HeldLine]:
        context = self._context()
        for relation in self.read.holds:
            over = tuple(index(b.name, b.axis) for b in relation.bounds)
            sides = []
            for side in (relation.left, relation.right):
                self._check(Statement("the law", relation.bounds, side, relation.text), context)
                sides.append(self._pointed(self.translator.expression(side, relation.bounds)))
            left, right = sides
            proof = self._proof(left, right, over, context) if relation.relation == "==" else None
            yield HeldLine(relation.text, relation.relation, left, right, over, context, self.values, proof)

    def _proof(self, left: Any, right: Any, over: tuple[Any, ...], context: Context) -> ProofStep:
        step = ProofStep(
            ("UNFOLD",), left, right, over, context, self.values, f"law: {self.law.name}", effort=self.effort
        )
        declared = (
            *(["ORTHOGONAL"] if context.orthogonal else []),
            *(["ONE-TO-ONE"] if context.one_to_one else []),
        )
        few = (("UNFOLD",), (*declared, "UNFOLD"), ("PICK", "UNFOLD"), ("PICK", *declared, "UNFOLD"))
        first = step.by_first(*dict.fromkeys(few))
        if first.follows:
            return first
        return step.by_least((*sorted(WIDE), *sorted(ALGEBRAIC - WIDE), *declared, "UNFOLD"))

    @cached_property
    def values(self) -> Names:
        """What has to be given values for a line to be evaluated: arguments that are not made, and the law's own."""
        made = self.read.given
        own, law = self.problem.signature, signature_of(self.law.axes, self.law.letting)
        return Names(
            {**{n: axes for n, axes in own.arrays.items() if n not in made}, **law.arrays},
            self.ranges,
            {**{n: held for n, held in own.pointers.items() if n not in made}, **law.pointers},
            self.letters,
            frozenset(a.name for a in self.law.letting if isinstance(a, Array) and a.orthogonal),
            frozenset(a.name for a in self.law.letting if isinstance(a, Position) and a.one_to_one),
            frozenset(self.read.signature.least),
        )

    def _context(self) -> Context:
        least = dict(self.read.signature.least)
        for own, into in self.values.pointers.values():
            if not own:
                least[into] = max(least[into], 1)
        return Context(
            {**least, **self.law.sizes},
            self.known,
            orthogonal=self.values.orthogonal,
            given=frozenset({*self.values.arrays, *self.values.pointers, *least}),
            ranges=self.ranges,
            one_to_one=self.values.one_to_one,
            fixed=self.law.sizes,
        )

    def _check(self, statement: Statement, context: Context) -> None:
        """See that what is written is defined."""
        domain = Domain(self.translator, context, self.letters, False)
        domain.check(statement, statement.text)

    def _define(self, statement: Statement) -> None:
        self._check(statement, self._context())
        own = tuple(index(b.name, b.axis) for b in statement.bounds)
        value = self._pointed(self.translator.expression(statement.expression, statement.bounds))
        self.known[statement.target] = Equation(statement.target, own, value)
        argument = next((a for a in self.problem.arrays if a.name == statement.target), None)
        if argument is not None and argument.range != REALS:
            self._see_that_it_lies_there(statement.target, argument)

    def _call(self, call: Calling) -> None:
        """Define what a call computes; what is called has names of its own there."""
        derived = self.called(call.of) if call.of else self.own
        family = tuple(index(b.name, b.axis) for b in call.bounds)
        new: dict[str, str] = {
            name: call.named(name) for name in (*call.callee.arguments, *call.callee.results)
        }
        for equation in derived.equations:
            if equation.name not in new:
                wanted = call.named(equation.name)
                new[equation.name] = wanted if not call.name else free_name(wanted, self.names)
                self.names.add(new[equation.name])
        if call.name:
            self._inherit(call, family)
        for name, argument in ((a.name, a) for a in derived.problem.arrays):
            if call.name and argument.range != REALS:
                self.ranges[new[name]] = argument.range
                self._see_that_it_lies_there(new[name], argument)
        renaming = CallNames(new, call, family, self.ranges)
        for equation in derived.equations:
            if not call.name:
                self.known[equation.name] = replace(equation, expression=self._pointed(equation.expression))
                continue
            apart = derived.problem.renamed(equation, family) if family else equation
            own = tuple(map(renaming.index, apart.indices))
            value = self._pointed(renaming.expression(apart.expression))
            self.known[new[equation.name]] = Equation(new[equation.name], (*family, *own), value)

    def _inherit(self, call: Calling, family: tuple[Any, ...]) -> None:
        """What is not said of the arguments of a call is the first call's."""
        signature = call.callee.signature
        taken = {*self.names, *(name_of(i) for i in family)}
        for name, axes in signature.arrays.items():
            if name not in call.given:
                own = lettered_indices(axes, self.letters, taken)
                base = self.translator.base(name)[own] if own else self.translator.scalar(name)
                self.known[call.named(name)] = Equation(call.named(name), (*family, *own), base)
        for name, (axes, into) in signature.pointers.items():
            if name not in call.given:
                own = lettered_indices(axes, self.letters, taken)
                position = table(name, into)[own] if own else pointer(name, into)
                self.positions[call.named(name)] = (*family, *own), self._pointed(position)

    def _see_that_it_lies_there(self, name: str, argument: Array) -> None:
        """See that what a law makes, or hands on, as an argument is what that has to be.

        Raises:
            LanguageError: That is not known.
        """
        if not self._context().range_of(self.known[name].expression).within(argument.range):
            raise LanguageError(
                f"law {self.law.name!r}: {name}: expected it to be {argument.admitted}, which is not known"
            )

    def _pointed(self, e: Any) -> Any:
        """``e`` with every index that is made from others put in its place."""
        e = fresh(e)
        replaced = {}
        for atom in e.atoms(sp.Indexed, sp.Symbol):
            symbol = atom.base.label if isinstance(atom, sp.Indexed) else atom
            if ":" not in symbol.name or name_of(symbol) not in self.positions:
                continue
            if isinstance(atom, sp.Symbol) and not is_pointer(atom):
                continue
            own, position = self.positions[name_of(symbol)]
            at = atom.indices if isinstance(atom, sp.Indexed) else ()
            replaced[atom] = position.xreplace(dict(zip(own, at, strict=True))) if own else position
        return self._pointed(e.xreplace(replaced)) if replaced else canonical(e)
