"""The two ways of giving an expression a value, all entries at once and one by one, agree, and refuse the same."""

import itertools
import random
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import sympy as sp
from tables import DERIVATION

from w2v_verified.symbolic.definition.loss import Chain
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import UndefinedError
from w2v_verified.symbolic.language.functions import Abs, Expm1, Log1p, Sigmoid, Softplus
from w2v_verified.symbolic.language.indices import array, axis_of, index, largest, pointer, size, table, total
from w2v_verified.symbolic.language.operators import Choose, Larger, Largest, Slope
from w2v_verified.symbolic.proof.drawing import entries_of, values_for
from w2v_verified.symbolic.proof.interpret import Setting
from w2v_verified.symbolic.proof.sampling import Point, Values

c, m = sp.Symbol("c", real=True), sp.Symbol("m", real=True)
w, k, i = index("w", "V"), index("k", "V"), index("i", "d")
x, U = array("x"), array("U")

EXPRESSIONS = [
    ("1 / 3 + V", ""),
    ("c + m + 2", ""),
    ("c * m * p[n]", ""),
    ("c - m", ""),
    ("c ** 3 - c ** 2 * m", ""),
    ("(p[n] + 1) ** (0 - 2)", ""),
    ("p[n] ** c", ""),
    ("sqrt(p[n])", ""),
    ("exp(c) + sin(c) * cos(m) + tanh(c)", ""),
    ("abs(c) + 2 * abs(0 - abs(m))", ""),
    ("sigmoid(c) + softplus(m) + expm1(c) + log1p(p[n])", ""),
    ("log(p[n]) + log(1 + exp(c))", ""),
    ("exp(1) * c", ""),
    ("max(V, 1) + max(V, 3)", ""),
    ("max(w in V, x[w])", ""),
    ("max(w in V, x[w] * y[n])", ""),
    ("max(w in V, c)", ""),
    ("max(w in V, max(k in V, x[w] - y[k]))", ""),
    ("sum(w in V, x[w])", ""),
    ("sum(w in V, c)", ""),
    ("sum(w in V, sum(k in V, x[w] * y[k] + x[k]))", ""),
    ("sum(i in d, sum(w in V, U[i, w]))", ""),
    ("sum(w in V, sum(i in d, x[w]))", ""),
    ("sum(i in d, U[i, w] * U[i, k])", "w in V, k in V"),
    ("U[i, w] - 2 * x[w]", "i in d, w in V"),
    ("U[i, w] - 2 * x[w]", "w in V, i in d"),
    ("x[w]", "i in d, w in V, k in V"),
    ("U[i, n] * x[r[n]]", "i in d"),
    ("x[r[w]] * y[r[r[w]]]", "w in V"),
    ("(w == n) * x[w] + (w != r[k])", "w in V, k in V"),
    ("(r[w] == r[k]) + (n == r[w])", "w in V, k in V"),
    ("Q[i, a] + Q[a, i]", "i in d, a in d"),
    ("half[w] * half[k] + half[n] + half[r[w]]", "w in V, k in V"),
    ("sum(w in V, half[w] * sum(k in V, half[k] - half[w]))", ""),
    ("x[w] if x[w] < y[w] else 2 * y[w]", "w in V"),
    ("c if m < c else m + 1", ""),
    ("diff(c ** 2 * m, c)", ""),
    ("diff(sum(k in V, x[k] ** 2 * y[k]), x[w])", "w in V"),
    ("diff(x[k] * x[w], x[w])", "w in V, k in V"),
    ("diff(x[n] ** 3, x[w])", "w in V"),
    ("diff(x[r[w]] ** 2 * x[n], x[n])", "w in V"),
    ("diff(x[r[w]] * x[w], x[r[k]])", "w in V, k in V"),
    ("diff(log(sum(k in V, exp(U[i, k] * y[k]))), U[i, w])", "i in d, w in V"),
    ("diff(half[k] ** 2, x[w])", "w in V, k in V"),
    ("diff(sigmoid(x[w]) + softplus(x[w]) + tanh(x[w]) + expm1(x[w]), x[w])", "w in V"),
    ("diff(log1p(p[w]) + sqrt(p[w]) + p[w] ** c, p[w])", "w in V"),
]
HELD = [
    (Slope(array("half")[k] * x[w] ** 2, array("half")[w]), (w, k)),
    (Slope(total(w, array("half")[w] ** 3), array("half")[k]), (k,)),
]
"""Those by an entry of a name that is defined: it stands for itself, with the values it has."""


def both(
    e: Any, over: tuple[Any, ...], sizes: dict[str, int], held: tuple[Equation, ...] = ()
) -> tuple[Any, Any]:
    """The values of an expression by the two ways, as arrays."""
    values = values_for(DERIVATION.steps.names, sizes, random.Random(3))
    assert values is not None
    known = DERIVATION.steps.context.definitions
    quick = Point(sizes, values, known).value(e).over(over)
    extents = [sizes[axis_of(j)] for j in over]
    slow = np.empty(extents)
    with mp.workdps(30):
        setting = Setting(sizes, {name: entries_of(a) for name, a in values.items()})
        setting.run(held)
        setting.definitions |= {name: d for name, d in known.items() if name not in setting.values}
        for at in itertools.product(*map(range, extents)):
            slow[at] = setting.value(e, dict(zip(over, at, strict=True)))
    return np.broadcast_to(quick, extents), slow


@pytest.mark.parametrize(("text", "over"), EXPRESSIONS, ids=[text for text, _ in EXPRESSIONS])
@pytest.mark.parametrize("sizes", [{"d": 2, "V": 3}, {"d": 1, "V": 2}, {"d": 3, "V": 1}], ids=str)
def test_the_two_ways_agree(text: str, over: str, sizes: dict[str, int]) -> None:
    e, indices = DERIVATION.steps.expression(Chain("", (), over=over), text)
    quick, slow = both(e, indices, sizes)
    np.testing.assert_allclose(quick.real, slow, rtol=1e-12, atol=1e-12)
    assert not np.any(quick.imag)


@pytest.mark.parametrize(("e", "over"), HELD, ids=str)
@pytest.mark.parametrize(
    "held", [(), (DERIVATION.steps.context.definitions["half"],)], ids=["by name", "held"]
)
def test_the_two_ways_agree_on_derivatives_by_what_is_defined(
    e: Any, over: tuple[Any, ...], held: tuple[Equation, ...]
) -> None:
    quick, slow = both(e, over, {"d": 1, "V": 3}, held)
    np.testing.assert_allclose(quick.real, slow, rtol=1e-12, atol=1e-12)


KNOWN = [
    (sp.Rational(1, 4), 0.25),
    (sp.E, np.e),
    (c + m, -1.5),
    (c + m + 1, -0.5),
    (c * m, -1.0),
    (c * m * sp.sin(c), -np.sin(0.5)),
    (c**-2, 4.0),
    (m**3, -8.0),
    (c**c, 0.5**0.5),
    (Abs(m), 2.0),
    (Abs(c), 0.5),
    (Sigmoid(m), 1 / (1 + np.exp(2.0))),
    (Softplus(m), np.log(1 + np.exp(-2.0))),
    (Log1p(-c), np.log(0.5)),
    (Expm1(m), np.exp(-2.0) - 1),
    (sp.log(c), np.log(0.5)),
    (sp.tanh(c), np.tanh(0.5)),
    (Choose(m, c, c, m), 0.5),
    (Choose(c, m, c, m), -2.0),
    (Choose(c, c, c, m), -2.0),
    (Larger(size("V"), 3), 3.0),
    (Larger(size("V"), 1), 2.0),
    (size("V") * c, 1.0),
    (total(w, c), 1.0),
    (total(index("z", "empty"), c), 0.0),
    (total(w, x[w]), 4.0),
    (largest(w, x[w]), 3.0),
    (total(w, total(i, U[i, w])), 21.0),
    (x[pointer("o", "V")], 3.0),
    (x[table("t", "V")[pointer("o", "V")]], 1.0),
    (total(w, sp.KroneckerDelta(w, pointer("o", "V")) * x[w]), 3.0),
    (Slope(total(w, x[w] ** 2), x[pointer("o", "V")]), 6.0),
    (Slope(c**2 * m, c), -2.0),
    (sp.sqrt(sp.Integer(0)), 0.0),
]
ARRAYS: dict[str, Any] = {
    "c": np.array(0.5 + 0j),
    "m": np.array(-2.0 + 0j),
    "x": np.array([1, 3], complex),
    "U": np.arange(1, 7).reshape(3, 2).astype(complex),
    "o": np.array(1),
    "t": np.array([1, 0]),
}
SIZES = {"V": 2, "d": 3, "empty": 0}


def setting() -> Setting:
    return Setting(SIZES, {name: entries_of(a) for name, a in ARRAYS.items()})


@pytest.mark.parametrize(("e", "value"), KNOWN, ids=str)
def test_values_are_what_they_are_by_hand(e: Any, value: float) -> None:
    assert complex(Point(SIZES, dict(ARRAYS)).value(e).array) == pytest.approx(value, rel=1e-12)
    assert float(setting().value(e, {})) == pytest.approx(value, rel=1e-12)


UNDEFINED = {
    "a logarithm of 0": sp.log(c - sp.Rational(1, 2)),
    "a logarithm of a negative number": sp.log(m),
    "log1p of -1": Log1p(c + m + sp.Rational(1, 2)),
    "log1p below -1": Log1p(m),
    "a divisor that is 0": 1 / (c - sp.Rational(1, 2)),
    "a root of a negative number": sp.sqrt(m),
    "a power of 0 that is negative": (c - sp.Rational(1, 2)) ** m,
    "a power of 0 that is 0": sp.Pow(c - sp.Rational(1, 2), c + sp.Rational(3, 2) + m, evaluate=False),
    "a power of a negative number": sp.Pow(m, c, evaluate=False),
    "a maximum of nothing": Largest(c, (index("z", "empty"), 0, size("empty") - 1)),
}


@pytest.mark.parametrize("name", UNDEFINED)
def test_what_has_no_value_is_refused(name: str) -> None:
    with pytest.raises(UndefinedError):
        Point(SIZES, dict(ARRAYS)).value(UNDEFINED[name])
    with pytest.raises(UndefinedError):
        setting().value(UNDEFINED[name], {})


DEFINED = {
    "a whole power of 0": ((c - sp.Rational(1, 2)) ** 2, 0.0),
    "a root of 0": (sp.sqrt(c - sp.Rational(1, 2)), 0.0),
    "a positive power of 0": ((c - sp.Rational(1, 2)) ** c, 0.0),
    "a logarithm of little": (sp.log(c - sp.Rational(49, 100)), np.log(0.01)),
    "log1p just above -1": (Log1p(c - sp.Rational(149, 100)), np.log(0.01)),
    "a divisor that is negative": (1 / m, -0.5),
}


@pytest.mark.parametrize("name", DEFINED)
def test_what_has_a_value_at_the_border_has_it(name: str) -> None:
    e, value = DEFINED[name]
    assert complex(Point(SIZES, dict(ARRAYS)).value(e).array) == pytest.approx(value)
    assert float(setting().value(e, {})) == pytest.approx(value)


def test_what_stands_for_no_number_is_refused() -> None:
    for evaluate in (Point(SIZES, dict(ARRAYS)).value, lambda e: setting().value(e, {})):
        with pytest.raises(TypeError, match="no number that a gamma stands for"):
            evaluate(sp.gamma(c))


def test_large_whole_numbers_and_e_have_the_digits_of_the_time() -> None:
    for e in (sp.Integer(2) ** 70 + 1, sp.E, sp.Rational(2**70 + 1, 3), sp.exp(c)):
        with mp.workdps(5):
            setting().value(e, {})
        with mp.workdps(60):
            assert (
                abs(setting().value(e, {}) - mp.mpf(sp.N(e.subs(c, sp.Rational(1, 2)), 60)))
                < mp.mpf(10) ** -25
            )


def test_a_value_is_kept_for_its_precision_alone() -> None:
    there = setting()
    with mp.workdps(5):
        rough = there.value(sp.exp(c), {})
    with mp.workdps(40):
        fine = there.value(sp.exp(c), {})
        assert abs(fine - mp.exp(mp.mpf(0.5))) < mp.mpf(10) ** -38
    assert abs(rough - fine) > mp.mpf(10) ** -12


def test_a_derivative_leaves_the_values_as_they_were() -> None:
    there = setting()
    before = dict(there.values)
    assert float(there.value(total(w, x[w]), {})) == 4
    with mp.workdps(30):
        there.value(Slope(total(w, x[w] ** 2), x[w]), {w: 1})
        with pytest.raises(UndefinedError):
            there.value(Slope(sp.log(x[w] - 3), x[w]), {w: 1})
    assert there.values == before
    assert float(there.value(total(w, x[w]), {})) == 4


def test_statements_are_run_in_order_over_their_indices() -> None:
    there = setting()
    there.run(
        [
            Equation("double", (w,), 2 * x[w]),
            Equation("outer", (w, i), array("double")[w] * U[i, w]),
            Equation("all", (), total(w, total(i, array("outer")[w, i]))),
        ]
    )
    assert there.values["double"] == {(0,): 2, (1,): 6}
    assert there.values["outer"][1, 2] == 36
    assert there.values["all"] == 2 * 9 + 6 * 12


def test_definitions_keep_their_indices_to_themselves() -> None:
    """The index of a definition is not the one outside that has its name, nor are those bound in it."""
    definition = Equation("f", (w,), total(k, x[k]) * x[w])
    e = total(w, array("f")[w]) + array("f")[k] * x[w]
    point = Point(SIZES, dict(ARRAYS), {"f": definition})
    there = Setting(SIZES, setting().values, {"f": definition})
    got = point.value(e).over((w, k))
    expected = 16 + np.outer([1, 3], [4, 12])
    np.testing.assert_allclose(got, expected)
    for at in np.ndindex(2, 2):
        assert float(there.value(e, dict(zip((w, k), at, strict=True)))) == expected[at]


def test_a_derivative_of_a_derivative_is_left_to_the_other_way() -> None:
    with pytest.raises(NotImplementedError):
        Point(SIZES, dict(ARRAYS)).value(Slope(Slope(c**3, c), c))
    with mp.workdps(40):
        assert abs(setting().value(Slope(Slope(c**3, c), c), {}) - 3) < mp.mpf(10) ** -8


def test_axes_come_in_the_order_asked_for() -> None:
    values = Values(np.arange(6).reshape(2, 3), (w, i))
    assert values.over((i, w)).tolist() == [[0, 3], [1, 4], [2, 5]]
    assert values.over((w, k, i)).shape == (2, 1, 3)
    assert values.over((k, i, w)).shape == (1, 3, 2)
