"""Mistakes in using the trainer that mypy must find: ``# E:`` names the codes due on its line."""

from typing import Any

import numpy as np

from w2v_verified.trainer import Callback, Corpus, Tokens, Word2Vec, WordVectors


class Listener(Callback):
    """Overrides with the wrong arguments."""

    def on_epoch_end(self, loss: float) -> None:  # E: override
        """Forget the model."""


def training(sentences: list[list[str]], listener: Listener) -> Word2Vec[np.float64]:
    """Pass the wrong things."""
    Word2Vec(sentences, vector_size="100")  # E: call-overload
    Word2Vec(sentences, size=100)  # E: call-overload call-overload
    Word2Vec(sentences, callbacks=listener)  # E: call-overload
    Tokens.of(sentences, min_count=5)  # E: call-arg
    Corpus("text.txt", "latin1")  # E: arg-type
    return Word2Vec(sentences)  # E: return-value


def vectors(model: Word2Vec[np.float32], words: WordVectors[Any]) -> WordVectors[np.float64]:
    """Take what comes back for something else."""
    words.most_similar(1.5)  # E: call-overload
    words.similarity("a")  # E: call-arg
    print(words.evaluate_word_pairs("pairs.txt").spearmanr)  # E: attr-defined
    print(model.vectors)  # E: attr-defined
    model.wv = words  # E: misc
    return WordVectors.load("vectors.txt")  # E: return-value
