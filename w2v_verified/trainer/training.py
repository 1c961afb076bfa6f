"""A training run: the vocabulary, the two tables, and the steps that descend them."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, overload

import numpy as np

from w2v_verified.arrays import F, Matrix
from w2v_verified.trainer.pairs import minibatches
from w2v_verified.trainer.reading import CorpusError
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.sgd import Sgd
from w2v_verified.trainer.vectors import WordVectors
from w2v_verified.trainer.vocabulary import Vocabulary


class DivergenceError(ArithmeticError):
    """The loss is not a finite number any more; the message names the step."""


class Progress(NamedTuple):
    """Where a run stands after a step.

    Attributes:
        step: minibatches so far.
        epoch: the epoch the step was in, from 1.
        pairs: pairs in this epoch so far.
        loss: mean loss of these pairs in nats, each before its step.
        learning_rate: the step size per pair.
        fraction: how much of the whole run is done, 0 to 1.
    """

    step: int
    epoch: int
    pairs: int
    loss: float
    learning_rate: float
    fraction: float


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
        return self.vectors.most_similar(word, n)


class Training(Generic[F]):
    r"""A run whose steps are taken one by one, so that its owner can stop between any two.

    Descends \(J = -\log \hat y_o\), \(\hat y = \mathrm{softmax}(U^\top v_c)\), summed over minibatches of
    pairs (centre word c, outside word o). The learning rate falls in a line from `settings.learning_rate`
    to 0 as the words are read. Input vectors start uniform in \(\pm 1/(2d)\), output vectors at 0, so the
    first loss is log V.

    Args:
        sentences: the corpus; it is iterated once an epoch.
        vocabulary: the words to train.
        settings: what to do.
        dtype: of both tables.
    """

    def __init__(
        self,
        sentences: Iterable[Sequence[str]],
        vocabulary: Vocabulary,
        settings: Settings,
        dtype: type[F],
    ) -> None:
        self._sentences = sentences
        self._vocabulary = vocabulary
        self._settings = settings
        self._random = np.random.default_rng(settings.seed)
        shape = (len(vocabulary), settings.dimension)
        start = (self._random.random(shape) - 0.5) / settings.dimension
        self.model: Model[F] = Model(vocabulary.words, start.astype(dtype), np.zeros(shape, dtype))

    def steps(self) -> Iterator[Progress]:
        """Take the steps of the whole run; `model` is descended in place and usable after every one.

        Raises:
            CorpusError: no two of the words are ever within reach of each other.
            DivergenceError: the loss of a step is not finite; its update has not been made.
        """
        settings, vocabulary, model = self._settings, self._vocabulary, self.model
        keep = vocabulary.keep_probabilities(settings.sample)
        # Gradients are summed: a word that came up many times in a minibatch would take too long a step.
        most_frequent = (vocabulary.counts * keep).max() / (vocabulary.counts @ keep)
        batch = min(settings.batch, max(1, int(1 / most_frequent)))
        sgd = Sgd(model.input_vectors, model.output_vectors, batch)
        text = int(vocabulary.counts.sum())
        step = 0
        for epoch in range(1, settings.epochs + 1):
            encoded = map(vocabulary.encode, self._sentences)
            done, pairs, loss = (epoch - 1) / settings.epochs, 0, 0.0
            for minibatch in minibatches(encoded, keep, settings.window, batch, self._random):
                learning_rate = settings.learning_rate * (1 - done)
                step += 1
                step_loss = sgd.step(minibatch.centres, minibatch.outsides, learning_rate)
                if not math.isfinite(step_loss):
                    raise DivergenceError(
                        f"the loss became {step_loss} at step {step}, in epoch {epoch} of {settings.epochs}, "
                        f"at learning rate {learning_rate:.3g}"
                    )
                pairs += len(minibatch.centres)
                loss += step_loss
                done = (epoch - 1 + minibatch.words_read / text) / settings.epochs
                yield Progress(step, epoch, pairs, loss / pairs, learning_rate, done)
        if step == 0:
            raise CorpusError(
                f"expected two words within reach of each other, got none (sample {settings.sample:g} thins out "
                "frequent words; 0 keeps them all)"
            )


_DEFAULTS = Settings()


@overload
def train(
    sentences: Iterable[Sequence[str]],
    settings: Settings = ...,
    *,
    on_progress: Callable[[Progress], object] = ...,
) -> Model[np.float32]: ...
@overload
def train(
    sentences: Iterable[Sequence[str]],
    settings: Settings = ...,
    *,
    dtype: type[F],
    on_progress: Callable[[Progress], object] = ...,
) -> Model[F]: ...
def train(
    sentences: Iterable[Sequence[str]],
    settings: Settings = _DEFAULTS,
    *,
    dtype: type[Any] = np.float32,
    on_progress: Callable[[Progress], object] = lambda progress: None,
) -> Model[Any]:
    """Train word vectors by gradient descent on naive softmax.

    Args:
        sentences: lists of words; anything that can be iterated several times.
        settings: what to do.
        dtype: of the vectors, float32 or float64.
        on_progress: called after every step.

    Raises:
        TypeError: the sentences can be iterated only once.
        CorpusError: too few words, or no two of them within reach of each other.
        DivergenceError: the loss is not finite any more.

    >>> corpus = [["one", "two"], ["three", "four"]] * 50
    >>> losses = []
    >>> settings = Settings(min_count=1, dimension=4, sample=0, epochs=40, batch=10, learning_rate=0.5)
    >>> model = train(corpus, settings, on_progress=lambda progress: losses.append(progress.loss))
    >>> round(losses[0], 2), losses[-1] < 0.02  # from log 4 towards 0: each word has one context
    (1.39, True)
    >>> model.words, model.input_vectors.shape, model.input_vectors.dtype
    (('four', 'one', 'three', 'two'), (4, 4), dtype('float32'))
    """
    if iter(sentences) is sentences:
        raise TypeError("sentences: expected something to be iterated several times, got an iterator")
    vocabulary = Vocabulary.of(sentences, min_count=settings.min_count, max_vocab=settings.max_vocab)
    training = Training(sentences, vocabulary, settings, dtype)
    for progress in training.steps():
        on_progress(progress)
    return training.model
