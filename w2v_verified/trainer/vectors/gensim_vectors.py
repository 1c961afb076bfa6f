"""Word vectors to and from gensim, where it is installed."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from w2v_verified.errors import missing_extra
from w2v_verified.runtime.arrays import F, Matrix


def to_gensim(words: Sequence[str], vectors: Matrix[F]) -> Any:
    """Return gensim's `KeyedVectors` with a copy of the vectors."""
    try:
        from gensim.models import KeyedVectors
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(missing_extra(error, "gensim") or str(error), name=error.name) from None
    keyed_vectors = KeyedVectors(vectors.shape[1], dtype=vectors.dtype)
    keyed_vectors.add_vectors(list(words), vectors)
    return keyed_vectors


def from_gensim(keyed_vectors: Any) -> tuple[list[str], Matrix[Any]]:
    """Return the words of gensim's `KeyedVectors` and a copy of their vectors."""
    words, vectors = (getattr(keyed_vectors, name, None) for name in ("index_to_key", "vectors"))
    if not isinstance(vectors, np.ndarray) or not all(isinstance(word, str) for word in words or [None]):
        raise TypeError(
            "keyed_vectors: expected gensim's KeyedVectors with words as keys (the wv of a model), "
            f"got {type(keyed_vectors).__name__}"
        )
    return list(words or ()), vectors.copy()
