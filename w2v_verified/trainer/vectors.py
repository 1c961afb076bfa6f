"""Word vectors: nearest neighbours, and word2vec's text format."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, overload

import numpy as np

from w2v_verified.arrays import F, Matrix, Vector
from w2v_verified.files import replacing


class FormatError(ValueError):
    """A file is not in word2vec's text format; the message names the line."""


@dataclass(frozen=True, eq=False)
class WordVectors(Generic[F]):
    """Words and their vectors, row by row.

    Attributes:
        words: V different words.
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
    vectors: Matrix[F]

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.words):
            raise ValueError(
                f"vectors: expected shape (V, d) with V = {len(self.words)}, got {self.vectors.shape}"
            )
        if len(set(self.words)) != len(self.words):
            raise ValueError("words: expected different words, got one of them twice")

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.words

    def __getitem__(self, word: str) -> Vector[F]:
        vector: Vector[F] = self.vectors[self._number(word)]
        return vector

    def most_similar(self, word: str, n: int = 10) -> list[tuple[str, float]]:
        """Return the n other words of the largest cosine with `word`, the largest first; ties in order.

        The cosine with a vector that is all zeros counts as 0.

        Raises:
            KeyError: `word` is not among the words.
        """
        number = self._number(word)
        lengths = np.linalg.norm(self.vectors, axis=1, keepdims=True)
        units = np.divide(self.vectors, lengths, out=np.zeros_like(self.vectors), where=lengths > 0)
        cosines = units @ units[number]
        order = np.argsort(-cosines, kind="stable")
        return [(self.words[i], float(cosines[i])) for i in order[order != number][:n]]

    def save_text(self, path: str | os.PathLike[str]) -> None:
        """Write word2vec's text format, which gensim's `KeyedVectors.load_word2vec_format` reads.

        A line with V and d, then one a word: the word and its d numbers, with as many digits as give the
        same bits back. The file is there whole or not at all.

        Raises:
            ValueError: a word is empty or has white space in it, or a vector is not finite.
            OSError: the file cannot be written.
        """
        for word in self.words:
            if word.split() != [word]:
                raise ValueError(f"words: expected words without white space, got {word!r}")
        if not np.isfinite(self.vectors).all():
            raise ValueError("vectors: expected finite numbers, got a NaN or an infinity")
        number = f"%.{_digits(self.vectors.dtype)}g"
        with replacing(path) as file:
            file.write(f"{len(self)} {self.vectors.shape[1]}\n")
            line = " ".join(["%s", *[number] * self.vectors.shape[1]]) + "\n"
            for word, vector in zip(self.words, self.vectors.tolist(), strict=True):
                file.write(line % (word, *vector))

    @overload
    @staticmethod
    def load_text(path: str | os.PathLike[str]) -> "WordVectors[np.float32]": ...
    @overload
    @staticmethod
    def load_text(path: str | os.PathLike[str], dtype: type[F]) -> "WordVectors[F]": ...
    @staticmethod
    def load_text(path: str | os.PathLike[str], dtype: type[Any] = np.float32) -> "WordVectors[Any]":
        """Read word2vec's text format, as this class, gensim and the original C tool write it.

        Raises:
            FormatError: the file is not in that format; the message names the line.
            OSError: the file cannot be read.
        """
        with open(path, encoding="utf-8", newline="\n") as file:
            try:
                return _parse(file, dtype)
            except UnicodeDecodeError as error:
                raise FormatError(
                    f"expected text in UTF-8, got byte 0x{error.object[error.start]:02x}"
                ) from None

    def _number(self, word: str) -> int:
        try:
            return self.words.index(word)
        except ValueError:
            raise KeyError(f"word: expected one of the {len(self)} words, got {word!r}") from None


def _digits(dtype: np.dtype[Any]) -> int:
    """How many decimal digits tell any two numbers of a binary format apart."""
    return int(np.ceil(1 + (np.finfo(dtype).nmant + 1) * np.log10(2)))


def _parse(lines: Iterator[str], dtype: type[Any]) -> WordVectors[Any]:
    header = next(lines, "")
    try:
        count, dimension = map(int, header.split())
    except ValueError:
        raise FormatError(f"line 1: expected two whole numbers, got {header[:60]!r}") from None
    words = []
    vectors = []
    for number, line in enumerate(lines, start=2):
        word, *values = line.strip().split(" ")
        if len(values) != dimension:
            raise FormatError(f"line {number}: expected a word and {dimension} numbers, got {len(values)}")
        try:
            vectors.append(np.array(values, dtype))
        except ValueError:
            raise FormatError(f"line {number}: expected numbers, got {line[:60]!r}") from None
        words.append(word)
    if len(words) != count:
        raise FormatError(f"expected {count} words, as line 1 says, got {len(words)}")
    if len(set(words)) != len(words):
        raise FormatError("expected different words, got one of them twice")
    return WordVectors(words, np.array(vectors, dtype).reshape(count, dimension))
