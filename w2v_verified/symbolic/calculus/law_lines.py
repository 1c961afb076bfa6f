"""What a law calls, and the lines that it states: each with its proof, or to be tried out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from w2v_verified.notation import Signature
from w2v_verified.notation.laws import Callee
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.calculus.adjoints import Adjoint
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.proof.drawing import Names
from w2v_verified.symbolic.proof.inequality import try_out
from w2v_verified.symbolic.proof.step import ProofStep

__all__ = ["Derived", "HeldLine"]


@dataclass(frozen=True)
class Derived:
    """A loss that is called, and its derivatives."""

    problem: Problem
    adjoints: tuple[Adjoint, ...]

    @property
    def equations(self) -> tuple[Equation, ...]:
        """What computes its results."""
        return (*self.problem.stages, *(a.definition for a in self.adjoints))

    @property
    def callee(self) -> Callee:
        """What a law takes it for."""
        gradients = {f"grad_{a.name}": tuple(a.axes.split()) for a in self.problem.differentiated}
        signature = self.problem.signature
        return Callee(Signature(self.least, signature.arrays, signature.pointers), {"loss": (), **gradients})

    @property
    def least(self) -> Mapping[str, int]:
        """The least sizes of its axes."""
        return self.problem.context.least


@dataclass(frozen=True)
class HeldLine:
    """A line that a law states: ``left relation right`` for all ``over``; an equality has a step that proves it."""

    text: str
    relation: str
    left: Any
    right: Any
    over: tuple[Any, ...]
    context: Context
    names: Names
    step: ProofStep | None

    @property
    def is_proved(self) -> bool:
        """Whether algebra proves it; an inequality is argued in words."""
        return self.step is not None and self.step.follows

    def settle(self) -> None:
        """See that a line that is not proved holds at as many sampled points as say something.

        Raises:
            ProofError: It does not, or there are too few such points.
        """
        if self.step is None:
            low, high = (self.right, self.left) if self.relation == ">=" else (self.left, self.right)
            try_out(self.text, low, high, self.over, self.context, self.names)
        else:
            self.step.settle()
