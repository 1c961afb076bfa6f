"""Words compared by the cosine of their vectors."""

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

import numpy as np

from w2v_verified.runtime.arrays import F, Vector
from w2v_verified.trainer.evaluation.sets import check_at_least_1
from w2v_verified.trainer.vectors.keyed import Keyed

WordOrVector: TypeAlias = "str | Vector[Any]"
Keys: TypeAlias = "str | Vector[Any] | Sequence[WordOrVector | tuple[WordOrVector, float]]"


class Compared(Keyed[F]):
    """Words and their vectors with what compares them; see `WordVectors`."""

    def most_similar(
        self,
        positive: Keys = (),
        negative: Keys = (),
        topn: int = 10,
        restrict_vocab: int | None = None,
    ) -> list[tuple[str, float]]:
        """Return the words of the largest cosine with a mean, the largest first; ties in the words' order.

        The mean is that of the unit vectors of the positive words and of the negative ones times -1: 3CosAdd
        (Mikolov, Yih and Zweig 2013, "Linguistic Regularities in Continuous Space Word Representations",
        section 4). The words given are left out of the answer.

        Args:
            positive: a word, or several; a vector in place of a word is taken as it is, and a pair of either
                and a weight has that weight in place of 1.
            negative: the same, with -1 for 1.
            topn: how many words to return, at most.
            restrict_vocab: answer with the first so many words alone.

        Raises:
            KeyError: a word is not among the words.
            ValueError: nothing is given, or a number or a shape is wrong.

        >>> words = ("king", "man", "woman", "queen", "apple")
        >>> table = np.array([[1.0, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 1], [-1, -1, 0]])
        >>> Compared(words, table).most_similar(["king", "woman"], ["man"], topn=1)[0][0]
        'queen'
        """
        check_at_least_1(topn=topn, restrict_vocab=len(self) if restrict_vocab is None else restrict_vocab)
        weighed = [*_weighed(positive, 1), *_weighed(negative, -1)]
        if not weighed:
            raise ValueError("positive: expected a word or a vector, got none, and none for negative")
        mean = np.zeros(self.vector_size, self.vectors.dtype)
        for key, weight in weighed:
            mean += weight * (self._unit(key) if isinstance(key, str) else self._checked(key))
        cosines = self._cosines(mean, slice(restrict_vocab))
        given = {self._row(key) for key, _ in weighed if isinstance(key, str)}
        cosines[[row for row in given if row < len(cosines)]] = -np.inf
        left = np.flatnonzero(cosines >= _largest(cosines, topn))
        order = left[np.argsort(-cosines[left], kind="stable")][:topn]
        return [(self.words[row], float(cosines[row])) for row in order if cosines[row] != -np.inf]

    def similarity(self, word: str, other: str) -> float:
        """Return the cosine of two words' vectors.

        Raises:
            KeyError: one is not among the words.
        """
        return float(self._unit(word) @ self._unit(other))

    def distance(self, word: str, other: str) -> float:
        """Return 1 - `similarity`."""
        return 1 - self.similarity(word, other)

    def distances(self, word: WordOrVector, others: Sequence[str] = ()) -> Vector[F]:
        """Return 1 - the cosine with each of the others, or with all V words if there are none.

        Raises:
            KeyError: a word is not among the words.
            ValueError: the vector has another shape than (d,).
        """
        vector = self[word] if isinstance(word, str) else self._checked(word)
        rows = [self._row(other) for other in others] if len(others) else slice(None)
        distances: Vector[F] = 1 - self._cosines(vector, rows)
        return distances

    def n_similarity(self, words: Sequence[str], others: Sequence[str]) -> float:
        """Return the cosine of the mean vectors of two lists of words.

        Raises:
            KeyError: one is not among the words.
            ValueError: a list is empty.
        """
        means = []
        for name, given in (("words", words), ("others", others)):
            if not len(given):
                raise ValueError(f"{name}: expected at least one word, got none")
            means.append(_unit(self[list(given)].mean(axis=0)))
        return float(means[0] @ means[1])

    def doesnt_match(self, words: Sequence[str]) -> str:
        """Return the word of the smallest cosine with the mean of all their unit vectors.

        Raises:
            KeyError: one is not among the words.
            ValueError: there are none.
        """
        if not len(words):
            raise ValueError("words: expected at least one word, got none")
        units = np.array([self._unit(word) for word in words])
        return words[int(np.argmin(units @ units.mean(axis=0)))]

    def _cosines(self, vector: Vector[F], rows: slice | list[int]) -> Vector[F]:
        cosines: Vector[F] = self.vectors[rows] @ _unit(vector)
        cosines /= self._lengths[rows]
        return cosines


def _unit(vector: Vector[F]) -> Vector[F]:
    length = np.linalg.norm(vector)
    unit: Vector[F] = vector / length if length else vector
    return unit


def _weighed(keys: Keys, sign: int) -> list[tuple[WordOrVector, float]]:
    if isinstance(keys, str) or (isinstance(keys, np.ndarray) and keys.ndim == 1):
        return [(keys, sign)]
    several = cast("Sequence[WordOrVector | tuple[WordOrVector, float]]", keys)
    return [key if isinstance(key, tuple) else (key, sign) for key in several]


def _largest(cosines: Vector[F], count: int) -> Any:
    """The smallest of the `count` largest."""
    return (
        np.partition(cosines, len(cosines) - count)[len(cosines) - count] if count < len(cosines) else -np.inf
    )
