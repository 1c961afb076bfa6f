"""Sub-sampling and dynamic windows, drawn so that any part of the text can be had without the rest."""

from typing import NamedTuple

import numpy as np

from w2v_verified.runtime.arrays import Integers, Vector
from w2v_verified.trainer.settings import Settings

_SUB_SAMPLING = 0


class Passage(NamedTuple):
    """What sub-sampling left of a part of the text, with what the windows at its ends reach.

    Attributes:
        words: the numbers of the words kept, shape (n,).
        first, stop: the words that are centres are `words[first:stop]`; the others stand around them.
        left, right: how many words before and after each word are its context, shape (n,); right for
            the centres alone.
        position: the place of each word in the text, shape (n,).
    """

    words: Integers[np.int32]
    first: int
    stop: int
    left: Integers[np.int64]
    right: Integers[np.int64]
    position: Integers[np.int64]


class SubSampling:
    r"""Which words of the text are kept, and how far each of them reaches, in every epoch.

    Each place of the text has one uniform number u an epoch. Its word w is kept where \(u < p_w\), the keep
    probability; then \(u / p_w\) is uniform again and gives the reach, one of 1 .. `window`, or `window` itself
    where all windows are fixed. The numbers are those of a generator keyed by (seed, epoch) that is advanced to the
    place, so it does not matter which part is asked for, by whom, or after what.
    """

    def __init__(
        self, numbers: Integers[np.int32], keep_probabilities: Vector[np.float64], settings: Settings
    ) -> None:
        self._numbers = numbers
        # The end of a sentence is -1, which is this last place: it is never kept.
        self._keep = np.append(keep_probabilities, 0.0)
        self._window, self._fixed = settings.window, settings.windows == "fixed"
        self._seed = settings.seed

    def passage(self, epoch: int, start: int, stop: int) -> Passage:
        """Return what is kept of the places `start` up to `stop`."""
        low, high = self._before(epoch, start), self._after(epoch, stop)
        numbers, uniform, kept = self._draw(epoch, low, high)
        words = numbers[kept]
        position = np.flatnonzero(kept)
        first, last = np.searchsorted(position, (start - low, stop - low)).tolist()
        reach = (uniform[kept] / self._keep[words] * self._window).astype(np.int64) + 1
        np.minimum(reach, self._window, out=reach)
        if self._fixed:
            reach[:] = self._window
        sentence: Integers[np.int64] = np.cumsum(numbers < 0, dtype=np.int64)[kept]
        before, after = _within_sentence(sentence)
        left, right = np.minimum(reach, before), np.minimum(reach, after)
        return Passage(words, first, last, left, right, position + low)

    def _draw(
        self, epoch: int, low: int, high: int
    ) -> tuple[Integers[np.int32], Vector[np.float64], np.ndarray[tuple[int], np.dtype[np.bool]]]:
        numbers = self._numbers[low:high]
        key = np.random.SeedSequence((self._seed, epoch, _SUB_SAMPLING))
        uniform = np.random.Generator(np.random.PCG64(key).advance(low)).random(high - low)
        return numbers, uniform, uniform < self._keep[numbers]

    def _before(self, epoch: int, start: int) -> int:
        """A place from which on all words are that a window of `start` may reach back to."""
        margin = 4 * self._window
        while True:
            low = max(0, start - margin)
            numbers, _, kept = self._draw(epoch, low, start)
            if low == 0 or kept.sum() >= self._window or (numbers < 0).any():
                return low
            margin *= 2

    def _after(self, epoch: int, stop: int) -> int:
        margin = 4 * self._window
        while True:
            high = min(len(self._numbers), stop + margin)
            numbers, _, kept = self._draw(epoch, stop, high)
            if high == len(self._numbers) or kept.sum() >= self._window or (numbers < 0).any():
                return high
            margin *= 2


def _within_sentence(sentence: Integers[np.int64]) -> tuple[Integers[np.int64], Integers[np.int64]]:
    """How many words of its own sentence stand before and after each word; sentence numbers do not fall."""
    n = len(sentence)
    place = np.arange(n)
    border = np.flatnonzero(sentence[1:] != sentence[:-1]) + 1
    starts, ends = np.zeros(n, np.int64), np.full(n, n - 1)
    starts[border] = border
    ends[border - 1] = border - 1
    before = place - np.maximum.accumulate(starts)
    after = np.minimum.accumulate(ends[::-1])[::-1] - place
    return before, after
