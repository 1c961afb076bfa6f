"""What authors write, in the Markdown that GitHub reads, as parts of a page.

Read are paragraphs, headings, lists, tables, fenced code and ``$$...$$``; in them ``$...$``, code, emphasis and links.
All else stands for itself.
"""

import re
import textwrap
from collections.abc import Iterator

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
    Link,
    Listing,
    Paragraph,
    Strong,
    Table,
    Text,
    Words,
)

__all__ = ["blocks", "words"]

_FORMULA = r"\$(?!\s*\$)[^$`]+\$"
_FORMULA_IN_TICKS = r"\$`[^`]+`\$"
_CODE = r"(?<!`)`[^`]+`(?!`)"
_INSIDE = rf"(?:{_FORMULA_IN_TICKS}|{_FORMULA}|{_CODE}|[^*$`])"
_INLINE = re.compile(
    rf"""(?P<ticked>{_FORMULA_IN_TICKS})
    |(?P<formula>{_FORMULA})
    |(?P<code>{_CODE})
    |(?P<escaped>\\[!-/:-@\[-`{{-~])
    |\[(?P<linked>[^\[\]]+)\]\((?P<address>[^()\s]+)\)
    |\*\*(?=[^\s*])(?P<strong>{_INSIDE}+?)(?<=[^\s*])\*\*
    |(?<!\*)\*(?=[^\s*])(?P<emphasis>{_INSIDE}+?)(?<=[^\s*])\*(?!\*)""",
    re.VERBOSE,
)
_DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s+(?=\S)")
_RULE_OF_TABLE = re.compile(r"\|?(\s*:?-+:?\s*\|)+(\s*:?-+:?\s*)?")
_BAR = re.compile(r"(?<!\\)\|")


def words(text: str) -> Words:
    """The parts of running text; a formula may be broken over lines where the text is."""
    return tuple(_inline(text))


def _inline(text: str) -> Iterator[Inline]:
    end = 0
    for match in _INLINE.finditer(text):
        if match.start() > end:
            yield Text(text[end : match.start()])
        end = match.end()
        yield _marked(match)
    if end < len(text):
        yield Text(text[end:])


def _marked(match: re.Match[str]) -> Inline:
    if match["ticked"] is not None:
        return Formula(" ".join(match["ticked"][2:-2].split()))
    if match["formula"] is not None:
        return Formula(" ".join(match["formula"][1:-1].split()))
    if match["code"] is not None:
        return Code(match["code"][1:-1])
    if match["escaped"] is not None:
        return Escaped(match["escaped"][1:])
    if match["linked"] is not None:
        return Link(words(match["linked"]), match["address"])
    if match["strong"] is not None:
        return Strong(words(match["strong"]))
    return Emphasis(words(match["emphasis"]))


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text of several paragraphs."""
    paragraph: list[str] = []
    lines = iter(textwrap.dedent(text).strip().splitlines())
    for line in lines:
        if line.startswith("```"):
            yield from _paragraphs(paragraph)
            yield _listing(line.removeprefix("```"), lines)
        elif line.strip():
            paragraph.append(line)
            continue
        else:
            yield from _paragraphs(paragraph)
        paragraph = []
    yield from _paragraphs(paragraph)


def _listing(language: str, lines: Iterator[str]) -> Listing:
    inside: list[str] = []
    for line in lines:
        if line.startswith("```"):
            break
        inside.append(line)
    return Listing(tuple(inside), language.strip())


def _paragraphs(lines: list[str]) -> Iterator[Block]:
    """What lines without a blank one between them are."""
    text = "\n".join(lines)
    heading = _HEADING.fullmatch(text)
    if heading is not None:
        yield Heading(max(3, len(heading[1])), words(heading[2]))
    elif len(lines) > 2 and "|" in lines[0] and _RULE_OF_TABLE.fullmatch(lines[1].strip()):
        yield _table(lines)
    elif lines and _ITEM.match(lines[0]):
        yield Items(tuple(map(words, _items(lines))))
    else:
        for n, part in enumerate(_DISPLAY.split(text)):
            if n % 2 and part.strip():
                yield Display(Formula(part.strip()))
            elif part.strip():
                yield Paragraph(words(part.strip()))


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        marked = _ITEM.match(line)
        if marked is None:
            items[-1] += f"\n{line.strip()}"
        else:
            items.append(line[marked.end() :])
    return items


def _table(lines: list[str]) -> Table:
    head, _, *rows = map(_cells, lines)
    count = len(head)
    return Table(head, tuple((*row, *[()] * count)[:count] for row in rows))


def _cells(line: str) -> tuple[Words, ...]:
    inside = line.strip().removeprefix("|")
    inside = inside[:-1] if _BAR.search(inside, len(inside) - 1) else inside
    return tuple(words(cell.strip().replace(r"\|", "|")) for cell in _BAR.split(inside))
