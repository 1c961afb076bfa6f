"""What a user of the trainer writes: train in either precision, hear of it, look up, judge, save."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, assert_type

import numpy as np

from w2v_verified.runtime.arrays import Float, Matrix, Vector
from w2v_verified.trainer import (
    Callback,
    Corpus,
    Model,
    Settings,
    Tokens,
    Training,
    Word2Vec,
    WordVectors,
    train,
)

TEXT = [line.split() for line in ("a cat purrs", "a kitten purrs", "the dog barks", "the puppy barks")] * 20


class Losses(Callback):
    """Remembers the last loss."""

    last = 0.0

    def on_epoch_end(self, model: Word2Vec[Any]) -> None:
        self.last = model.losses[-1]


def nearest(vectors: WordVectors[Float], word: str) -> str:
    """Look up one neighbour, whatever the precision."""
    assert_type(vectors[word], Vector[Float])
    assert_type(vectors[[word, word]], Matrix[Float])
    assert_type(vectors.distances(word), Vector[Float])
    ((neighbour, cosine),) = vectors.most_similar([word, (vectors[word], 0.5)], topn=1)
    assert_type(cosine, float)
    return neighbour


def single() -> WordVectors[np.float32]:
    """Train in float32, the default."""
    heard = Losses()
    model = Word2Vec(TEXT, vector_size=4, min_count=1, sample=0, workers=1, epochs=1, callbacks=[heard])
    assert_type(model, Word2Vec[np.float32])
    assert_type(heard.last, float)
    return model.wv


def double(sentences: Iterator[list[str]]) -> WordVectors[np.float64]:
    """Train in float64, from an iterator."""
    model = Word2Vec(sentences, dtype=np.float64, vector_size=4, min_count=1, workers=1, sg=1, epochs=1)
    assert_type(model.output_vectors, Matrix[np.float64])
    return model.wv


def by_hand(path: Path) -> WordVectors[np.float64]:
    """Take the steps one by one, from a file."""
    settings = Settings(dimension=4, min_count=1, epochs=1)
    with Tokens.of(Corpus(path, "replace"), min_count=1, max_vocab=None) as tokens:
        training = Training(tokens, settings, np.float64)
        for progress in training.steps():
            assert_type(progress.loss, float)
        return training.model.vectors


def files(path: Path) -> None:
    """Save and load in either precision."""
    vectors = train(TEXT, Settings(dimension=4, min_count=1, epochs=1)).vectors
    assert_type(vectors, WordVectors[np.float32])
    vectors.save_text(path / "vectors.txt.gz")
    vectors.save_binary(path / "vectors.bin")
    assert_type(WordVectors.load(path / "vectors.bin"), WordVectors[np.float32])
    assert_type(WordVectors.load(path / "vectors.bin", np.float64, limit=2), WordVectors[np.float64])


def plain_names(sentences: list[list[str]]) -> list[tuple[str, float]]:
    """Names without a dtype stand for what is made where none is given."""
    model: Word2Vec = Word2Vec(sentences)
    vectors: WordVectors = model.wv
    loaded: WordVectors = WordVectors.load("vectors.txt")
    made: Model = train(sentences)
    return [*vectors.most_similar("a"), *loaded.most_similar("a"), *made.vectors.most_similar("a")]
