"""``w2v-verified neighbours VECTORS WORD...``: the nearest words, by the cosine of their vectors."""

import argparse

import numpy as np

from w2v_verified.commands._vectors import add_vectors, console, load_vectors, table
from w2v_verified.errors import UsageError
from w2v_verified.nearest import meant
from w2v_verified.terminal.options import Parser
from w2v_verified.trainer import WordVectors
from w2v_verified.values import AnyText, Range

__all__ = ["add_arguments", "run"]

_EPILOG = """\
Each WORD gets its own list. With --minus, the words are taken together: "neighbours vectors.txt king woman --minus man"
asks what is to woman as king is to man."""


def add_arguments(parser: Parser) -> None:
    """Declare the options."""
    parser.epilog = _EPILOG
    add_vectors(parser)
    parser.value("words", kind=AnyText("words"), nargs="+", metavar="WORD", help="a word of the file")
    parser.value(
        "--minus", kind=AnyText("words"), nargs="+", default=[], metavar="WORD", help="words to take off"
    )
    parser.value(
        "--topn", kind=Range(int, 1), default=10, metavar="N", help="how many neighbours (default: 10)"
    )


def run(options: argparse.Namespace) -> int:
    """Print a table of neighbours.

    Returns:
        0.

    Raises:
        UsageError: the file cannot be read, or a word is not in it.
    """
    vectors = load_vectors(options)
    for name, words in (("WORD", options.words), ("--minus", options.minus)):
        for word in words:
            _check_known(name, word, vectors, options.vectors)
    queries = [options.words] if options.minus else [[word] for word in options.words]
    screen = console()
    shown = table("word", "neighbour", "cosine", numbers=1)
    for words in queries:
        title = " + ".join(words) + "".join(f" - {word}" for word in options.minus)
        for word, cosine in vectors.most_similar(words, options.minus, options.topn):
            shown.add_row(screen.cell(title), screen.cell(word), f"{cosine:.3f}")
            title = ""
        shown.add_section()
    screen.print(shown)
    return 0


def _check_known(name: str, word: str, vectors: WordVectors[np.float32], path: str) -> None:
    if word not in vectors:
        raise UsageError(
            f"{name}: expected one of the {len(vectors):,} words of {path!r}, got {word!r}{_hint(word, vectors)}"
        )


def _hint(word: str, vectors: WordVectors[np.float32]) -> str:
    other = next((other for other in (word.lower(), word.title(), word.upper()) if other in vectors), None)
    return meant(word, vectors.words) if other is None else f"; did you mean {other}?"
