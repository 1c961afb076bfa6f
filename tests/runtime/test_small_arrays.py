"""Small arrays, at the edges of what their road takes: the same results as by the safe road."""

import importlib
from typing import Any

import numpy as np
import pytest

from w2v_verified import naive_softmax, naive_softmax_factored, negative_sampling_sparse


@pytest.mark.parametrize(("kind", "most"), [(np.float64, 300.0), (np.float32, 32.0)])
@pytest.mark.parametrize("signs", [(1,), (-1,), (1, -1), (-1, 1), (1, -1, -1)])
def test_the_farthest_moderate_values_raise_nothing(kind: Any, most: float, signs: tuple[int, ...]) -> None:
    v_c, U = np.ones(1, kind), np.array([signs], kind) * kind(most)
    negatives = np.zeros(3, np.intp)
    with np.errstate(all="raise"):
        for o in range(len(signs)):
            results = [naive_softmax(v_c, o, U)[0], naive_softmax_factored(v_c, o, U)[0]]
            others = np.delete(U[0].astype(float), o) - float(U[0, o])
            expected = np.logaddexp.reduce(np.append(0.0, others))
            assert results == pytest.approx([expected] * 2, rel=1e-6, abs=0)
            loss = negative_sampling_sparse(v_c, o, U, negatives).loss
            sampled = np.logaddexp(0, -float(U[0, o])) + 3 * np.logaddexp(0, float(U[0, 0]))
            assert loss == pytest.approx(sampled, rel=1e-6)


@pytest.mark.parametrize("order", ["C", "F", "strided", "fresh"])
def test_results_go_where_they_are_wanted_whatever_the_layout(
    order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(3)
    v_c, U = random.standard_normal(4), random.standard_normal((4, 6))
    layouts: dict[str, Any] = {
        "C": (np.full(4, 7.0), np.full((4, 6), 7.0)),
        "F": (np.full(4, 7.0), np.full((6, 4), 7.0).T),
        "strided": (np.full(8, 7.0)[::2], np.full((8, 12), 7.0)[::2, ::2]),
        "fresh": None,
    }
    out = layouts[order]
    small = naive_softmax(v_c, 2, U, out=out)
    results: list[Any] = [small.loss, small.grad_v_c.copy(), small.grad_U.copy()]
    if out is not None:
        assert small.grad_v_c is out[0]
        assert small.grad_U is out[1]
    monkeypatch.setattr(importlib.import_module("w2v_verified.generated.naive_softmax"), "FEW", -1)
    safe: tuple[Any, ...] = naive_softmax(v_c, 2, U, out=out)
    for one, other in zip(results, safe, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)
