"""Word vectors: looking up, comparing, judging and saving them."""

import os
from typing import Any, overload

import numpy as np

from w2v_verified.runtime.arrays import F
from w2v_verified.trainer.evaluation.analogies import Analogies, evaluate_analogies
from w2v_verified.trainer.evaluation.sets import check_at_least_1
from w2v_verified.trainer.evaluation.word_pairs import WordPairs, evaluate_pairs
from w2v_verified.trainer.text.reading import Errors
from w2v_verified.trainer.vectors.compared import Compared
from w2v_verified.trainer.vectors.gensim_vectors import from_gensim, to_gensim
from w2v_verified.trainer.vectors.reading import read_vectors
from w2v_verified.trainer.vectors.writing import write_binary, write_text


class WordVectors(Compared[F]):
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
        path: str | os.PathLike[str], dtype: type[F], *, errors: Errors = ..., limit: int | None = ...
    ) -> "WordVectors[F]": ...
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
        return to_gensim(self.words, self.vectors)

    @staticmethod
    def from_gensim(keyed_vectors: Any) -> "WordVectors[Any]":
        """Return a copy of gensim's `KeyedVectors`, or of the `wv` of one of its models.

        Raises:
            TypeError: it is something else.
        """
        return WordVectors(*from_gensim(keyed_vectors))
