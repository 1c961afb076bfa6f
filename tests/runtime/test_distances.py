"""Squared distances and what pulls rows together: each entry within the rounding of differences, in all ways."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from benchmarks.losses.measuring import case, printed
from w2v_verified.runtime import distances
from w2v_verified.runtime.distances import pulled, squared_distances
from w2v_verified.symbolic import Derivation, record
from w2v_verified.verify import Record, compare

U = np.finfo(np.float64).eps / 2


def points(kind: str, count: int, d: int) -> Any:
    random = np.random.default_rng(len(kind) + count + d)
    X = random.standard_normal((count, d))
    match kind:
        case "far from 0":
            X += 1e6
        case "two clusters":
            X = X * 1e-7 + np.where(np.arange(count) % 2, 1.0, -1.0)[:, None]
        case "equal pairs":
            X[1::2] = X[: len(X[1::2])]
        case "nearly equal":
            X = X[:1] + X * 1e-12
        case "whole numbers":
            X = np.round(X)
    return X


KINDS = ("around 0", "far from 0", "two clusters", "equal pairs", "nearly equal", "whole numbers")


def exact(left: Any, right: Any) -> Any:
    apart = left.astype(np.longdouble)[:, None] - right.astype(np.longdouble)
    return apart, (apart**2).sum(axis=2)


@pytest.mark.parametrize("d", [3, 16, 40])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("same", [True, False])
def test_each_entry_is_as_near_as_differences_are(kind: str, d: int, same: bool) -> None:
    left = points(kind, 30, d)
    right = left if same else points(kind, 21, d)
    W = np.random.default_rng(d).standard_normal((30, len(right)))
    apart, squares = exact(left, right)
    found = squared_distances(left, right)
    assert (np.abs(found - squares) <= (d + 2) * U * squares).all()
    size = np.einsum("nk,nki->ni", np.abs(W).astype(np.longdouble), np.abs(apart))
    pull = np.einsum("nk,nki->ni", W.astype(np.longdouble), apart)
    for known in (None, found):
        assert (np.abs(pulled(W, left, right, known) - pull) <= (len(right) + 2) * U * size).all()


@pytest.mark.parametrize("name", ["_near", "_apart"])
def test_without_differences_for_near_pairs_digits_are_lost(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: no pair counts as near, or what is near is left as it is."""
    nothing = {"_near": lambda *_: np.arange(0), "_apart": lambda *_: iter(())}
    monkeypatch.setattr(distances, name, nothing[name])
    X = points("two clusters", 30, 16)
    _, squares = exact(X, X)
    assert not (np.abs(squared_distances(X, X) - squares) <= 18 * U * squares).all()


@pytest.mark.parametrize("bad", [np.inf, np.nan, 1e200])
def test_what_is_not_finite_stays_where_it_is(bad: float) -> None:
    X = points("around 0", 6, 20)
    X[2, 3] = bad
    with np.errstate(all="ignore"):
        found, expected = squared_distances(X, X), ((X[:, None] - X) ** 2).sum(axis=2)
        assert np.array_equal(np.isnan(found), np.isnan(expected))
        assert np.allclose(found, expected, rtol=1e-14, atol=0, equal_nan=True)


@pytest.mark.parametrize("shape", [(0, 20), (3, 0)])
def test_there_may_be_no_rows_or_no_coordinates(shape: tuple[int, int]) -> None:
    X = np.zeros(shape)
    assert squared_distances(X, X).tolist() == np.zeros((len(X), len(X))).tolist()
    assert pulled(np.ones((len(X), len(X))), X, X).shape == shape


def test_floats_of_single_precision_stay_so() -> None:
    X = points("around 0", 5, 20).astype(np.float32)
    assert squared_distances(X, X).dtype == np.float32
    assert pulled(squared_distances(X, X), X, X).dtype == np.float32


def test_no_array_of_all_differences_is_made() -> None:
    X = points("two clusters", 200, 64)
    tracemalloc.start()
    try:
        pulled(squared_distances(X, X), X, X)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < X.nbytes * 200 / 6


@pytest.mark.parametrize("kind", ["around 0", "two clusters"])
def test_a_loss_of_distances_is_within_the_strict_bound_where_points_have_many_coordinates(kind: str) -> None:
    user = case("rbf_kernel_ridge")
    derivation = Derivation(user.loss)
    function, judge = printed(derivation), Record.from_json(record(derivation))
    random = np.random.default_rng(0)
    X = points(kind, 7, 18) / 18**0.5
    a, y = random.standard_normal((2, 7))
    arguments = {"a": a, "g": np.array(0.5), "X": X, "y": y, "lam": np.array(0.1)}
    assert compare(judge, arguments, function(**arguments)).ok
    shifted = compare(judge, {**arguments, "X": X * (1 + 1e-9)}, function(**arguments))
    assert not shifted.ok
