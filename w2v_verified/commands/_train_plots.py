"""The plots of ``w2v-verified train``: its vectors and its loss."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from w2v_verified.commands._outputs import named
from w2v_verified.errors import UsageError
from w2v_verified.terminal.options import Parser
from w2v_verified.trainer import Progress, WordVectors
from w2v_verified.trainer.plots.plots import check_plot, plot_losses, plot_vectors
from w2v_verified.values import NewFile

__all__ = ["add_plot_options", "draw_plots"]

_NEAREST = 8


@dataclass(frozen=True)
class _Plot(NewFile):
    """A file to write whose name says what is drawn."""

    expected: str = "a name that ends in .png, .svg or .pdf"

    def read(self, text: str) -> str:
        """The path itself.

        Raises:
            ValueError: its name ends in what cannot be drawn, or it cannot be written.
        """
        try:
            check_plot(text)
        except ValueError as error:
            raise ValueError(str(error).removeprefix("path: ")) from None
        return super().read(text)


def add_plot_options(parser: Parser) -> None:
    """Declare where the plots go."""
    parser.value(
        "--plot",
        kind=_Plot(),
        metavar="FILE",
        help="draw the words of --neighbours and those near them here: .png, .svg or .pdf",
    )
    parser.value(
        "--loss-plot",
        kind=_Plot(),
        metavar="FILE",
        help="draw the loss in the course of the training here",
    )


def draw_plots(
    options: argparse.Namespace,
    vectors: WordVectors[np.float32],
    words: Sequence[str],
    history: Sequence[Progress],
) -> None:
    """Draw what was asked for.

    Raises:
        UsageError: a file cannot be written, or there is nothing to draw.
    """
    if options.plot is not None:
        near = [other for word in words for other, _ in vectors.most_similar(word, topn=_NEAREST)]
        with _drawing("--plot", options.plot):
            plot_vectors(options.plot, vectors, [*words, *near])
    if options.loss_plot is not None:
        with _drawing("--loss-plot", options.loss_plot):
            plot_losses(options.loss_plot, history)


@contextmanager
def _drawing(option: str, path: str) -> Iterator[None]:
    with named(option, path):
        try:
            yield
        except ValueError as error:
            reason = str(error).partition(": ")[2]
            raise UsageError(f"{option}: {reason}; the vectors are written, the plot is not") from None
