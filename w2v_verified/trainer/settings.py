"""The settings of a training run: each stated once, for the library and for the command line."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


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


def _setting(help_: str, allowed: Range) -> Mapping[str, Any]:
    return {"help": help_, "allowed": allowed}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a training run is to do.

    Raises:
        ValueError: a setting is out of its range; the message names it, what was expected and what came.

    >>> Settings(dimension=0)
    Traceback (most recent call last):
    ValueError: dimension: expected a whole number from 1 to 10000, got 0
    """

    dimension: int = field(
        default=64,
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
    learning_rate: float = field(
        default=0.2,
        metadata=_setting(
            "size of the first step, per pair; the last is near 0", Range(float, 0, excluded=True)
        ),
    )
    min_count: int = field(
        default=5,
        metadata=_setting("leave out words rarer than this", Range(int, 1, 1 << 62)),
    )
    max_vocab: int = field(
        default=4000,
        metadata=_setting(
            "keep this many words, the most frequent; time grows with it", Range(int, 2, 1 << 24)
        ),
    )
    sample: float = field(
        default=1e-4,
        metadata=_setting(
            "thin out words that are a larger share of the text; 0: keep all", Range(float, 0, 1)
        ),
    )
    batch: int = field(
        default=64,
        metadata=_setting(
            "pairs in a minibatch, at most; fewer where one word would come up in all of them",
            Range(int, 1, 1 << 16),
        ),
    )
    seed: int = field(
        default=1,
        metadata=_setting("the same seed gives the same vectors", Range(int, 0, (1 << 63) - 1)),
    )

    def __post_init__(self) -> None:
        for setting in fields(self):
            allowed: Range = setting.metadata["allowed"]
            refusal = allowed.refusal(getattr(self, setting.name))
            if refusal is not None:
                raise ValueError(f"{setting.name}: {refusal}")
