"""What the commands about word vectors share: which file, how it is read, how tables are shown."""

import argparse

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from w2v_verified.errors import UsageError
from w2v_verified.trainer import FormatError, WordVectors

__all__ = ["add_vectors", "at_least_1", "console", "load_vectors", "table"]

_PLAIN_WIDTH = 120


def add_vectors(parser: argparse.ArgumentParser) -> None:
    """Declare the file of vectors, and how broken words in it are read."""
    parser.add_argument(
        "vectors",
        metavar="VECTORS",
        help="a file of word vectors: word2vec's text or binary format, packed by gzip or not",
    )
    parser.add_argument(
        "--errors",
        choices=("strict", "replace", "ignore"),
        default="strict",
        help="what to do with bytes of words that are not UTF-8 (default: strict, refuse them)",
    )


def at_least_1(text: str) -> int:
    """Read a whole number from 1 for argparse."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, got {text!r}")
    return int(text)


def load_vectors(options: argparse.Namespace) -> WordVectors[np.float32]:
    """Read the file.

    Raises:
        UsageError: it cannot be read, or holds something else.
    """
    try:
        with Console(stderr=True).status(f"reading {options.vectors}"):
            return WordVectors.load(options.vectors, errors=options.errors)
    except FormatError as error:
        raise UsageError(f"VECTORS {options.vectors!r}: {error}") from None
    except OSError as error:
        raise UsageError(f"VECTORS {options.vectors!r}: {error.strerror or error}") from None
    except MemoryError as error:
        raise UsageError(f"VECTORS {options.vectors!r}: too large for this machine ({error})") from None


def console() -> Console:
    """Standard output, as wide as the terminal; where it is none, always of one width."""
    shown = Console()
    return shown if shown.is_terminal else Console(width=_PLAIN_WIDTH)


def table(*columns: str, numbers: int) -> Table:
    """Return an empty table whose last so many columns hold numbers."""
    empty = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place, column in enumerate(columns):
        empty.add_column(
            column, justify="right" if place >= len(columns) - numbers else "left", overflow="fold"
        )
    return empty
