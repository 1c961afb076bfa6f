"""Ranges: the exact ends of each operation, open or attained, and no value that lies outside."""

from dataclasses import replace
from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.ranges import Ranges
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.functions import Abs, Atan, Expm1, Log1p, Sigmoid, Softplus
from w2v_verified.symbolic.language.indices import array, index, largest, size, table, total
from w2v_verified.symbolic.language.intervals import POSITIVE, Range
from w2v_verified.symbolic.language.operators import Below, Choose, Larger, Slope, Upto
from w2v_verified.symbolic.proof.interpret import Setting

LEAST = {"V": 2, "K": 3, "E": 0}
c, b = sp.Symbol("c", real=True), sp.Symbol("b", real=True)
p = sp.Symbol("p", positive=True)
V, K, E = map(size, "VKE")
w, k, e, f = index("w", "V"), index("k", "K"), index("e", "E"), index("f", "E")
closed, opened, below_one, positive, nonnegative = sp.sin(c), sp.tanh(c), Sigmoid(c), sp.exp(c), Abs(c)
"""In [-1, 1], (-1, 1), (0, 1), (0, oo) and [0, oo)."""
from_zero, to_one = sp.tanh(Abs(b)), sp.exp(-Abs(c))
"""In [0, 1) and (0, 1]."""

ENDS = [
    (sp.Rational(2, 3), "[2/3, 2/3]"),
    (sp.Integer(-2), "[-2, -2]"),
    (c, "(-oo, oo)"),
    (p, "(0, oo)"),
    (V, "[2, oo)"),
    (E, "[0, oo)"),
    (size("other"), "[0, oo)"),
    (array("x")[w], "(-oo, oo)"),
    (array("x", POSITIVE)[w], "(0, oo)"),
    (table("V", "K")[w], "[0, oo)"),
    (closed, "[-1, 1]"),
    (sp.cos(c), "[-1, 1]"),
    (opened, "(-1, 1)"),
    (below_one, "(0, 1)"),
    (Softplus(c), "(0, oo)"),
    (Atan(c), "(-pi/2, pi/2)"),
    (Atan(p), "(0, pi/2)"),
    (Atan(-p), "(-pi/2, 0)"),
    (Atan(nonnegative), "[0, pi/2)"),
    (Atan(c) ** 2, "[0, pi**2/4)"),
    (Atan(c) + 2, "(2 - pi/2, pi/2 + 2)"),
    (sp.KroneckerDelta(w, index("l", "V")), "[0, 1]"),
    (total(e, Upto(e, f)), "(0, oo)"),
    (total(e, Below(e, f)), "[0, oo)"),
    (total(e, p * total(f, Upto(e, f))), "[0, oo)"),
    (total(e, Upto(e, f) - 1), "(-oo, 0]"),
    (Slope(c, c), "(-oo, oo)"),
    # sums
    (closed + 2, "[1, 3]"),
    (opened + 2, "(1, 3)"),
    (closed + opened, "(-2, 2)"),
    (closed + below_one, "(-1, 2)"),
    (nonnegative + positive, "(0, oo)"),
    (nonnegative + closed, "[-1, oo)"),
    # products
    (2 * closed, "[-2, 2]"),
    (-3 * below_one, "(-3, 0)"),
    ((closed + 2) * (sp.cos(c) - 5), "[-18, -4]"),
    ((closed - 3) * (sp.cos(c) - 5), "[8, 24]"),
    ((closed + 1) * (sp.cos(c) - 5), "[-12, 0]"),
    (closed * below_one, "(-1, 1)"),
    (closed * opened, "(-1, 1)"),
    (below_one * positive, "(0, oo)"),
    (nonnegative * (opened + 2), "[0, oo)"),
    (Abs(b) * sp.exp(c), "[0, oo)"),
    (Abs(b) * (closed - 3), "(-oo, 0]"),
    (below_one * (closed - 2), "(-3, 0)"),
    ((closed + 1) * (opened + 1), "[0, 4)"),
    ((opened + 1) * (below_one - 1), "(-2, 0)"),
    (c * positive, "(-oo, oo)"),
    # quotients
    (1 / (closed + 2), "[1/3, 1]"),
    (1 / (opened + 2), "(1/3, 1)"),
    (1 / (opened - 2), "(-1, -1/3)"),
    (1 / (closed - 2), "[-1, -1/3]"),
    (1 / (below_one + 1), "(1/2, 1)"),
    (1 / (closed + below_one + 2), "(1/4, 1)"),
    (1 / positive, "(0, oo)"),
    (1 / (1 + positive), "(0, 1)"),
    (1 / (1 + nonnegative), "(0, 1]"),
    (1 / (-1 - nonnegative), "[-1, 0)"),
    (1 / V, "(0, 1/2]"),
    (1 / below_one, "(1, oo)"),
    (1 / E, "(-oo, oo)"),
    (1 / c, "(-oo, oo)"),
    # powers
    (closed**2, "[0, 1]"),
    ((closed + 2) ** 2, "[1, 9]"),
    ((closed - 2) ** 2, "[1, 9]"),
    ((closed - 1) ** 2, "[0, 4]"),
    ((closed + 1) ** 2, "[0, 4]"),
    ((opened - 1) ** 2, "(0, 4)"),
    ((closed + 2) ** 3, "[1, 27]"),
    ((closed - 2) ** 3, "[-27, -1]"),
    ((closed - 2) ** 4, "[1, 81]"),
    (closed**3, "[-1, 1]"),
    ((closed + 2) ** -2, "[1/9, 1]"),
    ((opened - 2) ** -3, "(-1, -1/27)"),
    (sp.sqrt(p), "(0, oo)"),
    (sp.sqrt(nonnegative), "[0, oo)"),
    (sp.sqrt(c), "(-oo, oo)"),
    (p**c, "(0, oo)"),
    (p**-c, "(0, oo)"),
    (c**c, "(-oo, oo)"),
    # sums over axes
    (total(w, sp.sin(array("x")[w]) + 2), "[2, oo)"),
    (total(w, sp.tanh(array("x")[w]) + 2), "(2, oo)"),
    (total(w, sp.sin(array("x")[w]) - 2), "(-oo, -2]"),
    (total(w, sp.tanh(array("x")[w]) - 2), "(-oo, -2)"),
    (total(w, sp.sin(array("x")[w])), "(-oo, oo)"),
    (total(w, Sigmoid(array("x")[w])), "(0, oo)"),
    (total(w, -Sigmoid(array("x")[w])), "(-oo, 0)"),
    (total(w, Abs(array("x")[w])), "[0, oo)"),
    (total(w, -Abs(array("x")[w])), "(-oo, 0]"),
    (total(e, sp.sin(array("x")[e]) + 2), "[0, oo)"),
    (total(e, sp.sin(array("x")[e]) - 2), "(-oo, 0]"),
    (total(e, Sigmoid(array("x")[e])), "[0, oo)"),
    (total(w, total(k, sp.sin(array("x")[w, k]) + 2)), "[6, oo)"),
    (total(w, total(e, Sigmoid(array("x")[w, e]))), "[0, oo)"),
    # maxima and choices
    (largest(w, sp.sin(array("x")[w]) + 2), "[1, 3]"),
    (Larger(V, 3), "[3, oo)"),
    (Larger(E, 1), "[1, oo)"),
    (Larger(V, 1), "[2, oo)"),
    (Larger(closed, opened / 2), "(-1/2, 1]"),
    (Larger(closed, opened), "[-1, 1]"),
    (Larger(opened - 3, closed - 3), "[-4, -2]"),
    (Choose(c, b, closed, opened), "[-1, 1]"),
    (Choose(c, b, opened, closed), "[-1, 1]"),
    (Choose(c, b, opened + 2, closed + 3), "(1, 4]"),
    (Choose(c, b, closed + 3, below_one - 7), "(-7, 4]"),
    # increasing functions
    (positive, "(0, oo)"),
    (sp.exp(closed), "(0, oo)"),
    (sp.exp(closed + 2), "(1, oo)"),
    (sp.exp(closed + 1), "[1, oo)"),
    (sp.exp(opened + 1), "(1, oo)"),
    (sp.exp(nonnegative), "[1, oo)"),
    (sp.exp(-nonnegative), "(0, 1]"),
    (sp.exp(-positive), "(0, 1)"),
    (sp.exp(-closed - 2), "(0, 1)"),
    (sp.exp(-closed - 1), "(0, 1]"),
    (sp.log(closed + 2), "[0, oo)"),
    (sp.log(1 + positive), "(0, oo)"),
    (sp.log(below_one), "(-oo, 0)"),
    (sp.log(p), "(-oo, oo)"),
    (sp.tanh(p), "(0, 1)"),
    (sp.tanh(nonnegative), "[0, 1)"),
    (sp.tanh(-nonnegative), "(-1, 0]"),
    (Sigmoid(p), "(1/2, 1)"),
    (Sigmoid(-p), "(0, 1/2)"),
    (Log1p(p), "(0, oo)"),
    (Log1p(nonnegative), "[0, oo)"),
    (Expm1(c), "(-1, oo)"),
    (Expm1(p), "(0, oo)"),
    (Expm1(-p), "(-1, 0)"),
    # one end open, the other attained
    (from_zero, "[0, 1)"),
    (to_one, "(0, 1]"),
    (from_zero + closed, "[-1, 2)"),
    (to_one + closed, "(-1, 2]"),
    (from_zero + to_one, "(0, 2)"),
    (-from_zero, "(-1, 0]"),
    (-to_one, "[-1, 0)"),
    (from_zero * (closed + 2), "[0, 3)"),
    (to_one * (closed + 2), "(0, 3]"),
    (from_zero * to_one, "[0, 1)"),
    (from_zero * (closed - 2), "(-3, 0]"),
    (to_one * (closed - 2), "[-3, 0)"),
    (1 / (1 + from_zero), "(1/2, 1]"),
    (1 / (1 + to_one), "[1/2, 1)"),
    (1 / (from_zero - 2), "(-1, -1/2]"),
    (1 / (to_one - 2), "[-1, -1/2)"),
    ((from_zero + 1) ** 2, "[1, 4)"),
    ((to_one + 1) ** 2, "(1, 4]"),
    ((from_zero - 2) ** 2, "(1, 4]"),
    ((to_one - 2) ** 3, "(-8, -1]"),
    (total(w, sp.tanh(Abs(array("x")[w])) + 1), "[2, oo)"),
    (total(w, sp.exp(-Abs(array("x")[w])) + 1), "(2, oo)"),
    (total(w, sp.tanh(Abs(array("x")[w])) - 2), "(-oo, -2)"),
    (total(w, sp.exp(-Abs(array("x")[w])) - 2), "(-oo, -2]"),
    (Larger(from_zero, to_one), "[0, 1]"),
    (Larger(from_zero, to_one - 3), "[0, 1)"),
    (Choose(c, b, closed - 5, from_zero), "[-6, 1)"),
    (Choose(c, b, from_zero, closed - 5), "[-6, 1)"),
    (Choose(c, b, closed + 5, to_one), "(0, 6]"),
    (Choose(c, b, to_one, closed + 5), "(0, 6]"),
    (Choose(c, b, opened - 5, from_zero), "(-6, 1)"),
    (Choose(c, b, opened + 5, from_zero), "[0, 6)"),
    (Choose(c, b, opened - 5, to_one), "(-6, 1]"),
    (Choose(c, b, to_one, opened - 5), "(-6, 1]"),
    (sp.exp(from_zero), "[1, oo)"),
    (sp.exp(-from_zero), "(0, 1]"),
    (sp.exp(to_one), "(1, oo)"),
    (sp.exp(to_one - 1), "(0, 1]"),
    (sp.exp(from_zero - 1), "(0, 1)"),
    (sp.tanh(from_zero), "[0, 1)"),
    (sp.log(to_one + 1), "(0, oo)"),
    (Log1p(from_zero), "[0, oo)"),
    (Expm1(to_one - 1), "(-1, 0]"),
    # absolute values
    (nonnegative, "[0, oo)"),
    (Abs(closed + 2, evaluate=False), "(0, oo)"),
    (Abs(closed - 2, evaluate=False), "(0, oo)"),
]


def written(r: Range) -> str:
    return f"{'(' if r.low_open else '['}{r.low}, {r.high}{')' if r.high_open else ']'}"


@pytest.mark.parametrize(("expression", "ends"), ENDS, ids=str)
def test_ends_are_exact_and_known_to_be_attained_or_not(expression: Any, ends: str) -> None:
    assert written(Ranges(LEAST, {}).of(expression)) == ends


def test_a_name_has_the_range_of_what_it_stands_for() -> None:
    named = {"x": closed + 2, "y": array("x")[w] ** 2, "z": sp.Symbol("z", real=True) + 1}
    assert written(Ranges(LEAST, named).of(array("x")[w])) == "[1, 3]"
    assert written(Ranges(LEAST, named).of(sp.Symbol("y", real=True))) == "[1, 9]"
    assert written(Ranges(LEAST, named).of(sp.Symbol("z", real=True))) == "(-oo, oo)"


def test_ranges_are_looked_at_once_whatever_rules_are_allowed_and_anew_where_anything_else_differs() -> None:
    context = Context({"V": 1}).defining(Equation("s", (), c**2))
    s = sp.Symbol("s", real=True) + size("V")
    found = context.range_of(s)
    assert context.allowing("EXP").range_of(s) is found
    assert written(found) == "[1, oo)"
    assert written(replace(context, least={}).range_of(s)) == "[0, oo)"
    assert written(context.defining(Equation("s", (), c**2 + 1)).range_of(s)) == "[2, oo)"
    assert written(context.depending_on("d").range_of(s)) == "(-oo, oo)"


@pytest.mark.parametrize(
    ("low", "low_open", "high", "high_open", "known"),
    [
        (0, True, 1, True, "positive nonnegative nonzero"),
        (0, False, 1, True, "nonnegative"),
        (1, False, 2, True, "positive nonnegative nonzero"),
        (-1, True, 0, True, "nonzero"),
        (-1, True, 0, False, ""),
        (-2, False, -1, False, "nonzero"),
        (-1, True, 1, True, ""),
        (0, False, 0, False, "nonnegative"),
    ],
)
def test_what_is_known_of_a_range(low: int, low_open: bool, high: int, high_open: bool, known: str) -> None:
    found = Range(sp.Integer(low), sp.Integer(high), low_open, high_open)
    properties = ("positive", "nonnegative", "nonzero")
    assert " ".join(name for name in properties if getattr(found, name)) == known


def expressions() -> st.SearchStrategy[Any]:
    """Expressions of c and b that have a value wherever their parts have one."""
    numbers = st.sampled_from([sp.Integer(n) for n in (-3, -2, -1, 0, 1, 2)])
    leaves = st.sampled_from([c, b, p, sp.sin(c), sp.tanh(b)]) | numbers
    functions = st.sampled_from([sp.exp, sp.tanh, Sigmoid, Softplus, Expm1, sp.cos, Abs])

    def larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        bounded = inner.map(sp.tanh)
        return st.one_of(
            st.builds(lambda x, y: x + y, inner, inner),
            st.builds(lambda x, y: x * y, inner, inner),
            st.builds(lambda x, n: x**n, inner, st.sampled_from([2, 3])),
            st.builds(lambda f, x: f(x), functions, bounded),
            st.builds(lambda x: 1 / (2 + sp.tanh(x)), inner),
            st.builds(lambda x: 1 / (sp.tanh(x) - 2), inner),
        )

    return st.recursive(leaves, larger, max_leaves=6)


@given(expressions(), *[st.integers(-20, 20)] * 2, st.integers(1, 20))
def test_no_value_lies_outside_its_range(expression: Any, at_c: int, at_b: int, at_p: int) -> None:
    values = {"c": mp.mpf(at_c) / 8, "b": mp.mpf(at_b) / 8, "p": mp.mpf(at_p) / 8}
    value = Setting({}, values).value(expression, {})
    found = Ranges({}, {}).of(expression)
    assert found.low == -sp.oo or value >= mp.mpf(found.low.p) / found.low.q - mp.mpf(10) ** -9
    assert found.high == sp.oo or value <= mp.mpf(found.high.p) / found.high.q + mp.mpf(10) ** -9
    assert not (found.nonzero and value == 0)


def test_a_name_is_looked_at_once_however_often_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of 30 statements uses the one before it twice."""
    x = [sp.Symbol(f"h{n}", real=True) for n in range(31)]
    looked_at = []
    range_of = Ranges._range

    def counted(self: Ranges, e: Any, within: frozenset[str]) -> Any:
        looked_at.append(e)
        assert len(looked_at) < 1000
        return range_of(self, e, within)

    monkeypatch.setattr(Ranges, "_range", counted)
    named = {f"h{n}": x[n - 1] * (1 + sp.exp(x[n - 1])) for n in range(1, 31)}
    assert not Ranges({}, named).of(x[30]).positive
