"""Products by every way the table in `products` has, against NumPy's own, over the layouts that select them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from w2v_verified.runtime import products
from w2v_verified.runtime.products import add_outer, outer, parts, product, total

RANDOM = np.random.default_rng(0)
LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "C": np.ascontiguousarray,
    "F": np.asfortranarray,
    "every other column": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "every other row": lambda a: np.repeat(a, 2, axis=0)[::2],
    "part of a table": lambda a: np.pad(a, 1)[(slice(1, -1),) * a.ndim],
    "backwards": lambda a: np.ascontiguousarray(a[..., ::-1])[..., ::-1],
}
SHAPES = [((3,), (3,)), ((3,), (3, 5)), ((4, 3), (3,)), ((4, 3), (3, 5))]


@pytest.fixture(params=["as it is", "everything large"])
def sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thresholds as they are, where all test arrays are small, or such that all are large."""
    if request.param == "everything large":
        monkeypatch.setattr(products, "FEW", 0)
        monkeypatch.setattr(products, "_LONG_ROW", 4)
        monkeypatch.setattr(products, "_COPIED", 40)
        monkeypatch.setattr(products, "_WRITTEN", 40)


def whole(shape: tuple[int, ...]) -> Any:
    """Whole numbers, with which every order of adding up is exact."""
    return RANDOM.integers(-9, 9, shape).astype(np.float64)


@pytest.mark.usefixtures("sizes")
@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("left_layout", LAYOUTS)
@pytest.mark.parametrize("right_layout", LAYOUTS)
def test_product_is_the_matrix_product(shapes: Any, left_layout: str, right_layout: str) -> None:
    left, right = LAYOUTS[left_layout](whole(shapes[0])), LAYOUTS[right_layout](whole(shapes[1]))
    expected = left @ right
    result = product(left, right)
    assert np.shape(result) == np.shape(expected)
    assert np.array_equal(result, expected)
    for layout in LAYOUTS if np.ndim(expected) else ():
        out = LAYOUTS[layout](np.full(expected.shape, np.nan))
        assert product(left, right, out) is out
        assert np.array_equal(out, expected), layout


@pytest.mark.usefixtures("sizes")
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("m", "n"), [(3, 5), (5, 3), (1, 7), (7, 1)])
def test_outer_and_its_addition(layout: str, m: int, n: int) -> None:
    left, right = LAYOUTS[layout](whole((m,))), LAYOUTS[layout](whole((n,)))
    expected = left[:, None] * right
    assert np.array_equal(outer(left, right), expected)
    for out in LAYOUTS.values():
        written = out(np.full((m, n), np.nan))
        assert outer(left, right, written) is written
        assert np.array_equal(written, expected)
        table = out(np.ones((m, n)))
        add_outer(table, left, right, 2.0)
        assert np.array_equal(table, 1 + 2 * expected)


def test_no_large_operand_is_copied_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "FEW", 0)
    monkeypatch.setattr(products, "_COPIED", 1 << 10)
    sizes_copied = []
    original = np.ascontiguousarray

    def noted(a: Any) -> Any:
        sizes_copied.append(a.nbytes)
        return original(a)

    monkeypatch.setattr(np, "ascontiguousarray", noted)
    table = np.ones((64, 256))[:, ::2]
    assert np.array_equal(product(table, np.ones(128)), np.full(64, 128.0))
    assert max(sizes_copied) <= 1 << 10


@pytest.mark.parametrize("n", [0, 1, 5, 1 << 12, (1 << 12) + 1])
@pytest.mark.parametrize("kind", [np.float64, np.float32, np.float16])
def test_total_is_the_sum(n: int, kind: Any) -> None:
    x = np.ones(n, kind)
    assert total(x) == x.sum()
    assert total(x).dtype == kind


@pytest.mark.parametrize("near", [1, 24, 100, 1 << 20])
@pytest.mark.parametrize("columns", [1, 2, 7])
def test_parts_are_all_columns_in_order_but_one(
    near: int, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(products, "_NEAR", near)
    table = np.ones((3, columns))
    for place in (None, *range(columns)):
        found = list(parts(table, place))
        assert [n for p in found for n in range(columns)[p]] == [n for n in range(columns) if n != place]
        assert all(table[:, p].nbytes <= max(near, table[:, :1].nbytes) for p in found)


def test_a_product_is_added_to_a_vector_and_to_a_number() -> None:
    left, right = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 10.0])
    vector, number = np.array([100.0, 200.0]), np.array(1000.0)
    assert product(left, right, out=vector, add=True) is vector
    assert vector.tolist() == [121.0, 243.0]
    assert product(right, right, out=number, add=True) is number
    assert number == 1101.0
