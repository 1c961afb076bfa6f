"""How the text is cut into chunks, rounds and blocks, which of them are held out, and how the learning rate falls."""

import math
from dataclasses import dataclass, replace

import numpy as np

from w2v_verified.errors import Setting, SpelledError
from w2v_verified.runtime.arrays import Integers, Vector
from w2v_verified.trainer.sampling.noise import noise_probabilities
from w2v_verified.trainer.settings import Settings

_CENTRES, _FEWEST_CENTRES = 64, 16
_BLOCKS = 4
# Measured on four million words of an encyclopaedia, where 256 centres a round are a load of 3.9: they are level
# in quality with one block at a time.
_LOAD = 4.5
_LONGEST_CHUNK, _CHUNKS, _BLOCKS_OF_CHUNK = 1 << 15, 64, 32
_PAIRS_OF_CHUNK = 1 << 21
_MEASURED = 256  # one round in so many has its loss computed


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
        stretch: the first place that is gone through, and the one after the last: the text, or a shard of it.
    """

    epochs: int
    length: int
    chunk: int
    blocks: int
    centres: int
    rates: tuple[float, float]
    stretch: tuple[int, int]

    @classmethod
    def of(
        cls, settings: Settings, counts: Integers[np.int64], keep: Vector[np.float64], length: int
    ) -> "Schedule":
        """Choose the sizes: as large as does no harm, and never by the number of workers."""
        noise = noise_probabilities(counts, settings.noise_exponent)
        kept = counts * keep / (counts @ keep)
        # How far a centre moves the vector of the most frequent word, at most, in units of a vector.
        each = settings.first_learning_rate * float(settings.negative * noise.max() + kept.max())
        if settings.model == "skip_gram":
            each *= settings.window + 1
        in_round = max(1, min(_BLOCKS * _CENTRES, math.floor(_LOAD / each)))
        centres = min(in_round, max(_FEWEST_CENTRES, in_round // _BLOCKS))
        chunk = min(_LONGEST_CHUNK, max(length // _CHUNKS, _BLOCKS_OF_CHUNK * centres))
        return cls(
            settings.epochs,
            length,
            max(1, min(chunk, _PAIRS_OF_CHUNK // settings.window)),
            min(_BLOCKS, in_round // centres),
            centres,
            (settings.first_learning_rate, settings.min_learning_rate),
            (0, length),
        )

    def of_shard(self, chunks: range) -> "Schedule":
        """The same for these chunks alone: the learning rate falls as they are gone through."""
        return replace(self, stretch=(self.places(chunks[0])[0], self.places(chunks[-1])[1]))

    @property
    def chunks(self) -> int:
        """How many chunks an epoch has."""
        return -(-self.length // self.chunk)

    def places(self, chunk: int) -> tuple[int, int]:
        """The first place of a chunk and the one after its last."""
        return chunk * self.chunk, min((chunk + 1) * self.chunk, self.length)

    def measured(self, chunk: int, round_: int) -> bool:
        """Whether the loss of a round of a chunk is computed: that takes about as long as training four."""
        rounds = self.chunk // (self.blocks * self.centres)
        return round_ % _MEASURED == 0 and chunk % max(1, _MEASURED // max(1, rounds)) == 0

    def learning_rate(self, epoch: int, place: int) -> float:
        """In a line from the first rate to the last, by the words that have been gone through."""
        first, last = self.rates
        return first + (last - first) * self.fraction(epoch, place)

    def fraction(self, epoch: int, place: int) -> float:
        """How much of the run lies before this place."""
        first, stop = self.stretch
        return (epoch + (place - first) / (stop - first)) / self.epochs


class HeldOut:
    """Chunks of the text, at even distances, that are not trained on but measured.

    Attributes:
        chunks: their numbers.

    Raises:
        SpelledError: the share of the text is not a chunk, or leaves none to train on.
    """

    def __init__(self, schedule: Schedule, share: float) -> None:
        self._schedule = schedule
        self._share = share
        self.chunks = [chunk for chunk in range(schedule.chunks) if self.holds(chunk)] if share else []
        if share and not 0 < len(self.chunks) < schedule.chunks:
            raise SpelledError(Setting("held_out"), f": expected {_shares(schedule.chunks)}, got {share:g}")

    def holds(self, chunk: int) -> bool:
        """Whether this chunk is not to be trained on."""
        return int((chunk + 1) * self._share) > int(chunk * self._share)


def _shares(chunks: int) -> str:
    """The shares of a text of so many chunks that leave some on both sides; the least is rounded up to two digits.

    >>> _shares(64), _shares(5)
    ('at least 0.016 of this text and less than 1', 'at least 0.2 of this text and less than 1')
    """
    if chunks == 1:
        return "0 for a text as short as this one"
    unit = 10 ** (len(str(chunks)) + 1)
    return f"at least {-(-unit // chunks) / unit:g} of this text and less than 1"
