"""The words that are trained, by falling frequency, and their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from w2v_verified.errors import Setting
from w2v_verified.runtime.arrays import Integers, Vector
from w2v_verified.trainer.text.reading import CorpusError


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Words and their counts, the most frequent first and equal counts in the order of the alphabet.

    Attributes:
        words: the words kept; a word's number is its place here.
        counts: how often each of them occurs, shape (V,).
        eligible: how many different words occur often enough; more than V where the cap left some out.
        text_length: how many words the corpus has, those left out included.
    """

    words: tuple[str, ...]
    counts: Integers[np.int64]
    eligible: int
    text_length: int
    _numbers: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_numbers", {word: number for number, word in enumerate(self.words)})

    @classmethod
    def of(
        cls, words: Sequence[str], counts: Integers[np.int64], *, min_count: int, max_vocab: int | None
    ) -> "Vocabulary":
        """Choose among the words of a corpus, given how often each of them occurs in it.

        Raises:
            CorpusError: there are no words, or fewer than two of them occur `min_count` times.

        >>> vocabulary = Vocabulary.of(["b", "a", "c"], np.array([2, 2, 1]), min_count=1, max_vocab=2)
        >>> vocabulary.words, vocabulary.counts.tolist(), vocabulary.eligible
        (('a', 'b'), [2, 2], 3)
        """
        if not len(words):
            raise CorpusError("expected words, got none")
        frequent = np.flatnonzero(counts >= min_count)
        if len(frequent) < 2:
            raise CorpusError(
                "expected at least two different words that reach the ",
                Setting("min_count"),
                f" of {min_count}, got {len(frequent)}",
            )
        alphabetical = np.array(sorted(frequent.tolist(), key=words.__getitem__))
        kept = alphabetical[np.argsort(-counts[alphabetical], kind="stable")][:max_vocab]
        return cls(tuple(words[i] for i in kept.tolist()), counts[kept], len(frequent), int(counts.sum()))

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self._numbers

    def number(self, word: str, otherwise: int) -> int:
        """The number of a word, or ``otherwise``."""
        return self._numbers.get(word, otherwise)

    def keep_probabilities(self, sample: float) -> Vector[np.float64]:
        r"""Return the probability with which sub-sampling keeps an occurrence of each word, shape (V,).

        With f the word's share of all kept words and t = `sample`, it is \(\min(1, \sqrt{t/f} + t/f)\) as
        in word2vec.c, and 1 for every word where t = 0.

        >>> Vocabulary.of(["a", "b"], np.array([64, 36]), min_count=1, max_vocab=2).keep_probabilities(0.09)
        array([0.515625, 0.75    ])
        """
        if sample == 0:
            return np.ones(len(self))
        ratio = sample * self.counts.sum() / self.counts
        probabilities: Vector[np.float64] = np.minimum(1.0, np.sqrt(ratio) + ratio)
        return probabilities
