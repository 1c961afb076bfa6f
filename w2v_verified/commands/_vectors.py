"""What the commands about word vectors share: which file, how it is read, how tables are shown."""

import argparse

import numpy as np
from rich import box
from rich.table import Table

from w2v_verified.commands._width import PLAIN_WIDTH, terminal_width
from w2v_verified.errors import UsageError
from w2v_verified.terminal.console import Console
from w2v_verified.terminal.options import Parser, as_typed
from w2v_verified.trainer import FormatError, WordVectors
from w2v_verified.values import Choice, OldFile, Range

__all__ = ["ERRORS", "add_vectors", "console", "load_vectors", "table"]

ERRORS = Choice(("strict", "replace", "ignore"))
"""What may be done with bytes that are not UTF-8."""


def add_vectors(parser: Parser) -> None:
    """Declare the file of vectors, and how broken words in it are read."""
    parser.value(
        "vectors",
        kind=OldFile(),
        metavar="VECTORS",
        help="a file of word vectors: word2vec's text or binary format, or GloVe's, packed by gzip or not",
    )
    parser.value(
        "--limit",
        kind=Range(int, 1),
        metavar="N",
        help="read the first so many words alone, whatever the first line says (default: all there are)",
    )
    parser.flag("--no-header", meaning="the first line is a word's already; told by the content otherwise")
    parser.value(
        "--errors",
        kind=ERRORS,
        default="strict",
        metavar="NAME",
        help="what to do with bytes of words that are not UTF-8: strict (the default, refuse them), replace or ignore",
    )


def load_vectors(options: argparse.Namespace) -> WordVectors[np.float32]:
    """Read the file.

    Raises:
        UsageError: it cannot be read, or holds something else.
    """
    try:
        with Console(stderr=True).status(f"reading {options.vectors}", spinner="line"):
            return WordVectors.load(
                options.vectors, errors=options.errors, limit=options.limit, no_header=options.no_header
            )
    except FormatError as error:
        raise UsageError(f"VECTORS {options.vectors!r}: {as_typed(error, options)}") from None
    except OSError as error:
        raise UsageError(f"VECTORS: cannot read {options.vectors!r}: {error.strerror or error}") from None
    except MemoryError as error:
        raise UsageError(f"VECTORS {options.vectors!r}: too large for this machine ({error})") from None


def console() -> Console:
    """Standard output, as wide as the terminal; where it is none, always of one width."""
    return Console(width=terminal_width(PLAIN_WIDTH))


def table(*columns: str, numbers: int) -> Table:
    """Return an empty table whose last so many columns hold numbers."""
    empty = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place, column in enumerate(columns):
        empty.add_column(
            column, justify="right" if place >= len(columns) - numbers else "left", overflow="fold"
        )
    return empty
