"""A page as the Markdown that GitHub reads."""

from collections.abc import Iterable

from w2v_verified.symbolic.document.page import (
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

__all__ = ["markdown"]

_TALL = r"\displaystyle "


def markdown(page: Page) -> str:
    """The whole page."""
    return "\n\n".join([f"<!-- {page.origin} -->", *map(_block, page.blocks)]) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        # An anchor of our own, since how GitHub makes one of a title with formulas in it is not said anywhere.
        anchor = f'<a id="{block.key}"></a>\n\n' if block.key else ""
        return f"{anchor}{'#' * block.level} {_one_line(block.words)}"
    if isinstance(block, Paragraph):
        return _words(block.words)
    if isinstance(block, Items):
        return "\n".join(f"- {_one_line(item)}" for item in block.items)
    if isinstance(block, Display):
        beside = "" if block.that_is is None else rf"\qquad\text{{that is}}\qquad {block.that_is.latex}"
        return f"```math\n{block.formula.latex}{beside}\n```"
    if isinstance(block, Listing):
        return "\n".join([f"```{block.language}", *block.lines, "```"])
    if isinstance(block, Steps):
        head = tuple(map(said, ("", "index form", "matrix form", "rule", "because")))
        rows = (_cells_of(line, "=" if n else "") for n, line in enumerate(block.lines))
        return _table(head, "|---:|---|---|---|---|", rows)
    return _table(block.head, f"|{'---|' * len(block.head)}", block.rows)


def _cells_of(line: Line, sign: str) -> tuple[Words, ...]:
    return (said(sign), (line.formula,), (line.matrix,) if line.matrix else (), line.rules, line.reason)


def _table(head: tuple[Words, ...], rule: str, rows: Iterable[tuple[Words, ...]]) -> str:
    first = "|".join(f" {written} " if written else " " for written in map(_cell, head))
    others = (" | ".join(map(_cell, row)) for row in rows)
    return "\n".join([f"|{first}|", rule, *(f"| {row} |" for row in others)])


def _cell(words: Words) -> str:
    """Words as they have to stand in a cell of a table."""
    return _one_line(words).replace("|", r"\|")


def _one_line(words: Words) -> str:
    return " ".join(_words(words).split())


def _words(words: Words) -> str:
    return "".join(map(_inline, words))


def _inline(part: Inline) -> str:
    if isinstance(part, Formula):
        return f"$`{_TALL if part.tall else ''}{part.latex}`$"
    if isinstance(part, Code):
        return f"`{part.text}`"
    if isinstance(part, Escaped):
        return f"\\{part.text}"
    if isinstance(part, Emphasis):
        return f"*{_words(part.words)}*"
    if isinstance(part, Strong):
        return f"**{_words(part.words)}**"
    if isinstance(part, Link):
        return f"[{_words(part.words)}]({part.address})"
    return part.text
