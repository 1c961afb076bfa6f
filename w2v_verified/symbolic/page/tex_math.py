"""Formulas that authors write, as LaTeX that pdflatex typesets: read whole, or not taken for a formula.

What is read is what both GitHub and amsmath know. Each argument is put in braces on the way.
"""

import re

from w2v_verified.symbolic.page.tex_text import text

__all__ = ["typeset"]

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_NAMED = re.compile(r"\\[A-Za-z]+$")
_DEEPEST = 30
_LETTERS = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
    varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi
    Sigma Upsilon Phi Psi Omega ell hbar imath jmath Re Im aleph partial nabla infty emptyset varnothing
"""
_SIGNS = """
    pm mp times div cdot ast star circ bullet oplus ominus otimes odot cup cap vee wedge land lor neg
    lnot setminus le leq ge geq ne neq equiv sim simeq approx cong propto ll gg prec succ in ni notin
    subset supset subseteq supseteq mid parallel perp to gets leftarrow rightarrow leftrightarrow
    Leftarrow Rightarrow Leftrightarrow longrightarrow mapsto implies iff uparrow downarrow forall
    exists top bot dots ldots cdots vdots ddots colon triangle square prime angle lvert rvert lVert
    rVert langle rangle lfloor rfloor lceil rceil vert Vert backslash
"""
_OPERATORS = """
    sum prod int iint oint bigcup bigcap bigoplus bigotimes bigodot bigvee bigwedge log ln lg exp sin
    cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth max min sup inf lim limsup liminf det
    dim ker deg gcd arg Pr hom
"""
_SPACES = "quad qquad displaystyle textstyle scriptstyle"
_COMMANDS = frozenset(
    f"\\{n}" for n in " ".join((_LETTERS, _SIGNS, _OPERATORS, _SPACES)).split()
) | frozenset(rf"\{c}" for c in ",;:! {}|_%#&$")
_ARGUMENTS = {
    **dict.fromkeys(("frac", "tfrac", "dfrac", "binom", "overset", "underset", "stackrel"), 2),
    **dict.fromkeys(
        ("hat", "bar", "tilde", "vec", "dot", "ddot", "check", "breve", "acute", "grave", "mathring"), 1
    ),
    **dict.fromkeys(("widehat", "widetilde", "overline", "underline", "overbrace", "underbrace", "sqrt"), 1),
    **dict.fromkeys(("mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathcal", "mathbb", "mathfrak"), 1),
    **dict.fromkeys(("boldsymbol", "operatorname", "vphantom", "boxed", "pmod"), 1),
}
_SPELLED = (*"_%#&${} ",)
"""What stands for itself behind a backslash, in text."""
_TEXTS = frozenset((r"\text", r"\textrm", r"\textbf", r"\textit", r"\mbox"))
_BRACKETS = "lvert rvert lVert rVert vert Vert langle rangle lfloor rfloor lceil rceil"
_DELIMITERS = frozenset("()[]|./<>") | {r"\{", r"\}", r"\|"} | {f"\\{name}" for name in _BRACKETS.split()}
_BIG = frozenset(rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m"))
_COLUMNS = {
    "cases": 2,
    **dict.fromkeys(("matrix", "pmatrix", "bmatrix", "vmatrix", "aligned", "gathered"), 10),
}
_CLOSING = (r"\right", r"\end", "}", "&", r"\\")


class _UnknownError(Exception):
    """This is no formula that is known to be one."""


def typeset(latex: str) -> str | None:
    """The formula, ready to stand between dollars; None if it is not known to be one."""
    reader = _Reader(latex)
    try:
        written = reader.sequence()
        return written if reader.ahead == "" else None
    except _UnknownError:
        return None


class _Reader:
    """Reads a formula from left to right, and writes it."""

    def __init__(self, latex: str) -> None:
        self.tokens = [" " if t.isspace() else t for t in _TOKEN.findall(latex)]
        self.at = self.depth = 0

    @property
    def ahead(self) -> str:
        """The next token; empty at the end."""
        while self.tokens[self.at : self.at + 1] == [" "]:
            self.at += 1
        return "".join(self.tokens[self.at : self.at + 1])

    def sequence(self) -> str:
        """All up to what closes it."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _UnknownError
        parts = []
        while self.ahead and self.ahead not in _CLOSING:
            parts.append(self.atom() + self.scripts())
        self.depth -= 1
        return _joined(parts)

    def scripts(self) -> str:
        """What stands below and above, at most once each."""
        written, below, above, primes = "", False, False, False
        while self.ahead in ("_", "^", "'"):
            mark = self.taken()
            if mark == "'":
                if above and not primes:
                    raise _UnknownError
                written, above, primes = written + mark, True, True
                continue
            if below if mark == "_" else above and not primes:
                raise _UnknownError
            below, above, primes = below or mark == "_", above or mark == "^", False
            written += f"{mark}{{{self.argument()}}}"
        return written

    def atom(self) -> str:
        """One thing that may have scripts."""
        if self.ahead in ("_", "^", "'"):
            return "{}"
        token = self.taken()
        if token == "{":
            inside = self.sequence()
            self.expected("}")
            return f"{{{inside}}}"
        if token in _COMMANDS:
            return token
        if token in _TEXTS:
            return rf"\text{{{self.words()}}}"
        if token[1:] in _ARGUMENTS and token[0] == "\\":
            return token + "".join(f"{{{self.argument()}}}" for _ in range(_ARGUMENTS[token[1:]]))
        if token == r"\left":
            opening = self.delimiter()
            inside = self.sequence()
            self.expected(r"\right")
            return _joined([r"\left", opening, inside, r"\right", self.delimiter()])
        if token in _BIG:
            return _joined([token, self.delimiter()])
        if token == r"\begin":
            return self.environment()
        return self.sign(token)

    def sign(self, token: str) -> str:
        """A letter, a digit or a sign of one character."""
        if len(token) != 1 or token in "#$%&`\\{}~":
            raise _UnknownError
        return token if token.isascii() and token.isprintable() else rf"{{\text{{{text(token)}}}}}"

    def argument(self) -> str:
        """What a command is given: a group, or one thing."""
        if self.ahead in ("", "_", "^", "'", "&", r"\\", "}", r"\left", r"\right", r"\begin", r"\end"):
            raise _UnknownError
        grouped = self.ahead == "{"
        written = self.atom()
        return written[1:-1] if grouped else written

    def delimiter(self) -> str:
        """What stands behind a command that makes it tall."""
        if self.ahead not in _DELIMITERS:
            raise _UnknownError
        return self.taken()

    def environment(self) -> str:
        """Rows of cells."""
        name = self.word()
        if name not in _COLUMNS:
            raise _UnknownError
        rows = [[self.sequence()]]
        while self.ahead in ("&", r"\\"):
            if self.taken() == "&":
                rows[-1].append(self.sequence())
            else:
                rows.append([self.sequence()])
        self.expected(r"\end")
        if self.word() != name or max(map(len, rows)) > _COLUMNS[name]:
            raise _UnknownError
        inside = r" \\ {}".join(" & ".join(row) for row in rows)
        # In braces, since a table around it would take the mark between its columns for one of its own.
        return rf"{{\begin{{{name}}}{{}}{inside}\end{{{name}}}}}"

    def word(self) -> str:
        """The letters in a pair of braces."""
        self.expected("{")
        letters = ""
        while self.ahead.isalpha():
            letters += self.taken()
        self.expected("}")
        return letters

    def words(self) -> str:
        """Text in a pair of braces."""
        self.expected("{")
        found = ""
        while self.at < len(self.tokens) and self.tokens[self.at] != "}":
            token = self.tokens[self.at]
            if token in ("{", "$") or (token[0] == "\\" and token[1:2] not in _SPELLED):
                raise _UnknownError
            found += token.removeprefix("\\")
            self.at += 1
        self.expected("}")
        return text(found)

    def expected(self, token: str) -> None:
        """Take a token that has to stand here."""
        if self.taken() != token:
            raise _UnknownError

    def taken(self) -> str:
        """Take the next token."""
        token = self.ahead
        self.at += 1
        return token


def _joined(parts: list[str]) -> str:
    """Parts side by side; a letter behind a command is not of its name."""
    written = ""
    for part in parts:
        apart = _NAMED.search(written) is not None and part[:1].isalpha()
        written += f" {part}" if apart else part
    return written
