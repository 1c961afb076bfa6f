"""Words with a vector each, to be looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, overload

import numpy as np

from w2v_verified.runtime.arrays import F, Matrix, Vector


@dataclass(frozen=True, eq=False)
class Keyed(Generic[F]):
    """Words and their vectors, row by row; see `WordVectors`."""

    words: Sequence[str]
    vectors: Matrix[F]

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.words):
            raise ValueError(
                f"vectors: expected shape (V, d) with V = {len(self.words)}, got {self.vectors.shape}"
            )
        if len(set(self.words)) != len(self.words):
            raise ValueError("words: expected different words, got one of them twice")

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
    def _lengths(self) -> Vector[F]:
        lengths: Vector[F] = np.linalg.norm(self.vectors, axis=1)
        lengths[lengths == 0] = 1
        return lengths

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.key_to_index

    @overload
    def __getitem__(self, key: str) -> Vector[F]: ...
    @overload
    def __getitem__(self, key: list[str] | tuple[str, ...]) -> Matrix[F]: ...
    def __getitem__(self, key: str | list[str] | tuple[str, ...]) -> Vector[F] | Matrix[F]:
        """Return a view of the vector of a word, or a copy of those of a list of words, a row for each."""
        if isinstance(key, str):
            vector: Vector[F] = self.vectors[self._row(key)]
            return vector
        rows: Matrix[F] = self.vectors[[self._row(word) for word in key]]
        return rows

    def _row(self, word: str) -> int:
        try:
            return self.key_to_index[word]
        except KeyError:
            raise KeyError(f"word: expected one of the {len(self)} words, got {word!r}") from None

    def _unit(self, word: str) -> Vector[F]:
        row = self._row(word)
        unit: Vector[F] = self.vectors[row] / self._lengths[row]
        return unit

    def _checked(self, vector: Vector[Any]) -> Vector[Any]:
        if np.shape(vector) != (self.vector_size,):
            raise ValueError(f"vector: expected shape ({self.vector_size},), got {np.shape(vector)}")
        return vector
