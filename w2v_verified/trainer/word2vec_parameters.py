"""The parameters of `Word2Vec`: gensim's names for what is set here, and what is not."""

import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypedDict, TypeVar

import numpy as np

from w2v_verified.errors import SpelledError
from w2v_verified.trainer.settings import WIDEST_WINDOW, Settings, UpdatesKind
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
SETTINGS = {
    "vector_size": "dimension",
    "layer1_size": "dimension",
    "alpha": "first_learning_rate",
    "min_alpha": "min_learning_rate",
    "max_final_vocab": "max_vocab",
    "ns_exponent": "noise_exponent",
    **{name: name for name in ("window", "min_count", "sample", "seed", "workers", "negative", "epochs")},
}
"""What gensim's model calls the settings that it was made with."""
CONSTANTS = {"hs": 0, "cbow_mean": 1, "compute_loss": True}
"""What holds of every model here, by the names of gensim's parameters for it."""
# What gensim's class has besides, with the values that say what is done here anyway.
_FIXED = {
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
_WITHOUT_EFFECT = ("batch_words", "hashfxn", "progress_per", "queue_factor", "report_delay", "word_count")
_BEFORE_GENSIM_4 = {"size": "vector_size", "iter": "epochs"}
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


class Parameters(TypedDict, Generic[M], total=False):
    """What `Word2Vec` takes beside the text and `dtype`."""

    vector_size: int
    alpha: float | None
    window: int
    min_count: int
    sample: float
    seed: int
    workers: int
    min_alpha: float
    sg: int
    negative: int
    ns_exponent: float
    epochs: int
    callbacks: Iterable[Listener[M]]
    max_final_vocab: int | None
    held_out: float
    patience: int | None
    updates: UpdatesKind
    progress: Callable[[float, float], None] | None
    hs: int
    cbow_mean: int
    max_vocab_size: int | None
    trim_rule: None
    null_word: int
    sorted_vocab: int
    shrink_windows: bool
    compute_loss: bool
    comment: None
    batch_words: int
    hashfxn: object


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
    window = values.get("window")
    # Who gives gensim a million means the whole sentence, of which it takes no more words than this.
    if isinstance(window, int | np.integer) and window > WIDEST_WINDOW:
        _logger.warning("window: %d reaches no further than %d words", window, WIDEST_WINDOW)
        values["window"] = WIDEST_WINDOW
    try:
        return Settings(model="skip_gram" if sg else "cbow", **values)
    except SpelledError as error:
        raise ValueError(error.spelled(in_gensims_words)) from None


def in_gensims_words(setting: str) -> str:
    """What gensim calls a setting."""
    return _NAMES.get(setting, setting)


def check_fixed(parameters: Mapping[str, object]) -> None:
    """Refuse what there is not, and values that would ask for something else than what is done."""
    for name, value in parameters.items():
        if name in _WITHOUT_EFFECT:
            continue
        if name not in _FIXED:
            now = _BEFORE_GENSIM_4.get(name)
            hint = f", its name is {now!r} since gensim 4" if now else ""
            raise TypeError(f"Word2Vec: there is no parameter {name!r}{hint}")
        allowed, reason = _FIXED[name]
        if value not in allowed:
            raise ValueError(f"{name}: expected {' or '.join(map(repr, allowed))}, got {value!r}: {reason}")


def listeners(callbacks: Iterable[Listener[M]]) -> tuple[Listener[M], ...]:
    """Return the callbacks, or raise `TypeError` for the first that is none."""
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
        return sentences
    if corpus_file is not None and sentences is None:
        return Corpus(corpus_file, by_line=True, split=str.split)
    got = "neither" if sentences is None else "both"
    raise ValueError(f"{name}, corpus_file: expected one of the two, got {got}")
