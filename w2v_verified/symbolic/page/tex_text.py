"""Any text as LaTeX that pdflatex typesets: marks are escaped, and what is not ASCII is written by commands."""

import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

__all__ = ["address", "code", "text"]

_MARKS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "[": "{[}",
    "]": "{]}",
}
_JOINING = "-,'"
"""What makes another sign, where it stands twice."""
_ACCENTS = {
    "\u0300": (r"\`", r"\grave"),
    "\u0301": (r"\'", r"\acute"),
    "\u0302": (r"\^", r"\hat"),
    "\u0303": (r"\~", r"\tilde"),
    "\u0304": (r"\=", r"\bar"),
    "\u0306": (r"\u", r"\breve"),
    "\u0307": (r"\.", r"\dot"),
    "\u0308": (r"\"", r"\ddot"),
    "\u030c": (r"\v", r"\check"),
}
"""Accents over letters, in text and in formulas."""
_LETTERS = {
    "ß": r"\ss{}",
    "æ": r"\ae{}",
    "Æ": r"\AE{}",
    "œ": r"\oe{}",
    "Œ": r"\OE{}",
    "ø": r"\o{}",
    "Ø": r"\O{}",
    "ł": r"\l{}",
    "Ł": r"\L{}",
    "ı": r"\i{}",
    "å": r"\aa{}",
    "Å": r"\AA{}",
    "ç": r"\c{c}",
    "Ç": r"\c{C}",
    "§": r"\S{}",
    "¶": r"\P{}",
    "©": r"\textcopyright{}",
    "€": r"\texteuro{}",
    "£": r"\pounds{}",
    "°": r"\textdegree{}",
    "‘": r"\textquoteleft{}",
    "’": r"\textquoteright{}",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "„": r"\quotedblbase{}",
    "«": r"\guillemotleft{}",
    "»": r"\guillemotright{}",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    "‐": "-",
    "‑": "-",
    "•": r"\textbullet{}",
    "⁄": "/",
}
_SYMBOLS = {
    "−": "-",
    "±": r"\pm",
    "×": r"\times",
    "÷": r"\div",
    "·": r"\cdot",
    "⋅": r"\cdot",
    "∗": r"\ast",
    "∘": r"\circ",
    "⊙": r"\odot",
    "⊗": r"\otimes",
    "≤": r"\leq",
    "≥": r"\geq",
    "≠": r"\neq",
    "≈": r"\approx",
    "≡": r"\equiv",
    "∝": r"\propto",
    "≪": r"\ll",
    "≫": r"\gg",
    "∈": r"\in",
    "∉": r"\notin",
    "⊂": r"\subset",
    "⊆": r"\subseteq",
    "∪": r"\cup",
    "∩": r"\cap",
    "∅": r"\emptyset",
    "∀": r"\forall",
    "∃": r"\exists",
    "¬": r"\neg",
    "∧": r"\wedge",
    "∨": r"\vee",
    "∞": r"\infty",
    "∂": r"\partial",
    "∇": r"\nabla",
    "∑": r"\sum",
    "∏": r"\prod",
    "∫": r"\int",
    "√": r"\surd",
    "→": r"\rightarrow",
    "←": r"\leftarrow",
    "↔": r"\leftrightarrow",
    "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow",
    "↦": r"\mapsto",
    "⊤": r"\top",
    "⊥": r"\perp",
    "‖": r"\Vert",
    "∣": r"\mid",
    "⟨": r"\langle",
    "⟩": r"\rangle",
    "ℓ": r"\ell",
    "ς": r"\varsigma",
    "ο": "o",
}
_LATIN_CAPITALS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEZHIKMNOPTX", strict=True))
_WORD = 20
"""A word may be broken after so many letters, if it has so many."""


def text(words: str) -> str:
    """Words; a line end stays one."""
    return "".join(_written(words, breaking=""))


def code(words: str) -> str:
    """Words in a typewriter face, with places where a line may end after what is no letter."""
    return rf"\texttt{{{''.join(_written(words, breaking='_(,./='))}}}"


def address(link: str) -> str:
    """An address, as the argument of a link."""
    quoted = quote(link, safe=":/?=.,;@!+()-_#&%")
    return "".join(f"\\{c}" if c in "%#&_" else c for c in quoted)


def _written(words: str, breaking: str) -> Iterator[str]:
    since, before = 0, ""
    for cluster in _clusters(words):
        if cluster.isspace():
            yield cluster
            since, before = 0, ""
            continue
        since += 1
        if cluster == before and cluster in _JOINING:
            yield "{}"
        before = cluster
        yield _cluster(cluster)
        if cluster in breaking or since % _WORD == 0:
            yield r"\allowbreak{}"


def _clusters(words: str) -> Iterator[str]:
    """Each letter with the accents on it, and each space between words, however wide."""
    found = ""
    for c in unicodedata.normalize("NFD", words):
        if unicodedata.combining(c) and found and not found.isspace():
            found += c
            continue
        if c.isspace():
            c = "\n" if c in "\n\r\u2028\u2029" else " "
            if found.isspace():
                found = "\n" if "\n" in (c, found) else " "
                continue
        if found:
            yield found
        found = c
    if found:
        yield found


def _cluster(cluster: str) -> str:
    whole = unicodedata.normalize("NFC", cluster)
    if whole in _LETTERS:
        return _LETTERS[whole]
    letter, accents = cluster[0], cluster[1:]
    symbol = _symbol(letter)
    plain = letter.isascii() and letter.isalpha()
    if not set(accents) <= _ACCENTS.keys() or (accents and not (plain or symbol)):
        return "".join(map(_unknown, cluster))
    written = symbol if symbol else _letter(letter)
    for accent in accents:
        in_text, in_formula = _ACCENTS[accent]
        written = f"{in_formula if symbol else in_text}{{{written}}}"
    return rf"\ensuremath{{{written}}}" if symbol else written


def _letter(c: str) -> str:
    if c.isascii():
        return _MARKS.get(c, c) if c.isprintable() else _unknown(c)
    if c in _LETTERS:
        return _LETTERS[c]
    kind, _, _ = unicodedata.decomposition(c).partition(" ")
    same = unicodedata.normalize("NFKC", c)
    if same == c:
        return _unknown(c)
    inside = "".join(_written(same, breaking=""))
    raised = {"<super>": r"\textsuperscript", "<sub>": r"\textsubscript"}.get(kind)
    return f"{raised}{{{inside}}}" if raised else inside


def _symbol(c: str) -> str:
    """The command for a symbol or a Greek letter in a formula; empty if it is none."""
    if c in _SYMBOLS:
        return _SYMBOLS[c]
    if c in _LATIN_CAPITALS:
        return rf"\mathrm{{{_LATIN_CAPITALS[c]}}}"
    size, _, name = unicodedata.name(c, "").removeprefix("GREEK ").partition(" LETTER ")
    if not "\u0391" <= c <= "\u03c9" or size not in ("SMALL", "CAPITAL") or not name.isalpha():
        return ""
    name = name.lower().replace("lamda", "lambda")
    return f"\\{name if size == 'SMALL' else name.capitalize()}"


def _unknown(c: str) -> str:
    """The number of a character that pdflatex has no letter for."""
    return rf"\unknown{{{ord(c):04X}}}\allowbreak{{}}"
