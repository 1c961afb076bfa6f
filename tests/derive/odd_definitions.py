"""Files that are meant to define a loss and are odd in some place, as people write them by mistake or out of habit."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

PARTS = {
    "name": '"mine"',
    "summary": '"A loss."',
    "axes": '(Axis("d"), Axis("V"))',
    "arguments": '(Array("x", "d"), Array("U", "d V"), Array("c", ""), Position("o", "V"), NEXT)',
    "definition": '"loss = sum(i in d, c * x[i] ** 2 * U[i, o])"',
}
HEAD = """from w2v_verified.symbolic import Array, Axis, Chain, Claim, Loss, Position, Section, Step
NEXT = Position("n", "V", axes="d")
"""
PRELUDES = (
    "import sys; sys.exit()",
    "raise ValueError('one\\ntwo')",
    "raise KeyError",
    "1 / 0",
    "import nothing_of_that_name",
    "from . import other",
    "x = 'a' 'b",
    "def f(): f()\nf()",
    "from dataclasses import replace",
)
VALUES = (
    *("None", "3", "-1", "0.5", "True", "10 ** 400", "float('nan')", "b'x'", "object()", "lambda: 1", "Axis"),
    *("()", "(1,)", "('d',)", "{}", "{'x': 1}", "{1: 'x'}", "{'x': '}{'}", "{'x': ''}", "['d']", "set()"),
    *(
        "''",
        "' '",
        "'d'",
        "'d V'",
        "'d,V'",
        "'x'",
        "'V '",
        "'i'",
        "'loss'",
        "'exp'",
        "'sum'",
        "'np'",
        "'out'",
    ),
    *("'Glove'", "'in'", "'grad_x'", "'λ'", "'ﬁ'", "'_'", "'a_'", "'a__b'", "'a b'", "'a\"b'", "'a\\\\'"),
    *("'a\\nb'", "'a|b'", "'`'", "'{'", '\'"""\'', "'\\x00'", "'\\ud800'", "'%s'", "'#'", "'é' * 300"),
    *("Axis('d')", "(Axis('d'))", "Array('x', 'd')", "Claim('loss = 1')", "(Claim('loss = c'))"),
    *(
        "'loss = 0'",
        "'grad_c = 0'",
        "'grad_x = 1'",
        "'grad_x[w in V] = 1'",
        "'grad_q = 1'",
        "'loss = c\\nloss = c'",
    ),
)
PLACES = {
    "name": ("{}",),
    "summary": ("{}",),
    "title": ("{}",),
    "source": ("{}",),
    "unit": ("{}",),
    "notation": ("{}",),
    "latex": ("{}", "{{'x': {}}}", "{{{}: 'x'}}"),
    "sparse": ("{}",),
    "factored": ("{}",),
    "optional": ("{}",),
    "blocks": ("{}",),
    "definition": ("{}",),
    "claims": ("{}", "({},)", "(Claim({}),)", "(Claim({}))"),
    "axes": (
        "{}",
        '({}, Axis("V"))',
        '(Axis({}), Axis("V"))',
        '(Axis("d", {}), Axis("V"))',
        '(Axis("d", letters={}), Axis("V"))',
        '(Axis("d", minimum={}), Axis("V"))',
        '(Axis("d", latex={}), Axis("V"))',
    ),
    "arguments": tuple(
        f'({part}, Array("U", "d V"), Array("c", ""), Position("o", "V"))'
        for part in (
            "{}",
            "Array({}, 'd')",
            "Array('x', {})",
            "Array('x', 'd', meaning={})",
            "Array('x', 'd', latex={})",
            "Array('x', 'd', gradient={})",
            "Array('x', 'd', positive={})",
            "Array('x', 'd', between={})",
            "Array('x', 'd', default={})",
            "Array('x', 'd'), Position({}, 'V')",
            "Array('x', 'd'), Position('t', {})",
            "Array('x', 'd'), Position('t', 'V', axes={})",
            "Array('x', 'd'), Position('t', 'V', latex={})",
        )
    ),
    "sections": (
        "{}",
        "(Section({}, 'b'),)",
        "(Section('a', {}),)",
        "(Section('a', '[0]', {}),)",
        "(Section('a', '[0]', (Chain({}, (Step('SQUARE', 'c'),)),)),)",
        "(Section('a', '[0]', (Chain('c', {}),)),)",
        "(Section('a', '[0]', (Chain('c', (Step({}, 'c'),)),)),)",
        "(Section('a', '[0]', (Chain('c', (Step('ALGEBRA', {}),)),)),)",
        "(Section('a', '[0]', (Chain('c + c', (Step('ALGEBRA', '2 * c', {}),)),)),)",
        "(Section('a', '[0]', (Chain('c', (Step('ALGEBRA', 'c'),), over={}),)),)",
        "(Section('a', '[0]', (Chain('c', (Step('ALGEBRA', 'c'),), letting={}),)),)",
        "(Section('a', '[0]', (Chain('c', (Step('ALGEBRA', 'c'),), orthogonal={}),)),)",
    ),
}
ATOMS = (
    *(
        "x[i]",
        "x[i]",
        "x[i]",
        "U[i, o]",
        "U[i, n[i]]",
        "c",
        "c",
        "d",
        "2",
        "0",
        "0.1",
        "x",
        "o",
        "i",
        "q",
        "pi",
    ),
    *(
        "x[i + 1]",
        "x[i - 1]",
        "x[0]",
        "x[-1]",
        "x[:]",
        "x[...]",
        "x[None]",
        "x[i, i]",
        "U[i]",
        "U[o, i]",
        "x[x[i]]",
    ),
    *(
        "x[o]",
        "U[i][o]",
        "x[i].real",
        "n[i]",
        "U[i, n]",
        "o[0]",
        "x[j]",
        "x['a']",
        "None",
        "True",
        "'a'",
        "1j",
    ),
    *(
        "1e999",
        "1e-999",
        "9" * 400,
        "10 ** 400",
        "10 ** 10 ** 10",
        "exp(1000)",
        "nan",
        "inf",
        "0x10",
        "1_0",
        "...",
        "_",
    ),
)
AROUND = (
    *(
        "exp({})",
        "log({})",
        "sqrt({})",
        "tanh({})",
        "abs({})",
        "relu({})",
        "1 / ({})",
        "-({})",
        "({}) ** 2",
        "2 ** ({})",
    ),
    *(
        "({}) + ({})",
        "({}) - ({})",
        "({}) * ({})",
        "({}) / ({})",
        "({}) ** ({})",
        "({}) @ ({})",
        "({}) ^ ({})",
    ),
    *("({}) // ({})", "({}) % ({})", "({}) & ({})", "~({})", "not ({})", "({}) and ({})", "({}) is ({})"),
    *("({}) == ({})", "({}) < ({})", "({}) < ({}) < ({})", "({}) in d", "({}) if ({}) < 0 else ({})"),
    *(
        "({}) if i == i else ({})",
        "lambda: {}",
        "[{} for i in d]",
        "sum({} for i in d)",
        "f'{{{}}}'",
        "(q := {})",
    ),
    *(
        "where({}, {}, 0)",
        "mean({})",
        "prod({})",
        "norm({})",
        "np.exp({})",
        "({}).sum()",
        "({}).T",
        "erf({})",
    ),
    *(
        "sum({})",
        "sum(*{})",
        "sum(i, {})",
        "sum(j in d, {})",
        "sum(j in V, {})",
        "sum(i in d, {})",
        "sum(j in q, {})",
    ),
    *(
        "max({})",
        "max({}, {})",
        "max(j in d, {})",
        "min({}, {})",
        "diff({}, {})",
        "diff({}, c)",
        "exp({}, {})",
    ),
    *(
        "exp(x={})",
        "exp(*{})",
        "({}, {})",
        "{},",
        "({})[0]",
        "({})(1)",
        "{{{}: 1}}",
        "({}",
        "{})",
        "{} # ",
        "{} \\\\",
    ),
)
LINES = (
    "loss = sum(i in d, {})",
    "loss = {}",
    "loss += {}",
    "loss == {}",
    "loss: float = {}",
    "loss[i in d] = {}",
    "z[i in d] = {}\nloss = sum(i in d, z[i])",
    "z[i] = {}\nloss = sum(i in d, z[i])",
    "z = sum(i in d, {})\nloss = z * z",
    "z = {}",
    "x = {}\nloss = x",
    "{}",
)


def of(prelude: str = "", **parts: str) -> str:
    """The text of a file with these fields, and the others as they should be."""
    fields = ", ".join(f"{field}={text}" for field, text in {**PARTS, **parts}.items())
    return f"{HEAD}{prelude}LOSS = Loss({fields})\n"


@st.composite
def expressions(draw: DrawFn, depth: int) -> str:
    """An expression, most of the time one that the notation does not have."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(ATOMS))
    form = draw(st.sampled_from(AROUND))
    return form.format(*(draw(expressions(depth - 1)) for _ in range(form.replace("{{", "").count("{"))))


@st.composite
def files(draw: DrawFn) -> str:
    """The text of a file: odd in what runs before, in one or two fields, or in the definition."""
    parts: dict[str, str] = {}
    prelude = ""
    kind = draw(st.sampled_from(["fields", "definition", "definition", "prelude"]))
    if kind == "prelude":
        prelude = draw(st.sampled_from(PRELUDES)) + "\n"
    if kind == "definition":
        parts["definition"] = repr(draw(st.sampled_from(LINES)).format(draw(expressions(2))))
    for _ in range(draw(st.integers(1, 2)) if kind == "fields" else 0):
        field = draw(st.sampled_from(sorted(PLACES)))
        parts[field] = draw(st.sampled_from(PLACES[field])).format(draw(st.sampled_from(VALUES)))
    return of(prelude, **parts)
