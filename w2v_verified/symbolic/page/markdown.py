"""A page as Markdown, with formulas marked as GitHub or as notebooks read them."""

from collections.abc import Iterable
from dataclasses import dataclass

from w2v_verified.symbolic.page.page import (
    Block,
    Code,
    Display,
    Emphasis,
    Escaped,
    Formula,
    Heading,
    Inline,
    Items,
    Line,
    Link,
    Listing,
    Page,
    Paragraph,
    Steps,
    Strong,
    Words,
    said,
)

__all__ = ["GITHUB", "NOTEBOOK", "Marks", "markdown"]

_TALL = r"\displaystyle "


@dataclass(frozen=True)
class Marks:
    """What stands before and after a formula, within a line and in lines of its own."""

    inline: tuple[str, str]
    display: tuple[str, str]


GITHUB = Marks(("$`", "`$"), ("```math\n", "\n```"))
NOTEBOOK = Marks(("$", "$"), ("$$\n", "\n$$"))


def markdown(page: Page, marks: Marks = GITHUB) -> str:
    """The whole page; where it comes from is said to those who might edit it."""
    origin = [f"<!-- {page.origin} -->"] if marks is GITHUB else []
    return "\n\n".join([*origin, *map(_Writer(marks).block, page.blocks)]) + "\n"


@dataclass(frozen=True)
class _Writer:
    """Writes the parts of a page."""

    marks: Marks

    def block(self, block: Block) -> str:
        if isinstance(block, Heading):
            # An anchor of our own, since how GitHub makes one of a title with formulas in it is not said anywhere.
            anchor = f'<a id="{block.key}"></a>\n\n' if block.key else ""
            return f"{anchor}{'#' * block.level} {self._one_line(block.words)}"
        if isinstance(block, Paragraph):
            return self._words(block.words)
        if isinstance(block, Items):
            return "\n".join(f"- {self._one_line(item)}" for item in block.items)
        if isinstance(block, Display):
            beside = "" if block.that_is is None else rf"\qquad\text{{that is}}\qquad {block.that_is.latex}"
            before, after = self.marks.display
            return f"{before}{block.formula.latex}{beside}{after}"
        if isinstance(block, Listing):
            return "\n".join([f"```{block.language}", *block.lines, "```"])
        if isinstance(block, Steps):
            head = tuple(map(said, ("", "index form", "matrix form", "rule", "because")))
            rows = (_cells_of(line, "=" if n else "") for n, line in enumerate(block.lines))
            return self._table(head, "|---:|---|---|---|---|", rows)
        return self._table(block.head, f"|{'---|' * len(block.head)}", block.rows)

    def _table(self, head: tuple[Words, ...], rule: str, rows: Iterable[tuple[Words, ...]]) -> str:
        first = "|".join(f" {written} " if written else " " for written in map(self._cell, head))
        others = (" | ".join(map(self._cell, row)) for row in rows)
        return "\n".join([f"|{first}|", rule, *(f"| {row} |" for row in others)])

    def _cell(self, words: Words) -> str:
        """Words as they have to stand in a cell of a table."""
        return self._one_line(words).replace("|", r"\|")

    def _one_line(self, words: Words) -> str:
        return " ".join(self._words(words).split())

    def _words(self, words: Words) -> str:
        return "".join(map(self._inline, words))

    def _inline(self, part: Inline) -> str:
        if isinstance(part, Formula):
            before, after = self.marks.inline
            return f"{before}{_TALL if part.tall else ''}{part.latex}{after}"
        if isinstance(part, Code):
            return f"`{part.text}`"
        if isinstance(part, Escaped):
            return f"\\{part.text}"
        if isinstance(part, Emphasis):
            return f"*{self._words(part.words)}*"
        if isinstance(part, Strong):
            return f"**{self._words(part.words)}**"
        if isinstance(part, Link):
            return f"[{self._words(part.words)}]({part.address})"
        return part.text


def _cells_of(line: Line, sign: str) -> tuple[Words, ...]:
    return (said(sign), (line.formula,), (line.matrix,) if line.matrix else (), line.rules, line.reason)
