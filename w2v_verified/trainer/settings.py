"""The settings of a training run: each stated once, for the library and for the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeAlias

from w2v_verified.errors import Setting, SpelledError
from w2v_verified.values import Choice, Range

ModelKind: TypeAlias = Literal["skip_gram", "cbow"]
LossKind: TypeAlias = Literal["negative_sampling", "naive_softmax"]
WindowsKind: TypeAlias = Literal["dynamic", "fixed"]
UpdatesKind: TypeAlias = Literal["deterministic", "asynchronous"]


# A mean moves each word of its context by a share of the step; AdaGrad divides by the size of the gradient.
_LEARNING_RATES: Mapping[tuple[ModelKind, LossKind], float] = {
    ("skip_gram", "negative_sampling"): 0.025,
    ("cbow", "negative_sampling"): 0.15,
    ("skip_gram", "naive_softmax"): 0.1,
}
WIDEST_WINDOW = 10_000
LARGEST_SEED = (1 << 63) - 1
GENSIMS_RATES = (0.005, 0.06)
"""Between which lie the rates that people give gensim, whose default is 0.025, and 0.05 in word2vec.c for CBOW."""


def _setting(help_: str, allowed: Range | Choice) -> Mapping[str, Any]:
    return {"help": help_, "allowed": allowed}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a training run is to do. A setting whose default is None may be None.

    Raises:
        SpelledError: a setting is out of its range; the message names it, what was expected and what came.

    >>> Settings(dimension=0)
    Traceback (most recent call last):
    w2v_verified.errors.SpelledError: dimension: expected a whole number from 1 to 10000, got 0
    """

    dimension: int = field(
        default=100,
        metadata=_setting("length of a word's vector", Range(int, 1, 10_000)),
    )
    window: int = field(
        default=5,
        metadata=_setting(
            "how many words to each side are a word's context, at most", Range(int, 1, WIDEST_WINDOW)
        ),
    )
    windows: WindowsKind = field(
        default="dynamic",
        metadata=_setting(
            "whether every centre draws how far its own context reaches, or each reaches as far as it may",
            Choice(("dynamic", "fixed")),
        ),
    )
    epochs: int = field(
        default=5,
        metadata=_setting("how often the corpus is gone through", Range(int, 1, 1_000_000)),
    )
    learning_rate: float | None = field(
        default=None,
        metadata=_setting("size of the first step, per pair", Range(float, 0, excluded=True)),
    )
    min_learning_rate: float = field(
        default=0.0001,
        metadata=_setting("size of the last step; in between it falls in a line", Range(float, 0)),
    )
    min_count: int = field(
        default=5,
        metadata=_setting("leave out words rarer than this", Range(int, 1, 1 << 62)),
    )
    max_vocab: int | None = field(
        default=None,
        metadata=_setting("keep this many words, the most frequent", Range(int, 2, 1 << 30)),
    )
    sample: float = field(
        default=1e-3,
        metadata=_setting(
            "thin out words that are a larger share of the text; 0: keep all", Range(float, 0, 1)
        ),
    )
    model: ModelKind = field(
        default="skip_gram",
        metadata=_setting(
            "predict each context word from the word, or the word from the mean of its context",
            Choice(("skip_gram", "cbow")),
        ),
    )
    loss: LossKind = field(
        default="negative_sampling",
        metadata=_setting(
            "tell true words from sampled ones, or from the whole vocabulary (up to 10,000 words, skip_gram)",
            Choice(("negative_sampling", "naive_softmax")),
        ),
    )
    negative: int = field(
        default=5,
        metadata=_setting("how many negative samples a pair stands against", Range(int, 1, 1_000)),
    )
    shared_negatives: int = field(
        default=32,
        metadata=_setting(
            "how many are drawn for a block of words, each with the weight negative / shared_negatives",
            Range(int, 1, 10_000),
        ),
    )
    noise_exponent: float = field(
        default=0.75,
        metadata=_setting("negative samples are drawn like counts to this power", Range(float, -10, 10)),
    )
    held_out: float = field(
        default=0,
        metadata=_setting("share of the text that is not trained on but measured", Range(float, 0, 1)),
    )
    patience: int | None = field(
        default=None,
        metadata=_setting(
            "stop when the loss of the held-out text has not fallen for this many epochs",
            Range(int, 1, 1_000_000),
        ),
    )
    seed: int = field(
        default=1,
        metadata=_setting("the same seed gives the same vectors", Range(int, 0, LARGEST_SEED)),
    )
    workers: int = field(
        default=1,
        metadata=_setting(
            "how many processes train, of which 4 at most have work; the vectors are the same",
            Range(int, 1, 1 << 16),
        ),
    )
    updates: UpdatesKind = field(
        default="deterministic",
        metadata=_setting(
            "whether workers keep step, or write as they come: faster with several, and never the same twice",
            Choice(("deterministic", "asynchronous")),
        ),
    )

    def __post_init__(self) -> None:
        for setting in fields(self):
            value = getattr(self, setting.name)
            if value is None and setting.default is None:
                continue
            allowed = setting.metadata["allowed"]
            refusal = allowed.refusal(value)
            if refusal is not None:
                raise SpelledError(Setting(setting.name), f": {refusal}")
            if isinstance(allowed, Range) and type(value) not in (int, float):
                object.__setattr__(self, setting.name, allowed.kind(value))  # a number that JSON has
        if self.loss == "naive_softmax" and self.model != "skip_gram":
            raise SpelledError(
                Setting("loss"),
                ": expected negative_sampling with ",
                Setting("model"),
                " cbow, got naive_softmax",
            )
        if self.min_learning_rate > self.first_learning_rate:
            raise SpelledError(
                Setting("min_learning_rate"),
                ": expected at most the ",
                Setting("learning_rate"),
                f" of {self.first_learning_rate:g}, got {self.min_learning_rate:g}",
            )
        if self.patience is not None and not self.held_out:
            raise SpelledError(
                Setting("patience"), ": expected ", Setting("held_out"), " above 0 with it, got 0"
            )

    @property
    def first_learning_rate(self) -> float:
        """The learning rate given, or the one that suits model and loss."""
        return _LEARNING_RATES[self.model, self.loss] if self.learning_rate is None else self.learning_rate
