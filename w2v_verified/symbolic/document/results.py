"""The first screen of a document: what is found in it, each result with a link to its section."""

from collections.abc import Iterator

from w2v_verified.symbolic.calculus.steps import Steps
from w2v_verified.symbolic.definition.loss import CHAIN, Section
from w2v_verified.symbolic.document.formulas import Formulas
from w2v_verified.symbolic.page.page import Heading, Inline, Items, Link, Strong, Text, Words, said
from w2v_verified.symbolic.page.prose import words
from w2v_verified.symbolic.proof.step import SAMPLED, ProofStep

__all__ = ["DEFINITION", "GRADIENTS", "Results", "section_key"]

DEFINITION, GRADIENTS = "definition", "gradients"
"""The keys of the headings of what has a result of its own."""
Chains = tuple[tuple[ProofStep, ...], ...]


def section_key(n: int) -> str:
    """The key of the heading of a section."""
    return f"section-{n}"


class Results:
    """Says in a line what each section shows.

    A formula in it is that of a chain, so it is proved; where no section says what it shows, the definition and the
    gradients stand for themselves.
    """

    def __init__(self, steps: Steps, formulas: Formulas) -> None:
        self.steps, self.formulas = steps, formulas
        self.loss = steps.problem.loss
        self.told = any(section.result for section in self.loss.sections)

    def of(self, headings: tuple[Heading, ...]) -> Items:
        """The list, of a line for each heading that can be linked to."""
        found = self._found()
        return Items(tuple(_line(heading, found.get(heading.key, ())) for heading in headings if heading.key))

    def _found(self) -> dict[str, Words]:
        loss, chains = self.loss, self.steps.chains
        sections = {
            section_key(n): tuple(self._result(section, shown))
            for n, (section, shown) in enumerate(zip(loss.sections, chains, strict=True), 1)
        }
        return {DEFINITION: self._loss(), **sections, GRADIENTS: () if self.told else self._gradients()}

    def _result(self, section: Section, chains: Chains) -> Iterator[Inline]:
        end = 0
        for match in CHAIN.finditer(section.result):
            yield from words(section.result[end : match.start()])
            chain = chains[int(match[1])]
            yield self.formulas.ends(chain)
            yield from _doubt(chain)
            end = match.end()
        yield from words(section.result[end:])

    def _loss(self) -> Words:
        return (self.formulas.shortest(self.steps.problem.authored[-1]),)

    def _gradients(self) -> Words:
        """The closed forms that are claimed, or else what was derived."""
        shown: list[Words] = [(self.formulas.ends([s]), *_doubt((s,))) for s in self.steps.claims]
        arguments = {a.name for a in self.loss.arguments}
        derived = [d.adjoint for d in self.steps.derivatives if d.adjoint.of in arguments]
        shown = shown or [(self.formulas.shortest(a.definition),) for a in derived]
        return tuple(part for n, found in enumerate(shown) for part in (*said(", " if n else ""), *found))


def _line(heading: Heading, found: Words) -> Words:
    link = Link(heading.words, f"#{heading.key}")
    return (link, Text(": "), *found) if found else (link,)


def _doubt(steps: tuple[ProofStep, ...]) -> Words:
    """That a step is not proved, if one is not."""
    return () if all(s.is_proved for s in steps) else (Text(" ("), Strong(said(SAMPLED)), Text(")"))
