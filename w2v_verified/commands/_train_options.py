"""The options of ``w2v-verified train`` that are settings of the run."""

import argparse
from collections.abc import Callable
from dataclasses import fields

from w2v_verified.errors import UsageError
from w2v_verified.trainer import Choice, Range, Settings, Vocabulary

__all__ = ["add_settings", "settings_of"]

_WORDS_WANTED = 4_000_000
_EPOCHS = (5, 30)
_IN_WORDS = {
    "epochs": f"{_EPOCHS[0]} to {_EPOCHS[1]}, by the length of the text",
    "max_vocab": "all",
    "learning_rate": "0.025; cbow 0.15; naive_softmax 0.1",
}


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Declare one option for every setting."""
    for setting in fields(Settings):
        allowed: Range | Choice = setting.metadata["allowed"]
        default = None if setting.name == "epochs" else setting.default
        shown = _IN_WORDS.get(setting.name, "never" if default is None else f"{default}")
        names = f": {' or '.join(allowed.names)}" if isinstance(allowed, Choice) else ""
        parser.add_argument(
            _option(setting.name),
            type=_reader(allowed),
            default=default,
            metavar="NAME" if isinstance(allowed, Choice) else "N" if allowed.kind is int else "X",
            help=f"{setting.metadata['help']}{names} (default: {shown})",
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
    except ValueError as error:
        name, _, message = str(error).partition(": ")
        raise UsageError(f"{_option(name)}: {message}") from None


def _option(setting: str) -> str:
    return "--" + setting.replace("_", "-")


def _reader(allowed: Range | Choice) -> Callable[[str], object]:
    def read(text: str) -> object:
        value: object = text
        if isinstance(allowed, Range):
            try:
                value = allowed.kind(text)
            except ValueError:
                value = text
        refusal = allowed.refusal(value)
        if refusal is not None:
            raise argparse.ArgumentTypeError(refusal)
        return value

    return read
