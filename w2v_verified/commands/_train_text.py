"""What ``w2v-verified train`` trains on: the options that say how a text is read, and the text as word numbers."""

import argparse
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from w2v_verified.commands._vectors import ERRORS
from w2v_verified.errors import UsageError
from w2v_verified.terminal.options import Parser
from w2v_verified.trainer import Corpus, Tokens, python_documentation, split_words
from w2v_verified.values import Choice

__all__ = ["add_text_options", "corpus_of", "name_of", "read_text", "splitting"]


def add_text_options(parser: Parser) -> None:
    """Declare the options about how the corpus is read."""
    parser.value(
        "--errors",
        kind=ERRORS,
        default="strict",
        metavar="NAME",
        help="what to do with bytes that are not UTF-8: strict (the default, refuse them), replace or ignore",
    )
    parser.value(
        "--split",
        kind=Choice(("words", "whitespace")),
        default="words",
        metavar="NAME",
        help="what a word is: letters, digits, marks and apostrophes inside, or what stands between white space "
        "(default: words)",
    )
    parser.flag("--keep-case", meaning="keep capitals, where --split words puts all in lower case")
    parser.value(
        "--windows-within",
        kind=Choice(("paragraphs", "lines")),
        default="paragraphs",
        metavar="NAME",
        help="what no window reaches across: blank lines, or every end of a line (default: paragraphs)",
    )
    parser.idle(
        "--errors",
        "--split",
        "--keep-case",
        "--windows-within",
        reason="without CORPUS",
        when=lambda options: options.corpus is None,
    )
    parser.idle(
        "--keep-case",
        reason="with --split whitespace, which changes no word",
        when=lambda options: options.split == "whitespace",
    )


def read_text(options: argparse.Namespace) -> Tokens:
    """Read, count and number the text.

    Raises:
        UsageError: it cannot be read.
        CorpusError: it cannot be trained on.
    """
    sentences: Iterable[Sequence[str]] = (
        python_documentation() if options.corpus is None else corpus_of(options)
    )
    try:
        return Tokens.of(sentences, min_count=options.min_count, max_vocab=options.max_vocab)
    except OSError as error:
        other = f": {error.filename}" if error.filename not in (None, options.corpus) else ""
        raise UsageError(
            f"CORPUS: cannot read {options.corpus!r}: {error.strerror or error}{other}"
        ) from None


def corpus_of(options: argparse.Namespace) -> Corpus:
    """The text that was named, to be read as was asked for."""
    return Corpus(options.corpus, options.errors, options.windows_within == "lines", splitting(options))


def splitting(options: argparse.Namespace) -> Callable[[str], list[str]]:
    """From a text to its words, as was asked for."""
    if options.split == "whitespace":
        return str.split
    return partial(split_words, keep_case=options.keep_case)


def name_of(corpus: str | None) -> str:
    """What the text is called."""
    return "Python's documentation" if corpus is None else f"CORPUS {corpus!r}"
