"""Sums inside other expressions: which stages come of them, what they are called, and that a wrong one is refused."""

from typing import Any

import pytest

from w2v_verified.symbolic import Array, Axis, Derivation, Loss, Position, ProofError
from w2v_verified.symbolic.definition import inner_sums
from w2v_verified.symbolic.language.text import statement

ARGUMENTS = (
    Array("A", "d H"),
    Array("a", "H"),
    Array("X", "N d"),
    Array("y", "N", gradient=False),
    Array("t", ""),
    Position("o", "H", axes="N"),
)


def stages(definition: str) -> list[str]:
    axes = (Axis("d", letters="i"), Axis("H", letters="h"), Axis("N", letters="n"))
    problem = Derivation(Loss("some", "Some loss.", axes, ARGUMENTS, definition)).problem
    return [statement(s, problem.letters, problem.taken) for s in problem.stages]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(
            "g[n in N, h in H] = tanh(sum(i in d, X[n, i] * A[i, h]) + a[h])\n"
            "loss = sum(n in N, sum(h in H, g[n, h]))",
            [
                "into_g[n in N, h in H] = a[h] + sum(i in d, A[i, h] * X[n, i])",
                "g[n in N, h in H] = tanh(into_g[n, h])",
                "loss = sum(n in N, sum(h in H, g[n, h]))",
            ],
            id="the whole argument of a function",
        ),
        pytest.param(
            "loss = sum(n in N, (y[n] - sum(i in d, X[n, i] * A[i, o[n]])) ** 2)",
            [
                "residual[n in N] = sum(i in d, A[i, o[n]] * X[n, i]) - y[n]",
                "loss = sum(n in N, residual[n] ** 2)",
            ],
            id="a difference that is squared, the sum in front",
        ),
        pytest.param(
            "z[n in N, h in H] = sum(i in d, X[n, i] * A[i, h]) * t\nloss = sum(n in N, sum(h in H, z[n, h] * y[n]))",
            [
                "A_X[n in N, h in H] = sum(i in d, A[i, h] * X[n, i])",
                "z[n in N, h in H] = A_X[n, h] * t",
                "loss = sum(n in N, sum(h in H, z[n, h] * y[n]))",
            ],
            id="a sum that is a factor",
        ),
        pytest.param(
            "z[n in N] = sum(i in d, X[n, i]) / d\nloss = sum(n in N, z[n] * y[n])",
            ["z[n in N] = sum(i in d, X[n, i]) / d", "loss = sum(n in N, y[n] * z[n])"],
            id="a mean",
        ),
        pytest.param(
            "s[n in N] = sum(h in H, a[h] * sum(i in d, (X[n, i] - A[i, h]) ** 2))\nloss = sum(n in N, s[n])",
            [
                "inner[n in N, h in H] = sum(i in d, (X[n, i] - A[i, h]) ** 2)",
                "s[n in N] = sum(h in H, inner[n, h] * a[h])",
                "loss = sum(n in N, s[n])",
            ],
            id="a sum in a sum",
        ),
        pytest.param(
            "loss = sum(n in N, softplus(-y[n] - sum(i in d, X[n, i])))",
            ["inner[n in N] = y[n] + sum(i in d, X[n, i])", "loss = sum(n in N, softplus(-inner[n]))"],
            id="minus a sum",
        ),
    ],
)
def test_which_stages_come_of_a_definition(definition: str, expected: list[str]) -> None:
    assert stages(definition) == expected


def test_a_stage_that_is_another_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    right = inner_sums._Hoisting._stage

    def loses_the_other_terms(self: Any, e: Any, order: Any, called: str = "inner") -> Any:
        return right(self, e.args[-1] if e.is_Add else e, order, called)

    monkeypatch.setattr(inner_sums._Hoisting, "_stage", loses_the_other_terms)
    with pytest.raises(ProofError, match="the stages prepared from the definition: wrong"):
        stages("loss = sum(n in N, (y[n] - sum(i in d, X[n, i])) ** 2)")
