"""Everything that follows from one definition: gradients, closed forms, proofs, stable programs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from w2v_verified.notation import LanguageError, parse, resolve
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.domain import Domain
from w2v_verified.symbolic.algebra.rules import ALGEBRAIC, SWITCHES
from w2v_verified.symbolic.calculus.derive import Adjoint, derive
from w2v_verified.symbolic.definition.loss import Chain, Claim, Loss
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.definition.validate import check_name
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.language.functions import Slope
from w2v_verified.symbolic.language.indices import axis_of
from w2v_verified.symbolic.language.naming import Namer, entry, free_name
from w2v_verified.symbolic.language.text import statement
from w2v_verified.symbolic.proof.drawing import Names
from w2v_verified.symbolic.proof.program import Program
from w2v_verified.symbolic.proof.step import ProofStep
from w2v_verified.symbolic.rewrite.arrange import arrange
from w2v_verified.symbolic.rewrite.moderate import by_exponentials
from w2v_verified.symbolic.rewrite.one_pass import OnePass, one_pass
from w2v_verified.symbolic.rewrite.set_aside import set_aside
from w2v_verified.symbolic.rewrite.shift import name_exponentials
from w2v_verified.symbolic.rewrite.touched import touched_axis

_OVER = re.compile(r"\s*\w+\s+in\s+\w+\s*")


@dataclass(frozen=True)
class Derivation:
    """A loss with all that is derived from it; every part is computed when it is asked for."""

    loss: Loss

    @cached_property
    def problem(self) -> Problem:
        """The definition, translated and checked."""
        return Problem(self.loss)

    @cached_property
    def adjoints(self) -> tuple[Adjoint, ...]:
        """The derivatives by stages and arguments."""
        return derive(self.problem)

    @cached_property
    def derived(self) -> Program:
        """The definition and the derivatives as they come out of the calculus."""
        stages = self.problem.stages
        facts = dict.fromkeys((*self.problem.facts, *(f for a in self.adjoints for f in a.facts)))
        return Program(stages[:-1], (), (stages[-1], *(a.definition for a in self.adjoints)), tuple(facts))

    @cached_property
    def textbook(self) -> Program:
        """The derived program with exponentials shifted by the maximum."""
        return name_exponentials(self.derived, self.problem.context, self.problem.reserved, shifted=True)

    @cached_property
    def stable(self) -> Program:
        """The textbook program with the forms that keep relative accuracy."""
        problem = self.problem
        return set_aside(self.textbook, problem.context, self._namer(self.textbook))

    @cached_property
    def arranged(self) -> Program:
        """The stable program in statements of the kinds the emitter knows."""
        return self._arranged(self.stable)

    @cached_property
    def moderate(self) -> Program | None:
        """A shorter program, arranged, for values whose exponentials need no care; None if it has none."""
        problem = self.problem
        program = name_exponentials(self.derived, problem.context, problem.reserved, shifted=False)
        program = set_aside(program, problem.context, self._namer(program))
        program = by_exponentials(program, problem.context, problem.reserved)
        return None if program == self.derived else self._arranged(program)

    @cached_property
    def one_pass(self) -> OnePass | None:
        """The moderate program with one pass over a large table; None if it has none."""
        return None if self.moderate is None else one_pass(self.problem, self.moderate)

    def _arranged(self, program: Program) -> Program:
        problem = self.problem
        return arrange(program, problem.context, self._namer(program), touched_axis(problem, program))

    def _namer(self, program: Program) -> Namer:
        """One for what is made from a program."""
        problem = self.problem
        return Namer(problem.taken | program.names, problem.letters, reserved=problem.reserved)

    @cached_property
    def names(self) -> Names:
        """The arguments and the stages, as things that can be given values."""
        problem = self.problem
        arrays = {a.name: tuple(a.axes.split()) for a in problem.arrays}
        pointers = {p.name: (tuple(p.axes.split()), p.into) for p in problem.pointers}
        positive = frozenset(a.name for a in problem.arrays if a.positive)
        return Names(arrays, positive, pointers, problem.letters)

    @cached_property
    def context(self) -> Context:
        """The definition, its notation and the derived gradients."""
        return self.problem.context.defining(*(a.definition for a in self.adjoints))

    def steps(self) -> Iterator[ProofStep]:
        """Every step of the derivation, the claims and the chains of the document."""
        for adjoint in self.adjoints:
            yield from self.derivative_steps(adjoint)
        yield from self.claim_steps()
        for section in self.loss.sections:
            for chain in section.chains:
                yield from self.chain_steps(chain)

    def derivative_steps(self, adjoint: Adjoint) -> Iterator[ProofStep]:
        """DIFF and PICK for each use, and the chain rule's result against SymPy's derivative of the whole."""
        target = adjoint.definition
        for link in adjoint.links:
            over = tuple(dict.fromkeys((*link.stage.indices, *target.indices)))
            names = replace(self.names, held=self.problem.stages[:-1])
            context = Context(self.problem.context.least)
            every = tuple(sorted(ALGEBRAIC))
            slope = ProofStep((), link.slope, link.raw, over, context, names)
            yield slope.by_least(("DIFF",), (*every, "DIFF"))
            picking = ProofStep((), link.raw, link.collapsed, over, context, names)
            yield picking.by_least((), ("PICK",), every)
        whole = Slope(self.problem.stages[-1].expression, self.problem.entry(adjoint.of, target.indices))
        kept = self._stages_up_to(adjoint.of)
        held = {s.name for s in kept}
        known = {n: d for n, d in self.context.definitions.items() if n not in held}
        names = replace(self.names, held=kept)
        context = replace(self.context, definitions=known)
        rules = ("DIFF", "UNFOLD", *sorted(ALGEBRAIC))
        yield ProofStep(rules, whole, target.expression, target.indices, context, names)

    def _stages_up_to(self, name: str) -> tuple[Equation, ...]:
        """The stages that are variables, not functions, where the loss is differentiated by ``name``."""
        names = [s.name for s in self.problem.stages]
        count = names.index(name) + 1 if name in names else 0
        return self.problem.stages[:count]

    def claim_steps(self) -> Iterator[ProofStep]:
        """Each closed form claimed equals what was derived, or the loss: by any rules that are needed."""
        derived = {d.name: d for d in (self.problem.stages[-1], *(a.definition for a in self.adjoints))}
        for claim in self.loss.claims:
            stated = self._claimed(claim, derived)
            step = ProofStep(
                ("UNFOLD",),
                entry(stated.name, stated.indices),
                stated.expression,
                stated.indices,
                self.context,
                self.names,
                "closed form",
                derived=statement(derived[stated.name], self.problem.letters, self.problem.taken),
            )
            every = tuple(sorted(SWITCHES - {"UNFOLD", "ORTHOGONAL"}))
            yield step.by_least(("UNFOLD",), ("PICK", "UNFOLD"), (*every, "UNFOLD"))

    def _claimed(self, claim: Claim, derived: Mapping[str, Equation]) -> Equation:
        """What a claim states: one closed form, over the axes of what it is about.

        Raises:
            LanguageError: It is something else.
        """
        statements = self.loss.statements(claim.statement)
        if len(statements) != 1:
            raise LanguageError(
                f"{claim.statement!r}: expected one statement in a claim, got {len(statements)}"
            )
        (parsed,) = parse(statements).statements
        if parsed.target not in derived:
            raise LanguageError(f"{claim.statement}: expected a claim about one of {', '.join(derived)}")
        axes = tuple(map(axis_of, derived[parsed.target].indices))
        if axes != (got := tuple(bound.axis for bound in parsed.bounds)):
            raise LanguageError(
                f"{claim.statement}: expected {parsed.target} over {_listed(axes)}, got one over {_listed(got)}"
            )
        known = tuple(d for d in self.problem.context.definitions.values() if d.name != parsed.target)
        (stated,) = self.problem.definitions(claim.statement, known=known)
        return stated

    def chain_steps(self, chain: Chain) -> Iterator[ProofStep]:
        """The equalities of a chain, each by the rules its author names."""
        letting = {name: tuple(axes.split()) for name, axes in chain.letting.items()}
        orthogonal = frozenset(chain.orthogonal.split())
        if not chain.steps:
            raise LanguageError(f"{chain.start}: expected a chain of one step at least")
        self._check_letting(letting, orthogonal)
        expressions = [self.expression(chain, e) for e in (chain.start, *(s.expression for s in chain.steps))]
        names = replace(self.names, arrays={**self.names.arrays, **letting}, orthogonal=orthogonal)
        context = replace(self.context, orthogonal=orthogonal)
        for n, step in enumerate(chain.steps):
            (before, over), (after, _) = expressions[n], expressions[n + 1]
            rules = tuple(step.rules.split())
            yield ProofStep(rules, before, after, over, context, names, step.reason, cited=True)

    def _check_letting(self, letting: Mapping[str, tuple[str, ...]], orthogonal: frozenset[str]) -> None:
        axes = {a.name for a in self.loss.axes}
        known = {*self.names.arrays, *self.names.pointers, *self.context.definitions, *axes}
        for name, over in letting.items():
            check_name("letting", name)
            if name in known:
                raise LanguageError(f"letting {name}: the name of something else")
            for axis in over:
                if axis not in axes:
                    raise LanguageError(f"letting {name}: there is no axis {axis}")
        arrays = {**self.names.arrays, **letting}
        for name in sorted(orthogonal):
            if len(own := arrays.get(name, ())) != 2 or own[0] != own[1]:
                raise LanguageError(
                    f"orthogonal {name}: expected a square array, got one over {_listed(own)}"
                )

    def expression(self, chain: Chain, text: str) -> tuple[Any, tuple[Any, ...]]:
        """An expression of a chain, and the free indices it has."""
        problem = self.problem
        axes = [a.name for a in self.loss.axes]
        if not all(_OVER.fullmatch(part) for part in chain.over.split(",") if chain.over):
            raise LanguageError(f"over {chain.over!r}: expected 'index in axis', separated by commas")
        known = {*self.names.arrays, *self.names.pointers, *self.context.definitions, *axes, *chain.letting}
        target = free_name("chain", known)
        target = f"{target}[{chain.over}]" if chain.over else target
        program = parse([f"{target} = {text}"])
        arrays = dict(self.names.arrays)
        arrays |= {d.name: tuple(map(axis_of, d.indices)) for d in self.context.definitions.values()}
        arrays |= {name: tuple(axes.split()) for name, axes in chain.letting.items()}
        resolve(program, axes, arrays, dict(self.names.pointers), ())
        variables = problem.variables(self.context.definitions.values()) | set(chain.letting)
        domain = Domain(problem.translator, self.context, problem.letters, False, variables)
        domain.check(program.statements[0], text)
        stated = problem.definition(program.statements[0])
        return stated.expression, stated.indices


def _listed(axes: tuple[str, ...]) -> str:
    return ", ".join(axes) or "no axis"


def replay(derivation: Derivation) -> tuple[int, list[str]]:
    """Re-check every step and the proofs of all programs; how many steps there were, and what does not hold."""
    problems: list[str] = []
    count = 0
    for step in derivation.steps():
        count += 1
        try:
            step.check()
        except ProofError as error:
            problems.append(str(error))
    for program in (lambda: derivation.arranged, lambda: derivation.moderate, lambda: derivation.one_pass):
        try:
            program()
        except ProofError as error:
            problems.append(str(error))
    return count, problems
