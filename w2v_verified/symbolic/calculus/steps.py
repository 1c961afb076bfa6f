"""The steps of a derivation: of the derivatives, the claims and the chains of the document."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.rules import ALGEBRAIC
from w2v_verified.symbolic.algebra.work import Effort
from w2v_verified.symbolic.calculus.adjoints import Adjoint
from w2v_verified.symbolic.calculus.stated import Stated
from w2v_verified.symbolic.definition.loss import Chain
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.operators import Slope
from w2v_verified.symbolic.proof.drawing import Names
from w2v_verified.symbolic.proof.step import ProofStep


@dataclass(frozen=True)
class DerivativeSteps:
    """The steps of one derivative: of each use, what is differentiated (DIFF) and its brackets collapsed (PICK).

    ``whole`` compares the chain rule's result with SymPy's derivative of the loss written out.
    """

    adjoint: Adjoint
    links: tuple[tuple[ProofStep, ProofStep], ...]
    whole: ProofStep


@dataclass(frozen=True)
class Steps:
    """Every step that leads from a definition to its gradients, and all that is stated of them.

    Which rules a step of a derivative or a claim needs is found out by the prover; that it holds is for `check` to say.
    """

    problem: Problem
    adjoints: tuple[Adjoint, ...]

    @property
    def names(self) -> Names:
        """The arguments, as things that can be given values."""
        return self.problem.names

    @cached_property
    def context(self) -> Context:
        """The definition, its notation and the derived gradients."""
        return self.problem.context.defining(*(a.definition for a in self.adjoints))

    @cached_property
    def _effort(self) -> Effort:
        return Effort()

    @cached_property
    def _stated(self) -> Stated:
        return Stated(self.problem, self.names, self.context, self._effort)

    def __iter__(self) -> Iterator[ProofStep]:
        if self.problem.preparation is not None:
            yield self.problem.preparation
        for derivative in self.derivatives:
            yield from (step for pair in derivative.links for step in pair)
            yield derivative.whole
        yield from self.claims
        for section in self.chains:
            for chain in section:
                yield from chain

    @cached_property
    def derivatives(self) -> tuple["DerivativeSteps", ...]:
        """The steps of each derivative."""
        return tuple(map(self._derivative, self.adjoints))

    def _derivative(self, adjoint: Adjoint) -> "DerivativeSteps":
        target = adjoint.definition
        stages = self.problem.stages
        pairs = []
        for link in adjoint.links:
            over = tuple(dict.fromkeys((*link.stage.indices, *target.indices)))
            names = replace(self.names, held=stages[:-1])
            context = self.problem.context.bare
            every = tuple(sorted(ALGEBRAIC))
            slope = ProofStep((), link.slope, link.raw, over, context, names, effort=self._effort)
            picking = ProofStep((), link.raw, link.collapsed, over, context, names, effort=self._effort)
            pairs.append(
                (slope.by_least(("DIFF",), (*every, "DIFF")), picking.by_least((), ("PICK",), every))
            )
        whole = Slope(stages[-1].expression, self.problem.entry(adjoint.of, target.indices))
        kept = self._stages_up_to(adjoint.of)
        held = {s.name for s in kept}
        known = {n: d for n, d in self.context.definitions.items() if n not in held}
        names = replace(self.names, held=kept)
        context = replace(self.context, definitions=known)
        step = ProofStep((), whole, target.expression, target.indices, context, names, effort=self._effort)
        every = ("DIFF", "UNFOLD", *sorted(ALGEBRAIC))
        return DerivativeSteps(adjoint, tuple(pairs), step.by_first(("DIFF", "PICK", "UNFOLD"), every))

    def _stages_up_to(self, name: str) -> tuple[Equation, ...]:
        """The stages that are variables, not functions, where the loss is differentiated by ``name``."""
        names = [s.name for s in self.problem.stages]
        count = names.index(name) + 1 if name in names else 0
        return self.problem.stages[:count]

    @cached_property
    def claims(self) -> tuple[ProofStep, ...]:
        """Each closed form claimed equals what was derived, or the loss."""
        _ = self.derivatives  # these come first, in what they may take together
        derived = (self.problem.stages[-1], *(a.definition for a in self.adjoints))
        return tuple(self._stated.claims(derived))

    @cached_property
    def chains(self) -> tuple[tuple[tuple[ProofStep, ...], ...], ...]:
        """The steps of the chains of each section."""
        _ = self.claims
        sections = self.problem.loss.sections
        return tuple(tuple(tuple(self.chain(chain)) for chain in s.chains) for s in sections)

    def chain(self, chain: Chain) -> Iterator[ProofStep]:
        """The equalities of a chain, each by the rules its author names."""
        return self._stated.chain(chain)

    def expression(self, chain: Chain, text: str) -> tuple[Any, tuple[Any, ...]]:
        """An expression of a chain, and the free indices it has."""
        return self._stated.expression(chain, text)
