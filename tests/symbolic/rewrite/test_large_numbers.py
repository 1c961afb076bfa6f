"""What the passes for large numbers make: the right numbers, the statements they are meant to be, nothing unproved."""

import warnings
from typing import Any

import numpy as np
import pytest
import sympy as sp
from shorter import lines

from w2v_verified.symbolic import Array, Axis, Derivation, Loss, Position
from w2v_verified.symbolic.language.text import statement
from w2v_verified.symbolic.rewrite.multiples import taken_out

ARGUMENTS = (
    Array("a", "B"),
    Array("c", ""),
    Array("X", "B V"),
    Array("M", "V"),
    Position("n", "V", axes="B"),
)


def derived(definition: str) -> Derivation:
    axes = (Axis("B", letters="b k"), Axis("V", letters="v w"))
    return Derivation(Loss("some", "Some loss.", axes, ARGUMENTS, definition))


def run(definition: str, a: list[float], c: float = 1.0) -> Any:
    derivation = derived(definition)
    assert derivation.dropped == ()
    namespace: dict[str, Any] = {}
    exec(derivation.standalone("some.py"), namespace)
    rows = np.outer(a, [1.0, 0.5, 0.25])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return namespace["some"](np.array(a), np.array(c), rows, np.ones(3), np.zeros(len(a), int))


SQUARES = {
    "sum(b in B, sqrt(1 + a[b] ** 2))": ([3e200, 4e200], 7e200, [1.0, 1.0]),
    "sum(b in B, a[b]) / sqrt(1 + sum(b in B, a[b] ** 2))": ([3e200, 4e200], 1.4, [3.2e-202, -2.4e-202]),
    "sum(b in B, a[b]) / sqrt((1 + sum(b in B, a[b] ** 2)) * (3 + c ** 2))": (
        [3e200, 4e200],
        0.7,
        [1.6e-202, -1.2e-202],
    ),
    "sum(b in B, log(1 + a[b] ** 2 / 1e30))": ([1.0, 3e10], 9.00000000e-10, [2e-30, 6e-20]),
    "sum(b in B, log(1 + 1e-16 * a[b] ** 2))": ([1e6], 9.999500033330834e-05, [1.9998000199980003e-10]),
    "sum(b in B, log(1 + a[b] ** 2 / 10000))": ([50.0], 0.22314355131420976, [0.008]),
    "sum(b in B, log(1 + a[b] ** 2))": ([1e200], 921.0340371976183, [2e-200]),
    "sum(b in B, 1 / (1 + a[b] ** 2 / 1e300))": ([3e150], 0.1, [-6e-152]),
    "sum(b in B, sqrt(1 + sum(k in B, (k <= b) * a[k] ** 2)))": ([3e200, 4e200], 8e200, [1.6, 0.8]),
    "sum(b in B, sqrt(4 + sum(v in V, (v != n[b]) * X[b, v] ** 2)))": ([1e-300], 2.0, [0.0]),
    "sum(b in B, a[b] / (1 + c ** 2 * (2 + sin(c))) ** 2) * 1e-200": ([1e300], 3.81339653e-301, [0.0]),
}


@pytest.mark.parametrize("loss", SQUARES)
def test_squares_that_overflow_and_others(loss: str) -> None:
    a, value, gradient = SQUARES[loss]
    made = run(f"loss = {loss}", a, c=1e100 if "sin(c)" in loss else 1.0)
    assert made.loss == pytest.approx(value, rel=1e-8, abs=0)
    assert made.grad_a == pytest.approx(gradient, rel=1e-8, abs=1e-320)


EXPONENTIALS = {
    "sum(b in B, (a[b] - 900) * exp(a[b]))": ([900.0], 0.0),
    "sum(b in B, c * exp(a[b]))": ([900.0], 0.0),
    "sum(b in B, c * exp(a[b]) * exp(-a[b]))": ([900.0], 0.0),
    "sum(b in B, c * (exp(a[b]) + exp(2 * a[b])))": ([900.0], 0.0),
}


@pytest.mark.parametrize("loss", EXPONENTIALS)
def test_0_times_an_exponential_is_0(loss: str) -> None:
    a, value = EXPONENTIALS[loss]
    derivation = derived(f"loss = {loss}")
    namespace: dict[str, Any] = {}
    exec(derivation.standalone("some.py"), namespace)
    made = namespace["some"](
        np.array(a), np.array(0.0), np.ones((len(a), 3)), np.ones(3), np.zeros(len(a), int)
    )
    assert derivation.dropped == ()
    assert made.loss == value


def test_exponentials_of_a_product_are_taken_together() -> None:
    made = run(
        "t[b in B] = 30 * a[b]\ne[b in B] = exp(-a[b] ** 2)\nloss = sum(b in B, c * exp(t[b]) * e[b])", [30.0]
    )
    assert made.loss == pytest.approx(1.0, rel=1e-12)
    assert run("loss = sum(b in B, (c * exp(a[b])) ** 2)", [460.0], c=1e-200).loss == pytest.approx(
        0.355568558
    )


WEIGHTED = {
    "sum(b in B, sqrt(1 + (c * exp(a[b])) ** 2))": ([400.0, 800.0], 0.0, 2.0, [0.0, 0.0]),
    "sum(b in B, log(1 + c ** 2 * exp(-2 * a[b])))": ([-709.0], 0.0, 0.0, [0.0]),
    "sum(b in B, log(1 + (c * exp(a[b])) ** 2))": ([0.0], 1e180, 828.9306334778564, [2.0]),
    "sum(b in B, (a[b] - c) ** 2 * exp(-a[b]))": (
        [800.0],
        1e160,
        3.667874584177687e-28,
        [-3.667874584177687e-28],
    ),
}


@pytest.mark.parametrize("loss", WEIGHTED)
def test_weights_of_exponentials_are_0_or_large(loss: str) -> None:
    a, c, value, gradient = WEIGHTED[loss]
    made = run(f"loss = {loss}", a, c)
    assert made.loss == pytest.approx(value, rel=1e-8, abs=1e-300)
    assert made.grad_a == pytest.approx(gradient, rel=1e-8, abs=1e-300)


def test_masked_and_weighted_exponentials_are_shifted() -> None:
    definition = "loss = sum(b in B, log(1 + sum(k in B, (b != k) * abs(c) * exp(a[k]))))"
    assert run(definition, [900.0, 1.0]).loss == pytest.approx(900 + np.log1p(np.e), rel=1e-12)


def arranged(definition: str) -> list[str]:
    derivation = derived(definition)
    problem, program = derivation.problem, derivation.arranged
    return [statement(s, problem.letters, problem.taken | program.names) for s in program.statements]


def test_what_is_divided_by_twice_has_a_name_and_is_divided_by_twice() -> None:
    text = derived("loss = sum(b in B, 1 / (2 + sin(a[b])))").standalone("some.py")
    assert "divisor = sin_a + 2" in text
    assert "/ divisor / divisor" in text


def test_a_number_before_a_bracket_leaves_it_one() -> None:
    made = arranged("loss = sum(b in B, log(1 + sum(v in V, 3 * (v != n[b]) * exp(X[b, v]))))")
    assert not any("3 - 3" in line for line in made)
    assert any("(v != n[b]) * " in line for line in made)


def test_a_bracket_is_applied_before_a_sum_hides_it() -> None:
    logits = "z[b in B, v in V] = M[v] - sum(k in B, X[k, v] + (X[k, v] - a[b]) ** 2)"
    made = arranged(f"{logits}\nloss = sum(b in B, log(sum(v in V, exp(z[b, v]))))")
    assert not any("==" in line for line in made)


def test_what_nothing_is_computed_from_is_not_computed() -> None:
    made = lines("s[n in N] = sum(h in H, X[n, h])\nz[n in N] = tanh(b[n])\nloss = sum(n in N, z[n])")
    assert not any(line.startswith("s[") for line in made)


def test_a_table_in_a_matrix_product_keeps_its_name() -> None:
    text = derived(
        "G[b in B, v in V] = exp(X[b, v])\nloss = sum(b in B, sin(sum(v in V, G[b, v] * M[v])))"
    ).standalone("x.py")
    assert "product(G, M)" in text


s, t, x, y = sp.symbols("s t x y", real=True)


@pytest.mark.parametrize(
    ("e", "powers", "rest"),
    [
        (s**2 * x, {s: 2}, x),
        (x / s, {s: -1}, x),
        (s * x + s**3 * y, {s: 1}, x + s**2 * y),
        ((s * x + s * y) / s**2, {s: -1}, x + y),
        (s * t * x + s * y, {s: 1}, t * x + y),
        (x + 1 / s, {}, x + 1 / s),
    ],
)
def test_what_all_terms_are_multiples_of_is_taken_out(e: Any, powers: Any, rest: Any) -> None:
    assert taken_out(e, {"s", "t"}) == (powers, rest)
