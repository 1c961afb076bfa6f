"""What is written has to be defined wherever it is used, and smooth where it is differentiated."""

from typing import Any

import pytest
import sympy as sp

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic import Array, Axis, Derivation, Loss, Position
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.domain import condition, conditions, objections
from w2v_verified.symbolic.definition.loss import Chain
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.functions import Log1p, Sigmoid
from w2v_verified.symbolic.language.indices import index, largest, size

WORLD = Derivation(
    Loss(
        name="world",
        summary="",
        axes=(Axis("V", letters="w k"), Axis("E", letters="t", minimum=0), Axis("D", letters="a", minimum=2)),
        arguments=(
            *(Array("x", "V"), Array("h", "E"), Array("y", "D"), Array("c", ""), Array("m", "")),
            *(Array("p", "V", positive=True), Array("q", "", positive=True), Position("n", "V")),
        ),
        definition="loss = c",
        notation="square = c ** 2 + 1\nhalf[w in V] = x[w] / 2",
    )
)
DEFINED = [
    "log(p[n])",
    "log(q)",
    "log(square)",
    "log((c + 1) ** 2 - 2 * c)",
    "log(sum(w in V, exp(x[w])))",
    "log(1 + sum(t in E, exp(h[t])))",
    "log1p(p[n])",
    "log1p(c ** 2)",
    "log1p(0 - sigmoid(c))",
    "log1p(sum(t in E, exp(h[t])))",
    "1 / q",
    "1 / square",
    "1 / (-1 - c ** 2)",
    "1 / ((c + 1) ** 2 - 2 * c)",
    "1 / V",
    "1 / max(E, 1)",
    "1 / (D - 1)",
    "c ** 2",
    "c ** 0",
    "q ** (0 - 2)",
    "q ** c",
    "sqrt(q)",
    "sqrt(c ** 2)",
    "(c ** 2) ** (1 / 2)",
    "square ** (0 - 1 / 2)",
    "max(w in V, x[w])",
    "max(a in D, y[a])",
    "abs(c)",
    "c if c < m else m",
    "diff(q ** (1 / 2), q)",
    "diff(sqrt(square), c)",
    "diff(log(q) * c, c)",
    "diff(c ** 3, c)",
]
UNDEFINED = {
    "log(c)": "the logarithm needs",
    "log(c ** 2)": "the logarithm needs",
    "log(x[n])": "the logarithm needs",
    "log(sum(t in E, exp(h[t])))": "the logarithm needs",
    "log(E)": "the axis E may have no places",
    "log(D - 2)": "the logarithm needs",
    "log1p(c)": "log1p needs an argument that is provably above -1",
    "log1p(-1 - c ** 2)": "log1p needs",
    "log1p(-1 + c ** 2)": "log1p needs",
    "1 / c": "a divisor must be provably positive",
    "1 / c ** 2": "a divisor must be provably positive",
    "1 / (c - c)": "a divisor must be",
    "1 / half[n]": "a divisor must be",
    "1 / E": "the axis E may have no places: write max(E, 1)",
    "1 / (D - 2)": "a divisor must be",
    "c / c": "a divisor must be",
    "c ** (0 - 1)": "a divisor must be",
    "sqrt(c)": "a root or a power that is no whole number",
    "c ** (1 / 2)": "a root or a power",
    "c ** m": "a root or a power",
    "(c ** 2) ** (0 - 1 / 2)": "a root or a power",
    "(c ** 2) ** m": "a root or a power",
    "max(t in E, h[t])": "there is none where E has no places",
    "diff(sqrt(c ** 2), c)": "a root or a power",
    "diff((c ** 2) ** (1 / 2), c)": "a root or a power",
    "diff(sign(c), c)": "sign jumps at 0",
    "diff(c * heaviside(c), c)": "heaviside jumps at 0",
    "diff(max(w in V, x[w]), x[n])": "a maximum is not differentiable",
    "diff(c if c < m else m, c)": "a choice is not part of a definition",
    # wherever it stands
    "-log(c)": "the logarithm needs",
    "1 + log(c)": "the logarithm needs",
    "log(c) * m": "the logarithm needs",
    "exp(1 / c)": "a divisor must be",
    "0 * log(c)": "the logarithm needs",
    "log(c) - log(c)": "the logarithm needs",
    "sum(w in V, log(x[w]))": "the logarithm needs",
    "max(w in V, log(x[w]))": "the logarithm needs",
    "log(c) if m < 1 else 0": "the logarithm needs",
    "0 if m < 1 else log(c)": "the logarithm needs",
    "0 if log(c) < 1 else 1": "the logarithm needs",
    "0 if 1 < log(c) else 1": "the logarithm needs",
    "diff(log(c), c)": "the logarithm needs",
    "2 ** log(c)": "the logarithm needs",
    "log(c) ** 2": "the logarithm needs",
}


def written(text: str) -> Any:
    return WORLD.steps.expression(Chain(text, ()), text)[0]


@pytest.mark.parametrize("text", DEFINED)
def test_what_is_defined_everywhere_may_be_written(text: str) -> None:
    written(text)


@pytest.mark.parametrize("text", UNDEFINED)
def test_what_may_be_undefined_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(LanguageError) as raised:
        written(text)
    assert UNDEFINED[text] in str(raised.value)
    assert str(raised.value).startswith(f"{text}: ")


def test_what_is_missing_is_said_as_it_was_written() -> None:
    for text, part in (
        ("1 + c / x[n]", "x[n]"),
        ("exp(log(c + 1))", "log(c + 1)"),
        ("(c + 1) ** m", "(c + 1) ** m"),
    ):
        with pytest.raises(LanguageError) as raised:
            written(text)
        assert str(raised.value).split(": ")[1] == part


c, q = sp.Symbol("c", real=True), sp.Symbol("q", positive=True)
w, t = index("w", "V"), index("t", "E")
CONTEXT = Context({"V": 1, "E": 0}).defining(Equation("s", (), c**2 + 1))
OBJECTIONABLE = [
    (sp.log(c), "the logarithm"),
    (Log1p(c), "log1p"),
    (1 / c, "a divisor"),
    (sp.sqrt(c), "a root"),
    (c**c, "a root"),
    (sp.zoo, "not a real number"),
    (sp.oo, "not a real number"),
    (-sp.oo, "not a real number"),
    (sp.nan, "not a real number"),
    (sp.I, "not a real number"),
    (sp.exp(1 / c) + q, "a divisor"),
    (largest(t, c), "a maximum over an axis that may have no places"),
]
UNOBJECTIONABLE = [
    sp.log(q),
    sp.log(sp.Symbol("s", real=True)),
    1 / sp.Symbol("s", real=True),
    Log1p(q),
    sp.sqrt(q),
    sp.sqrt(c**2, evaluate=False),
    sp.sqrt((c + 1) ** 2 - c**2 - 2 * c),
    sp.exp(c),
    sp.E,
    Sigmoid(c),
    largest(w, c),
    1 / size("V"),
]


@pytest.mark.parametrize(("e", "reason"), OBJECTIONABLE, ids=str)
def test_what_a_program_may_not_compute_is_found(e: Any, reason: str) -> None:
    ((_, found),) = objections(e, CONTEXT)
    assert reason in found


@pytest.mark.parametrize("e", UNOBJECTIONABLE, ids=str)
def test_what_is_defined_has_no_objection(e: Any) -> None:
    assert list(objections(e, CONTEXT)) == []


def test_conditions_are_on_what_is_divided_by_or_has_a_root_or_a_logarithm() -> None:
    e = (
        1 / c
        + sp.sqrt(q) * sp.log(c + 1)
        + Log1p(q + 2)
        + sp.exp(c)
        + c**3
        + q**c
        + (c - 1) ** sp.Rational(-1, 2)
    )
    assert conditions(e) == {
        ("nonzero", c),
        ("nonnegative", q),
        ("positive", c + 1),
        ("positive", q + 3),
        ("positive", q),
        ("positive", c - 1),
    }
    assert condition(sp.exp(c)) is None
    assert condition(c + 1) is None
    assert condition(c**2) is None
