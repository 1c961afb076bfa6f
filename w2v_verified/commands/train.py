"""``w2v-verified train [CORPUS] -o vectors.txt``: train word vectors with the verified functions."""

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import Field, fields

import numpy as np

from w2v_verified.commands._interruption import Interruption
from w2v_verified.commands._training_display import Display, display
from w2v_verified.errors import UsageError
from w2v_verified.files import check_writable
from w2v_verified.trainer import (
    Corpus,
    CorpusError,
    DivergenceError,
    Model,
    Range,
    Settings,
    Training,
    Vocabulary,
    python_documentation,
    split_words,
)

__all__ = ["add_arguments", "run"]

_INTERRUPTED = 130
_PAIRS_WANTED = 5_000_000
_EPOCHS_AT_MOST = 10
_FUNCTION_WORDS = 100
_EPILOG = """\
CORPUS is plain text in UTF-8, with lines of any length; blank lines part what does not belong together.
Without it, the documentation that every Python carries is trained on. Ctrl-C stops early: the vectors of that
moment are written and the exit status is 130; a second Ctrl-C gives up. An earlier FILE stays until the new
one is whole."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options: one for every setting, where the text comes from, where the vectors go."""
    parser.epilog = _EPILOG
    parser.add_argument("corpus", nargs="?", metavar="CORPUS", help="the text to train on")
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help="write the vectors here, in word2vec's text format",
    )
    for setting in fields(Settings):
        default, shown = setting.default, f"{setting.default}"
        if setting.name == "epochs":
            default, shown = (
                None,
                f"1 to {_EPOCHS_AT_MOST}, by the length of the text",
            )
        parser.add_argument(
            _option(setting.name),
            type=_reader(setting),
            default=default,
            metavar="N" if setting.type is int else "X",
            help=f"{setting.metadata['help']} (default: {shown})",
        )
    parser.add_argument(
        "--neighbours", nargs="+", metavar="WORD", help="print the nearest words to these (default: a few)"
    )


def run(options: argparse.Namespace) -> int:
    """Train, write the vectors and print a few words with their nearest neighbours.

    Returns:
        0; 1 where the loss stopped being finite, and nothing was written; 130 where Ctrl-C ended the training
        early, and the vectors of that moment were written.

    Raises:
        UsageError: the corpus cannot be trained on, or the vectors cannot be written there.
    """
    from threadpoolctl import threadpool_limits

    _check_output(options.output, options.corpus)
    # Products as small as a minibatch's gain little from more threads of BLAS, which on a busy machine wait for
    # each other, and how they share the work changes the last bits.
    with display() as shown, threadpool_limits(1, user_api="blas"):
        try:
            return _train(options, _vocabulary(options), shown)
        except CorpusError as error:
            raise UsageError(f"{_name(options.corpus)}: {error}") from None
        except DivergenceError as error:
            shown.say(f"w2v-verified: {error}; nothing was written, try a smaller --learning-rate")
            return 1
        except MemoryError as error:
            raise UsageError(
                f"--dimension, --max-vocab, --batch: too large for this machine ({error})"
            ) from None


def _train(options: argparse.Namespace, vocabulary: Vocabulary, shown: Display) -> int:
    inspected = _inspected(options.neighbours, vocabulary)
    settings = _settings(options, vocabulary)
    shown.say(_summary(_name(options.corpus), vocabulary, settings))
    training = Training(_sentences(options.corpus), vocabulary, settings, np.float32)
    progress = None
    with Interruption() as interruption:
        for progress in training.steps():
            shown.show(progress)
            if interruption.asked:
                break
        if progress is None:
            raise KeyboardInterrupt
        shown.finish()
        stopped = interruption.asked
        if stopped:
            shown.say(f"interrupted after {progress.fraction:.0%} of the training; what was trained is kept")
        try:
            training.model.vectors.save_text(options.output)
        except OSError as error:
            raise _cannot_write(options.output, error) from None
    shown.say(f"wrote {options.output}: {len(vocabulary):,} words, {settings.dimension} numbers each")
    for word in inspected:
        print(_neighbours(training.model, word))
    return _INTERRUPTED if stopped else 0


def _check_output(output: str, corpus: str | None) -> None:
    try:
        if corpus is not None and os.path.exists(output) and os.path.samefile(output, corpus):
            raise UsageError(f"--output: expected another file than CORPUS, got {output!r} for both")
        check_writable(output)
    except OSError as error:
        raise _cannot_write(output, error) from None


def _cannot_write(output: str, error: OSError) -> UsageError:
    return UsageError(f"--output: cannot write {output!r}: {error.strerror or error}")


def _name(corpus: str | None) -> str:
    return "Python's documentation" if corpus is None else f"CORPUS {corpus!r}"


def _sentences(corpus: str | None) -> Iterable[Sequence[str]]:
    return python_documentation() if corpus is None else Corpus(corpus)


def _vocabulary(options: argparse.Namespace) -> Vocabulary:
    try:
        return Vocabulary.of(
            _sentences(options.corpus), min_count=options.min_count, max_vocab=options.max_vocab
        )
    except OSError as error:
        raise UsageError(f"{_name(options.corpus)}: {error.strerror or error}") from None


def _settings(options: argparse.Namespace, vocabulary: Vocabulary) -> Settings:
    chosen = {setting.name: getattr(options, setting.name) for setting in fields(Settings)}
    if chosen["epochs"] is None:
        wanted = int(_PAIRS_WANTED / vocabulary.expected_pairs(options.sample, options.window))
        chosen["epochs"] = min(max(wanted, 1), _EPOCHS_AT_MOST)
    return Settings(**chosen)


def _summary(corpus: str, vocabulary: Vocabulary, settings: Settings) -> str:
    share = vocabulary.counts.sum() / vocabulary.text_length
    pairs = vocabulary.expected_pairs(settings.sample, settings.window)
    left_out = vocabulary.eligible - len(vocabulary)
    capped = f"; {left_out:,} rarer ones left out by --max-vocab" if left_out else ""
    epochs = "1 epoch" if settings.epochs == 1 else f"{settings.epochs} epochs"
    return (
        f"{corpus}: {vocabulary.text_length:,} words\n"
        f"vocabulary: {len(vocabulary):,} words, {share:.0%} of the text{capped}\n"
        f"training: {epochs} of about {_rounded(pairs):,} pairs, {settings.dimension} dimensions"
    )


def _rounded(number: float) -> int:
    """Two significant digits: more would promise what an expectation does not know."""
    return int(float(f"{number:.1e}"))


def _inspected(asked: list[str] | None, vocabulary: Vocabulary) -> list[str]:
    """The words whose neighbours are printed: by default six that are long and frequent."""
    if asked is None:
        long = [word for word in vocabulary.words[_FUNCTION_WORDS:] if len(word) >= 6]
        return long[:60:10] or list(vocabulary.words[:3])
    words = [" ".join(split_words(word)) for word in asked]
    for word, given in zip(words, asked, strict=True):
        if word not in vocabulary:
            raise UsageError(
                f"--neighbours: expected words among the {len(vocabulary):,} of the vocabulary, got {given!r}"
            )
    return words


def _neighbours(model: Model[np.float32], word: str) -> str:
    nearest = ", ".join(f"{other} {cosine:.2f}" for other, cosine in model.most_similar(word, 6))
    return f"{word}: {nearest}"


def _option(setting: str) -> str:
    return "--" + setting.replace("_", "-")


def _reader(setting: Field[object]) -> Callable[[str], object]:
    allowed: Range = setting.metadata["allowed"]

    def read(text: str) -> object:
        value: object
        try:
            value = allowed.kind(text)
        except ValueError:
            value = text
        refusal = allowed.refusal(value)
        if refusal is not None:
            raise argparse.ArgumentTypeError(refusal)
        return value

    return read
