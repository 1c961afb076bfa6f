"""Brackets of order: derived, printed, judged; sums up to a place that are known to have it."""

from typing import Any

import pytest

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic import Array, Axis, Derivation, Loss, Position, record, replay
from w2v_verified.verify import Record, check

AXES = (Axis("T", letters="t s u"), Axis("d", letters="i"))
ARGUMENTS = (
    Array("x", "T"),
    Array("Q", "T d"),
    Array("e", "T", gradient=False, nonnegative=True),
    Position("o", "T"),
)
LOSSES = {
    "risk sets": "loss = sum(t in T, e[t] * (log(sum(s in T, (s >= t) * exp(x[s]))) - x[t]))",
    "causal attention": """
        z[t in T, s in T] = sum(i in d, Q[t, i] * Q[s, i])
        p[t in T, s in T] = (s <= t) * exp(z[t, s]) / sum(u in T, (u <= t) * exp(z[t, u]))
        loss = sum(t in T, sum(s in T, p[t, s] * x[s]) ** 2)
    """,
    "pairs once": "loss = sum(t in T, sum(s in T, (t < s) * softplus(x[s] - x[t])))",
    "up to a pointer": "loss = sum(t in T, (t <= o) * x[t] ** 2) + sum(t in T, (o < t) * sin(x[t]))",
    "inside a function": "loss = sum(t in T, sum(s in T, tanh((t < s) * x[s] + x[t])))",
}


def derivation(definition: str) -> Derivation:
    return Derivation(Loss("ordered", "By order.", AXES, ARGUMENTS, definition))


def function(made: Derivation) -> Any:
    namespace: dict[str, Any] = {}
    exec(made.standalone("ordered.py"), namespace)
    return namespace["ordered"]


@pytest.mark.parametrize("definition", LOSSES.values(), ids=LOSSES)
def test_a_loss_with_brackets_of_order_is_proved_and_judged_right(definition: str) -> None:
    made = derivation(definition)
    assert replay(made).shortcomings == ()
    report = check(function(made), Record.from_json(record(made)), examples=40)
    assert report.ok, str(report)


def test_one_place_too_many_is_seen() -> None:
    loss = LOSSES["pairs once"]
    judge = Record.from_json(record(derivation(loss)))
    report = check(function(derivation(loss.replace("t < s", "t <= s"))), judge, examples=10)
    assert not report.ok
    assert "(t <= s) stands for (t < s)" in str(report)


def test_a_sum_that_may_have_no_place_has_no_logarithm() -> None:
    with pytest.raises(LanguageError, match="the logarithm needs an argument that is provably positive"):
        _ = derivation("loss = sum(t in T, log(sum(s in T, (s < t) * exp(x[s]))))").problem.stages


def test_an_order_that_is_turned_round_is_seen() -> None:
    made = derivation(LOSSES["pairs once"])
    right = made.standalone("ordered.py")
    wrong = right.replace("(t[:, None] < t)", "(t[:, None] > t)")
    assert wrong != right
    namespace: dict[str, Any] = {}
    exec(wrong, namespace)
    assert not check(namespace["ordered"], Record.from_json(record(made)), examples=5).ok
