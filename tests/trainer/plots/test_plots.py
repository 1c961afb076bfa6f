import os
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from w2v_verified.trainer import Progress, WordVectors
from w2v_verified.trainer.plots.plots import check_plot, plot_losses, plot_vectors

_START = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}


def _vectors(count: int) -> WordVectors[np.float32]:
    table = np.random.default_rng(2).normal(size=(count, 5)).astype(np.float32)
    return WordVectors([f"word$ {n}_^" for n in range(count)], table)


def _history(epochs: int) -> list[Progress]:
    return [
        Progress(
            n, n // 3 + 1, n * 1000, n, 3 - n / 10 if n else float("nan"), 0.02, 0.1, 2.0 if n > 2 else None
        )
        for n in range(3 * epochs)
    ]


def _draw_vectors(path: Path) -> None:
    vectors = _vectors(4)
    plot_vectors(path, vectors, vectors.words)


def _draw_losses(path: Path) -> None:
    plot_losses(path, _history(2))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("suffix", "draw"), [(".png", _draw_vectors), (".svg", _draw_losses), (".pdf", _draw_losses)]
)
def test_the_same_plot_has_the_same_bytes(tmp_path: Path, suffix: str, draw: Callable[[Path], None]) -> None:
    pytest.importorskip("matplotlib")
    for name in "ab":
        draw(tmp_path / f"{name}{suffix}")
    first, second = ((tmp_path / f"{name}{suffix}").read_bytes() for name in "ab")
    assert first == second
    assert first.startswith(_START[suffix])


def test_labels_lie_over_nothing() -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    from w2v_verified.trainer.plots.labels import place_labels

    points = np.random.default_rng(1).normal(size=(60, 2)) ** 3  # crowded in the middle
    figure = Figure(figsize=(9, 7))
    axes = figure.add_subplot()
    axes.scatter(points[:, 0], points[:, 1])
    place_labels(figure, axes, points, [f"label {n}" * (n % 3 + 1) for n in range(60)], ink="k", line="r")
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == 60
    assert [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])] == []
    middles = axes.transData.transform(points)
    assert [box for box in boxes for middle in middles if box.contains(*middle)] == []
    assert all(axes.bbox.contains(*corner) for box in boxes for corner in (box.min, box.max))


def test_the_components_are_those_of_the_covariance() -> None:
    pytest.importorskip("matplotlib")
    from w2v_verified.trainer.plots.plots import principal_components

    vectors = np.random.default_rng(3).normal(size=(40, 6))
    places, shares = principal_components(vectors)
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    variances = np.linalg.eigvalsh(np.cov(units.T))[::-1]
    np.testing.assert_allclose(np.cov(places.T), np.diag(variances[:2]), atol=1e-12)
    np.testing.assert_allclose(shares, variances[:2] / variances.sum())
    assert all(column[np.abs(column).argmax()] > 0 for column in places.T)
    assert principal_components(np.zeros((3, 2)))[1] == [0, 0]


def test_what_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    vectors, path = _vectors(3), tmp_path / "plot.png"
    with pytest.raises(ValueError, match="words: expected some of the 3 words, got 'cat', 'dog'"):
        plot_vectors(path, vectors, [vectors.words[0], "cat", "dog"])
    with pytest.raises(ValueError, match="words: expected from 2 to 500 different ones, got 1"):
        plot_vectors(path, vectors, [vectors.words[0]] * 2)
    with pytest.raises(
        ValueError, match=r"path: expected a name that ends in .png, .svg, .pdf, got 'plot.gif'"
    ):
        check_plot("plot.gif")
    with pytest.raises(ValueError, match="history: expected the progress of a run with a loss, got none"):
        plot_losses(path, _history(0))
    path.mkdir()
    with pytest.raises(OSError, match=r"plot\.png"):
        plot_losses(path, _history(1))
    assert os.listdir(tmp_path) == ["plot.png"]


def test_without_matplotlib_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(
        ModuleNotFoundError, match=r"matplotlib is not installed: pip install 'w2v_verified\[plot\]'"
    ):
        check_plot("plot.png")
