"""A page as data: what a document says, before it is written as Markdown or as LaTeX."""

from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "Block",
    "Code",
    "Display",
    "Emphasis",
    "Escaped",
    "Formula",
    "Heading",
    "Inline",
    "Items",
    "Line",
    "Link",
    "Listing",
    "Page",
    "Paragraph",
    "Steps",
    "Strong",
    "Table",
    "Text",
    "Words",
    "said",
]


@dataclass(frozen=True)
class Text:
    """Words as they are."""

    text: str


@dataclass(frozen=True)
class Escaped:
    """One character that its author kept from being read as a mark."""

    text: str


@dataclass(frozen=True)
class Code:
    """Something to type."""

    text: str


@dataclass(frozen=True)
class Formula:
    """A formula in LaTeX; ``pieces`` are it once more, cut where a line may end; ``tall`` is it in display style."""

    latex: str
    pieces: tuple[str, ...] = ()
    tall: bool = False


@dataclass(frozen=True)
class Emphasis:
    """Words with weight."""

    words: "Words"


@dataclass(frozen=True)
class Strong:
    """Words with much weight."""

    words: "Words"


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere: to the heading with a key, as ``#key``, or to an address."""

    words: "Words"
    address: str


Inline: TypeAlias = Text | Escaped | Code | Formula | Emphasis | Strong | Link
Words: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """The heading of what follows; a link may lead to it by its ``key``."""

    level: int
    words: Words
    key: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    words: Words


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Words, ...]


@dataclass(frozen=True)
class Display:
    """A formula on a line of its own, and what it is in other words, if that is known."""

    formula: Formula
    that_is: Formula | None = None


@dataclass(frozen=True)
class Table:
    """A table; every row has as many cells as ``head``."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True)
class Listing:
    """Lines of code; ``language`` is empty if it is not said."""

    lines: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a derivation: a formula, its matrix form if there is one, the rules it follows by, and why."""

    formula: Formula
    matrix: Formula | None = None
    rules: Words = ()
    reason: Words = ()


@dataclass(frozen=True)
class Steps:
    """A derivation: each line equals the one above it."""

    lines: tuple[Line, ...]


Block: TypeAlias = Heading | Paragraph | Items | Display | Table | Listing | Steps


@dataclass(frozen=True)
class Page:
    """A document; ``origin`` says what it is made from, to those who read its source."""

    origin: str
    blocks: tuple[Block, ...]


def said(text: str) -> Words:
    """Words without any mark."""
    return (Text(text),)
