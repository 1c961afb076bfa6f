"""``w2v-verified evaluate VECTORS --pairs FILE --analogies FILE``: word vectors against what people say."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from rich.table import Table

from w2v_verified.commands._vectors import add_vectors, console, load_vectors, table
from w2v_verified.errors import UsageError
from w2v_verified.terminal.console import Console
from w2v_verified.terminal.options import Parser
from w2v_verified.trainer import WordVectors
from w2v_verified.values import OldFile, Range

__all__ = ["add_arguments", "run"]

_EPILOG = """\
Pairs: a file with two words and a score on each line, parted by tabs, commas or spaces; Spearman's and Pearson's
correlation of the scores with the cosines are printed. Analogies: a file with lines ": NAME" and below each of them
lines of four words; the share of the fourth words that are the nearest to second - first + third is printed. What has
words that are not known is left out and counted. The measures are those of gensim."""


def add_arguments(parser: Parser) -> None:
    """Declare the options."""
    parser.epilog = _EPILOG
    add_vectors(parser)
    parser.value(
        "--pairs",
        kind=OldFile("files"),
        nargs="+",
        default=[],
        metavar="FILE",
        help="scored pairs of words, as WordSim-353",
    )
    parser.value(
        "--analogies",
        kind=OldFile("files"),
        nargs="+",
        default=[],
        metavar="FILE",
        help="analogy questions, as questions-words.txt",
    )
    parser.value(
        "--restrict-vocab",
        kind=Range(int, 1),
        default=300_000,
        metavar="N",
        help="know the first N words of VECTORS alone (default: 300000)",
    )
    parser.flag("--case-sensitive", meaning="tell words apart that differ in case alone")


def run(options: argparse.Namespace) -> int:
    """Print a table of correlations and one of shares.

    Returns:
        0.

    Raises:
        UsageError: a file cannot be read, or knows nothing of these words.
    """
    if not options.pairs and not options.analogies:
        raise UsageError("--pairs, --analogies: expected one of them, got neither")
    vectors = load_vectors(options)
    screen = console()
    tables = [_pairs(vectors, screen, options)] if options.pairs else []
    tables += [_analogies(vectors, path, screen, options) for path in options.analogies]
    for each in tables:
        screen.print(each)
    return 0


def _pairs(vectors: WordVectors[np.float32], screen: Console, options: argparse.Namespace) -> Table:
    shown = table("pairs", "Spearman", "Pearson", "left out", numbers=3)
    for path in options.pairs:
        with _named("--pairs", path):
            found = vectors.evaluate_word_pairs(
                path, restrict_vocab=options.restrict_vocab, case_insensitive=not options.case_sensitive
            )
        shown.add_row(
            screen.cell(path),
            f"{found.spearman.statistic:.3f}",
            f"{found.pearson.statistic:.3f}",
            f"{found.oov_ratio:.1f} %",
        )
    return shown


def _analogies(
    vectors: WordVectors[np.float32], path: str, screen: Console, options: argparse.Namespace
) -> Table:
    shown = table(path, "right", "asked", "share", "left out", numbers=4)
    with _named("--analogies", path):
        _, sections = vectors.evaluate_word_analogies(
            path, options.restrict_vocab, not options.case_sensitive
        )
    for section in sections:
        right, asked = len(section.correct), len(section.correct) + len(section.incorrect)
        share = f"{section.accuracy:.1%}" if asked else "-"
        if section is sections[-1]:
            shown.add_section()
        shown.add_row(screen.cell(section.section), f"{right:,}", f"{asked:,}", share, f"{section.unknown:,}")
    return shown


@contextmanager
def _named(option: str, path: str) -> Iterator[None]:
    """Turn what is wrong with a file into wrong usage of an option."""
    try:
        yield
    except ValueError as error:
        raise UsageError(f"{option} {path!r}: {str(error).removeprefix('pairs: ')}") from None
    except OSError as error:
        raise UsageError(f"{option}: cannot read {path!r}: {error.strerror or error}") from None
