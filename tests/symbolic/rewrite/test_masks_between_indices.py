"""Brackets between two running indices: masks stay masks, a diagonal is set or added to, sums of products are one."""

from typing import Any

import numpy as np
import pytest

from w2v_verified.symbolic import Array, Axis, Derivation, Loss, record
from w2v_verified.symbolic.calculus import adjoints
from w2v_verified.symbolic.language.text import statement
from w2v_verified.symbolic.printing.operations import OperationPrinter
from w2v_verified.verify import Record, check

OTHERS = "loss = sum(n in N, log(1 + sum(m in N, (m != n) * exp(Q[n, m]))))"
DIAGONAL = (
    "r[n in N, m in N] = Q[n, m] * a[m] - (n == m) * a[n]\nloss = sum(n in N, sum(m in N, r[n, m] ** 2))"
)
GRAM = (
    "z[n in N, m in N] = sum(i in d, X[n, i] * X[m, i])\nloss = sum(n in N, sum(m in N, sin(z[n, m]) * a[m]))"
)


def derived(definition: str) -> Derivation:
    axes = (Axis("N", letters="n m k"), Axis("d", letters="i"))
    arguments = (Array("Q", "N N"), Array("X", "N d"), Array("a", "N"))
    return Derivation(Loss("some", "Some loss.", axes, arguments, definition))


def function(derivation: Derivation) -> Any:
    namespace: dict[str, Any] = {}
    exec(compile(derivation.standalone("x.py"), "x", "exec"), namespace)
    return namespace["some"]


def lines(definition: str) -> list[str]:
    derivation = derived(definition)
    problem, program = derivation.problem, derivation.arranged
    return [statement(s, problem.letters, problem.taken | program.names) for s in program.statements]


@pytest.mark.parametrize("definition", [OTHERS, DIAGONAL, GRAM])
def test_what_is_printed_is_within_the_strict_bound(definition: str) -> None:
    derivation = derived(definition)
    report = check(function(derivation), Record.from_json(record(derivation)), examples=20, strict=True)
    assert report.ok or definition == OTHERS, str(report)
    assert {finding.case for finding in report.findings} <= {"Q to 1e+15"}, str(report)


def test_the_sum_of_the_others_is_no_difference() -> None:
    """All terms and one taken away would be 0 here: that one is larger than the others by 1e17."""
    Q = np.array([[40.0, 0.0], [-1.0, 40.0]])
    result = function(derived(OTHERS))(Q, np.zeros((2, 1)), np.zeros(2))
    slopes = np.exp([0.0, -1.0]) / (1 + np.exp([0.0, -1.0]))
    assert result.grad_Q == pytest.approx(np.array([[0.0, slopes[0]], [slopes[1], 0.0]]), rel=1e-15, abs=0)


def test_a_mask_that_is_multiplied_out_loses_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adjoints, "bracket", lambda _: None)
    with pytest.raises(AssertionError):
        test_the_sum_of_the_others_is_no_difference()


def test_a_diagonal_is_written_alone() -> None:
    text = derived(DIAGONAL).standalone("x.py")
    assert "r[m, m] -= a" in text
    assert "[:, None] == " not in text


def test_a_diagonal_written_elsewhere_is_called_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OperationPrinter, "_places", lambda *_: [":", "0"])
    derivation = derived(DIAGONAL)
    judge = Record.from_json(record(derivation))
    assert not check(function(derivation), judge, examples=5).ok


def test_two_products_with_the_same_rows_are_one() -> None:
    made = lines(GRAM)
    assert "weights[n in N, m in N] = delta[m, n] + delta[n, m]" in made
    assert "grad_X[n in N, i in d] = sum(m in N, X[m, i] * weights[n, m])" in made
