"""``w2v-verified train [CORPUS] -o vectors.txt``: train word vectors with the verified functions."""

import argparse
import sys
from collections.abc import Callable, Iterable

import numpy as np

from w2v_verified.commands._interruption import Interruption
from w2v_verified.commands._outputs import apart
from w2v_verified.commands._quiet import add_quiet
from w2v_verified.commands._train_cluster import (
    Outcome,
    add_cluster_options,
    check_cluster_options,
    train_on_cluster,
)
from w2v_verified.commands._train_options import add_settings, settings_of
from w2v_verified.commands._train_plots import add_plot_options, draw_plots
from w2v_verified.commands._train_text import add_text_options, name_of, read_text, splitting
from w2v_verified.commands._training_display import Display, display
from w2v_verified.commands._training_run import (
    GradientError,
    TrainingRun,
    add_run_options,
    check_run_options,
)
from w2v_verified.commands._vectors_file import check_room, write_vectors
from w2v_verified.errors import SpelledError, UsageError
from w2v_verified.nearest import meant
from w2v_verified.terminal.options import Parser, as_typed
from w2v_verified.terminal.outcome import PROGRAM, say
from w2v_verified.trainer import (
    Advice,
    CheckpointError,
    ClusterError,
    CorpusError,
    DivergenceError,
    Settings,
    Tokens,
    Training,
    Vocabulary,
    WordVectors,
    WorkerError,
    afterwards,
    beforehand,
)
from w2v_verified.values import AnyText, NewFile, OldFile

__all__ = ["add_arguments", "run"]

_FUNCTION_WORDS = 100
_EPILOG = """\
CORPUS is plain text in UTF-8, a folder of such files, or - for standard input, gzip or not, with lines of any length;
words are taken in lower case and without punctuation, and no window reaches across a blank line, unless --split,
--keep-case and --windows-within say otherwise (--split whitespace --windows-within lines is gensim's LineSentence).
Without it, the documentation that every Python carries is trained
on. Ctrl-C or SIGTERM stops early: the vectors of that moment are written, and the checkpoint if there is to be one;
the exit status is 130 or 143; a second Ctrl-C gives up. An earlier FILE stays until the new one is whole."""


def add_arguments(parser: Parser) -> None:
    """Declare the options: where the text comes from and the vectors go, and one for every setting."""
    parser.epilog = _EPILOG
    parser.value("corpus", kind=OldFile("a text"), nargs="?", metavar="CORPUS", help="the text to train on")
    parser.value(
        "-o",
        "--output",
        kind=NewFile(),
        required=True,
        metavar="FILE",
        help="write the vectors here: word2vec's text format, or its binary one where FILE ends in .bin",
    )
    add_text_options(parser)
    add_settings(parser)
    add_run_options(parser)
    add_cluster_options(parser)
    add_plot_options(parser)
    parser.value(
        "--neighbours",
        kind=AnyText("words"),
        nargs="+",
        metavar="WORD",
        help="print the nearest words to these (default: a few, or none with --quiet)",
    )
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Train, write the vectors and print a few words with their nearest neighbours.

    Returns:
        0; 1 where the loss stopped being finite, a gradient was found wrong or a worker process ended, and nothing
        was written; 130 or 143 where Ctrl-C or SIGTERM ended the training early, and the vectors of that moment
        were written.

    Raises:
        UsageError: the corpus cannot be trained on, or the vectors cannot be written there.
    """
    corpus = None if options.corpus == "-" else options.corpus
    outputs = {"--output": options.output, "--checkpoint": options.checkpoint}
    apart({"CORPUS": corpus, **outputs, "--plot": options.plot, "--loss-plot": options.loss_plot})
    check_run_options(options)
    if options.shards is not None:
        try:
            check_cluster_options(options)
        except SpelledError as error:
            raise as_typed(error, options) from None
    with display(options.quiet) as shown, Interruption() as interruption:
        try:
            if options.shards is not None:
                return _train_sharded(options, shown)
            with read_text(options) as tokens:
                return _train(options, tokens, shown, interruption)
        except CorpusError as error:
            raise UsageError(f"{name_of(options.corpus)}: {as_typed(error, options)}") from None
        except CheckpointError as error:
            given = "--run-folder" if options.shards is not None else f"--checkpoint {options.checkpoint!r}"
            raise UsageError(f"{given}: {as_typed(error, options)}") from None
        except SpelledError as error:
            raise as_typed(error, options) from None
        except (ClusterError, GradientError, WorkerError) as error:
            return say(PROGRAM, f"{error}; nothing was written", 1)
        except DivergenceError as error:
            return say(PROGRAM, f"{error}; nothing was written, try a smaller --learning-rate", 1)
        except MemoryError as error:
            raise UsageError(f"--dimension, --max-vocab: too large for this machine ({error})") from None


def _train(options: argparse.Namespace, tokens: Tokens, shown: Display, interruption: Interruption) -> int:
    vocabulary = tokens.vocabulary
    inspected = _inspected(options.neighbours, vocabulary, splitting(options))
    settings = settings_of(options, vocabulary)
    check_room(options.output, len(vocabulary), settings.dimension)
    training = Training(tokens, settings, np.float32)
    _advise(beforehand(settings), options)
    shown.say(_summary(name_of(options.corpus), vocabulary, settings))
    run = TrainingRun(options, training, shown, interruption)
    interruption.wait()
    run.go()
    status = interruption.status
    if status:
        going_on = (
            "it cannot go on without --checkpoint"
            if options.checkpoint is None
            else f"--resume goes on from {options.checkpoint}"
        )
        shown.say(f"interrupted after {training.fraction:.0%} of the training; {going_on}")
    made = Outcome(settings, vocabulary, training.model.vectors, run.history, interruption.asked or 0)
    _show(options, made, inspected, shown)
    if run.failure is not None:
        raise run.failure
    return status


def _train_sharded(options: argparse.Namespace, shown: Display) -> int:
    inspected: list[str] = []

    def begun(vocabulary: Vocabulary, settings: Settings) -> None:
        inspected.extend(_inspected(options.neighbours, vocabulary, splitting(options)))
        _advise(beforehand(settings), options)
        shown.say(_summary(name_of(options.corpus), vocabulary, settings))

    made = train_on_cluster(options, shown, begun)
    if made.signal:
        shown.say(
            f"interrupted after {made.fraction:.0%} of the training; --resume goes on from {made.folder}"
        )
    _show(options, made, inspected, shown)
    return 128 + made.signal if made.signal else 0


def _show(options: argparse.Namespace, made: Outcome, inspected: list[str], shown: Display) -> None:
    """Write the vectors, and print what was asked for of them."""
    vocabulary, vectors = made.vocabulary, made.vectors
    _advise(afterwards(made.settings, vocabulary, shown.epochs), options)
    write_vectors(vectors, options.output)
    shown.say(f"wrote {options.output}: {len(vocabulary):,} words, {made.settings.dimension} numbers each")
    draw_plots(options, vectors, inspected, made.history)
    if not options.quiet or options.neighbours:
        for word in inspected:
            print(_neighbours(vectors, word))


def _advise(advice: Iterable[Advice], options: argparse.Namespace) -> None:
    """Print it, as it is about what goes wrong, with --quiet too."""
    for each in advice:
        print(f"{PROGRAM}: {each.spelled(lambda name: options.typed.get(name, name))}", file=sys.stderr)


def _summary(corpus: str, vocabulary: Vocabulary, settings: Settings) -> str:
    share = vocabulary.counts.sum() / vocabulary.text_length
    left_out = vocabulary.eligible - len(vocabulary)
    capped = f"; {left_out:,} rarer ones left out by --max-vocab" if left_out else ""
    epochs = "1 epoch" if settings.epochs == 1 else f"{settings.epochs} epochs"
    return (
        f"{corpus}: {vocabulary.text_length:,} words\n"
        f"vocabulary: {len(vocabulary):,} words, {share:.0%} of the text{capped}\n"
        f"training: {epochs}, {settings.dimension} dimensions"
    )


def _inspected(
    asked: list[str] | None, vocabulary: Vocabulary, split: Callable[[str], list[str]]
) -> list[str]:
    """The words whose neighbours are printed: by default six that are long and frequent."""
    if asked is None:
        long = [word for word in vocabulary.words[_FUNCTION_WORDS:] if len(word) >= 6]
        return long[:60:10] or list(vocabulary.words[:3])
    words = [" ".join(split(word)) for word in asked]
    for word, given in zip(words, asked, strict=True):
        if word not in vocabulary:
            raise UsageError(
                f"--neighbours: expected words among the {len(vocabulary):,} of the vocabulary, got {given!r}"
                f"{meant(word, vocabulary.words)}"
            )
    return words


def _neighbours(vectors: WordVectors[np.float32], word: str) -> str:
    nearest = ", ".join(f"{other} {cosine:.2f}" for other, cosine in vectors.most_similar(word, topn=6))
    return f"{word}: {nearest}"
