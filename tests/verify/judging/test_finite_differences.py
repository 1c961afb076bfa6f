"""The witness: right about derivatives within its own budget, and it sees a wrong derivation."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from w2v_verified import naive_softmax
from w2v_verified.verify import computed_loss, deck, exact_loss, load
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.judging.finite_differences import central_difference, worst_disagreement

RECORD = load("naive_softmax")
ORDINARY = deck(RECORD)[0].arguments


@pytest.mark.parametrize(
    ("function", "derivative"),
    [(math.exp, math.exp), (math.sin, math.cos), (lambda x: x**3, lambda x: 3 * x * x), (math.tanh, None)],
)
@pytest.mark.parametrize("x", [-1.3, 0.1, 0.7, 2.0])
@pytest.mark.parametrize("step", [2.0**-10, 2.0**-16, 2.0**-20])
def test_budget_covers_the_error(function: Any, derivative: Any, x: float, step: float) -> None:
    def loss(calls: Sequence[Arguments]) -> list[tuple[Fraction, Fraction]]:
        values = [function(float(np.asarray(arguments["x"]).item())) for arguments in calls]
        return [(Fraction(value), Fraction(4 * math.ulp(value))) for value in values]

    quotient = central_difference(loss, {"x": np.array([x])}, "x", (0,), step)
    exact = derivative(x) if derivative else 1 - math.tanh(x) ** 2
    assert abs(quotient.value - exact) <= quotient.budget + 4 * math.ulp(exact)
    assert quotient.budget < 1e-4


def test_differences_of_the_exact_loss_are_good_to_1e_15() -> None:
    quotient = central_difference(exact_loss(RECORD), ORDINARY, "v_c", (0,), 2.0**-30)
    assert quotient.budget < 1e-15


@pytest.mark.parametrize("factor", [1 + 1e-8, -1.0, 0.0, 2.0])
def test_wrong_gradient_is_seen(factor: float) -> None:
    def wrong(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
        return loss, grad_v_c, grad_U * factor

    assert worst_disagreement(wrong, RECORD, ORDINARY, exact_loss(RECORD), 2.0**-30) > 1
    assert worst_disagreement(naive_softmax, RECORD, ORDINARY, exact_loss(RECORD), 2.0**-30) <= 1


def test_gradient_of_another_loss_is_seen_from_the_computed_loss_alone() -> None:
    def twice(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
        return loss, 2 * grad_v_c, grad_U

    loss = computed_loss(naive_softmax, RECORD)
    assert worst_disagreement(twice, RECORD, ORDINARY, loss, 2.0**-16) > 1
    assert worst_disagreement(naive_softmax, RECORD, ORDINARY, loss, 2.0**-16) <= 1
