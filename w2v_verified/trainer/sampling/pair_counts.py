"""How often every two words of a text are centre and context: their co-occurrence counts."""

from collections.abc import Sequence

import numpy as np

from w2v_verified.runtime.arrays import Integers, Matrix
from w2v_verified.trainer.sampling.passage import Passage, SubSampling
from w2v_verified.trainer.sampling.schedule import Schedule

PASSES = 5
_GATHERED = 1 << 22


class PairCounts:
    """The pairs that occur, in the order of (centre, context), and how often each does.

    Memory grows with the number of different pairs, not with the text.

    Attributes:
        pairs: how many there are, all together.
    """

    def __init__(self, keys: Integers[np.int64], counts: Integers[np.int64], words: int) -> None:
        self._contexts = keys % words
        self._counts = counts
        self._words = words
        self._starts = np.searchsorted(keys, np.arange(words + 1) * words).tolist()
        self.pairs = int(counts.sum())

    @classmethod
    def of(cls, sampling: SubSampling, schedule: Schedule, chunks: Sequence[int], words: int) -> "PairCounts":
        """Count the pairs of these chunks of the text, drawn `PASSES` times."""
        keys, counts = np.empty(0, np.int64), np.empty(0, np.int64)
        held: list[Integers[np.int64]] = []
        for pass_ in range(PASSES):
            for chunk in chunks:
                held.append(_keys(sampling.passage(pass_, *schedule.places(chunk)), words))
                if sum(map(len, held)) > _GATHERED:
                    keys, counts, held = *_merged(keys, counts, held), []
        return cls(*_merged(keys, counts, held), words)

    def rows(self, centres: Integers[np.int64]) -> Matrix[np.float64]:
        """The counts of some centres with all words, one line each.

        >>> keys, counts = np.array([1, 3, 7]), np.array([5, 2, 9])  # (0, 1), (1, 0) and (2, 1) of three words
        >>> PairCounts(keys, counts, 3).rows(np.array([2, 0]))
        array([[0., 9., 0.],
               [0., 5., 0.]])
        """
        table = np.zeros((len(centres), self._words))
        for line, centre in zip(table, centres.tolist(), strict=True):
            of_centre = slice(self._starts[centre], self._starts[centre + 1])
            line[self._contexts[of_centre]] = self._counts[of_centre]
        return table


def _keys(passage: Passage, words: int) -> Integers[np.int64]:
    """Centre * V + context for every pair."""
    centres = slice(passage.first, passage.stop)
    left, both = passage.left[centres], passage.left[centres] + passage.right[centres]
    place = np.repeat(np.arange(passage.first, passage.stop), both)
    step = np.arange(len(place)) - np.repeat(np.cumsum(both) - both + left, both)
    context = place + step + (step >= 0)
    keys: Integers[np.int64] = passage.words[place].astype(np.int64) * words + passage.words[context]
    return keys


def _merged(
    keys: Integers[np.int64], counts: Integers[np.int64], more: list[Integers[np.int64]]
) -> tuple[Integers[np.int64], Integers[np.int64]]:
    new, times = np.unique(np.concatenate([keys[:0], *more]), return_counts=True)
    both, place = np.unique(np.concatenate((keys, new)), return_inverse=True)
    sums = np.zeros(len(both), np.int64)
    np.add.at(sums, place, np.concatenate((counts, times)))
    return both, sums
