"""The options of ``w2v-verified train`` that are settings of the run."""

import argparse
from dataclasses import fields

from w2v_verified.errors import SpelledError
from w2v_verified.terminal.options import Parser, as_typed
from w2v_verified.trainer import Settings, Vocabulary
from w2v_verified.values import Choice, Range

__all__ = ["add_settings", "settings_of"]

_WORDS_WANTED = 4_000_000
_EPOCHS = (5, 30)
_IN_WORDS = {
    "epochs": f"{_EPOCHS[0]} to {_EPOCHS[1]}, by the length of the text",
    "max_vocab": "all",
    "learning_rate": "0.025; cbow 0.15; naive_softmax 0.1",
}


def add_settings(parser: Parser) -> None:
    """Declare one option for every setting, and which have no effect beside which."""
    for setting in fields(Settings):
        allowed: Range | Choice = setting.metadata["allowed"]
        default = None if setting.name == "epochs" else setting.default
        shown = _IN_WORDS.get(setting.name, "never" if default is None else f"{default}")
        names = f": {' or '.join(allowed.names)}" if isinstance(allowed, Choice) else ""
        parser.value(
            "--" + setting.name.replace("_", "-"),
            kind=allowed,
            default=default,
            metavar="NAME" if isinstance(allowed, Choice) else "N" if allowed.kind is int else "X",
            help=f"{setting.metadata['help']}{names} (default: {shown})",
        )
    parser.idle("--patience", reason="without --held-out", when=lambda options: not options.held_out)
    parser.idle(
        "--negative",
        "--shared-negatives",
        "--noise-exponent",
        "--workers",
        "--updates",
        reason="with --loss naive_softmax",
        when=lambda options: options.loss == "naive_softmax",
    )


def settings_of(options: argparse.Namespace, vocabulary: Vocabulary) -> Settings:
    """The settings as they were given; the number of epochs goes by the text where none was.

    Raises:
        UsageError: two of them do not go together.
    """
    chosen = {setting.name: getattr(options, setting.name) for setting in fields(Settings)}
    if chosen["epochs"] is None:
        least, most = _EPOCHS
        chosen["epochs"] = min(max(_WORDS_WANTED // int(vocabulary.counts.sum()), least), most)
    try:
        return Settings(**chosen)
    except SpelledError as error:
        raise as_typed(error, options) from None
