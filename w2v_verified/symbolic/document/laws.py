"""A law as a part of the document: its calls, what holds, and by which rules or that it is argued in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from w2v_verified.notation.language import parse_bounds
from w2v_verified.notation.syntax import Bound, Pointing, Position, Running, Statement
from w2v_verified.symbolic.calculus.law_lines import HeldLine
from w2v_verified.symbolic.calculus.laws import LawSteps
from w2v_verified.symbolic.definition.arguments import Array
from w2v_verified.symbolic.definition.law import Call
from w2v_verified.symbolic.document.breaks import cut, formula
from w2v_verified.symbolic.document.latex import Latex
from w2v_verified.symbolic.language.indices import name_of
from w2v_verified.symbolic.language.text import lettered
from w2v_verified.symbolic.page.page import (
    Block,
    Display,
    Formula,
    Heading,
    Paragraph,
    Strong,
    Table,
    Words,
    said,
)
from w2v_verified.symbolic.page.prose import words

__all__ = ["TRIED", "LawPage"]

_RELATIONS = {"==": "=", "<=": r"\leq", ">=": r"\geq"}
TRIED = "tried out at sampled points"
"""What is said of a line that is not proved; it is argued in words where the law has a reason."""


class LawPage:
    """Renders one law; what belongs to a further call has its name above."""

    def __init__(self, steps: LawSteps) -> None:
        self.steps, self.law = steps, steps.law
        loss = steps.own.problem.loss
        symbols = {
            a.name: a.latex
            for a in (*loss.axes, *loss.arguments, *self.law.axes, *self.law.letting)
            if a.latex
        }
        plain = Latex({**symbols, **loss.latex})
        self.latex = Latex({**plain.symbols, **self._of_calls(plain)})
        self.cited: dict[str, None] = {}

    def _of_calls(self, plain: Latex) -> Mapping[str, str]:
        """How arguments and results of further calls are written."""
        found: dict[str, str] = {}
        for call in self.steps.read.calls:
            above = rf"^{{\text{{{call.name}}}}}".replace("_", r"\_")
            for name in call.callee.arguments if call.name else ():
                found[call.named(name)] = f"{plain.name(name)}{above}"
            for name in call.callee.results if call.name else ():
                of = name.removeprefix("grad_")
                slope = rf"\nabla_{{{plain.name(of)}}} J{above}"
                found[call.named(name)] = f"J{above}" if name == "loss" else slope
        return found

    @property
    def lines(self) -> tuple[str, ...]:
        """What holds, line by line, in LaTeX."""
        return tuple(line.latex for line in self._lines)

    @property
    def _lines(self) -> tuple[Formula, ...]:
        return tuple(map(self._line, self.steps.held))

    def _line(self, line: HeldLine) -> Formula:
        left, right = (self._lettered(side, line.over) for side in (line.left, line.right))
        end = formula(self.latex, right, f"{_RELATIONS[line.relation]} ")
        pieces = (*cut(self.latex, left), *end.pieces)
        return Formula(f"{self.latex.text(left)} {end.latex}", pieces, tall=True)

    def _lettered(self, e: Any, over: tuple[Any, ...]) -> Any:
        signature = self.steps.read.signature
        taken = {*signature.names, *(name_of(i) for i in over)}
        return lettered(e, self.steps.letters, frozenset(taken))

    def blocks(self) -> Iterator[Block]:
        """The law: what it is about, its lines with the rules that prove them, and why it holds."""
        yield Heading(3, words(self.law.name))
        about = self._about()
        if about:
            yield Paragraph(about)
        yield from self._made()
        rows = (
            ((written,), self._by(line)) for line, written in zip(self.steps.held, self._lines, strict=True)
        )
        yield Table((said(""), said("by")), tuple(rows))

    def _by(self, line: HeldLine) -> Words:
        if line.step is None or not line.is_proved:
            return (Strong(said(f"{'argued in words, ' if self.law.reason else 'not proved, '}{TRIED}")),)
        self.cited |= dict.fromkeys(line.step.rules)
        return said(", ".join(line.step.rules))

    def _about(self) -> Words:
        """For what it holds, and why, in a sentence or two."""
        quantities = [self._quantity(a) for a in self.law.letting]
        quantities += [f"$`{self.latex.name(axis)} = {n}`$" for axis, n in self.law.sizes.items()]
        bounds = self.steps.read.holds[0].bounds
        over = ", ".join(f"$`{self.latex.name(b.name)}`$ of $`{self.latex.name(b.axis)}`$" for b in bounds)
        holds = f"For all {over}" if over else ""
        holds += f"{', with ' if holds else 'With '}{', '.join(quantities)}" if quantities else ""
        reason = f"because {self.law.reason}" if self.law.reason else ""
        sentence = ", ".join(filter(None, [holds, reason]))
        return words(f"{sentence[:1].upper()}{sentence[1:]}.") if sentence else ()

    def _quantity(self, a: Any) -> str:
        """A quantity of the law, and what is said of it."""
        axes = a.axes.split()
        shape = f"({', '.join(map(self.latex.name, axes))}{',' if len(axes) == 1 else ''})"
        written = f"$`{self.latex.name(a.name)}`$"
        if isinstance(a, Array):
            words = ("any", "orthogonal" if a.orthogonal else "", "array" if axes else "number")
            return " ".join(filter(None, [written, *words, f"$`{shape}`$" if axes else "", a.admitted]))
        into = f"$`{self.latex.name(a.into)}`$"
        if a.one_to_one and axes == [a.into]:
            return f"{written} a permutation of the places of {into}"
        return f"places {written} of {into} of shape $`{shape}`$" if axes else f"{written} a place of {into}"

    def _made(self) -> Iterator[Block]:
        """How the arguments of each call are made, and the names in between."""
        known = self.steps.own.problem.context.definitions
        lines = [line for line in self.steps.read.steps if isinstance(line, Statement | Pointing)]
        called = [self._called(call) for call in self.law.calls if call.of or call.over]
        if called:
            yield Paragraph(words(" ".join(called)))
        yield from (self._equation(line) for line in lines if line.target not in known)

    def _called(self, call: Call) -> str:
        """What is called, and how often."""
        of = call.of or self.steps.own.problem.loss.name
        over = (
            f"$`{self.latex.name(b.name)}`$ of $`{self.latex.name(b.axis)}`$" for b in parse_bounds(call.over)
        )
        each = f", one for each {', '.join(over)}" if call.over else ""
        return f"Here *{call.name}* is a call of `{of}`{each}."

    def _equation(self, line: Statement | Pointing) -> Display:
        at = self._subscripts(line.bounds)
        left = self.latex.subscripted(line.target, at) if at else self.latex.name(line.target)
        if isinstance(line, Pointing):
            return Display(Formula(f"{left} = {self._place(line.position)}"))
        known = self.steps.defined(line.target)
        return Display(formula(self.latex, self._lettered(known.expression, known.indices), f"{left} = "))

    def _subscripts(self, bounds: tuple[Bound, ...]) -> str:
        parts = [self.latex.name(b.name) for b in bounds]
        return (" " if all(len(p) == 1 for p in parts) else ",").join(parts)

    def _place(self, position: Position) -> str:
        if isinstance(position, Running) or not position.positions:
            return self.latex.name(position.name)
        return self.latex.subscripted(position.name, ",".join(map(self._place, position.positions)))
