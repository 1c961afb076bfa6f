"""What would not show, or should not be seen, in a document on GitHub."""

import re
from itertools import accumulate

INTERNAL = (
    "KroneckerDelta",
    "IndexedBase",
    "Symbol(",
    "Sum(",
    "Softplus(",
    "Sigmoid(",
    "Slope(",
    "Choose(",
    "@",
    "#1",
    "%0",
)
FORBIDDEN = (r"\operatorname", r"\mbox", r"\phantom", r"\def", r"\newcommand")
INLINE = re.compile(r"\$`([^`]*)`\$")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def faults(markdown: str) -> list[str]:
    """Each fault with the text it is in."""
    prose = FENCED.sub("", markdown)
    mathematics = INLINE.findall(prose) + [body for kind, body in FENCED.findall(markdown) if kind == "math"]
    found = [fault for latex in mathematics for fault in _in_mathematics(latex)]
    found += [f"a dollar alone: {line}" for line in prose.splitlines() if "$" in INLINE.sub("", line)]
    found += [f"a fence alone: {line}" for line in prose.splitlines() if "```" in line]
    found += [
        f"columns: {line}" for table in _tables(prose) for line in table if _cells(line) != _cells(table[0])
    ]
    found += [f"a table without rows: {table[0]}" for table in _tables(prose) if len(table) < 3]
    return found


def _in_mathematics(latex: str) -> list[str]:
    if not latex.strip():
        return ["mathematics without a letter"]
    found = [f"{name}: {latex}" for name in (*INTERNAL, *FORBIDDEN) if name in latex]
    bare = re.sub(r"\\[{}]", "", latex)
    for opening, closing in ("{}", "()", "[]"):
        depths = list(accumulate((c == opening) - (c == closing) for c in bare))
        if depths and (depths[-1] != 0 or min(depths) < 0):
            found.append(f"{opening}{closing} do not match: {latex}")
    if len(re.findall(r"\\left\b", latex)) != len(re.findall(r"\\right\b", latex)):
        found.append(f"left and right do not match: {latex}")
    return found


def _tables(prose: str) -> list[list[str]]:
    blocks = re.split(r"\n\s*\n", prose)
    return [b.strip().splitlines() for b in blocks if b.strip().startswith("|")]


def _cells(line: str) -> int:
    return len(re.findall(r"(?<!\\)\|", line))
