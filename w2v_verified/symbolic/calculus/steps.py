"""The steps of a derivation, as data to be checked: of the derivatives, the claims and the chains of the document."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.rules import ALGEBRAIC
from w2v_verified.symbolic.calculus.adjoints import Adjoint
from w2v_verified.symbolic.calculus.stated import Stated
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.functions import Slope
from w2v_verified.symbolic.proof.drawing import Names
from w2v_verified.symbolic.proof.step import ProofStep


@dataclass(frozen=True)
class Steps:
    """Every step that leads from a definition to its gradients, and all that is stated of them."""

    problem: Problem
    adjoints: tuple[Adjoint, ...]

    @cached_property
    def names(self) -> Names:
        """The arguments and the stages, as things that can be given values."""
        problem = self.problem
        positive = frozenset(a.name for a in problem.arrays if a.positive)
        return Names(problem.signature.arrays, positive, problem.signature.pointers, problem.letters)

    @cached_property
    def context(self) -> Context:
        """The definition, its notation and the derived gradients."""
        return self.problem.context.defining(*(a.definition for a in self.adjoints))

    @cached_property
    def stated(self) -> Stated:
        """What the definition claims, and the chains of its document."""
        return Stated(self.problem, self.names, self.context)

    def __iter__(self) -> Iterator[ProofStep]:
        for adjoint in self.adjoints:
            yield from self.derivative(adjoint)
        yield from self.claims()
        for section in self.problem.loss.sections:
            for chain in section.chains:
                yield from self.stated.chain(chain)

    def derivative(self, adjoint: Adjoint) -> Iterator[ProofStep]:
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

    def claims(self) -> Iterator[ProofStep]:
        """Each closed form claimed equals what was derived, or the loss."""
        derived = (self.problem.stages[-1], *(a.definition for a in self.adjoints))
        return self.stated.claims(derived)
