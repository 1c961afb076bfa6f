"""How the text is cut into chunks, rounds and blocks, and how the learning rate falls."""

import math
from dataclasses import dataclass

import numpy as np

from w2v_verified.arrays import Vector
from w2v_verified.trainer.integers import Integers
from w2v_verified.trainer.noise import noise_probabilities
from w2v_verified.trainer.settings import Settings

_CENTRES = 64
_BLOCKS = 4
# Measured on four million words of an encyclopaedia: 256 centres a round, a load of 3.5, are level in quality
# with one at a time; 1,024 are not, and 2,048 diverge.
_LOAD = 4.0
_PLACES = 1 << 15
_CHUNKS = 64
_PAIRS = 1 << 21


@dataclass(frozen=True)
class Schedule:
    """Where every step of a run is, and how large.

    Attributes:
        epochs: how often the text is gone through.
        length: places of the text.
        chunk: places of a chunk; a run can stop and go on between two.
        blocks: blocks of a round, all computed from one state of the vectors.
        centres: centres of a block.
        rates: learning rate at the first place and after the last.
    """

    epochs: int
    length: int
    chunk: int
    blocks: int
    centres: int
    rates: tuple[float, float]

    @classmethod
    def of(
        cls, settings: Settings, counts: Integers[np.int64], keep: Vector[np.float64], length: int
    ) -> "Schedule":
        """Choose the sizes: as large as does no harm, and never by the number of workers."""
        noise = noise_probabilities(counts, settings.noise_exponent)
        kept = counts * keep / (counts @ keep)
        # What the most frequent word's vector moves by in a round, at most, in units of the others' length.
        each = settings.learning_rate * (settings.negative * noise.max() + kept.max())
        if settings.model == "skip_gram":
            each *= settings.window + 1
        centres = max(1, min(_BLOCKS * _CENTRES, math.floor(_LOAD / each)))
        in_block = min(_CENTRES, max(_CENTRES // 4, centres // _BLOCKS), centres)
        chunk = min(_PLACES, max(length // _CHUNKS, 64 * in_block), max(1, _PAIRS // settings.window))
        return cls(
            settings.epochs,
            length,
            chunk,
            max(1, min(_BLOCKS, centres // in_block)),
            in_block,
            (settings.learning_rate, settings.min_learning_rate),
        )

    @property
    def chunks(self) -> int:
        """How many chunks an epoch has."""
        return -(-self.length // self.chunk)

    def places(self, chunk: int) -> tuple[int, int]:
        """The first place of a chunk and the one after its last."""
        return chunk * self.chunk, min((chunk + 1) * self.chunk, self.length)

    def learning_rate(self, epoch: int, place: int) -> float:
        """In a line from the first rate to the last, by the words that have been gone through."""
        first, last = self.rates
        return first + (last - first) * self.fraction(epoch, place)

    def fraction(self, epoch: int, place: int) -> float:
        """How much of the run lies before this place."""
        return (epoch + place / self.length) / self.epochs
