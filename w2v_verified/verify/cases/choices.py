"""Where an example's choices come from: Hypothesis, which shrinks, or a seed, which is fast and never repeats itself.

Hypothesis makes five of six examples by varying an earlier one. That suits the search for a smaller failure, but a
judge wants as many different inputs as it can get; both draw from the same description of an example. Hypothesis'
own way stands in ``strategies``, so that judging by seed need not import it.
"""

import math
from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar

__all__ = ["Choices", "Rolled"]

T = TypeVar("T")


class Choices(Protocol):
    """A source of choices; the simplest is the lowest integer, the plainest number, the first option."""

    def integer(self, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, both included."""

    def real(self, low: float, high: float) -> float:
        """A number from ``low`` to ``high``."""

    def pick(self, options: Sequence[T]) -> T:
        """One of some options."""


class Rolled:
    """Choices that a seed makes: the same ones for the same seed, on every machine."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def integer(self, low: int, high: int) -> int:
        """An integer, all alike."""
        return self._random.randint(low, high)

    def real(self, low: float, high: float) -> float:
        """A number of any size in the range: now and then a border, zero or an integer, for the sake of ties."""
        if self._random.random() < 0.25:
            plain = [low, high, *(number for number in (0.0, 1.0, -1.0) if low <= number <= high)]
            return self._random.choice(plain)
        if low > 0 and high / low > 1e3:
            return math.exp(self._random.uniform(math.log(low), math.log(high)))
        return self._random.uniform(low, high)

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all alike."""
        return self._random.choice(options)
