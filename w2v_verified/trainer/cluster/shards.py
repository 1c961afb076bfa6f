r"""How the text is shared out between shards, and how what they changed is put together.

All shards start a superstep from one state of the table. A row's changes are added up and multiplied by

\(w = \min\left(1, \frac{c}{P} \sum_{j<P} e^{-a j}\right)\), c = 1.8,

where a, the load, is half the learning rate times the pairs that a shard is expected to train of the row in a
superstep. A row that is rare takes the sum of its changes (w = 1), as if one machine had made them one after the other.
One that is so frequent that each shard moves it all the way takes their mean, by c longer: that keeps away from 2, from
which on steps to a mean swing (over-relaxation). In between each further shard finds as much less left to do as a step
that contracts by \(e^{-a}\) leaves.
"""

import math
from dataclasses import dataclass

import numpy as np

from w2v_verified.runtime.arrays import Vector
from w2v_verified.trainer.sampling.noise import noise_probabilities
from w2v_verified.trainer.sampling.schedule import Schedule
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.text.vocabulary import Vocabulary

__all__ = ["Shards", "load", "weights"]

_OVER = 1.8
_WORTH = 100
"""A superstep is at least so long that a shard trains as many words as a hundredth of the numbers of the table: then
reading and writing these takes no more of its time than training."""


@dataclass(frozen=True)
class Shards:
    """Which chunks of the text each shard trains, and when.

    Attributes:
        count: P, how many there are.
        chunks: how many chunks the text has.
        each: how many chunks a shard trains in a superstep.
    """

    count: int
    chunks: int
    each: int

    @classmethod
    def of(cls, count: int, schedule: Schedule, numbers: int, each: int | None) -> "Shards":
        """The shards of a text, for a table of so many numbers; ``each`` is chosen by its size where it is None."""
        if each is None:
            each = math.ceil(numbers / _WORTH / schedule.chunk)
        return cls(count, schedule.chunks, max(1, min(each, -(-schedule.chunks // count))))

    def whole(self, shard: int) -> range:
        """All chunks of a shard."""
        return range(self.chunks * shard // self.count, self.chunks * (shard + 1) // self.count)

    @property
    def steps(self) -> int:
        """How many supersteps an epoch has."""
        return max(-(-len(self.whole(shard)) // self.each) for shard in range(self.count))

    def part(self, shard: int, step: int) -> range:
        """What a shard trains in a superstep of an epoch; of unequal shards, some have nothing to do in the last."""
        whole = self.whole(shard)
        return whole[step * self.each : (step + 1) * self.each]


def load(vocabulary: Vocabulary, settings: Settings, shards: Shards, rate: float) -> Vector[np.float64]:
    """How far a shard is expected to move each row of the table in a superstep, shape (2V,).

    Args:
        vocabulary: whose words they are.
        settings: of the run.
        shards: how the text is shared out.
        rate: the learning rate.
    """
    kept = vocabulary.counts * vocabulary.keep_probabilities(settings.sample)
    centres = kept * min(1.0, shards.each / shards.chunks)
    per_centre = 1 if settings.model == "cbow" else settings.window + 1
    noise = noise_probabilities(vocabulary.counts, settings.noise_exponent)
    pairs = centres * per_centre
    sampled = settings.negative * noise * pairs.sum()
    return rate / 2 * np.concatenate((pairs, pairs + sampled))


def weights(load: Vector[np.float64], shards: int) -> Vector[np.float64]:
    """What the sum of the changes of each row is multiplied by, between 1/P and 1.

    >>> weights(np.array([0.0, 1.0, 1e9]), 4).round(3).tolist()
    [1.0, 0.699, 0.45]
    """
    left = np.exp(-load)
    total = np.zeros_like(left)
    for _ in range(shards):
        total = total * left + 1
    limited: Vector[np.float64] = np.minimum(1, _OVER * total / shards)
    return limited
