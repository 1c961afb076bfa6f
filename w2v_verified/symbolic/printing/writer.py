"""Statements as lines of NumPy, each with its formula."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.language.equation import Equation, names_used
from w2v_verified.symbolic.language.text import statement
from w2v_verified.symbolic.printing.factored import factors
from w2v_verified.symbolic.printing.interface import WIDTH, fields, result_name
from w2v_verified.symbolic.printing.lower import Printer
from w2v_verified.symbolic.printing.statements import Lowering


@dataclass(frozen=True)
class Writer:
    """Writes statements with their formulas."""

    problem: Problem
    lowering: Lowering
    indent: int = 4

    def branch(self, printer: Printer | None = None, deeper: int = 4) -> "Writer":
        """One that knows what this one does, and from which this one learns nothing."""
        lowering = replace(
            self.lowering,
            owned=set(self.lowering.owned),
            parts=dict(self.lowering.parts),
            masked=dict(self.lowering.masked),
            printer=printer or self.lowering.printer,
        )
        return replace(self, lowering=lowering, indent=self.indent + deeper)

    def statements(
        self,
        statements: Sequence[Equation],
        all_: Sequence[Equation],
        guarded: Iterable[str] = (),
        meaning: Mapping[str, Equation] = MappingProxyType({}),
    ) -> list[str]:
        """The lines of ``statements``; what none of ``all_`` needs afterwards may be written over.

        ``meaning`` has those whose formula is another one than what the lines compute.
        """
        problem, lines = self.problem, []
        arguments = {a.name for a in problem.loss.arguments}
        done: set[str] = set()
        for s in statements:
            done.add(s.name)
            later = names_used(x.expression for x in all_ if x.name not in done)
            spent = names_used([s.expression]) - later - arguments
            into = s.name if s.name.startswith("grad_") and not problem.loss.in_parts else None
            formula = statement(meaning.get(s.name, s), problem.letters, self.lowering.taken)
            if s.name == f"grad_{problem.loss.factored}":
                written = _commented(factors(problem, s), formula, self.indent)
            else:
                written = _commented(self.lowering.lines(s, into, frozenset(spent)), formula, self.indent)
            if s.name == "loss" and problem.loss.optional:
                written = ["loss = np.nan", "if with_loss:", *(f"    {line}" for line in written)]
            lines += written
            lines += finite(s.name) if s.name in guarded else []
        return lines

    @property
    def result(self) -> str:
        """The line that returns the result."""
        loss = self.problem.loss
        if loss.blocks:
            return "return float(loss)"
        values = [n if n != "grad_columns" else f"grad_{loss.sparse}" for n, _ in fields(self.problem)]
        return f"return {result_name(loss.name)}(float(loss), {', '.join(values)})"


def finite(name: str) -> list[str]:
    """The lines that make all of an array NaN where an entry is not finite."""
    return [
        f"if not finite({name}):  # an infinity would be flattened below; NaN gets through",
        f"    {name} = np.full_like({name}, np.nan)",
    ]


def indented(lines: Iterable[str]) -> list[str]:
    """The lines one level deeper."""
    return [f"    {line}".rstrip() for line in lines]


def _commented(lines: list[str], formula: str, indent: int) -> list[str]:
    """The lines of a statement with its formula behind the first, or above it where there is no room."""
    if len(lines) == 1 and len(lines[0]) + len(formula) + indent + 4 <= WIDTH and "#" not in lines[0]:
        return [f"{lines[0]}  # {formula}"]
    wrapped = textwrap.wrap(formula, WIDTH - 10, break_long_words=False, break_on_hyphens=False)
    return [f"# {wrapped[0]}", *(f"#     {rest}" for rest in wrapped[1:]), *lines]
