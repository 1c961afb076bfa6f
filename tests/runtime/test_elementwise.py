"""Functions NumPy does not have, or has slowly, within the error that the bounds take for granted."""

from typing import Any

import mpmath as mp
import numpy as np
import pytest

from w2v_verified.runtime import elementwise
from w2v_verified.runtime.elementwise import exp_times, log1p
from w2v_verified.verify.evaluation.primitives import OTHER


def places_lost(x: Any, wide: Any) -> float:
    """The largest error of log1p over the entries of ``x``, in units of the rounding unit of the exact value."""
    exact = np.log1p(x.astype(wide))
    return float(np.max(np.abs(log1p(x) - exact) / np.abs(exact)) / (np.finfo(x.dtype).eps / 2))


@pytest.mark.parametrize(("kind", "wide"), [(np.float64, np.longdouble), (np.float32, np.float64)])
@pytest.mark.parametrize("fast", [False, True])
def test_log1p_is_as_accurate_as_the_bounds_assume(
    kind: Any, wide: Any, fast: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if np.finfo(wide).eps > np.finfo(kind).eps / 100:
        pytest.skip("long double is no wider than double here")
    monkeypatch.setattr(elementwise, "_FAST_LOG1P", fast)
    random = np.random.default_rng(0)
    eps = float(np.finfo(kind).eps)
    near_1 = 1 + eps * np.arange(1, 4000)
    values = [
        np.exp(random.uniform(np.log(eps) - 3, 20, 100_000)),
        np.concatenate([near_1 - 1 + eps * t for t in (0, 0.25, 0.5, 0.75)]),
        -random.uniform(0, 1 - 2 * eps, 100_000),
        10.0 ** np.arange(-30, 30).repeat(50),
    ]
    for x in values:
        assert places_lost(x.astype(kind), wide) <= OTHER


def test_a_logarithm_that_loses_digits_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.full(9000, 1e-10)
    monkeypatch.setattr(elementwise, "_FAST_LOG1P", False)
    assert places_lost(x, np.float64) <= OTHER
    monkeypatch.setattr(np, "add", lambda log, lost, out: np.copyto(out, log))
    assert places_lost(x, np.float64) > OTHER


@pytest.mark.parametrize(
    "x", [np.zeros(0), np.zeros((5, 4000)), np.array(0.5), np.float64(0.5), np.full(9, np.nan)]
)
def test_log1p_of_anything_is_what_numpy_gives(x: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elementwise, "_FAST_LOG1P", False)
    monkeypatch.setattr(elementwise, "_MANY", 0)
    assert np.array_equal(log1p(x), np.log1p(x), equal_nan=True)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_a_product_with_an_exponential_is_accurate_wherever_it_is_a_number(kind: Any) -> None:
    random, info = np.random.default_rng(0), np.finfo(kind)
    most = float(np.log(info.max))
    h = random.uniform(-1.9 * most, 1.9 * most, 20_000).astype(kind)
    near = random.uniform(-0.9 * most, 0.9 * most, h.size) - h.astype(float)
    fits = np.abs(near) < 0.95 * most
    h, x = h[fits], np.exp(near[fits]).astype(kind)
    exact = [mp.mpf(float(a)) * mp.exp(mp.mpf(float(b))) for a, b in zip(x, h, strict=True)]
    with np.errstate(all="raise", under="ignore"):
        found = exp_times(x, h)
        assert not exp_times(kind(0), h).any()
    assert found.dtype == kind
    errors = [abs(mp.mpf(float(f)) / e - 1) / float(info.eps) for f, e in zip(found, exact, strict=True)]
    assert h.size > 5000
    assert max(errors) < 8


def test_what_is_no_number_stays_none_in_a_product_with_an_exponential() -> None:
    x, h = np.array([0.0, 1.0, np.nan, 1.0, 0.0]), np.array([np.inf, np.inf, 1000.0, np.nan, -np.inf])
    with np.errstate(all="ignore"):
        found = exp_times(x, h)
    assert np.isnan(found[[0, 2, 3]]).all()
    assert found[1] == np.inf
    assert found[4] == 0
