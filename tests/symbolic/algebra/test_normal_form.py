"""Equality by the normal form: what follows, by which rule, and what does not; limits, and what is not defined."""

from typing import Any

import pytest
import sympy as sp
from tables import step

from w2v_verified.symbolic.algebra import normal as module
from w2v_verified.symbolic.algebra import sums, terms
from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.normal import equal, normal
from w2v_verified.symbolic.algebra.terms import power_of_number
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.language.functions import Abs, Sign
from w2v_verified.symbolic.language.indices import array, index, largest, size, total
from w2v_verified.symbolic.language.operators import Choose, Larger, Slope

FOLLOWS = [
    # powers of numbers
    ("sqrt(12)", "2 * sqrt(3)", ""),
    ("sqrt(8) / sqrt(2)", "2", ""),
    ("sqrt(2 / 3) * sqrt(3)", "sqrt(2)", ""),
    ("4 ** c", "2 ** c * 2 ** c", ""),
    ("6 ** c", "2 ** c * 3 ** c", ""),
    ("2 ** (c + 3)", "8 * 2 ** c", ""),
    ("2 ** (c + 1 / 2) * sqrt(2)", "2 * 2 ** c", ""),
    ("(1 / 2) ** c * 2 ** c", "1", ""),
    ("(-2) ** 3 + (-2) ** (-1)", "-17 / 2", ""),
    # powers of sums and products
    ("(c + m) ** 3", "c ** 3 + 3 * c ** 2 * m + 3 * c * m ** 2 + m ** 3", ""),
    ("(2 * p[n] + 2 * q[n]) ** (3 / 2)", "sqrt(8) * (p[n] + q[n]) * sqrt(p[n] + q[n])", ""),
    ("sqrt(p[n] ** 2 * q[n])", "p[n] * sqrt(q[n])", ""),
    ("(p[n] ** c) ** m", "p[n] ** (m * c)", ""),
    ("p[n] ** c / p[n] ** (c - 2)", "p[n] ** 2", ""),
    ("sqrt((c + 1) ** 2 + 1)", "sqrt((1 + c) * (c + 1) + 1)", ""),
    ("sqrt(2 * c ** 2 + 2)", "sqrt(2) * sqrt(1 + c ** 2)", ""),
    ("exp(c) ** m", "exp(c * m)", ""),
    ("exp(1) ** m * exp(c)", "exp(m + c)", "EXP"),
    ("(exp(1) * p[n]) ** m", "exp(m) * p[n] ** m", ""),
    ("(exp(c) * p[n] + exp(c) * q[n]) ** m", "exp(c * m) * (p[n] + q[n]) ** m", ""),
    ("(exp(1) * p[n] + exp(1) * q[n]) ** m", "exp(m) * (p[n] + q[n]) ** m", ""),
    ("(p[n] ** c * q[n] + p[n] ** c) ** m", "p[n] ** (c * m) * (q[n] + 1) ** m", ""),
    ("sqrt(2 - 2 * exp(0 - p[n]))", "sqrt(2) * sqrt(1 - exp(0 - p[n]))", ""),
    ("log(2 - 2 * exp(0 - p[n]))", "log(2) + log(1 - exp(0 - p[n]))", "LOG"),
    ("exp(c + m) ** (1 / 2)", "exp(c / 2) * exp(m / 2)", "EXP"),
    ("exp(2 * c + 3)", "exp(c) ** 2 * exp(1) ** 3", "EXP"),
    ("exp(c - c)", "1", ""),
    ("exp(log(p[n]) * c)", "p[n] ** c", "LOG"),
    ("exp(2 * log(p[n]) + c)", "p[n] ** 2 * exp(c)", ""),
    ("abs(c) ** 2", "c ** 2", ""),
    ("abs(c) ** 3", "abs(c) * c ** 2", ""),
    ("(abs(c) + m) * (abs(c) - m)", "c ** 2 - m ** 2", ""),
    ("(abs(c) + m) ** 3 - m ** 3", "abs(c) * c ** 2 + 3 * c ** 2 * m + 3 * abs(c) * m ** 2", ""),
    ("(sin(c) + m) * (sin(c) - m)", "1 - cos(c) ** 2 - m ** 2", "FUNCTION"),
    ("abs(p[n])", "p[n]", ""),
    ("abs(c ** 2 + 1)", "c ** 2 + 1", ""),
    ("abs(sum(w in V, p[w] * x[w] ** 2))", "sum(w in V, p[w] * x[w] ** 2)", ""),
    ("sin(2 * abs(sum(w in V, p[w])))", "sin(sum(w in V, 2 * p[w]))", ""),
    ("sin(c) ** 3", "sin(c) - sin(c) * cos(c) ** 2", "FUNCTION"),
    ("sin(c) ** 4", "(1 - cos(c) ** 2) ** 2", "FUNCTION"),
    # quotients
    (
        "c / (c ** 2 + 1) + m / (m ** 2 + 1)",
        "(c * (m ** 2 + 1) + m * (c ** 2 + 1)) / ((c ** 2 + 1) * (m ** 2 + 1))",
        "",
    ),
    ("1 / (c ** 2 + 1) - 1 / (c ** 2 + 2)", "1 / ((c ** 2 + 1) * (c ** 2 + 2))", ""),
    ("c / (2 * c ** 2 + 2)", "c / (c ** 2 + 1) / 2", ""),
    ("(p[n] + p[n] ** 2) / (1 + p[n])", "p[n]", ""),
    ("1 / (p[n] + p[n] * q[n])", "1 / p[n] / (1 + q[n])", ""),
    (
        "sum(w in V, c ** 2 / (c ** 2 + x[w] ** 2 + 1))",
        "V - sum(w in V, (x[w] ** 2 + 1) / (c ** 2 + x[w] ** 2 + 1))",
        "",
    ),
    ("sum(w in V, p[w] / (p[w] + q[w]))", "V - sum(w in V, q[w] / (p[w] + q[w]))", ""),
    ("sum(w in V, 1 / (p[w] * (1 + p[w])))", "sum(w in V, 1 / p[w] - 1 / (1 + p[w]))", ""),
    ("sum(w in V, exp(x[w]) / (1 + exp(x[w])))", "V - sum(w in V, 1 / (1 + exp(x[w])))", ""),
    ("sum(w in V, 1 / (1 + exp(x[w])))", "sum(w in V, exp(-x[w]) / (1 + exp(-x[w])))", "EXP"),
    ("1 / sqrt(p[n] + q[n]) * (p[n] + q[n])", "sqrt(p[n] + q[n])", ""),
    ("(p[n] + q[n]) ** (-3 / 2) * (p[n] + q[n]) ** 2", "sqrt(p[n] + q[n])", ""),
    ("sum(w in V, p[w]) / sum(k in V, p[k] * 2)", "1 / 2", ""),
    ("sum(w in V, p[w] * y[w] / sum(k in V, p[k]))", "sum(w in V, p[w] * y[w]) / sum(k in V, p[k])", ""),
    ("sum(w in V, sum(j in V, p[w] * x[j] / sum(k in V, p[k])))", "sum(w in V, x[w])", ""),
    ("sin(sum(w in V, p[w] / sum(k in V, p[k])))", "sin(1)", ""),
    ("sin(sum(w in V, sum(j in V, p[w] * x[j] / sum(k in V, p[k]))))", "sin(sum(w in V, x[w]))", ""),
    ("sin(sum(w in V, p[w] / sum(k in V, p[k]) ** 2))", "sin(1 / sum(k in V, p[k]))", ""),
    ("sum(k in V, sum(w in V, exp(x[w] * y[k]) / sum(j in V, exp(x[j] * y[k]))))", "V", ""),
    ("sum(k in V, x[k] * sum(w in V, p[w] ** y[k] / sum(j in V, p[j] ** y[k])))", "sum(k in V, x[k])", ""),
    # sums
    ("sum(w in V, 1)", "V", ""),
    ("sum(w in V, sum(i in d, c))", "V * d * c", ""),
    ("sum(w in V, x[w]) ** 2", "sum(w in V, sum(k in V, x[k] * x[w]))", ""),
    ("sum(w in V, x[w]) * sum(w in V, y[w])", "sum(w in V, sum(k in V, y[k] * x[w]))", ""),
    ("sum(w in V, sum(k in V, x[w] - x[k]))", "0", ""),
    ("sum(w in V, sum(k in V, x[w] * x[k] ** 2 - x[k] * x[w] ** 2))", "0", ""),
    (
        "sum(i in d, sum(a in d, sum(b in d, Q[i, a] * S[a, b])))",
        "sum(i in d, sum(a in d, sum(b in d, Q[b, i] * S[i, a])))",
        "",
    ),
    (
        "sum(w in V, sum(k in V, sum(j in V, x[w] * y[k] * p[j])))",
        "sum(w in V, sum(k in V, sum(j in V, x[j] * y[w] * p[k])))",
        "",
    ),
    ("sum(w in V, x[w] + c) ** 2", "(sum(w in V, x[w]) + V * c) ** 2", ""),
    ("sum(w in V, p[w] ** sum(k in V, x[k]))", "sum(k in V, p[k] ** sum(w in V, x[w]))", ""),
    ("max(w in V, x[w] + x[w])", "max(k in V, 2 * x[k])", ""),
    ("max(w in V, sum(k in V, x[k] * y[w]))", "max(k in V, y[k] * sum(w in V, x[w]))", ""),
    # brackets
    ("sum(w in V, (w == n) * (w == r[n]) * x[w])", "(n == r[n]) * x[n]", "PICK"),
    ("sum(w in V, sum(k in V, (w == k) * x[w] * y[k]))", "sum(w in V, x[w] * y[w])", "PICK"),
    ("(w == k) * (k == n) * x[w]", "(w == n) * (k == n) * x[n]", "PICK", "w in V, k in V"),
    ("(w == n) ** 2", "(w == n)", "", "w in V"),
    ("sum(w in V, (w == n) * exp(x[w] + x[n]))", "exp(2 * x[n])", "PICK"),
    ("sum(w in V, (w == n) * sum(k in V, (k != w) * x[k]))", "sum(k in V, x[k]) - x[n]", "PICK"),
    ("sum(w in V, (w == n) * p[w] ** x[w])", "p[n] ** x[n]", "PICK"),
    ("(w == n) * log(x[w] ** 2 + 1)", "(w == n) * log(x[n] ** 2 + 1)", "PICK", "w in V"),
    # logarithms and functions
    ("log(p[n] ** 2 / q[n])", "2 * log(p[n]) - log(q[n])", "LOG"),
    ("log(12)", "2 * log(2) + log(3)", "LOG"),
    ("log(2 / 3)", "log(2) - log(3)", "LOG"),
    ("log(1)", "0", ""),
    ("log(exp(1))", "1", ""),
    ("log(exp(c) * p[n])", "c + log(p[n])", "LOG"),
    ("log(p[n] ** c)", "c * log(p[n])", "LOG"),
    ("log(2 * p[n] + 2 * q[n])", "log(2) + log(p[n] + q[n])", "LOG"),
    ("log(p[n] * q[n] + p[n])", "log(p[n]) + log(q[n] + 1)", "LOG"),
    ("log(exp(1) * p[n] + exp(1) * q[n])", "1 + log(p[n] + q[n])", "LOG"),
    ("log(sum(w in V, exp(x[w] + c)))", "c + log(sum(w in V, exp(x[w])))", "LOG"),
    ("log(sigmoid(c))", "0 - log(1 + exp(0 - c))", "LOG FUNCTION"),
    ("log1p(exp(c))", "softplus(c)", "FUNCTION LOG"),
    ("log(1 + exp(c))", "softplus(c)", "SIGMOID"),
    ("log(sigmoid(c))", "0 - softplus(0 - c)", "SIGMOID"),
    ("tanh(c)", "2 * sigmoid(2 * c) - 1", "FUNCTION"),
    # derivatives
    ("diff(half[w] ** 2, x[k])", "(w == k) * x[w] / 2", "DIFF UNFOLD PICK", "w in V, k in V"),
    ("diff(c ** 2 * m, m)", "c ** 2", "DIFF"),
]
DOES_NOT = [
    ("sqrt(12)", "3 * sqrt(2)", ""),
    ("2 ** c", "2 * c", ""),
    ("sqrt(c ** 2)", "c", ""),
    ("abs(c)", "c", ""),
    ("(p[n] + q[n]) ** 2", "p[n] ** 2 + q[n] ** 2", ""),
    ("exp(c + m)", "exp(c) * exp(m)", ""),
    ("exp(c + m)", "exp(c) * exp(m)", "PICK UNFOLD DIFF ORTHOGONAL"),
    ("log(p[n] * q[n])", "log(p[n]) + log(q[n])", "EXP"),
    ("log1p(p[n])", "log(1 + p[n])", "LOG"),
    ("softplus(c)", "log(1 + exp(c))", "EXP"),
    ("sigmoid(c)", "1 / (1 + exp(0 - c))", "LOG"),
    ("sin(c) ** 2 + cos(c) ** 2", "1", "EXP"),
    ("half[n]", "x[n] / 2", "PICK"),
    ("sum(w in V, (w == n) * x[w])", "x[n]", "UNFOLD"),
    ("sum(w in V, x[w]) / V", "x[n]", ""),
    ("sum(w in V, x[w] ** 2)", "sum(w in V, x[w]) ** 2", ""),
    ("sum(i in d, sum(a in d, Q[i, a] * S[i, a]))", "sum(i in d, sum(a in d, Q[i, a] * S[a, i]))", ""),
    ("sum(w in V, sum(k in V, x[w] * x[k]))", "sum(w in V, sum(k in V, x[w] * y[k]))", ""),
    ("max(w in V, x[w])", "max(w in V, y[w])", ""),
    ("max(w in V, x[w] + c)", "max(w in V, x[w]) + c", ""),
    ("(w == k) * x[w]", "(w == k) * y[k]", "PICK", "w in V, k in V"),
    ("(w == n) * log(x[w] ** 2 + 1)", "(w == n) * log(x[n] ** 2 + 2)", "PICK", "w in V"),
    ("sum(w in V, p[w] / (p[w] + q[w]))", "V - sum(w in V, p[w] / (p[w] + q[w]))", ""),
    ("max(V, 2)", "V", ""),
    ("sum(i in d, Q[i, a] * Q[i, b])", "(a == b)", "", "a in d, b in d"),
    ("sum(i in d, Q[a, i] * Q[b, i])", "(a == b)", "ORTHOGONAL", "a in d, b in d"),
    ("sum(i in d, Q[i, a] ** 2)", "2", "ORTHOGONAL PICK", "a in d"),
    ("sum(i in d, Q[i, i] * Q[i, a])", "1", "ORTHOGONAL PICK", "a in d"),
    ("sum(i in d, Q[i, a] * Q[i, b] * U[i, n])", "(a == b)", "ORTHOGONAL", "a in d, b in d"),
    ("sum(i in d, U[i, w] * U[i, n])", "(w == n)", "ORTHOGONAL", "w in V"),
]  # fmt: skip


def made(left: str, right: str, rules: str, over: str = "") -> Any:
    return step(left, right, over, rules or "ALGEBRA")


@pytest.mark.parametrize("case", FOLLOWS, ids=lambda case: case[0])
def test_what_follows_is_proved_and_true(case: tuple[str, ...]) -> None:
    made(*case).check()


@pytest.mark.parametrize("case", DOES_NOT, ids=lambda case: case[0])
def test_what_does_not_follow_by_these_rules_is_refused(case: tuple[str, ...]) -> None:
    with pytest.raises(ProofError, match="does not follow"):
        made(*case).check_algebra()


@pytest.mark.parametrize("case", [c for c in FOLLOWS if c[2]], ids=lambda case: case[0])
def test_without_the_rules_it_does_not_follow(case: tuple[str, ...]) -> None:
    with pytest.raises(ProofError, match="does not follow"):
        made(case[0], case[1], "ALGEBRA", *case[3:]).check_algebra()


def test_orthonormal_columns_are_of_arrays_declared_so() -> None:
    made("sum(i in d, Q[i, a] * Q[i, b])", "(a == b)", "ORTHOGONAL", "a in d, b in d").check()
    made("sum(i in d, Q[i, a] ** 2)", "1", "ORTHOGONAL", "a in d").check()
    made(
        "c * sum(i in d, Q[i, a] * Q[i, b]) * x[n]", "c * x[n] * (a == b)", "ORTHOGONAL", "a in d, b in d"
    ).check()


x, c = array("x"), sp.Symbol("c", real=True)
w, k = index("w", "V"), index("k", "V")


def test_what_is_0_in_disguise_has_no_inverse_and_no_logarithm() -> None:
    nothing = c * (c + 1) - c**2 - c
    assert equal(nothing, 0, Context())
    for value in (1, 0, c):
        for undefined in (1 / nothing, nothing ** sp.Rational(-1, 2), nothing**c):
            with pytest.raises(ProofError, match="a power of 0"):
                equal(undefined, value, Context())
        with pytest.raises(ProofError, match="a logarithm of 0"):
            equal(sp.log(nothing), value, Context(rules=frozenset({"LOG"})))
    assert equal(sp.sqrt(nothing) + c, c, Context())


def test_a_derivative_is_taken_where_there_is_one() -> None:
    unfolded = Context(rules=frozenset({"DIFF", "UNFOLD"}))
    assert normal(Slope(c**2, c), unfolded) == 2 * c
    assert normal(Slope(Abs(c), c), unfolded) == Sign(c)
    assert normal(Slope(Larger(c, 1), c), unfolded) == (1 + Sign(c - 1)) / 2
    for e in (Sign(c), total(w, largest(k, x[k])), Choose(c, 0, c, c)):
        with pytest.raises(ProofError, match="is not defined everywhere"):
            normal(Slope(e, x[k] if e.has(x[k]) else c), unfolded)


def test_a_name_that_depends_on_the_entry_is_unfolded_or_refused() -> None:
    y = sp.Symbol("y", real=True)
    context = Context().defining(Equation("y", (), c**2))
    assert normal(Slope(y * c, c), context.allowing("DIFF", "UNFOLD")) == 3 * c**2
    with pytest.raises(ProofError, match="y: depends on c, so DIFF needs UNFOLD beside it"):
        normal(Slope(y * c, c), context.allowing("DIFF"))
    assert normal(Slope(c**2, y), context.allowing("DIFF")) == 0
    assert normal(Slope(y**2, y), context.allowing("DIFF")) == 2 * y
    assert normal(Slope(y * c, c), context.allowing("UNFOLD")) == Slope(c**3, c)


def test_what_is_taken_out_of_a_sum_depends_on_the_sum_alone() -> None:
    """Not on the order in which its terms came about."""
    m = sp.Symbol("m", real=True)
    for grown, written in (
        ((2 * c + m) ** 2 + 1, m**2 + 4 * c * m + 4 * c**2 + 1),
        ((2 * c + m) ** 2 + (c + 3 * m) ** 2, 5 * c**2 + 10 * c * m + 10 * m**2),
        ((m + 3 * c) ** 2 + 2 * m**2, 3 * m**2 + 6 * c * m + 9 * c**2),
        (2 * (c + m) * (c - 3 * m) + 7 * m * (c + m), 2 * c**2 + m**2 + 3 * c * m),
        (3 * m * (2 * m + c) + c * (m + 7 * c), 6 * m**2 + 4 * m * c + 7 * c**2),
    ):
        for power in (sp.Rational(-1, 2), sp.Rational(1, 3), sp.Symbol("k", real=True)):
            assert equal(grown**power, written**power, Context())


def test_a_power_of_a_number_is_split_into_its_primes() -> None:
    half = sp.Rational(1, 2)
    assert power_of_number(sp.Integer(12), half).coefficient == 2
    assert power_of_number(sp.Integer(12), half).factors == {sp.Integer(3): half}
    assert power_of_number(sp.Rational(2, 9), half).coefficient == sp.Rational(1, 3)
    assert power_of_number(sp.Integer(8), sp.Rational(-2, 3)).coefficient == sp.Rational(1, 4)
    assert power_of_number(sp.Rational(-2, 3), sp.Integer(3)).coefficient == sp.Rational(-8, 27)
    large = sp.Integer(2 * 10**15)
    assert power_of_number(large, half).factors == {large: half}
    assert power_of_number(1 / large, half).factors == {1 / large: half}
    assert power_of_number(sp.Integer(10) ** 15, half).factors == {sp.Integer(2): half, sp.Integer(5): half}


@pytest.mark.parametrize(
    ("where", "limit", "text"),
    [
        (terms, "_MOST_TERMS", "(c + m + 1) ** 3"),
        (module, "_MOST_REDUCTIONS", "(c + m + 1) ** 4"),
    ],
)
def test_what_grows_too_large_is_refused(
    where: Any, limit: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module.vanishes.cache_clear()
    made(text, text, "ALGEBRA").check_algebra()
    module.vanishes.cache_clear()
    monkeypatch.setattr(where, limit, 5)
    big = made(text, "c", "ALGEBRA")
    with pytest.raises(ProofError, match="more than 5 "):
        big.check_algebra()


def test_the_orders_of_many_like_indices_are_not_all_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "_MOST_ORDERS", 4)
    axes = [index(f"a{n}", "V") for n in range(4)]
    body: Any = sp.Mul(*(x[a] for a in axes)) + sp.Mul(*axes)
    assert len(list(sums._orders(tuple(axes), body))) == 4


def test_the_normal_form_of_a_normal_form_is_itself() -> None:
    context = Context({"V": 1}, rules=frozenset({"PICK", "EXP", "LOG", "FUNCTION"}))
    for e in (
        total(w, x[w] * total(k, x[k] * x[w])) ** 2,
        sp.exp(2 * c + total(w, x[w])) / (1 + sp.exp(c)),
        sp.log(1 + total(w, sp.exp(x[w]))) * (c + 1) ** 3,
        total(w, sp.KroneckerDelta(w, k) * x[w] ** 2) / size("V"),
    ):
        once = normal(e, context)
        assert normal(once, context) == once
