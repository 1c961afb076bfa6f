"""Pulls between rows know their squared distances, which are kept for them; sums over differences are one sum."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from w2v_verified.symbolic import Array, Axis, Derivation, Loss, ProofError
from w2v_verified.symbolic.plan import planner
from w2v_verified.symbolic.rewrite import factoring

LOSS = Loss(
    name="kernel",
    summary="A kernel of distances.",
    axes=(Axis("N", letters="n m"), Axis("d", letters="i")),
    arguments=(Array("X", "N d"), Array("a", "N", gradient=False)),
    definition="""
        s[n in N, m in N] = sum(i in d, (X[n, i] - X[m, i]) ** 2)
        k[n in N, m in N] = exp(s[n, m])
        loss = sum(n in N, sum(m in N, a[n] * a[m] * k[n, m]))
    """,
)


@cache
def reference() -> tuple[Any, Any, Any]:
    X = np.random.default_rng(0).standard_normal((6, 20)) / 20**0.5
    X[1], a = X[0] + 1e-9, np.array([1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    apart = X[:, None] - X
    return X, a, 4 * np.einsum("n,m,nm,nmi->ni", a, a, np.exp((apart**2).sum(axis=2)), apart)


def is_right() -> bool:
    """Whether the gradient is, where two points with weights are so near that differences alone know how far."""
    namespace: dict[str, Any] = {}
    exec(compile(Derivation(LOSS).standalone("x.py"), "x", "exec"), namespace)
    X, a, expected = reference()
    return np.allclose(namespace["kernel"](X, a).grad_X, expected, rtol=1e-14, atol=0)


def test_the_gradient_of_distances_is_one_pull_that_knows_them() -> None:
    text = Derivation(LOSS).standalone("x.py")
    assert "s = squared_distances(X, X)" in text
    assert text.count(" pulled(weights, X, X, s)") == 1
    assert is_right()


def test_distances_that_are_written_over_give_another_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("w2v_verified.symbolic.pipeline.written_out", lambda program, context, namer: program)
    assert is_right()
    monkeypatch.setattr(planner, "squares_used", lambda *_: set())
    assert not is_right()


def test_sums_put_together_with_the_wrong_sign_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    right = factoring._summed_once

    def turned(e: Any, frame: Any, namer: Any) -> Any:
        made = right(e, frame, namer)
        return made if made == e else -made

    monkeypatch.setattr(factoring, "_summed_once", turned)
    derivation = Derivation(LOSS)
    problem = derivation.problem
    with pytest.raises(ProofError, match="not proved equal"):
        factoring.factoring(derivation.stable, problem.context, problem.namer(derivation.stable))
