"""What is computed once: functions, sums, choices and gathers are read again, and a wrong reading is refused."""

from typing import Any

import pytest
from shorter import lines, passed

from w2v_verified.symbolic import ProofError
from w2v_verified.symbolic.rewrite import reuse


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(
            "g[n in N, h in H] = tanh(X[n, h])\nloss = sum(n in N, sum(h in H, a[h] * g[n, h]))",
            "grad_X[n in N, h in H] = (1 - g[n, h] ** 2) * delta[n, h]",
            id="the value of a stage",
        ),
        pytest.param(
            "g[n in N, m in N] = tanh(Q[m, n])\nloss = sum(n in N, sum(m in N, Q[n, m] * g[n, m]))",
            "grad_Q[n in N, m in N] = g[n, m] + Q[m, n] * (1 - g[m, n] ** 2)",
            id="the value of a stage, transposed",
        ),
        pytest.param(
            "s[n in N, h in H] = X[n, h] * sin(X[n, h])\nloss = sum(n in N, sum(h in H, s[n, h] ** 2))",
            "s[n in N, h in H] = X[n, h] * sin_X[n, h]",
            id="a function in two places",
        ),
        pytest.param(
            "s[n in N] = sqrt(1 + sum(h in H, softplus(X[n, h])))\nloss = sum(n in N, s[n])",
            "delta_into_s[n in N] = 1 / 2 / s[n]",
            id="one over a root",
        ),
        pytest.param(
            "s[n in N, m in N] = Q[n, m] * tanh(sum(h in H, X[n, h] * a[h]))\n"
            "loss = sum(n in N, sum(m in N, s[n, m]))",
            "s[n in N, m in N] = Q[n, m] * tanh_into_s[n]",
            id="a function of a sum",
        ),
    ],
)
def test_what_is_computed_once(definition: str, expected: str) -> None:
    assert expected in lines(definition)


def test_sigmoid_of_minus_is_never_one_minus_the_sigmoid() -> None:
    made = lines("g[n in N, h in H] = sigmoid(X[n, h])\nloss = sum(n in N, sum(h in H, a[h] * g[n, h]))")
    assert "grad_X[n in N, h in H] = g[n, h] * sigmoid(-X[n, h]) * delta[n, h]" in made


@pytest.mark.parametrize(
    "definition",
    [
        "g[n in N, m in N] = tanh(Q[m, n])\nloss = sum(n in N, sum(m in N, Q[n, m] * g[n, m]))",
        "s[n in N, m in N] = sin(Q[n, m]) + Q[n, m] * sin(Q[m, n])\nloss = sum(n in N, sum(m in N, s[n, m] ** 2))",
    ],
)
def test_what_is_read_at_other_places_is_refused(monkeypatch: pytest.MonkeyPatch, definition: str) -> None:
    right = reuse._shape

    def first_come(e: Any) -> Any:
        shape, order = right(e)
        return shape, tuple(sorted(order, key=str))

    monkeypatch.setattr(reuse, "_shape", first_come)
    with pytest.raises(ProofError, match="not proved equal"):
        passed(definition)


def test_what_is_read_for_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    right = reuse._shape

    def all_the_same(e: Any) -> Any:
        shape, order = right(e)
        return (shape.func if shape.args else shape), order

    monkeypatch.setattr(reuse, "_shape", all_the_same)
    with pytest.raises(ProofError, match="not proved equal"):
        passed(
            "g[n in N, h in H] = tanh(X[n, h])\n"
            "loss = sum(n in N, sum(h in H, g[n, h] * tanh(a[h] * X[n, h])))"
        )


def test_a_pass_that_is_not_proved_is_left_out_and_not_the_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = "g[n in N, h in H] = tanh(X[n, h])\nloss = sum(n in N, sum(h in H, a[h] * g[n, h]))"
    monkeypatch.setattr(reuse, "prove_same", refused)
    assert "grad_X[n in N, h in H] = (1 - tanh(X[n, h]) ** 2) * delta[n, h]" in lines(definition)


def refused(*_: Any) -> None:
    raise ProofError("not proved equal")
