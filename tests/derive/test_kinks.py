"""relu, abs and max(x, y): at a kink the derivative is the one stated; the judge takes what lies between its sides."""

from typing import Any

import numpy as np
import pytest

from w2v_verified.symbolic import Array, Axis, Claim, Derivation, Loss, record, replay
from w2v_verified.symbolic.language import functions, operators
from w2v_verified.verify import Record, check

AXES = (Axis("n", letters="i"),)


def derivation(definition: str, *claims: str) -> Derivation:
    arguments = (Array("x", "n"), Array("y", "n", gradient=False))
    return Derivation(
        Loss("kinks", "With kinks.", AXES, arguments, definition, claims=tuple(map(Claim, claims)))
    )


RELU = derivation("loss = sum(i in n, relu(x[i]) * y[i])", "grad_x[i in n] = heaviside(x[i]) * y[i]")
ABS = derivation("loss = sum(i in n, abs(x[i]))", "grad_x[i in n] = sign(x[i])")
LARGER = derivation("loss = sum(i in n, max(x[i], y[i]))", "grad_x[i in n] = (1 + sign(x[i] - y[i])) / 2")


def function(made: Derivation) -> Any:
    namespace: dict[str, Any] = {}
    exec(made.standalone("kinks.py"), namespace)
    return namespace["kinks"]


@pytest.mark.parametrize("made", [RELU, ABS, LARGER], ids=["relu", "abs", "max"])
def test_it_is_proved_stated_and_judged_right(made: Derivation) -> None:
    assert replay(made).shortcomings == ()
    (kink,) = made.problem.kinks
    page = " ".join(made.document().split())
    assert kink in page
    assert "holds away from kinks" in page
    assert kink[5:] in " ".join((function(made).__doc__ or "").split())
    report = check(function(made), Record.from_json(record(made)), examples=60)
    assert report.ok, str(report)


@pytest.mark.parametrize(
    ("made", "x", "y", "stated"),
    [(RELU, 0.0, 3.0, 0.0), (ABS, 0.0, 0.0, 0.0), (LARGER, 2.0, 2.0, 0.5), (LARGER, 3.0, 2.0, 1.0)],
)
def test_the_value_at_the_kink_is_the_one_stated(made: Derivation, x: float, y: float, stated: float) -> None:
    for dtype in (np.float64, np.float32):
        result = function(made)(np.array([x], dtype), np.array([y], dtype))
        assert result.grad_x.tolist() == [stated]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_judge_takes_any_value_between_the_sides(share: float) -> None:
    def relu(x: Any, y: Any) -> tuple[float, Any]:
        return float(np.sum(np.maximum(x, 0) * y)), np.where(x == 0, share, x > 0) * y

    assert check(relu, Record.from_json(record(RELU)), examples=40).ok


@pytest.mark.parametrize("share", [-0.5, 1.5])
def test_and_no_other(share: float) -> None:
    def relu(x: Any, y: Any) -> tuple[float, Any]:
        return float(np.sum(np.maximum(x, 0) * y)), np.where(x == 0, share, x > 0) * y

    assert not check(relu, Record.from_json(record(RELU)), examples=40).ok


def test_a_derivative_of_the_other_side_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operators.Larger, "fdiff", lambda self, argindex=1: functions.UnitStep(self.args[1]))
    assert replay(derivation("loss = sum(i in n, max(x[i], y[i]))")).problems


def test_what_no_gradient_is_wanted_for_need_not_be_smooth() -> None:
    assert derivation("loss = sum(i in n, x[i] ** 2 * abs(y[i]))").problem.kinks == ()


def test_a_definition_with_pi_is_exact_to_the_last_bits() -> None:
    made = derivation(
        "loss = sum(i in n, log(2 * pi) / 2 + pi * x[i] ** 2)", "grad_x[i in n] = 2 * pi * x[i]"
    )
    assert replay(made).shortcomings == ()
    assert check(function(made), Record.from_json(record(made)), examples=40).ok
    wrong = function(derivation("loss = sum(i in n, log(2 * 3.14159) / 2 + 3.14159 * x[i] ** 2)"))
    assert not check(wrong, Record.from_json(record(made)), examples=5).ok
