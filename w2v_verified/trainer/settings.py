"""The settings of a training run: each stated once, for the library and for the command line."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeAlias

ModelKind: TypeAlias = Literal["skip_gram", "cbow"]
LossKind: TypeAlias = Literal["negative_sampling", "naive_softmax"]
UpdatesKind: TypeAlias = Literal["deterministic", "asynchronous"]


# A mean moves each word of its context by a share of the step; AdaGrad divides by the size of the gradient.
_LEARNING_RATES: Mapping[tuple[ModelKind, LossKind], float] = {
    ("skip_gram", "negative_sampling"): 0.025,
    ("cbow", "negative_sampling"): 0.15,
    ("skip_gram", "naive_softmax"): 0.1,
}


@dataclass(frozen=True)
class Range:
    """The values a setting may take: whole numbers, or finite ones of any kind, within bounds.

    >>> Range(int, 1, 10).refusal(0)
    'expected a whole number from 1 to 10, got 0'
    >>> Range(float, 0, excluded=True).refusal(float("nan"))
    'expected a finite number above 0, got nan'
    """

    kind: type[int] | type[float]
    minimum: int
    maximum: int | None = None
    excluded: bool = False

    def refusal(self, value: object) -> str | None:
        """What is wrong with `value`, or None."""
        number = int if self.kind is int else int | float
        if isinstance(value, number) and not isinstance(value, bool) and self._holds(value):
            return None
        what = "a whole number" if self.kind is int else "a finite number"
        lower = f"above {self.minimum}" if self.excluded else f"from {self.minimum}"
        upper = "" if self.maximum is None else f" to {self.maximum}"
        return f"expected {what} {lower}{upper}, got {value!r}"

    def _holds(self, value: float) -> bool:
        above = value > self.minimum if self.excluded else value >= self.minimum
        return math.isfinite(value) and above and (self.maximum is None or value <= self.maximum)


@dataclass(frozen=True)
class Choice:
    """The names a setting may take.

    >>> Choice(("skip_gram", "cbow")).refusal("glove")
    "expected skip_gram or cbow, got 'glove'"
    """

    names: tuple[str, ...]

    def refusal(self, value: object) -> str | None:
        """What is wrong with `value`, or None."""
        return None if value in self.names else f"expected {' or '.join(self.names)}, got {value!r}"


def _setting(help_: str, allowed: Range | Choice) -> Mapping[str, Any]:
    return {"help": help_, "allowed": allowed}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a training run is to do. A setting whose default is None may be None.

    Raises:
        ValueError: a setting is out of its range; the message names it, what was expected and what came.

    >>> Settings(dimension=0)
    Traceback (most recent call last):
    ValueError: dimension: expected a whole number from 1 to 10000, got 0
    """

    dimension: int = field(
        default=100,
        metadata=_setting("length of a word's vector", Range(int, 1, 10_000)),
    )
    window: int = field(
        default=5,
        metadata=_setting("how many words to each side are a word's context, at most", Range(int, 1, 1_000)),
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
        metadata=_setting("the same seed gives the same vectors", Range(int, 0, (1 << 63) - 1)),
    )
    workers: int = field(
        default=1,
        metadata=_setting(
            "how many processes train, of which 4 at most have work; the vectors are the same",
            Range(int, 1, 64),
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
            refusal = setting.metadata["allowed"].refusal(value)
            if refusal is not None:
                raise ValueError(f"{setting.name}: {refusal}")
        if self.loss == "naive_softmax" and self.model != "skip_gram":
            raise ValueError(f"loss: expected negative_sampling with model {self.model}, got naive_softmax")
        if self.min_learning_rate > self.first_learning_rate:
            raise ValueError(
                f"min_learning_rate: expected at most learning_rate = {self.first_learning_rate:g}, "
                f"got {self.min_learning_rate:g}"
            )
        if self.patience is not None and not self.held_out:
            raise ValueError("patience: expected held_out to be above 0, got 0")

    @property
    def first_learning_rate(self) -> float:
        """The learning rate given, or the one that suits model and loss."""
        return _LEARNING_RATES[self.model, self.loss] if self.learning_rate is None else self.learning_rate
