"""Numbers as the engine prints them: each reads as the same number, and is right in the code as well."""

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from w2v_verified.notation import LanguageError, parse
from w2v_verified.symbolic import Array, Axis, Loss
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.document.latex import Latex
from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.language.text import text
from w2v_verified.symbolic.plan.plan import Plan
from w2v_verified.symbolic.plan.planner import Planner
from w2v_verified.symbolic.printing.elementwise import Printer
from w2v_verified.symbolic.printing.operations import OperationPrinter
from w2v_verified.symbolic.printing.uses import Uses

PROBLEM = Problem(
    Loss("numerals", "", (Axis("V"),), (Array("p", "", positive=True), Array("x", "V")), "loss = p")
)
P = PROBLEM.translator.scalar("p")


def read(written: str) -> Any:
    (statement,) = parse([f"t = {written}"]).statements
    return PROBLEM.translator.expression(statement.expression)


WHOLE = st.one_of(st.integers(1, 40), st.integers(1, 10**25), st.integers(0, 70).map(lambda n: 2**n))
DECIMALS = st.builds(lambda n, places: Fraction(n, 10**places), WHOLE, st.integers(0, 60))
NUMBERS = st.one_of(DECIMALS, st.builds(Fraction, WHOLE, WHOLE))
PLACES = {
    "a factor": lambda n: n * P,
    "a divisor": lambda n: P**2 / (n + P),
    "a term": lambda n: P - n,
    "a negative factor": lambda n: 1 - n * P**2,
    "alone": lambda n: n,
    "an exponent": lambda n: P**n,
    "inside a function": lambda n: sp.sin(n * P + n),
}


@pytest.mark.parametrize("place", PLACES)
@given(NUMBERS)
def test_what_is_printed_reads_as_the_same_number(place: str, number: Fraction) -> None:
    e = PLACES[place](sp.Rational(number.numerator, number.denominator))
    assert read(text(e)) == e, text(e)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(NUMBERS.filter(lambda n: 1e-30 < n < 1e30))
def test_code_multiplies_by_the_number(dtype: type[np.floating[Any]], number: Fraction) -> None:
    e = sp.Rational(number.numerator, number.denominator) * P
    for p in (dtype(3), np.full(2, 3, dtype)):
        product = np.asarray(eval(Printer(Uses()).text(e, ()), {"p": p}))
        assert product.dtype == dtype
        np.testing.assert_allclose(product, float(3 * number), rtol=float(4 * np.finfo(dtype).eps))


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        ("0.1", "p / 10"),
        ("0.5", "p / 2"),
        ("1e-6", "p / 1000000"),
        ("0.3", "0.3 * p"),
        ("2.5", "2.5 * p"),
        ("1 / 3", "p / 3"),
        ("2 / 7", "2 * p / 7"),
        ("7", "7 * p"),
        ("0.1234567890123456789", "0.1234567890123456789 * p"),
        ("1e300", "1e300 * p"),
        ("1.5e-300", "1.5e-300 * p"),
        ("0.1234567890123456789 / 3", "0.0411522630041152263 * p"),
        ("0.1234567890123456788 / 3", "0.1234567890123456788 * p / 3"),
        ("9223372036854775807", "9223372036854775807 * p"),
        ("9223372036854775809", "9223372036854775809.0 * p"),
    ],
)
def test_short_fractions_and_decimals_are_printed(number: str, printed: str) -> None:
    e = read(number) * P
    assert text(e) == Printer(Uses()).text(e, ()) == printed


def test_large_whole_numbers_make_no_arrays_of_objects() -> None:
    (v,) = PROBLEM.indices("x")
    operations = Planner(PROBLEM.letters, PROBLEM.taken).operations(Equation("t", (v,), sp.Integer(10) ** 20))
    plan = Plan(PROBLEM, PROBLEM.taken, None, False, (), operations)
    scope: dict[str, Any] = {"np": np, "V": 3, PROBLEM.arrays[0].name: np.ones(1)}
    exec("\n".join(OperationPrinter(plan, Uses()).block(operations)), scope)
    assert scope["t"].dtype == np.float64
    assert scope["t"].tolist() == [1e20] * 3


def test_a_number_no_float_is_near_is_refused() -> None:
    for number in (sp.Integer(10) ** 600, sp.Integer(10) ** -600):
        with pytest.raises(UnsupportedError, match=r"1e-?600: no float64 is near it"):
            Printer(Uses()).text(number * P, ())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1e300 ** 2", "1e300 ** 2"),
        ("1e300 * 1e300", "1e300 * 1e300"),
        ("exp(1e300) * p", "exp(1e300)"),
        ("exp(exp(exp(1000)))", "exp(1000)"),
        ("p ** (10 ** 400)", "10 ** 400"),
    ],
)
def test_a_constant_no_float_is_near_is_refused_where_it_stands(written: str, shown: str) -> None:
    with pytest.raises(LanguageError, match=re.escape(f"{shown}: the nearest float64 is infinite")):
        read(written)
    with pytest.raises(LanguageError, match=r"10 \*\* 10000000000: expected a power of at most 10000 binary"):
        read("10 ** 10 ** 10")


def test_documents_show_powers_of_ten() -> None:
    shown = Latex({}).text
    assert shown(read("3e-20") * P) == r"3\cdot 10^{-20}\,p"
    assert shown(read("1e20") * P) == r"10^{20}\,p"
    assert shown(read("0.3") * P) == r"0.3\,p"
    assert shown(read("0.1") * P) == r"\frac{p}{10}"
