"""The table of functions: complete, true in every column, and the only one; what has no row is refused everywhere."""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import sympy as sp
from expressions import DERIVATION

from w2v_verified import notation
from w2v_verified.notation import LanguageError, parse, syntax
from w2v_verified.runtime import elementwise
from w2v_verified.symbolic import Array, Axis, Derivation, Loss
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.domain import Domain, condition, conditions, is_rough, objections
from w2v_verified.symbolic.algebra.ranges import Ranges
from w2v_verified.symbolic.algebra.rules import RULES
from w2v_verified.symbolic.document.latex import Latex
from w2v_verified.symbolic.document.matrix import Matrix
from w2v_verified.symbolic.language.errors import UndefinedError, UnsupportedError
from w2v_verified.symbolic.language.functions import (
    FUNCTIONS,
    Atan,
    Function,
    Root,
    function_of,
    named,
    spelled,
)
from w2v_verified.symbolic.language.intervals import REALS
from w2v_verified.symbolic.language.text import lettered, text
from w2v_verified.symbolic.pipeline import replay
from w2v_verified.symbolic.printing.elementwise import Printer, called
from w2v_verified.symbolic.printing.uses import Uses
from w2v_verified.symbolic.proof.interpret import Setting
from w2v_verified.symbolic.proof.sampling import Point

README = (Path(__file__).parents[3] / "derivations" / "README.md").read_text(encoding="utf-8")
OWN = [row for row in FUNCTIONS.values() if isinstance(row, Function)]
ROOTS = [row for row in FUNCTIONS.values() if isinstance(row, Root)]
c = sp.Symbol("c", real=True)
POINTS = (-3.5, -0.875, -0.25, 0.125, 0.5, 2.25)
GENERATED = {"np": np, "math": math, **{name: getattr(elementwise, name) for name in elementwise.__all__}}

each = pytest.mark.parametrize("row", FUNCTIONS.values(), ids=lambda row: row.name)
each_own = pytest.mark.parametrize("row", OWN, ids=lambda row: row.name)


def exactly(e: Any, at: float) -> Any:
    return Setting({}, {"c": mp.mpf(at)}).value(e, {})


def sampled(e: Any, at: complex) -> complex:
    return complex(Point({}, {"c": np.array(at, complex)}).value(e).array)


def generated(written: str, argument: Any) -> Any:
    """What generated code computes that calls a function so."""
    return eval(called(written, "argument"), {**GENERATED, "argument": argument})


def inside(row: Any) -> list[float]:
    """Points at which a function is defined."""
    least = {"log": 0, "log1p": -1, "sqrt": 0}.get(row.name, -math.inf)
    return [x for x in POINTS if x > least]


def test_there_is_a_row_for_each_name_of_the_notation_and_no_other() -> None:
    assert set(FUNCTIONS) == notation.FUNCTIONS
    assert [row.name for row in FUNCTIONS.values()] == sorted(notation.FUNCTIONS)
    assert len({row.kind for row in OWN}) == len(OWN)


@each
def test_a_row_is_read_and_written_by_its_name(row: Any) -> None:
    (statement,) = parse((f"f = {row.name}(c)",)).statements
    e = DERIVATION.problem.translator.expression(statement.expression)
    assert e == row.of(c)
    assert spelled(e) == (row, c)
    assert text(e) == f"{row.name}(c)"
    assert Latex({}).text(e) == row.latex("c")
    assert row.latex("(c)").count("(c)") == 1


@each_own
def test_the_matrix_form_and_the_index_form_call_a_function_the_same(row: Function) -> None:
    assert row.operator.startswith("\\")
    assert row.around is not None or row.latex("c").startswith(row.operator)
    assert Matrix(Latex({})).text(row.of(c)) == f"{row.operator}(c)"


@each
def test_what_generated_code_calls_has_the_value_of_the_row(row: Any) -> None:
    for at in inside(row):
        value = float(exactly(row.of(c), at))
        for written in (row.numpy, *((row.finite, row.floats) if isinstance(row, Function) else ())):
            argument = at if written.startswith("math.") else np.full(3, at)
            if written:
                assert generated(written, argument) == pytest.approx(value, rel=1e-14)
    assert Printer(Uses()).text(row.of(c), ()) == called(row.numpy, "c")


@each_own
def test_a_row_says_truly_whether_its_function_can_write_over_its_argument(row: Function) -> None:
    function = None if "#" in row.numpy else eval(row.numpy, dict(GENERATED))
    assert row.in_place == isinstance(function, np.ufunc)
    assert row.in_place == (row.numpy.startswith("np.") and "#" not in row.numpy)


@each_own
def test_a_row_says_truly_whether_its_function_flattens_infinities(row: Function) -> None:
    with np.errstate(all="ignore"):
        values = generated(row.numpy, np.array([-np.inf, np.inf]))
    assert row.flattens == bool(np.isfinite(values).any())


@pytest.mark.parametrize(
    "row", [row for row in OWN if row.flattens and not row.rough], ids=lambda row: row.name
)
def test_an_infinity_reaches_the_loss_through_a_function_that_flattens_it(row: Function) -> None:
    """Nothing else in the function looks at ``t``, of which no gradient is wanted."""
    arguments = (Array("x", "V"), Array("t", "V", gradient=False))
    weighted = Loss("weighted", "", (Axis("V"),), arguments, f"loss = sum(w in V, {row.name}(t[w]) * x[w])")
    namespace: dict[str, Any] = {}
    exec(Derivation(weighted).standalone("weighted.py"), namespace)
    for infinity in (-math.inf, math.inf):
        assert not math.isfinite(namespace["weighted"](np.ones(2), np.array([infinity, 0.5])).loss)


@each
def test_both_evaluators_have_the_same_value_and_derivative(row: Any) -> None:
    """The derivative SymPy takes, or the row has, is that of the complex step and that of the difference."""
    e = row.of(c)
    made = sp.diff(e, c)
    for at in inside(row):
        assert sampled(e, at) == pytest.approx(float(exactly(e, at)), rel=1e-13)
        step = sampled(e, complex(at, 1e-30)).imag / 1e-30
        with mp.workdps(40):
            difference = Setting({}, {"c": mp.mpf(at)}).slope(e, "c", (), {})
        assert step == pytest.approx(float(difference), rel=1e-12)
        if isinstance(row, Root) or not row.rough:
            assert float(exactly(made, at)) == pytest.approx(step, rel=1e-12)


@each
def test_the_value_lies_in_the_range_of_the_row(row: Any) -> None:
    whole = Ranges({}, {}).of(row.of(c))
    for at in inside(row):
        value = exactly(row.of(c), at)
        for found in (whole, Ranges({}, {}).of(row.of(sp.Rational(at)))):
            assert float(found.low) <= value <= float(found.high)
            assert not (found.positive and value <= 0)


@each_own
def test_sympy_knows_of_a_function_that_it_is_real_and_no_more_than_the_range_says(row: Function) -> None:
    assert row.condition is not None or row.of(c).is_real
    assert not row.of(c).is_positive or row.values(REALS).positive


@each_own
def test_what_a_function_stands_for_has_its_values_and_stands_in_the_rule(row: Function) -> None:
    if row.unfolded is None:
        return
    for at in inside(row):
        assert float(exactly(row.unfolded(c), at)) == pytest.approx(float(exactly(row.of(c), at)), rel=1e-12)
    assert row.operator in RULES["FUNCTION"].statement


@each_own
def test_a_condition_is_asked_for_everywhere(row: Function) -> None:
    e = row.of(c)
    assert bool(conditions(e)) == bool(list(objections(e, Context()))) == (row.condition is not None)
    outside = [x for x in POINTS if x not in inside(row)]
    assert bool(outside) == (row.condition is not None)
    for at in outside:
        for evaluate in (exactly, sampled):
            with pytest.raises(UndefinedError, match=rf"^the argument {at:g}"):
                evaluate(e, at)
    if row.condition is not None:
        assert condition(e) == ("positive", row.condition.positive(c))
        (_, reason), *_ = objections(e, Context())
        assert reason.startswith(row.condition.needed)


@each_own
def test_what_is_not_smooth_is_refused_where_it_is_differentiated(row: Function) -> None:
    assert is_rough(row.of(c), Context()) == bool(row.rough)
    (statement,) = parse((f"f = {row.name}(p[o])",)).statements
    problem = DERIVATION.problem
    domain = Domain(problem.translator, problem.context, problem.letters, smooth=True)
    if not row.rough:
        domain.check(statement)
        return
    with pytest.raises(LanguageError, match=re.escape(row.rough)):
        domain.check(statement)


@pytest.mark.parametrize("row", ROOTS, ids=lambda row: row.name)
def test_a_root_is_a_power_to_everything_but_those_who_write_it(row: Root) -> None:
    assert isinstance(row.of(c), sp.Pow)
    assert function_of(row.of(c)) is None
    assert conditions(row.of(c)) == {("nonnegative", c)}


def test_the_readme_lists_the_smooth_functions() -> None:
    (listed,) = re.findall(r"`max\(x, y\)`, and ([\w, \n]*), one inside another;", README)
    smooth = {name for name, row in FUNCTIONS.items() if isinstance(row, Root) or not row.rough}
    assert set(re.findall(r"\w+", listed)) - {"and"} == smooth


UNKNOWN: dict[str, Callable[[Any], Any]] = {
    "the interpreter": lambda e: exactly(e, 0.5),
    "the sampled points": lambda e: sampled(e, 0.5),
    "the ranges": lambda e: Ranges({}, {}).of(e),
    "the notation": text,
    "LaTeX": Latex({}).text,
    "NumPy": lambda e: Printer(Uses()).text(e, ()),
}


@pytest.mark.parametrize("evaluator", UNKNOWN)
@pytest.mark.parametrize("wrapped", [lambda e: e, lambda e: sp.exp(e) + c])
def test_a_function_without_a_row_is_refused(evaluator: str, wrapped: Callable[[Any], Any]) -> None:
    for unknown in (sp.gamma(c), sp.Function("f")(c)):
        with pytest.raises((TypeError, UnsupportedError), match=re.escape(str(unknown))):
            UNKNOWN[evaluator](wrapped(unknown))


def test_a_name_without_a_row_is_refused() -> None:
    with pytest.raises(
        LanguageError, match=r"gamma: no function of the notation; known: abs, [a-z0-9, ]*, tanh$"
    ):
        named("gamma")
    problem = DERIVATION.problem
    call = syntax.Call("gamma", syntax.Name("c"))
    domain = Domain(problem.translator, problem.context, problem.letters, smooth=False)
    for read in (
        problem.translator.expression,
        lambda node: domain.check(syntax.Statement("f", (), node, "")),
    ):
        with pytest.raises(LanguageError, match="gamma: no function of the notation"):
            read(call)


@pytest.mark.parametrize("relation", ["<", "<=", ">", ">="])
def test_a_choice_is_read_whatever_it_compares_by(relation: str) -> None:
    (statement,) = parse([f"f = 1 if c {relation} 2 else 3"]).statements
    low, high, then, otherwise = DERIVATION.problem.translator.expression(statement.expression).args
    for c in (1, 2, 3):
        wanted = 1 if {"<": c < 2, "<=": c <= 2, ">": c > 2, ">=": c >= 2}[relation] else 3
        at = {DERIVATION.problem.translator.scalar("c"): c}
        assert (then if low.subs(at) < high.subs(at) else otherwise) == wanted


def test_an_operator_and_a_node_that_are_unknown_are_refused() -> None:
    problem = DERIVATION.problem
    with pytest.raises(LanguageError, match=r"^%: no operator of the notation"):
        problem.translator.expression(syntax.Binary("%", syntax.Name("c"), syntax.Name("c")))
    domain = Domain(problem.translator, problem.context, problem.letters, smooth=False)
    comparison: Any = syntax.Comparison("<", syntax.Name("c"), syntax.Name("c"))
    with pytest.raises(LanguageError, match="not an expression a derivation can use"):
        domain.check(syntax.Statement("f", (), comparison, ""))


def scalar(definition: str) -> Loss:
    """A loss of a vector, a positive vector and a number."""
    arguments = (Array("x", "V"), Array("p", "V", positive=True), Array("c", ""))
    return Loss("small", "", (Axis("V", letters="w k"),), arguments, definition)


def test_an_angle_is_derived_printed_and_documented() -> None:
    derivation = Derivation(scalar("loss = sum(w in V, c * atan(x[w]) ** 2)"))
    grad = {
        a.of: text(lettered(a.definition.expression, derivation.problem.letters, frozenset()))
        for a in derivation.adjoints
    }
    assert grad == {
        "x": "2 * c * atan(x[w]) / (x[w] ** 2 + 1)",
        "p": "0",
        "c": "sum(w in V, atan(x[w]) ** 2)",
    }
    assert replay(derivation).shortcomings == ()
    assert "np.arctan(x)" in derivation.module()
    assert r"\arctan\left(x_{w}\right)" in derivation.document()


def test_the_generated_gradient_of_an_angle_is_that_of_differences_and_infinities_reach_the_loss() -> None:
    namespace: dict[str, Any] = {}
    exec(Derivation(scalar("loss = sum(w in V, c * atan(x[w]) ** 2)")).standalone("small.py"), namespace)
    small = namespace["small"]
    x, p, number, h = np.array([-2.0, 0.25, 7.0]), np.ones(3), np.array(1.5), 1e-6
    assert small(x, p, number).loss == pytest.approx(1.5 * sum(math.atan(e) ** 2 for e in x), rel=1e-14)
    for n, found in enumerate(small(x, p, number).grad_x):
        step = h * np.eye(3)[n]
        slope = (small(x + step, p, number).loss - small(x - step, p, number).loss) / (2 * h)
        assert found == pytest.approx(slope, rel=1e-7)
    assert not math.isfinite(small(np.array([np.inf, 0.0, 1.0]), p, number).loss)


@pytest.mark.parametrize(
    ("definition", "refused"),
    [
        ("loss = log(2 + atan(c))", ""),
        ("loss = sum(w in V, sqrt(atan(p[w])))", ""),
        ("loss = c / (atan(c) - 1.6)", ""),
        ("loss = log(1 + atan(c))", "the logarithm needs an argument that is provably positive"),
        ("loss = c / (atan(c) - 1.5)", "a divisor must be provably positive"),
    ],
)
def test_the_range_of_an_angle_says_where_what_is_made_of_it_is_defined(
    definition: str, refused: str
) -> None:
    derivation = Derivation(scalar(definition))
    if refused:
        with pytest.raises(LanguageError, match=refused):
            derivation.module()
    else:
        assert replay(derivation).shortcomings == ()


def test_an_angle_is_odd_and_no_multiple_of_pi() -> None:
    assert Atan(-c) == -Atan(c)
    assert Atan(sp.Integer(0)) == 0
    assert text(Atan(sp.Integer(1)) + Atan(sp.sqrt(3))) == "atan(1) + atan(sqrt(3))"
