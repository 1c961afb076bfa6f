"""Plots of word vectors and of a training run; matplotlib is imported when one is drawn."""

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from w2v_verified.errors import with_extra
from w2v_verified.files import replacing_bytes
from w2v_verified.runtime.arrays import Matrix
from w2v_verified.trainer.plots.labels import place_labels
from w2v_verified.trainer.run.progress import Progress
from w2v_verified.trainer.vectors.vectors import WordVectors

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SUFFIXES = (".png", ".svg", ".pdf")
_MOST_WORDS = 500
_INK, _GREY, _BLUE, _RED = "#222222", "#b8b8b8", "#1f5fa8", "#c0392b"
_STYLE: dict[str, Any] = {
    "font.size": 10.0,
    "axes.edgecolor": _GREY,
    "axes.labelcolor": "#555555",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "grid.color": "#ececec",
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "svg.hashsalt": "w2v_verified",
    "svg.fonttype": "none",
    "savefig.dpi": 150,
}


def check_plot(path: str | os.PathLike[str]) -> None:
    """Raise what a plot there would fail with, as far as it can be known beforehand.

    Raises:
        ValueError: the name ends in something else than .png, .svg or .pdf.
        ModuleNotFoundError: matplotlib is not installed; the message says how to install it.
    """
    if Path(path).suffix.lower() not in _SUFFIXES:
        raise ValueError(
            f"path: expected a name that ends in {', '.join(_SUFFIXES)}, got {os.fspath(path)!r}"
        )
    try:
        import_module("matplotlib")
    except ModuleNotFoundError as error:
        raise with_extra(error, "plot") from None


def plot_vectors(path: str | os.PathLike[str], vectors: WordVectors[Any], words: Sequence[str]) -> None:
    """Draw words at the first two principal components of their unit vectors.

    Each word is written beside its point, none over another; the same vectors give the same file.

    Args:
        path: where to, as PNG, SVG or PDF by the end of the name; it is there whole or not at all.
        vectors: the vectors.
        words: which of the words, from 2 to 500.

    Raises:
        ValueError: a word is not among those of the vectors, or `path` or the number of words is wrong.
        ModuleNotFoundError: matplotlib is not installed; the message says how to install it.
        OSError: the file cannot be written.
    """
    check_plot(path)
    chosen = list(dict.fromkeys(words))
    unknown = [word for word in chosen if word not in vectors]
    if unknown:
        raise ValueError(
            f"words: expected some of the {len(vectors):,} words, got {', '.join(map(repr, unknown[:9]))}"
        )
    if not 2 <= len(chosen) <= _MOST_WORDS:
        raise ValueError(f"words: expected from 2 to {_MOST_WORDS} different ones, got {len(chosen)}")
    places, shares = principal_components(vectors[chosen])
    side = 6 + len(chosen) ** 0.5 / 2
    wide = np.clip(np.divide(*np.ptp(places, axis=0) + 1e-9), 0.6, 1.8) ** 0.5
    with _figure(path, side * wide, side / wide) as figure:
        axes = figure.add_subplot()
        axes.scatter(places[:, 0], places[:, 1], s=14, color=_BLUE, zorder=2)
        for label, share, name in (
            (axes.set_xlabel, shares[0], "first"),
            (axes.set_ylabel, shares[1], "second"),
        ):
            label(f"{name} principal component ({share:.0%} of the variance)")
        axes.set_aspect("equal", "datalim")
        axes.grid(visible=True)
        axes.set_axisbelow(True)
        axes.tick_params(length=0, labelsize=8)
        axes.margins(0.12)
        place_labels(figure, axes, places, chosen, ink=_INK, line=_GREY)


def principal_components(vectors: Matrix[Any]) -> tuple[Matrix[np.float64], list[float]]:
    """Return n unit vectors in their first two principal components, shape (n, 2), and the variance of each.

    The variance is a share of the whole. The sign of a component is such that its largest entry is positive.

    >>> places, shares = principal_components(np.array([[1.0, 0, 0], [-2, 0, 0], [0, 3, 0]]))
    >>> np.abs(places).round(2).tolist(), [round(share, 2) for share in shares]
    ([[1.0, 0.33], [1.0, 0.33], [0.0, 0.67]], [0.75, 0.25])
    """
    wide = vectors.astype(np.float64)
    lengths = np.linalg.norm(wide, axis=1, keepdims=True)
    units = np.divide(wide, lengths, out=np.zeros_like(wide), where=lengths > 0)
    left, singular, _ = np.linalg.svd(units - units.mean(axis=0), full_matrices=False)
    places = np.zeros((len(wide), 2))
    shares = [0.0, 0.0]
    for component in range(min(2, len(singular))):
        place = left[:, component] * singular[component]
        places[:, component] = place * np.sign(place[np.abs(place).argmax()] or 1)
        shares[component] = float(singular[component] ** 2 / (singular @ singular or 1))
    return places, shares


def plot_losses(path: str | os.PathLike[str], history: Sequence[Progress]) -> None:
    """Draw how the loss fell: the mean of each epoch as it was gathered, and that of the text held out.

    Args:
        path: where to, as PNG, SVG or PDF by the end of the name; it is there whole or not at all.
        history: the progress of a run, from its first step on.

    Raises:
        ValueError: there is no progress to be drawn, or `path` has another ending.
        ModuleNotFoundError: matplotlib is not installed; the message says how to install it.
        OSError: the file cannot be written.
    """
    check_plot(path)
    measured = [progress for progress in history if np.isfinite(progress.loss)]
    if not measured:
        raise ValueError("history: expected the progress of a run with a loss, got none")
    epochs = [list(some) for _, some in groupby(measured, key=lambda progress: progress.epoch)]
    ends = [epoch[-1] for epoch in epochs]
    held_out = [(end.words, end.held_out) for end in ends if end.held_out is not None]
    from matplotlib.ticker import EngFormatter

    with _figure(path, 8, 5) as figure:
        axes = figure.add_subplot()
        for n, epoch in enumerate(epochs):
            label = "" if n else "mean of an epoch so far"
            words, losses = [p.words for p in epoch], [p.loss for p in epoch]
            axes.plot(words, losses, color=_BLUE, linewidth=1, alpha=0.45, label=label)
        words, losses = [p.words for p in ends], [p.loss for p in ends]
        axes.plot(words, losses, "o-", color=_BLUE, markersize=5, label="mean of an epoch")
        if held_out:
            axes.plot(*zip(*held_out, strict=True), "s-", color=_RED, markersize=5, label="held out")
        axes.legend(frameon=False)
        axes.set_xlabel("words trained")
        axes.set_ylabel("mean loss a pair, nats")
        axes.xaxis.set_major_formatter(EngFormatter(sep=""))
        axes.grid(visible=True)


@contextmanager
def _figure(path: str | os.PathLike[str], width: float, height: float) -> Iterator["Figure"]:
    """Give a figure to draw on and write it, whatever matplotlib was set to; the same drawing gives the same bytes."""
    from matplotlib import style
    from matplotlib.figure import Figure

    suffix = Path(path).suffix.lower().removeprefix(".")
    with style.context(_STYLE, after_reset=True), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # a word that no font has is drawn as a box
        figure = Figure(figsize=(width, height))
        figure.subplots_adjust(0.7 / width, 0.55 / height, 1 - 0.15 / width, 1 - 0.15 / height)
        yield figure
        metadata = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[suffix]
        with replacing_bytes(path) as file:
            figure.savefig(file, format=suffix, metadata=metadata)
