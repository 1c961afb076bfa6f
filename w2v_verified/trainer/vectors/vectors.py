"""Word vectors as gensim's users know them: looked up, compared, judged and saved, by one class.

It is as long as the list of gensim's methods; what they do is done in the files beside it and in `evaluation`.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, overload

import numpy as np

from w2v_verified.errors import with_extra
from w2v_verified.runtime.arrays import Float, Matrix, Vector
from w2v_verified.trainer.evaluation.analogies import Analogies, evaluate_analogies
from w2v_verified.trainer.evaluation.sets import check_at_least_1
from w2v_verified.trainer.evaluation.word_pairs import WordPairs, evaluate_pairs
from w2v_verified.trainer.text.reading import Errors
from w2v_verified.trainer.vectors.cosines import Keys, WordOrVector, cosines, nearest, unit, weighed
from w2v_verified.trainer.vectors.reading import read_vectors
from w2v_verified.trainer.vectors.writing import write_binary, write_text


@dataclass(frozen=True, eq=False, repr=False)
class WordVectors(Generic[Float]):
    """Words and their vectors, row by row, with the methods of gensim's `KeyedVectors`.

    Similarity is the cosine; that with a vector that is all zeros counts as 0. Lengths are computed once, so
    the vectors are not to be changed after the first comparison.

    Attributes:
        words: V different words, the most frequent first where they come from a corpus.
        vectors: shape (V, d).

    Raises:
        ValueError: the two do not belong together; the message says what was expected and what came.

    >>> vectors = WordVectors(("up", "down", "high"), np.array([[0.0, 2.0], [0.0, -1.0], [3.0, 4.0]]))
    >>> vectors["down"]
    array([ 0., -1.])
    >>> [(word, round(cosine, 3)) for word, cosine in vectors.most_similar("up")]
    [('high', 0.8), ('down', -1.0)]
    """

    words: Sequence[str]
    vectors: Matrix[Float]

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.words):
            raise ValueError(
                f"vectors: expected shape (V, d) with V = {len(self.words)}, got {self.vectors.shape}"
            )
        if len(set(self.words)) != len(self.words):
            raise ValueError("words: expected different words, got one of them twice")

    def __repr__(self) -> str:
        return f"WordVectors<vector_size={self.vector_size}, {len(self.words)} keys>"

    @cached_property
    def key_to_index(self) -> Mapping[str, int]:
        """The row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    @property
    def index_to_key(self) -> Sequence[str]:
        """The words, under gensim's name."""
        return self.words

    @property
    def vector_size(self) -> int:
        """The length d of a vector."""
        return self.vectors.shape[1]

    @cached_property
    def _lengths(self) -> Vector[Float]:
        lengths: Vector[Float] = np.linalg.norm(self.vectors, axis=1)
        lengths[lengths == 0] = 1
        return lengths

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.key_to_index

    @overload
    def __getitem__(self, key: str) -> Vector[Float]: ...
    @overload
    def __getitem__(self, key: list[str] | tuple[str, ...]) -> Matrix[Float]: ...
    def __getitem__(self, key: str | list[str] | tuple[str, ...]) -> Vector[Float] | Matrix[Float]:
        """Return a view of the vector of a word, or a copy of those of a list of words, a row for each."""
        if isinstance(key, str):
            vector: Vector[Float] = self.vectors[self._row(key)]
            return vector
        rows: Matrix[Float] = self.vectors[[self._row(word) for word in key]]
        return rows

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
        >>> WordVectors(words, table).most_similar(["king", "woman"], ["man"], topn=1)[0][0]
        'queen'
        """
        check_at_least_1(topn=topn, restrict_vocab=len(self) if restrict_vocab is None else restrict_vocab)
        keys = [*weighed(positive, 1), *weighed(negative, -1)]
        if not keys:
            raise ValueError("positive: expected a word or a vector, got none, and none for negative")
        mean = np.zeros(self.vector_size, self.vectors.dtype)
        for key, weight in keys:
            mean += weight * (self._unit(key) if isinstance(key, str) else self._checked(key))
        found = self._cosines(mean, slice(restrict_vocab))
        given = {self._row(key) for key, _ in keys if isinstance(key, str)}
        return [(self.words[row], float(found[row])) for row in nearest(found, given, topn)]

    def similarity(self, word: str, other: str) -> float:
        """Return the cosine of two words' vectors.

        Raises:
            KeyError: one is not among the words.
        """
        return float(self._unit(word) @ self._unit(other))

    def distance(self, word: str, other: str) -> float:
        """Return 1 - `similarity`."""
        return 1 - self.similarity(word, other)

    def distances(self, word: WordOrVector, others: Sequence[str] = ()) -> Vector[Float]:
        """Return 1 - the cosine with each of the others, or with all V words if there are none.

        Raises:
            KeyError: a word is not among the words.
            ValueError: the vector has another shape than (d,).
        """
        vector = self[word] if isinstance(word, str) else self._checked(word)
        rows = [self._row(other) for other in others] if len(others) else slice(None)
        distances: Vector[Float] = 1 - self._cosines(vector, rows)
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
            means.append(unit(self[list(given)].mean(axis=0)))
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

    def evaluate_word_pairs(
        self,
        pairs: str | os.PathLike[str],
        delimiter: str | None = None,
        *,
        restrict_vocab: int = 300_000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
    ) -> WordPairs:
        """Compare cosines with what people said; see `evaluate_pairs` for file, arguments and errors."""
        return evaluate_pairs(
            self.words,
            self.vectors,
            pairs,
            delimiter,
            restrict_vocab=restrict_vocab,
            case_insensitive=case_insensitive,
            dummy4unknown=dummy4unknown,
        )

    def evaluate_word_analogies(
        self,
        analogies: str | os.PathLike[str],
        restrict_vocab: int = 300_000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
    ) -> Analogies:
        """Answer questions "a is to b as c is to what?"; see `evaluate_analogies` for arguments and errors."""
        return evaluate_analogies(
            self.words,
            self.vectors,
            analogies,
            restrict_vocab=restrict_vocab,
            case_insensitive=case_insensitive,
            dummy4unknown=dummy4unknown,
        )

    def save_text(self, path: str | os.PathLike[str]) -> None:
        """Write word2vec's text format, which gensim's `KeyedVectors.load_word2vec_format` reads.

        A line with V and d, then one a word: the word and its d numbers, with as many digits as give the
        same bits back. The file is there whole or not at all; where its name ends in ".gz", it is packed.

        Raises:
            ValueError: a word is empty or has white space in it, or a vector is not finite.
            OSError: the file cannot be written.
        """
        write_text(path, self.words, self.vectors)

    def save_binary(self, path: str | os.PathLike[str]) -> None:
        """Write word2vec's binary format as the original C tool does: numbers in float32, wider ones rounded.

        The file is there whole or not at all; where its name ends in ".gz", it is packed.

        Raises:
            ValueError: a word is empty or has white space in it, or a vector is not finite in float32.
            OSError: the file cannot be written.
        """
        write_binary(path, self.words, self.vectors)

    @overload
    @staticmethod
    def load(
        path: str | os.PathLike[str], *, errors: Errors = ..., limit: int | None = ...
    ) -> "WordVectors[np.float32]": ...
    @overload
    @staticmethod
    def load(
        path: str | os.PathLike[str], dtype: type[Float], *, errors: Errors = ..., limit: int | None = ...
    ) -> "WordVectors[Float]": ...
    @staticmethod
    def load(
        path: str | os.PathLike[str],
        dtype: type[Any] = np.float32,
        *,
        errors: Errors = "strict",
        limit: int | None = None,
    ) -> "WordVectors[Any]":
        """Read a file of word2vec's, as this class, gensim and the original C tool write them.

        Text or binary, and packed by gzip or not, is told by the content. Nothing is allocated that the file
        could not fill. Where a word comes up again, its first vector is kept and a warning is logged.

        Args:
            path: the file.
            dtype: of the vectors.
            errors: what to do with words that are not UTF-8, as the C tool cuts them at 99 bytes: "strict"
                refuses, "replace" puts U+FFFD for the wrong bytes, "ignore" leaves them out.
            limit: read the first so many words alone.

        Raises:
            FormatError: the file is in neither format or not whole; the message names the line or the byte.
            MemoryError: the vectors take more memory than is free.
            OSError: the file cannot be read.
        """
        if limit is not None:
            check_at_least_1(limit=limit)
        return WordVectors(*read_vectors(path, dtype, errors, limit))

    def to_gensim(self) -> Any:
        """Return a copy as gensim's `KeyedVectors`.

        Raises:
            ModuleNotFoundError: gensim is not installed; the message says how to install it.
        """
        try:
            from gensim.models import KeyedVectors
        except ModuleNotFoundError as error:
            raise with_extra(error, "gensim") from None
        keyed_vectors = KeyedVectors(self.vector_size, dtype=self.vectors.dtype)
        keyed_vectors.add_vectors(list(self.words), self.vectors)
        return keyed_vectors

    @staticmethod
    def from_gensim(keyed_vectors: Any) -> "WordVectors[Any]":
        """Return a copy of gensim's `KeyedVectors`, or of the `wv` of one of its models.

        Raises:
            TypeError: it is something else.
        """
        words, vectors = (getattr(keyed_vectors, name, None) for name in ("index_to_key", "vectors"))
        if not isinstance(vectors, np.ndarray) or not all(isinstance(word, str) for word in words or [None]):
            raise TypeError(
                "keyed_vectors: expected gensim's KeyedVectors with words as keys (the wv of a model), "
                f"got {type(keyed_vectors).__name__}"
            )
        return WordVectors(list(words or ()), vectors.copy())

    def _row(self, word: str) -> int:
        try:
            return self.key_to_index[word]
        except KeyError:
            raise KeyError(f"word: expected one of the {len(self)} words, got {word!r}") from None

    def _cosines(self, vector: Vector[Float], rows: slice | list[int]) -> Vector[Float]:
        return cosines(self.vectors[rows], self._lengths[rows], vector)

    def _unit(self, word: str) -> Vector[Float]:
        row = self._row(word)
        unit: Vector[Float] = self.vectors[row] / self._lengths[row]
        return unit

    def _checked(self, vector: Vector[Any]) -> Vector[Any]:
        if np.shape(vector) != (self.vector_size,):
            raise ValueError(f"vector: expected shape ({self.vector_size},), got {np.shape(vector)}")
        return vector
