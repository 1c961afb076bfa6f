"""Columns that are pointed at: reading them, adding up what belongs to each, and products with what is scattered."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_verified.runtime import columns
from w2v_verified.runtime.columns import added_up, scattered_product, taken

LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "C": np.ascontiguousarray,
    "F": np.asfortranarray,
    "strided": lambda a: np.repeat(np.repeat(a, 2, axis=0), 2, axis=1)[::2, ::2],
    "part, transposed": lambda a: np.pad(np.ascontiguousarray(a.T), 1)[1:-1, 1:-1].T,
}
shapes = st.sampled_from([(0,), (1,), (5,), (3, 4), (0, 4), (3, 0), (9, 9)])


@pytest.mark.parametrize("layout", LAYOUTS)
@given(shape=shapes, seed=st.integers(0, 99))
def test_taken_is_indexing(layout: str, shape: tuple[int, ...], seed: int) -> None:
    random = np.random.default_rng(seed)
    table, places = LAYOUTS[layout](random.random((3, 7))), random.integers(0, 7, shape)
    result = taken(table, places)
    assert np.array_equal(result, table[:, places])
    assert not np.shares_memory(result, table)


def scattered(size: int, parts: list[tuple[Any, Any]]) -> Any:
    sums = np.zeros(size)
    for places, values in parts:
        np.add.at(sums, places, values)
    return sums


def whole_parts(random: np.random.Generator, V: int, shapes: list[tuple[int, ...]]) -> list[tuple[Any, Any]]:
    return [(random.integers(0, V, s), random.integers(-9, 9, s).astype(np.float64)) for s in shapes]


@pytest.mark.parametrize("few", [0, 64])
@given(seed=st.integers(0, 999), counts=st.lists(shapes, min_size=1, max_size=3), single=st.booleans())
def test_added_up_is_a_scatter_add(few: int, seed: int, counts: list[tuple[int, ...]], single: bool) -> None:
    random = np.random.default_rng(seed)
    parts = whole_parts(random, 6, counts) + ([(2, np.float64(5))] if single else [])
    before, columns._FEW = columns._FEW, few
    try:
        found, sums = added_up(np.dtype(float), *parts)
    finally:
        columns._FEW = before
    pointed = sorted({int(p) for places, _ in parts for p in np.ravel(places)})
    assert found.tolist() == pointed
    assert found.dtype == np.intp
    assert np.array_equal(sums, scattered(6, parts)[pointed])


@pytest.mark.parametrize("cells", [0, 1 << 15])
@given(seed=st.integers(0, 999), B=st.integers(0, 5), K=st.integers(0, 4), F=st.booleans())
def test_scattered_product_is_the_product_with_the_whole_matrix(
    cells: int, seed: int, B: int, K: int, F: bool
) -> None:
    random = np.random.default_rng(seed)
    source = random.integers(-9, 9, (3, B)).astype(float)
    parts = whole_parts(random, 5, [(B, K), (B,)])
    weights = np.zeros((B, 5))
    for b in range(B):
        weights[b] = scattered(5, [(places[b], values[b]) for places, values in parts])
    before, columns._CELLS = columns._CELLS, cells
    try:
        found, result = scattered_product(np.asfortranarray(source) if F else source, *parts)
    finally:
        columns._CELLS = before
    assert found.tolist() == sorted({int(p) for places, _ in parts for p in np.ravel(places)})
    assert np.array_equal(result, (source @ weights)[:, found])


@pytest.mark.parametrize("few", [0, 64])
@pytest.mark.parametrize("values", [2, 2.0, np.float64(2), np.full((3, 1), 2.0), np.full((1, 4), 2.0)])
def test_values_are_broadcast_to_their_places(few: int, values: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_FEW", few)
    monkeypatch.setattr(columns, "_CELLS", few)
    places = np.array([[0, 1, 2, 2], [1, 1, 5, 0], [4, 4, 4, 4]])
    found, sums = added_up(np.dtype(float), (places, values), (3, 1))
    assert found.tolist() == [0, 1, 2, 3, 4, 5]
    assert sums.tolist() == [4, 6, 4, 1, 8, 2]
    columns_, product = scattered_product(np.ones((1, 3)), (places, values))
    assert columns_.tolist() == [0, 1, 2, 4, 5]
    assert product.tolist() == [[4, 6, 4, 8, 2]]


def test_a_repeat_that_is_lost_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_by_place", lambda places, values: dict(zip(places, values, strict=True)))
    _, sums = added_up(float, (np.array([1, 1]), np.array([2.0, 3.0])))
    assert sums.tolist() != [5.0]
