"""Every way of computing is judged: thresholds are moved so that the deck, which is small, selects each in turn."""

import functools
import importlib
import inspect
import math
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import w2v_verified
from w2v_verified.runtime import columns, elementwise, products
from w2v_verified.verify import check, names

Move = Callable[[pytest.MonkeyPatch], None]


def generated(loss: str) -> Any:
    return importlib.import_module(f"w2v_verified.generated.{loss}")


def nothing_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The road for small arrays is never taken."""
    asking = [module for module in map(generated, names()) if hasattr(module, "FEW")]
    assert generated("naive_softmax") in asking
    for module in asking:
        monkeypatch.setattr(module, "FEW", -1)


def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every product takes the way of a large one, cut into blocks."""
    nothing_is_small(monkeypatch)
    for name in ("FEW", "_COPIED", "_WRITTEN"):
        monkeypatch.setattr(products, name, 0)
    monkeypatch.setattr(products, "_ONES", {})
    for name in ("_FEW", "_CELLS"):
        monkeypatch.setattr(columns, name, 0)
    monkeypatch.setattr(elementwise, "_MANY", 0)
    monkeypatch.setattr(elementwise, "_CACHED", 16)
    monkeypatch.setattr(elementwise, "_FAST_LOG1P", False)


def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table is read once, some entries at a time."""
    nothing_is_small(monkeypatch)
    asking = [module for module in map(generated, names()) if hasattr(module, "MANY")]
    assert generated("naive_softmax") in asking
    for module in asking:
        monkeypatch.setattr(module, "MANY", 0)
    monkeypatch.setattr(products, "_NEAR", 64)


def short_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outer products of short rows are written in blocks."""
    nothing_is_small(monkeypatch)
    monkeypatch.setattr(products, "FEW", 0)
    monkeypatch.setattr(products, "_LONG_ROW", 1 << 60)
    monkeypatch.setattr(products, "_WRITTEN", 64)


def never_moderate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The safe road is taken even where the short one would do."""
    monkeypatch.setattr(elementwise, "MODERATE", {})


def _keywords(loss: str) -> Any:
    return inspect.signature(getattr(w2v_verified, loss)).parameters


WAYS = {move.__name__: move for move in (nothing_is_small, large, in_parts, short_rows, never_moderate)}


def changed_by(way: str) -> list[str]:
    """The losses whose functions go another way then."""
    return [n for n in names() if way != "in_parts" or hasattr(generated(n), "MANY")]


@pytest.mark.slow
@pytest.mark.parametrize(("loss", "way"), [(loss, way) for way in WAYS for loss in changed_by(way)])
def test_each_way_is_componentwise_accurate_and_keeps_the_contract(
    loss: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    WAYS[way](monkeypatch)
    report = check(getattr(w2v_verified, loss), loss, examples=20, strict=True)
    assert report.ok, report


def roads_taken(loss: str, monkeypatch: pytest.MonkeyPatch) -> set[bool]:
    module = generated(loss)
    taken: set[bool] = set()

    def noted(*values: Any) -> bool:
        taken.add(elementwise.moderate(*values))
        return elementwise.moderate(*values)

    monkeypatch.setattr(module, "moderate", noted)
    check(getattr(w2v_verified, loss), loss, examples=0)
    return taken


@pytest.mark.parametrize("loss", names())
def test_the_deck_takes_both_roads(loss: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert roads_taken(loss, monkeypatch) == {True, False}


def test_a_limit_set_too_far_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = {np.dtype(np.float64): math.inf, np.dtype(np.float32): math.inf}
    monkeypatch.setattr(elementwise, "MODERATE", wide)
    assert not check(w2v_verified.naive_softmax, "naive_softmax", examples=0).ok


@pytest.mark.parametrize("loss", [n for n in names() if "block_size" in _keywords(n)])
@pytest.mark.parametrize("block_size", [1, 2, 3])
def test_blocks_are_as_accurate_as_the_whole(loss: str, block_size: int) -> None:
    function = functools.partial(getattr(w2v_verified, loss), block_size=block_size)
    report = check(function, loss, examples=50, strict=True)
    assert report.ok, report


@pytest.mark.parametrize(
    ("block_size", "error"), [(0, ValueError), (-1, ValueError), (1.5, TypeError), (True, TypeError)]
)
def test_a_block_size_that_is_no_count_is_refused(block_size: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="block_size: expected"):
        w2v_verified.naive_softmax_batch(
            np.ones((2, 3)), np.zeros(3, int), np.ones((2, 4)), block_size=block_size
        )


def test_with_blocks_memory_stays_below_that_of_all_pairs() -> None:
    d, V, B = 4, 20_000, 200
    V_c, o, U = np.ones((d, B)), np.zeros(B, int), np.ones((d, V))
    out = (np.empty((d, B)), np.empty((d, V)))
    peaks = []
    for block_size in (10, None):
        tracemalloc.start()
        w2v_verified.naive_softmax_batch(V_c, o, U, out=out, block_size=block_size)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[0] < 2 * 10 * V * 8 + (4 << 20) + (1 << 16) < peaks[1]
