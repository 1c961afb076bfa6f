"""What takes the prover too much work ends all the same, one way or the other; work is counted, not time."""

from typing import Any

import pytest
from hypothesis import settings

from w2v_verified.symbolic import Array, Axis, Claim, Derivation, Loss, ProofError, files, replay
from w2v_verified.symbolic.algebra import work
from w2v_verified.symbolic.language.errors import LimitError


def loss(definition: str, *arguments: Array, claim: str = "") -> Loss:
    return Loss(
        name="user_loss",
        summary="",
        axes=(Axis("d", letters="i"),) if any(a.axes for a in arguments) else (),
        arguments=arguments,
        definition=definition,
        claims=(Claim(claim),) if claim else (),
    )


def nested(*functions: str) -> Loss:
    """Thirty functions, one inside another."""
    e = "x[i]"
    for n in range(30):
        e = f"{functions[n % len(functions)]}({e})"
    return loss(f"loss = sum(i in d, {e})", x)


x, y, c, number = Array("x", "d"), Array("y", "d"), Array("c", ""), Array("y", "")
slow = pytest.mark.slow
HARD = [
    pytest.param(loss("loss = sum(i in d, x[i]) ** 1000000", x), True, id="a high power"),
    pytest.param(nested("exp"), True, id="exp"),
    pytest.param(nested("softplus", "sqrt"), True, id="softplus and sqrt", marks=slow),
    pytest.param(nested("tanh"), False, id="tanh", marks=slow),
    pytest.param(
        loss("s = sigmoid(c) / (1 + sum(i in d, exp(x[i])))\nloss = (s / (1 + s ** 2)) ** 2", c, x),
        True,
        id="a quotient of quotients",
        marks=slow,
    ),
    pytest.param(
        loss("loss = (1 + (y / (1 + exp(c))) ** 2) ** (-3)", number, c),
        True,
        id="a negative power",
        marks=slow,
    ),
    pytest.param(
        loss("loss = sum(i in d, (1 + (y[i] / (1 + exp(c))) ** 2) ** (-3))", y, c),
        True,
        id="negative powers",
        marks=slow,
    ),
]

HARDER = [
    pytest.param(nested("sigmoid"), False, id="sigmoid"),
    pytest.param(
        nested("tanh", "exp", "sin", "atan", "softplus", "sqrt", "log1p", "sigmoid", "expm1", "cos"),
        False,
        id="many",
    ),
]
"""Of the kind of 30 tanh, and longer: for `thorough`."""


@pytest.mark.parametrize(("hard", "proved"), [*HARD, *(HARDER if settings().max_examples > 1000 else ())])
def test_what_takes_long_ends_within_the_work_of_a_derivation(hard: Loss, proved: bool) -> None:
    derivation = Derivation(hard)
    found = replay(derivation)
    assert found.problems == ()
    assert (found.unproved == ()) == proved
    steps = list(derivation.steps)
    assert found.proved + len(found.unproved) == len(steps)
    most = work._TOGETHER + work.LIMIT + 20 * work._AT_LEAST * len(steps)
    assert derivation.steps._effort.left > work._TOGETHER - most
    assert derivation.standalone("x.py").startswith("# Generated")
    assert ("checked at sampled points, not proved" in derivation.document("x.py")) == (not proved)


def test_a_loss_of_this_package_with_a_step_that_is_not_proved_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = loss("loss = sum(i in d, x[i] ** 2)", x, claim="grad_x[i in d] = 2 * x[i]")
    assert files(own)

    def equal(left: Any, right: Any, context: Any) -> bool:
        raise LimitError("planted")

    monkeypatch.setattr("w2v_verified.symbolic.proof.step.equal", equal)
    with pytest.raises(ProofError, match=r"does not follow by .*: planted"):
        files(own)
    found = replay(Derivation(own))
    assert found.problems == ()
    assert found.proved == 0
    assert len(found.unproved) == 4
    assert found.shortcomings == found.unproved


def test_a_wrong_claim_is_wrong_where_nothing_can_be_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    def equal(left: Any, right: Any, context: Any) -> bool:
        raise LimitError("planted")

    monkeypatch.setattr("w2v_verified.symbolic.proof.step.equal", equal)
    wrong = loss("loss = sum(i in d, x[i] ** 2)", x, claim="grad_x[i in d] = 2 * x[i] + 1 / 10 ** 30")
    (problem,) = replay(Derivation(wrong)).problems
    assert "wrong: " in problem
    assert problem.endswith("; derived is grad_x[i in d] = 2 * x[i]")
