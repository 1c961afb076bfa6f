"""Decimals of a loss: one value for the engine and for the judge, and bounds that know how code rounds them."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp
from flint import ctx
from hypothesis import given, settings
from hypothesis import strategies as st
from index_by_index import IndexByIndex, as_ball

from w2v_verified.notation import parse
from w2v_verified.notation.spelling import spell
from w2v_verified.symbolic import Array, Axis, Derivation, Loss, record
from w2v_verified.verify import Record, check, error_bound, reference
from w2v_verified.verify.bounds.analysis import Analysis
from w2v_verified.verify.bounds.rounding import Rounding
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.compare import deviations

FORMATS = (np.float32, np.float64)
SEEDS = st.integers(0, 2**32 - 1)
VALUES = (
    "0.1",
    "0.75",
    "0.12345678901234567891",
    "2.0",
    "3e-7",
    "1e300",
    "1e-300",
    "12345678901234567890123",
)


@cache
def derived(definition: str) -> Derivation:
    """A loss of two vectors."""
    arguments = (Array("a", "d"), Array("b", "d"))
    return Derivation(Loss("user_loss", "A loss.", (Axis("d", letters="i"),), arguments, definition))


@cache
def judge_of(definition: str) -> Record:
    return Record.from_json(record(derived(definition)))


def generated(definition: str) -> Any:
    namespace: dict[str, Any] = {}
    exec(derived(definition).standalone("user_loss.py"), namespace)
    return namespace["user_loss"]


@pytest.mark.parametrize("value", VALUES)
def test_engine_and_judge_agree_on_a_decimal(value: str) -> None:
    definition = f"loss = {value} * sum(i in d, a[i]) ** 2 + sum(i in d, b[i])"
    loss = derived(definition).problem.authored[-1].expression
    exact = Fraction(value)
    assert sp.Rational(exact.numerator, exact.denominator) in loss.atoms(sp.Rational)
    judge, arguments = judge_of(definition), {"a": np.ones(1), "b": np.zeros(1)}
    found = reference(judge, arguments)
    with ctx.workprec(2000):
        expected = {"loss": as_ball(exact), "grad_a": as_ball(2 * exact)}
        for name, place in (("loss", ()), ("grad_a", (0,))):
            near = expected[name] * as_ball(2.0**-90)
            assert abs(found.ball(name, *place) - expected[name]) <= near
            for which in ("textbook", "stable"):
                known = IndexByIndex(judge, arguments).run(judge.programs[which])
                assert abs(known[name][place] - expected[name]) <= near


@pytest.mark.parametrize(
    "value", [pytest.param(v, marks=() if v == "0.1" else pytest.mark.slow) for v in VALUES]
)
def test_generated_code_is_accurate(value: str) -> None:
    definition = f"loss = {value} * sum(i in d, a[i]) ** 2 + sum(i in d, b[i] * {value})"
    report = check(generated(definition), judge_of(definition), examples=40, strict=True)
    assert report.ok, str(report)


Code = Callable[[Any, Any, float], tuple[Any, Any, Any]]

WAYS: dict[str, Code] = {
    "loss = sum(i in d, {} * a[i] * b[i])": lambda a, b, c: ((c * a * b).sum(), c * b, c * a),
    "loss = sum(i in d, a[i] * b[i] / {})": lambda a, b, c: ((a * b / c).sum(), b / c, a / c),
    "loss = sum(i in d, {} * a[i] ** 3 * b[i])": lambda a, b, c: (
        (c * a**3 * b).sum(),
        3 * c * a**2 * b,
        c * a**3,
    ),
    "loss = sum(i in d, (a[i] - {}) ** 2 * b[i])": lambda a, b, c: (
        ((a - c) ** 2 * b).sum(),
        2 * (a - c) * b,
        (a - c) ** 2,
    ),
    "loss = sum(i in d, sin(a[i] / {}) * b[i])": lambda a, b, c: (
        (np.sin(a / c) * b).sum(),
        np.cos(a / c) / c * b,
        np.sin(a / c),
    ),
}
"""Losses with a decimal, each with the code that somebody writes for it and its derivatives."""

DECIMALS = (
    "0.1",
    "0.2",
    "0.3",
    "0.05",
    "0.07",
    "0.001",
    "3.3",
    "1.00000000000000011",
    "0.12345678901234567891",
)


def examples(value: str, dtype: type[np.floating[Any]], seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Ordinary numbers, and numbers that cancel the decimal."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        a, b = random.normal(size=(2, random.integers(1, 3)))
        yield {
            "a": a.astype(dtype) if random.integers(3) else np.full_like(a, float(value), dtype),
            "b": b.astype(dtype),
        }


def fractions(
    way: str, value: str, inputs: Iterable[dict[str, Any]], constant: float
) -> Iterator[dict[str, float]]:
    """The errors of code with this constant, in units of the strict bound: for inputs that are judged together."""
    judge = judge_of(way.format(value))
    standards = [(Standard(judge, arguments), arguments) for arguments in inputs]
    Standard.prepare(judge, [standard for standard, _ in standards])
    for standard, arguments in standards:
        result = WAYS[way](arguments["a"], arguments["b"], constant)
        found = deviations(judge, arguments, result, standard.exact, standard.bound("strict"), "strict")
        yield {each.result: each.fraction for each in found.deviations}


TOGETHER = 4


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dtype", FORMATS)
@settings(max_examples=-(-settings().max_examples // (TOGETHER * len(DECIMALS))))
@given(SEEDS)
def test_right_code_with_a_decimal_is_within(way: str, dtype: type[np.floating[Any]], seed: int) -> None:
    for value in DECIMALS:
        for found in fractions(way, value, examples(value, dtype, seed, TOGETHER), float(value)):
            assert max(found.values()) <= 1, found


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_right_code_with_a_decimal_is_called_accurate(dtype: str) -> None:
    definition = "loss = 0.1 * sum(i in d, a[i]) ** 2 + sum(i in d, b[i]) / 0.3"

    def code(a: Any, b: Any) -> tuple[Any, Any, Any]:
        a, b = (x if x.dtype.kind == "f" else x.astype(float) for x in (a, b))
        total = a.sum()
        return 0.1 * total**2 + b.sum() / 0.3, np.full_like(a, 0.2 * total), np.full_like(b, 1 / 0.3)

    report = check(code, judge_of(definition), examples=40)
    assert report.grade == "componentwise accurate", str(report)


def worst(way: str, value: str, dtype: type[np.floating[Any]], constant: float) -> float:
    return max(
        max(found.values()) for found in fractions(way, value, examples(value, dtype, 1, 40), constant)
    )


@pytest.mark.parametrize(
    "way", ["loss = sum(i in d, {} * a[i] * b[i])", "loss = sum(i in d, (a[i] - {}) ** 2 * b[i])"]
)
@pytest.mark.parametrize("dtype", FORMATS)
def test_a_constant_off_by_three_ulps_is_noticed(way: str, dtype: type[np.floating[Any]]) -> None:
    right = dtype(0.1)
    assert worst(way, "0.1", dtype, float(right + 3 * np.spacing(right))) > 1


@pytest.mark.parametrize("dtype", FORMATS)
def test_a_bound_without_the_rounding_of_the_constant_would_be_noticed(
    dtype: type[np.floating[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    way = "loss = sum(i in d, (a[i] - {}) ** 2 * b[i])"
    assert worst(way, "0.1", dtype, 0.1) <= 1
    right = Rounding.constant
    monkeypatch.setattr(
        Rounding, "constant", lambda *given, **made: right(*given, **made)._replace(error=None)
    )
    assert worst(way, "0.1", dtype, 0.1) > 1


@pytest.mark.parametrize(
    "way", ["loss = sum(i in d, {} * a[i] * b[i])", "loss = sum(i in d, a[i] * b[i] / {})"]
)
@pytest.mark.parametrize("dtype", FORMATS)
def test_a_bound_that_takes_one_over_a_decimal_for_a_whole_number_would_be_noticed(
    way: str, dtype: type[np.floating[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The derived programs divide by 3125 and multiply by it, where code has 0.00032."""
    assert worst(way, "0.00032", dtype, 0.00032) <= 1
    prepare = Analysis.__init__
    monkeypatch.setattr(Analysis, "__init__", lambda *given, decimals: prepare(*given))
    assert worst(way, "0.00032", dtype, 0.00032) > 1


@pytest.mark.parametrize("exactly", ["3", "0.5", "2.0", "1.25"])
def test_no_bound_is_wider_for_numbers_that_are_held(exactly: str) -> None:
    """As that of code for which the number is an argument."""
    judge = judge_of(f"loss = sum(i in d, {exactly} + a[i] * b[i])")
    loose = judge_of("loss = sum(i in d, 0.3 + a[i] * b[i])")
    small = {"a": np.full(1, 1e-9), "b": np.full(1, 1e-9)}
    bounds = [float(error_bound(each, small, np.float64)["loss"]) for each in (judge, loose)]
    assert bounds[0] <= 3 * float(exactly) * 2.0**-53
    assert bounds[1] > 2 * 0.3 * 2.0**-53


def test_whole_numbers_are_made_of_decimals_only_where_there_are_some() -> None:
    arguments = {"a": np.ones(1), "b": np.ones(1)}
    for definition, decimals in (
        ("loss = sum(i in d, a[i] * b[i]) / 10", False),
        ("loss = sum(i in d, 0.75 * a[i] * b[i]) * 4 / 30", False),
        ("loss = sum(i in d, 0.1 * a[i] * b[i])", True),
    ):
        judge = judge_of(definition)
        assert judge.decimals == decimals
        assert (error_bound(judge, arguments, np.float64)["grad_a"][0] > 1.5 * 0.1 * 2.0**-53) == decimals


def test_nothing_is_promised_where_a_number_overflows() -> None:
    judge = judge_of("loss = 1e300 * sum(i in d, a[i] * b[i])")
    for dtype, promised in ((np.float64, True), (np.float32, False)):
        standard = Standard(judge, {"a": np.zeros(1, dtype), "b": np.zeros(1, dtype)})
        assert standard.representable == promised


def test_decimals_are_spelled_as_they_are_read() -> None:
    for text in ("0.1 * a", "a ** 0.75", "1e300 - 12345678901234567890.5", "1e-7"):
        (statement,) = parse([f"x = {text}"]).statements
        assert spell(statement.expression) == text
