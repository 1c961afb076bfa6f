"""The formulas of a derivation, in index form and in matrix form, as parts of a page."""

from collections.abc import Iterable, Sequence
from typing import Any

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.document.breaks import formula
from w2v_verified.symbolic.document.latex import Latex
from w2v_verified.symbolic.document.matrix import Matrix
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import Frame, name_of
from w2v_verified.symbolic.language.text import lettered
from w2v_verified.symbolic.page.page import Display, Formula
from w2v_verified.symbolic.proof.step import ProofStep

__all__ = ["Formulas"]


class Formulas:
    """Writes what stands in a definition, and what is derived from it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        loss = problem.loss
        symbols = {a.name: a.latex for a in (*loss.axes, *loss.arguments) if a.latex}
        self.latex = Latex({**symbols, **loss.latex})
        self.matrices = Matrix(self.latex)

    def name(self, name: str) -> Formula:
        """A name."""
        return Formula(self.latex.name(name))

    def lettered(self, e: Any, over: Iterable[Any]) -> Any:
        """``e`` with letters for bound indices that neither the arguments nor the indices ``over`` have."""
        taken = {a.name for a in self.problem.loss.arguments} | {name_of(i) for i in over}
        return lettered(e, self.problem.letters, frozenset(taken))

    def index(self, e: Any, over: Frame) -> Formula:
        """An expression in index form."""
        return formula(self.latex, self.lettered(e, over), tall=True)

    def matrix(self, e: Any, over: Frame) -> Formula | None:
        """An expression in matrix form, if it has one."""
        written = self.matrices.text(self.lettered(e, over), over)
        return Formula(written, tall=True) if written else None

    def equation(self, s: Equation) -> Display:
        """A statement on a line of its own, in both forms."""
        matrix = self.matrix(s.expression, s.indices) if s.indices else None
        beside = None if matrix is None else Formula(f"{self.latex.name(s.name)} = {matrix.latex}")
        return Display(
            formula(self.latex, self.lettered(s.expression, s.indices), f"{self._left(s)} = "), beside
        )

    def shortest(self, s: Equation) -> Formula:
        """A statement within a sentence: in matrix form if it has one."""
        display = self.equation(s)
        return display.that_is or display.formula

    def ends(self, steps: Sequence[ProofStep]) -> Formula:
        """What a chain begins with equals what it ends with: in matrix form if both have one."""
        first, last, over = steps[0].before, steps[-1].after, steps[0].over
        matrices = (self.matrix(first, over), self.matrix(last, over))
        left, right = (m or self.index(e, over) for m, e in zip(matrices, (first, last), strict=True))
        if None in matrices:
            left, right = self.index(first, over), self.index(last, over)
        pieces = (*(left.pieces or (left.latex,)), *_led("= ", right.pieces or (right.latex,)))
        return Formula(f"{left.latex} = {right.latex}", pieces, tall=True)

    def _left(self, s: Equation) -> str:
        entry = self.problem.entry
        return self.latex.text(entry(s.name, s.indices)) if s.indices else self.latex.name(s.name)


def _led(lead: str, pieces: tuple[str, ...]) -> tuple[str, ...]:
    return (lead + pieces[0], *pieces[1:])
