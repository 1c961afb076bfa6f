"""Every way of computing is judged: thresholds are moved so that the deck, which is small, selects each in turn."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import w2v_verified
from w2v_verified import columns, elementwise, products
from w2v_verified.verify import check, names

Move = Callable[[pytest.MonkeyPatch], None]


def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every product takes the way of a large one, cut into blocks."""
    for name in ("_FEW_ENTRIES", "_SMALL_RESULT", "_COPIED", "_WRITTEN"):
        monkeypatch.setattr(products, name, 0)
    monkeypatch.setattr(products, "_ONES", {})
    monkeypatch.setattr(columns, "_FEW", 0)


def short_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outer products of short rows are written in blocks."""
    monkeypatch.setattr(products, "_SMALL_RESULT", 0)
    monkeypatch.setattr(products, "_LONG_ROW", 1 << 60)
    monkeypatch.setattr(products, "_WRITTEN", 64)


def never_moderate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The safe road is taken even where the short one would do."""
    monkeypatch.setattr(elementwise, "_MODERATE", {})


WAYS = {move.__name__: move for move in (large, short_rows, never_moderate)}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("loss", names())
def test_each_way_is_componentwise_accurate_and_keeps_the_contract(
    loss: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    WAYS[way](monkeypatch)
    report = check(getattr(w2v_verified, loss), loss, examples=20, strict=True)
    assert report.ok, report


def roads_taken(loss: str, monkeypatch: pytest.MonkeyPatch) -> set[bool]:
    module: Any = __import__(f"w2v_verified.generated.{loss}", fromlist=["x"])
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
    monkeypatch.setattr(elementwise, "_MODERATE", wide)
    assert not check(w2v_verified.naive_softmax, "naive_softmax", examples=0).ok
