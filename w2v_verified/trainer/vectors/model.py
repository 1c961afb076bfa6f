"""What training makes."""

from dataclasses import dataclass
from typing import Generic

from w2v_verified.runtime.arrays import F, Matrix
from w2v_verified.trainer.vectors.vectors import WordVectors


@dataclass(frozen=True, eq=False)
class Model(Generic[F]):
    """What training makes.

    Attributes:
        words: the V words, the most frequent first.
        input_vectors: the words as centres, shape (V, d); the word vectors people use.
        output_vectors: the words as outside words, shape (V, d).
    """

    words: tuple[str, ...]
    input_vectors: Matrix[F]
    output_vectors: Matrix[F]

    @property
    def vectors(self) -> WordVectors[F]:
        """The words with their input vectors, to look up and to save."""
        return WordVectors(self.words, self.input_vectors)

    def most_similar(self, word: str, n: int = 10) -> list[tuple[str, float]]:
        """Return the n nearest words by the cosine of their input vectors; see `WordVectors.most_similar`."""
        return self.vectors.most_similar(word, topn=n)
