"""A page as LaTeX, complete: what pdflatex makes a document of."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

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
    Table,
    Text,
    Words,
)
from w2v_verified.symbolic.page.tex_math import typeset
from w2v_verified.symbolic.page.tex_preamble import PREAMBLE
from w2v_verified.symbolic.page.tex_text import address, code, text

__all__ = ["tex"]

_HEADINGS = (r"\pagetitle", r"\section*", r"\subsection*")
_OPENING, _CLOSING = "([{\u201c\u2018", ".,;:!?)]}\u201d\u2019"
_LETTERS, _GAP = 95, 2
"""How many letters fit in a line of a table, and between two columns."""
_LEAST, _NARROW, _WIDE = 6, 20, 60
"""The fewest letters of a column; up to how many it is never made narrower; and the most."""


def tex(page: Page) -> str:
    """The whole page."""
    writer = _Writer(frozenset(b.key for b in page.blocks if isinstance(b, Heading)))
    origin = " ".join(page.origin.split())
    body = "\n\n".join(map(writer.block, page.blocks))
    return f"% {origin}\n{PREAMBLE}\\begin{{document}}\n\n{body}\n\n\\end{{document}}\n"


class _Writer:
    """Writes the parts of a page whose headings have ``keys``."""

    def __init__(self, keys: frozenset[str]) -> None:
        self.keys = keys

    def block(self, block: Block) -> str:
        """A part of the page."""
        if isinstance(block, Heading):
            target = rf"\hypertarget{{{block.key}}}{{}}" if block.key else ""
            command = _HEADINGS[min(block.level, len(_HEADINGS)) - 1]
            return rf"{command}{{\raggedright {target}{self.words(block.words)}}}"
        if isinstance(block, Paragraph):
            return self.words(block.words)
        if isinstance(block, Items):
            items = "\n".join(rf"\item{{}} {self.words(item)}" for item in block.items)
            return f"\\begin{{itemize}}\n\\raggedright\n{items}\n\\end{{itemize}}"
        if isinstance(block, Display):
            return self.shown([block.formula, *([block.that_is] if block.that_is else [])])
        if isinstance(block, Listing):
            lines = (rf"{'~' * (len(each) - len(each.lstrip()))}{code(each.strip())}" for each in block.lines)
            listed = "\\par\n".join(rf"\hanging {line}" for line in lines)
            return f"\\begingroup\\small\\raggedright\\parskip=2pt\n{listed}\\par\n\\endgroup"
        if isinstance(block, Steps):
            return self.steps(block.lines)
        return self.table(block)

    def shown(self, formulas: list[Formula]) -> str:
        """Formulas on lines of their own."""
        written = "\n\\qquad that is\\qquad\\penalty0\n".join(map(_tall, formulas))
        return f"\\begin{{shown}}\n{written}\n\\end{{shown}}"

    def steps(self, lines: tuple[Line, ...]) -> str:
        """A derivation: the sign, the formula with its matrix form, and the rules with the reason."""
        rows = []
        for n, line in enumerate(lines):
            formula = rf"\hanging {_tall(line.formula)}"
            if line.matrix is not None and line.matrix.latex != line.formula.latex:
                formula += f"%\n\\beside\n{_tall(line.matrix)}"
            rules = rf"\rules{{{self.words(line.rules)}}}" if line.rules else ""
            because = "\n".join(filter(None, (rules, self.words(line.reason))))
            rows.append(f"{{}}{'$=$' if n else ''} &\n{formula} &\n{because} \\\\")
        columns = r"@{}r@{\hspace{0.5em}}L{0.66\linewidth}@{\hspace{1em}}>{\small}L{0.26\linewidth}@{}"
        return _long(columns, rows)

    def table(self, table: Table) -> str:
        """A table whose columns are as wide as what stands in them asks for."""
        widths = _widths(zip(table.head, *table.rows, strict=True))
        columns = "@{}" + "".join(rf"L{{{width:.3f}\linewidth}}" for width in widths) + "@{}"
        head = " & ".join(rf"\textbf{{{self.words(c)}}}" if c else "" for c in table.head)
        body = (" &\n".join(map(self.words, row)) for row in table.rows)
        return _long(columns, [f"{{}}{head} \\\\ \\hline", *(f"{{}}{row} \\\\" for row in body)])

    def words(self, words: Words) -> str:
        """Running text."""
        ends = (r"\apart{}" if _may_end(*pair) else "" for pair in pairwise((*words, Text(""))))
        return "".join(self.inline(part) + end for part, end in zip(words, ends, strict=True))

    def inline(self, part: Inline) -> str:
        """A part of running text."""
        if isinstance(part, Formula):
            return _tall(part) if _wide(part) else _formula(part.latex, "$", "$")
        if isinstance(part, Code):
            return code(part.text)
        if isinstance(part, Emphasis):
            return rf"\emph{{{self.words(part.words)}}}"
        if isinstance(part, Strong):
            return rf"\textbf{{{self.words(part.words)}}}"
        if isinstance(part, Link):
            return self.link(part)
        return text(part.text)

    def link(self, link: Link) -> str:
        """A link; only its words, if it leads to a heading that is not there."""
        words, key = self.words(link.words), link.address.removeprefix("#")
        if key == link.address:
            return rf"\href{{{address(key)}}}{{{words}}}"
        return rf"\hyperlink{{{key}}}{{{words}}}" if key in self.keys else words


def _wide(part: Inline) -> bool:
    """Whether it is a formula that may take a line for itself."""
    return isinstance(part, Formula) and (part.tall or bool(part.pieces) or len(part.latex) > _LETTERS)


def _may_end(part: Inline, following: Inline) -> bool:
    """Whether a line may end between two parts, the words of which belong together: not at punctuation."""
    if isinstance(part, Text | Escaped) and part.text[-1:] in _OPENING:
        return False
    if isinstance(following, Text | Escaped) and following.text[:1] in _CLOSING:
        return False
    return _wide(part) or _wide(following)


def _tall(formula: Formula) -> str:
    """A formula in display style, piece by piece."""
    first, *others = formula.pieces or (formula.latex,)
    pieces = [_formula(first, r"\piece{", "}"), *(_formula(piece, r"\more{", "}") for piece in others)]
    return "%\n".join(pieces)


def _formula(latex: str, opening: str, closing: str) -> str:
    """A formula; as it was typed, if it is not known to be one."""
    written = typeset(latex)
    return f"{opening}{written}{closing}" if written is not None else code(latex)


def _long(columns: str, rows: Iterable[str]) -> str:
    return "\n".join([rf"\begin{{longtable}}{{{columns}}}", *rows, r"\end{longtable}"])


def _widths(columns: Iterable[tuple[Words, ...]]) -> list[float]:
    """The shares of a line that columns get: what they need if that is little, and else what is left for them."""
    needs = [max(map(_length, column)) for column in columns]
    room = _LETTERS - _GAP * len(needs)
    wide = sum(min(need, _WIDE) for need in needs if need > _NARROW)
    left = room - sum(need for need in needs if need <= _NARROW)
    scale = min(1.0, left / wide) if wide else 1.0
    widths = [need if need <= _NARROW else max(scale * min(need, _WIDE), _NARROW) for need in needs]
    return [width / max(room, sum(widths)) * room / _LETTERS for width in widths]


def _length(words: Words) -> int:
    """About how many letters are as wide as this."""
    return max(2 + sum(_seen(words)), _LEAST)


def _seen(words: Words) -> Iterator[int]:
    for part in words:
        if isinstance(part, Emphasis | Strong | Link):
            yield _length(part.words)
        elif isinstance(part, Formula):
            yield 4 + len(part.latex) * 2 // 3
        else:
            yield len(part.text) + sum(map(str.isupper, part.text)) // 2
