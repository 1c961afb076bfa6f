"""Products that are read where they were computed, terms that share a factor; and wrong ones, which are refused."""

from typing import Any

import pytest
from shorter import lines, passed

from w2v_verified.symbolic import ProofError
from w2v_verified.symbolic.rewrite import factoring, known_products

SOFTMAX = (
    "z[n in N, h in H] = X[n, h] * a[h]\n"
    "p[n in N, h in H] = exp(z[n, h]) / sum(k in H, exp(z[n, k]))\n"
    "loss = sum(n in N, sum(h in H, a[h] * p[n, h] ** 2))"
)
GATED = "s[n in N, h in H] = X[n, h] * tanh(X[n, h])\nloss = sum(n in N, sum(h in H, a[h] * s[n, h]))"
QUOTIENT = "r[n in N, m in N] = Q[n, m] / b[m]\nloss = sum(n in N, sum(m in N, r[n, m] ** 2 * Q[m, n]))"


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        pytest.param(
            "g[n in N, h in H] = X[n, h] * a[h]\nloss = sum(n in N, sum(h in H, g[n, h] ** 3 * X[n, h] * a[h]))",
            "loss = sum(n in N, sum(h in H, g[n, h] ** 4))",
            id="inside a sum",
        ),
        pytest.param(
            QUOTIENT,
            "grad_b[n in N] = -sum(m in N, r[m, n] * delta[m, n]) / b[n]",
            id="with a divisor that stands before the sum",
        ),
        pytest.param(
            GATED,
            "grad_X[n in N, h in H] = (tanh_X[n, h] + X[n, h] * (1 - tanh_X[n, h] ** 2)) * delta[n, h]",
            id="what terms share",
        ),
    ],
)
def test_what_is_read_and_shared(definition: str, expected: str) -> None:
    assert expected in lines(definition)


def test_the_gradient_of_a_softmax_is_p_times_a_difference() -> None:
    made = lines(SOFTMAX)
    assert "delta_z[n in N, h in H] = p[n, h] * (delta_p[n, h] - inner[n])" in made
    assert "inner[n in N] = sum(h in H, p[n, h] * delta_p[n, h])" in made


def test_a_product_read_at_the_wrong_places_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    right = known_products._place

    def turned_once(*given: Any) -> Any:
        found = right(*given)
        if found is None:
            return None
        monkeypatch.setattr(known_products, "_place", right)
        return tuple(reversed(found))

    monkeypatch.setattr(known_products, "_place", turned_once)
    with pytest.raises(ProofError, match="not proved equal"):
        passed(QUOTIENT)


def test_a_factor_that_is_lost_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    right = factoring._factored

    def loses_one(e: Any) -> Any:
        made = right(e)
        return made.args[0] if made.is_Mul else made

    monkeypatch.setattr(factoring, "_factored", loses_one)
    with pytest.raises(ProofError, match="not proved equal"):
        passed(
            "g[n in N, h in H] = X[n, h] + X[n, h] * tanh(a[h])\n"
            "loss = sum(n in N, sum(h in H, g[n, h] ** 2))"
        )
