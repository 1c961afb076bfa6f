"""Word2Vec as gensim's users know it."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, Unpack, overload

import numpy as np

from w2v_verified.runtime.arrays import Float, Matrix
from w2v_verified.trainer.run.advice import Advice, Epoch, afterwards, beforehand
from w2v_verified.trainer.run.progress import Progress
from w2v_verified.trainer.run.training import Training
from w2v_verified.trainer.settings import UpdatesKind
from w2v_verified.trainer.text.tokens import Tokens
from w2v_verified.trainer.vectors.model import load_model, save_model
from w2v_verified.trainer.vectors.vectors import WordVectors
from w2v_verified.trainer.word2vec_parameters import (
    Listener,
    Parameters,
    corpus_of,
    in_gensims_words,
    listeners,
    settings_of,
)

_WORKERS = min(3, os.cpu_count() or 1)

_logger = logging.getLogger(__name__)


class Word2Vec(Generic[Float]):
    """Word vectors trained on sentences, with the names and defaults of gensim's `Word2Vec`.

    The same sentences, parameters and seed give the same bytes, whatever `workers` is, but for asynchronous
    updates. What gensim has besides is refused by name where it would change the result, as hierarchical softmax
    (`hs`) would.

    Args:
        sentences: lists of words; they are gone through once, so an iterator will do.
        corpus_file: in place of sentences, a file (or folder, or "-" for standard input; gzip or not) with a
            sentence on each line and white space between words.
        vector_size: length d of a vector.
        alpha: the first learning rate, which falls in a line; by default 0.025 for skip-gram as in gensim, and
            0.15 for CBOW, as the gradient of a mean is smaller than what gensim takes for it (Irsoy, Benton and
            Stratos 2021, arXiv:2012.15332).
        window: how many words to each side are a word's context, at most.
        min_count: leave out words rarer than this.
        sample: thin out words that are a larger share of the text; 0 keeps all.
        seed: of all random numbers.
        workers: how many processes train; by default 3, or as many as there are processors.
        min_alpha: the last learning rate.
        sg: 1 for skip-gram, 0 for CBOW with the mean of the context.
        negative: how many negative samples a pair stands against.
        ns_exponent: negative samples are drawn like counts to this power.
        epochs: how often the text is gone through.
        callbacks: what is told when training and epochs begin and end.
        max_final_vocab: keep this many words, the most frequent.
        held_out: share of the text that is not trained on but measured after each epoch.
        patience: stop when the loss of the held-out text has not fallen for so many epochs.
        updates: "deterministic", or "asynchronous": workers do not wait for each other, and no two runs are the
            same.
        progress: called as ``progress(done, total)`` after every chunk of the text, such as a `Waiting` of
            `w2v_verified.terminal.progress`, which is a bar in terminals and notebooks.
        dtype: of the vectors, float32 or float64.
        gensim: other parameters of gensim's, with the values that change nothing.

    Attributes:
        wv: the word vectors.
        vocabulary: the words with their counts.
        history: how the run went, chunk by chunk of the text.
        losses: the mean loss a pair, in nats, over the blocks of each epoch that were measured.

    Raises:
        ValueError: a parameter is out of its range, or neither or both of `sentences` and `corpus_file` are
            given; the message names it, what was expected and what came.
        TypeError: a parameter or a word is of another type, or there is no such parameter.
        CorpusError: there are too few words, or the file is not text.
        DivergenceError: the loss is not finite any more.
        MemoryError: it takes more memory than there is.
        OSError: a file cannot be read or written.

    >>> text = ["a cat purrs", "a kitten purrs", "the dog barks", "the puppy barks"]
    >>> model = Word2Vec([line.split() for line in text * 50], vector_size=8, min_count=1, sample=0, sg=1, workers=1)
    >>> model.wv.most_similar("cat", topn=1)[0][0], model.wv["cat"].shape, int(model.vocabulary.counts[0])
    ('kitten', (8,), 100)
    """

    @overload
    def __init__(
        self: "Word2Vec[np.float32]",
        sentences: Iterable[Sequence[str]] | None = ...,
        corpus_file: str | os.PathLike[str] | None = ...,
        **parameters: Unpack[Parameters["Word2Vec[Any]"]],
    ) -> None: ...
    @overload
    def __init__(
        self,
        sentences: Iterable[Sequence[str]] | None = ...,
        corpus_file: str | os.PathLike[str] | None = ...,
        *,
        dtype: type[Float],
        **parameters: Unpack[Parameters["Word2Vec[Any]"]],
    ) -> None: ...
    def __init__(
        self,
        sentences: Iterable[Sequence[str]] | None = None,
        corpus_file: str | os.PathLike[str] | None = None,
        *,
        vector_size: int = 100,
        alpha: float | None = None,
        window: int = 5,
        min_count: int = 5,
        sample: float = 1e-3,
        seed: int = 1,
        workers: int = _WORKERS,
        min_alpha: float = 0.0001,
        sg: int = 0,
        negative: int = 5,
        ns_exponent: float = 0.75,
        epochs: int = 5,
        callbacks: "Iterable[Listener[Word2Vec[Any]]]" = (),
        max_final_vocab: int | None = None,
        held_out: float = 0.0,
        patience: int | None = None,
        updates: UpdatesKind = "deterministic",
        progress: Callable[[float, float], None] | None = None,
        dtype: type[Any] = np.float32,
        **gensim: object,
    ) -> None:
        self.settings = settings_of(
            sg,
            gensim,
            dimension=vector_size,
            learning_rate=alpha,
            window=window,
            min_count=min_count,
            sample=sample,
            seed=seed,
            workers=workers,
            min_learning_rate=min_alpha,
            negative=negative,
            noise_exponent=ns_exponent,
            epochs=epochs,
            max_vocab=max_final_vocab,
            held_out=held_out,
            patience=patience,
            updates=updates,
        )
        told = listeners(callbacks)
        _warn(beforehand(self.settings))
        self._vectors: WordVectors[Float] | None = None
        self.history: list[Progress] = []
        self.losses: list[float] = []
        watch = [] if progress is None else [progress]
        corpus = corpus_of(sentences, corpus_file)
        with Tokens.of(corpus, min_count=min_count, max_vocab=max_final_vocab) as tokens:
            self.vocabulary = tokens.vocabulary
            training: Training[Float] = Training(tokens, self.settings, dtype)
            self._model = training.model
            _logger.info(
                "%d words in the text, %d of %d different ones trained",
                self.vocabulary.text_length,
                len(self.vocabulary),
                self.vocabulary.eligible,
            )
            self._train(training, told, watch)

    def __repr__(self) -> str:
        words, settings = len(self.vocabulary), self.settings
        return f"Word2Vec<vocab={words}, vector_size={settings.dimension}, alpha={settings.first_learning_rate:g}>"

    @property
    def wv(self) -> WordVectors[Float]:
        """The word vectors; while training goes on, those of the moment."""
        return self._model.vectors if self._vectors is None else self._vectors

    @property
    def output_vectors(self) -> Matrix[Float]:
        """The words as outside words, shape (V, d): what gensim calls `syn1neg`."""
        return self._model.output_vectors

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write vectors, vocabulary, settings and losses for `load`; the file is there whole or not at all.

        `wv.save_text` and `wv.save_binary` write what other tools read.

        Raises:
            OSError: it cannot be written.
        """
        save_model(path, self._model, self.vocabulary, self.settings, self.losses)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Word2Vec[Any]":
        """Read what `save` wrote; nothing in the file is run, so it may come from anywhere.

        Raises:
            FormatError: the file is something else, or damaged.
            OSError: it cannot be read.
        """
        loaded: Word2Vec[Any] = cls.__new__(cls)
        loaded._model, loaded.vocabulary, loaded.settings, loaded.losses = load_model(path)
        loaded._vectors = loaded._model.vectors
        loaded.history = []
        return loaded

    def to_gensim(self) -> Any:
        """Return the vectors as gensim's `KeyedVectors`, with the counts of the words.

        Raises:
            ModuleNotFoundError: gensim is not installed; the message says how to install it.
        """
        keyed_vectors = self.wv.to_gensim()
        for word, count in zip(self.vocabulary.words, self.vocabulary.counts.tolist(), strict=True):
            keyed_vectors.set_vecattr(word, "count", count)
        return keyed_vectors

    def _train(
        self,
        training: Training[Float],
        callbacks: "Sequence[Listener[Word2Vec[Any]]]",
        watch: Sequence[Callable[[float, float], None]],
    ) -> None:
        steps, epochs = training.steps(), list[Epoch]()
        for callback in callbacks:
            callback.on_train_begin(self)
        while not training.finished:
            started, words = time.monotonic(), training.words
            for callback in callbacks:
                callback.on_epoch_begin(self)
            for progress in steps:
                self.history.append(progress)
                for told in watch:
                    told(progress.fraction, 1.0)
                if progress.fraction * self.settings.epochs >= progress.epoch:
                    break
            self.losses.append(self.history[-1].loss)
            epochs.append(Epoch(self.history[-1].loss, self.history[-1].pairs))
            _logger.info(
                "epoch %d of %d: mean loss %.3f nats a pair, %.0f words/s",
                len(self.losses),
                self.settings.epochs,
                self.losses[-1],
                (training.words - words) / (time.monotonic() - started),
            )
            for callback in callbacks:
                callback.on_epoch_end(self)
        self._vectors = self._model.vectors
        _warn(afterwards(self.settings, self.vocabulary, epochs))
        for callback in callbacks:
            callback.on_train_end(self)


def _warn(advice: Iterable[Advice]) -> None:
    for each in advice:
        _logger.warning("%s", each.spelled(in_gensims_words))


class Callback:
    """Subclass it and override what you want to hear of; gensim's `CallbackAny2Vec` has the same methods.

    Each gets the model as it is at that moment: `model.wv` has the vectors, `model.losses` what the loss was.
    """

    def on_train_begin(self, model: Word2Vec[Any]) -> None:
        """Before the first epoch."""

    def on_epoch_begin(self, model: Word2Vec[Any]) -> None:
        """Before each epoch."""

    def on_epoch_end(self, model: Word2Vec[Any]) -> None:
        """After each epoch."""

    def on_train_end(self, model: Word2Vec[Any]) -> None:
        """After the last epoch."""
