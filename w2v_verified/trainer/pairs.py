"""From a stream of encoded sentences to shuffled minibatches of (centre word, outside word)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from w2v_verified.arrays import Vector
from w2v_verified.trainer.integers import Integers

_CHUNK = 1 << 16


class Minibatch(NamedTuple):
    """Pairs of word numbers, and how many words of the epoch were read to make all pairs up to here."""

    centres: Integers[np.int32]
    outsides: Integers[np.int32]
    words_read: float


def minibatches(
    sentences: Iterable[Integers[np.int32]],
    keep_probabilities: Vector[np.float64],
    window: int,
    batch: int,
    random: np.random.Generator,
) -> Iterator[Minibatch]:
    """Cut one epoch into minibatches.

    Each occurrence of a word is kept with its probability; each kept one draws its own reach from
    1 .. `window` and is paired, as the centre, with every word of its sentence within that reach.
    Pairs are shuffled within chunks of about 65 thousand words, so memory does not grow with the corpus;
    no pair is lost where two chunks meet.
    """
    held = _Held.nothing()
    left_over = (np.empty(0, np.int32), np.empty(0, np.int32))
    words_read = 0
    for chunk, last in _chunks(sentences):
        held = held.followed_by(chunk, keep_probabilities, window, random)
        settled = len(held.words) if last else max(0, len(held.words) - window)
        centres, outsides = (
            np.concatenate(parts) for parts in zip(left_over, held.pairs(settled, window), strict=True)
        )
        held = held.without_first(settled)
        order = random.permutation(len(centres))
        centres, outsides = centres[order], outsides[order]
        read = sum(map(len, chunk))
        full = len(centres) if last else len(centres) - len(centres) % batch
        for start in range(0, full, batch):
            stop = min(start + batch, full)
            yield Minibatch(centres[start:stop], outsides[start:stop], words_read + read * stop / full)
        left_over = centres[full:], outsides[full:]
        words_read += read


class _Held(NamedTuple):
    """Words that sub-sampling kept, the number of the sentence each stands in, and how far each reaches."""

    words: Integers[np.int32]
    sentence: Integers[np.int64]
    reach: Integers[np.int64]

    @classmethod
    def nothing(cls) -> "_Held":
        return cls(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int64))

    def followed_by(
        self,
        sentences: list[Integers[np.int32]],
        keep_probabilities: Vector[np.float64],
        window: int,
        random: np.random.Generator,
    ) -> "_Held":
        words = np.concatenate([self.words[:0], *sentences])
        first = self.sentence[-1] + 1 if len(self.sentence) else 0
        sentence = np.repeat(np.arange(first, first + len(sentences)), [len(words) for words in sentences])
        kept = random.random(len(words)) < keep_probabilities[words]
        reach = random.integers(1, window, size=int(kept.sum()), endpoint=True)
        return _Held(
            np.concatenate([self.words, words[kept]]),
            np.concatenate([self.sentence, sentence[kept]]),
            np.concatenate([self.reach, reach]),
        )

    def without_first(self, count: int) -> "_Held":
        return _Held(self.words[count:], self.sentence[count:], self.reach[count:])

    def pairs(self, settled: int, window: int) -> tuple[Integers[np.int32], Integers[np.int32]]:
        """Both directions of every two words of which the left one is among the first `settled`."""
        centres, outsides = [self.words[:0]], [self.words[:0]]
        for distance in range(1, window + 1):
            count = max(0, min(settled, len(self.words) - distance))
            left, right = slice(0, count), slice(distance, distance + count)
            together = self.sentence[left] == self.sentence[right]
            for centre, outside in ((left, right), (right, left)):
                within = together & (self.reach[centre] >= distance)
                centres.append(self.words[centre][within])
                outsides.append(self.words[outside][within])
        return np.concatenate(centres), np.concatenate(outsides)


def _chunks(sentences: Iterable[Integers[np.int32]]) -> Iterator[tuple[list[Integers[np.int32]], bool]]:
    chunk: list[Integers[np.int32]] = []
    size = 0
    for sentence in sentences:
        chunk.append(sentence)
        size += len(sentence)
        if size >= _CHUNK:
            yield chunk, False
            chunk, size = [], 0
    yield chunk, True
