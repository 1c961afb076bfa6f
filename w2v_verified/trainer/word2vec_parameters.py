"""The parameters of `Word2Vec`: gensim's names for what is set here, and what is not."""

import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np

from w2v_verified.errors import SpelledError
from w2v_verified.trainer.settings import WIDEST_WINDOW, Settings
from w2v_verified.trainer.text.corpus import Corpus

_logger = logging.getLogger(__name__)

M = TypeVar("M")
M_contra = TypeVar("M_contra", contravariant=True)

_NAMES = {
    "dimension": "vector_size",
    "learning_rate": "alpha",
    "min_learning_rate": "min_alpha",
    "max_vocab": "max_final_vocab",
    "noise_exponent": "ns_exponent",
}


class _Fixed(NamedTuple):
    allowed: tuple[object, ...]
    reason: str


_VOCABULARY = "the vocabulary is chosen by min_count and max_final_vocab, the most frequent words first"
_CHOICES: dict[str, tuple[str, dict[object, str]]] = {
    "sg": ("model", {0: "cbow", 1: "skip_gram"}),
    "shrink_windows": ("windows", {False: "fixed", True: "dynamic"}),
}
"""Which setting each of gensim's switches is, and what their values are called there."""
SETTINGS = {
    "vector_size": "dimension",
    "layer1_size": "dimension",
    "alpha": "first_learning_rate",
    "min_alpha": "min_learning_rate",
    "max_final_vocab": "max_vocab",
    "ns_exponent": "noise_exponent",
    **{name: name for name in ("window", "min_count", "sample", "seed", "workers", "negative", "epochs")},
    **{name: name for name in ("held_out", "patience", "updates")},
    **{name: setting for name, (setting, _) in _CHOICES.items()},
}
"""What gensim's model calls the settings that it was made with."""
CONSTANTS = {"hs": 0, "cbow_mean": 1, "compute_loss": True}
"""What holds of every model here, by the names of gensim's parameters for it."""
_OF_THE_WORDS = ("vector_size", "layer1_size", "min_count", "max_final_vocab")
# With these beside it a setting is refused for its own value alone.
_ROOM: dict[str, Any] = {"learning_rate": 1e300, "min_learning_rate": 0.0, "held_out": 0.5}
# What gensim's class has besides, with the values that say what is done here anyway.
FIXED = {
    "hs": _Fixed((0,), "hierarchical softmax is not offered, negative sampling is"),
    "cbow_mean": _Fixed((1,), "the mean of a context is trained, not its sum"),
    "max_vocab_size": _Fixed((None,), _VOCABULARY),
    "trim_rule": _Fixed((None,), _VOCABULARY),
    "sorted_vocab": _Fixed((1,), _VOCABULARY),
    "update": _Fixed((0,), "words are not added to a model: train a new one on both texts"),
    "keep_raw_vocab": _Fixed((0, 1), _VOCABULARY),
    "null_word": _Fixed((0,), _VOCABULARY),
    "compute_loss": _Fixed((0, 1), "the loss is there in any case"),
    "comment": _Fixed((None,), "there is nowhere to keep it"),
}
# Any value will do: no result depends on how gensim hands text to its threads, or on a hash.
WITHOUT_EFFECT = ("batch_words", "hashfxn", "progress_per", "queue_factor", "report_delay", "word_count")
BEFORE_GENSIM_4 = {"size": "vector_size", "iter": "epochs"}
"""Names that gensim has given up, with those that it has in their place."""
_METHODS = ("on_train_begin", "on_epoch_begin", "on_epoch_end", "on_train_end")


class Listener(Protocol[M_contra]):
    """What is told of a model M while it is trained: `Callback`, or anything with its methods, as gensim's have."""

    def on_train_begin(self, model: M_contra) -> None:
        """Before the first epoch."""

    def on_epoch_begin(self, model: M_contra) -> None:
        """Before each epoch."""

    def on_epoch_end(self, model: M_contra) -> None:
        """After each epoch."""

    def on_train_end(self, model: M_contra) -> None:
        """After the last epoch."""


def settings_of(sg: int, others: Mapping[str, object], **values: Any) -> Settings:
    """Make the settings; what is wrong with one is said with gensim's names.

    Args:
        sg: 1 for skip-gram, 0 for CBOW.
        others: what is not set here; see `check_fixed`.
        values: the other settings, by their names here.
    """
    check_fixed(others)
    if sg not in (0, 1):
        raise ValueError(f"sg: expected 0 for CBOW or 1 for skip-gram, got {sg!r}")
    return _made({"model": "skip_gram" if sg else "cbow"} | values)


def _made(values: dict[str, Any]) -> Settings:
    window = values.get("window")
    # Who gives gensim a million means the whole sentence, of which it takes no more words than this.
    if isinstance(window, int | np.integer) and window > WIDEST_WINDOW:
        _logger.warning("window: %d reaches no further than %d words", window, WIDEST_WINDOW)
        values["window"] = WIDEST_WINDOW
    with gensims_words():
        return Settings(**values)


@contextmanager
def gensims_words() -> Iterator[None]:
    """Say what is wrong with settings with gensim's names."""
    try:
        yield
    except SpelledError as error:
        raise ValueError(error.spelled(in_gensims_words)) from None


def set_by_name(settings: Settings, name: str) -> Any:
    """What a setting is, by gensim's name and in gensim's values."""
    value = getattr(settings, SETTINGS[name])
    if name in _CHOICES:
        return next(given for given, called in _CHOICES[name][1].items() if called == value)
    return value


def changed(settings: Settings, name: str, value: Any, has_words: bool) -> Settings:
    """A copy of the settings with one changed, by gensim's name.

    Whether it goes with the others is not looked at, as they may be changed next.

    Args:
        settings: what was set before.
        name: one of `SETTINGS`.
        value: what it is to be.
        has_words: whether there is a vocabulary, whose words and vectors stay as they are.

    Raises:
        ValueError: the value is out of its range, or comes too late.
    """
    if name in _CHOICES:
        setting, values = _CHOICES[name]
        if value not in values:
            raise ValueError(f"{name}: expected {' or '.join(map(repr, values))}, got {value!r}")
        value = values[value]
    else:
        setting = {"alpha": "learning_rate"}.get(name, SETTINGS[name])
    one = getattr(_made(_ROOM | {setting: value}), setting)
    if has_words and name in _OF_THE_WORDS and one != getattr(settings, setting):
        raise ValueError(
            f"{name}: expected {set_by_name(settings, name)!r}, by which the words and vectors were made, got "
            f"{value!r}: make a new model, Word2Vec(sentences, {name}={value!r})"
        )
    made = copy(settings)
    object.__setattr__(made, setting, one)
    return made


def in_gensims_words(setting: str) -> str:
    """What gensim calls a setting."""
    return _NAMES.get(setting, setting)


def check_fixed(parameters: Mapping[str, object]) -> None:
    """Refuse what there is not, and values that would ask for something else than what is done."""
    for name, value in parameters.items():
        if name in WITHOUT_EFFECT:
            continue
        if name not in FIXED:
            now = BEFORE_GENSIM_4.get(name)
            hint = f", its name is {now!r} since gensim 4" if now else ""
            raise TypeError(f"Word2Vec: there is no parameter {name!r}{hint}")
        allowed, reason = FIXED[name]
        if value not in allowed:
            raise ValueError(f"{name}: expected {' or '.join(map(repr, allowed))}, got {value!r}: {reason}")


def listeners(callbacks: Iterable[Listener[M]]) -> tuple[Listener[M], ...]:
    """Return the callbacks, or raise `TypeError` for the first that is none."""
    if not isinstance(callbacks, Iterable):
        raise TypeError(f"callbacks: expected a list of objects like Callback, got {callbacks!r}")
    checked = tuple(callbacks)
    for callback in checked:
        missing = [name for name in _METHODS if not callable(getattr(callback, name, None))]
        if missing:
            raise TypeError(
                f"callbacks: expected objects like Callback, got {callback!r} without {missing[0]}"
            )
    return checked


def corpus_of(
    sentences: Iterable[Sequence[str]] | None,
    corpus_file: str | os.PathLike[str] | None,
    name: str = "sentences",
) -> Iterable[Sequence[str]]:
    """The text, which is given in one of two ways, the first of them by this name."""
    if sentences is not None and corpus_file is None:
        if isinstance(sentences, str | bytes | os.PathLike):
            raise TypeError(
                f"{name}: expected lists of words, got {sentences!r}; a file is given as corpus_file"
            )
        if not isinstance(sentences, Iterable) and not hasattr(sentences, "__getitem__"):
            raise TypeError(f"{name}: expected lists of words, got {sentences!r}")
        return sentences
    if corpus_file is not None and sentences is None:
        return Corpus(corpus_file, by_line=True, split=str.split)
    got = "neither" if sentences is None else "both"
    raise ValueError(f"{name}, corpus_file: expected one of the two, got {got}")
