"""The plots of ``w2v-verified train``: its vectors and its loss."""

import argparse
from collections.abc import Sequence

import numpy as np

from w2v_verified.errors import UsageError
from w2v_verified.trainer import Progress, WordVectors
from w2v_verified.trainer.plots.plots import check_plot, plot_losses, plot_vectors

__all__ = ["add_plot_options", "draw_plots", "plots"]

_NEAREST = 8


def add_plot_options(parser: argparse.ArgumentParser) -> None:
    """Declare where the plots go."""
    parser.add_argument(
        "--plot",
        metavar="FILE",
        help="draw the words of --neighbours and those near them here: .png, .svg or .pdf",
    )
    parser.add_argument(
        "--loss-plot", metavar="FILE", help="draw the loss in the course of the training here"
    )


def plots(options: argparse.Namespace) -> list[tuple[str, str]]:
    """The options that were given, with their files.

    Raises:
        UsageError: a name ends in what cannot be drawn.
    """
    given = [
        (option, path)
        for option, path in (("--plot", options.plot), ("--loss-plot", options.loss_plot))
        if path is not None
    ]
    for option, path in given:
        try:
            check_plot(path)
        except ValueError as error:
            raise UsageError(f"{option}: {str(error).removeprefix('path: ')}") from None
    return given


def draw_plots(
    options: argparse.Namespace,
    vectors: WordVectors[np.float32],
    words: Sequence[str],
    history: Sequence[Progress],
) -> None:
    """Draw what was asked for.

    Raises:
        UsageError: a file cannot be written.
    """
    for option, path in plots(options):
        try:
            if option == "--plot":
                near = [other for word in words for other, _ in vectors.most_similar(word, topn=_NEAREST)]
                plot_vectors(path, vectors, [*words, *near])
            else:
                plot_losses(path, history)
        except OSError as error:
            raise UsageError(f"{option}: cannot write {path!r}: {error.strerror or error}") from None
