"""Word2Vec as gensim's users know it."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, overload

import numpy as np

from w2v_verified.errors import SpelledError
from w2v_verified.runtime.arrays import Matrix
from w2v_verified.trainer.evaluation.sets import check_at_least_1
from w2v_verified.trainer.run.advice import Advice, Epoch, afterwards, beforehand
from w2v_verified.trainer.run.engine import DivergenceError
from w2v_verified.trainer.run.progress import Progress
from w2v_verified.trainer.run.training import Training
from w2v_verified.trainer.settings import LARGEST_SEED, Settings, UpdatesKind
from w2v_verified.trainer.team.team import WorkerError
from w2v_verified.trainer.text.tokens import Tokens
from w2v_verified.trainer.text.vocabulary import Vocabulary
from w2v_verified.trainer.vectors.cosines import Key, nearest
from w2v_verified.trainer.vectors.dtype import Stored
from w2v_verified.trainer.vectors.elsewhere import OF_WORD2VEC, OfWord2Vec, refused
from w2v_verified.trainer.vectors.model import Model, load_model, save_model
from w2v_verified.trainer.vectors.vectors import WordVectors
from w2v_verified.trainer.word2vec_parameters import (
    BEFORE_GENSIM_4,
    CONSTANTS,
    FIXED,
    SETTINGS,
    WITHOUT_EFFECT,
    Listener,
    changed,
    check_fixed,
    corpus_of,
    gensims_words,
    in_gensims_words,
    listeners,
    set_by_name,
    settings_of,
)

_OF_TRAIN = {"learning_rate": "start_alpha", "min_learning_rate": "end_alpha"}
_WORKERS = min(3, os.cpu_count() or 1)

_logger = logging.getLogger(__name__)


class Word2Vec(Generic[Stored], metaclass=OfWord2Vec):
    """Word vectors trained on sentences, with the names and defaults of gensim's `Word2Vec`.

    The same sentences, parameters and seed give the same bytes, whatever `workers` is, but for asynchronous
    updates. What gensim has besides is refused by name where it would change the result, as hierarchical softmax
    (`hs`) would. A setting that is changed on the model, as by ``model.alpha = 0.01``, holds for what is trained next;
    one by which the words and vectors were made cannot be changed any more.

    Args:
        sentences: lists of words; they are gone through once, so an iterator will do. Without a text the model waits
            for `build_vocab` and `train`.
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
        shrink_windows: whether every centre draws how far its own context reaches, up to `window`.
        progress: called as ``progress(done, total)`` after every chunk of the text, such as a `Waiting` of
            `w2v_verified.terminal.progress`, which is a bar in terminals and notebooks.
        dtype: of the vectors, float32 or float64.
        hs, cbow_mean, max_vocab_size, hashfxn, null_word, trim_rule, sorted_vocab, batch_words, compute_loss, comment:
            of gensim's, with the values that change nothing.
        gensim: none; names that gensim has given up are refused with those that it has now.

    Attributes:
        history: how the run went, chunk by chunk of the text.
        losses: the mean loss a pair, in nats, over the blocks of each epoch that were measured.
        corpus_count: how many sentences the text has from which the vocabulary was built.

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

    vector_size: int
    layer1_size: int
    alpha: float
    min_alpha: float
    window: int
    min_count: int
    max_final_vocab: int | None
    sample: float
    seed: int
    workers: int
    negative: int
    ns_exponent: float
    epochs: int
    hs: int
    cbow_mean: int
    compute_loss: bool
    sg: int
    shrink_windows: bool
    held_out: float
    patience: int | None
    updates: UpdatesKind

    @overload
    def __init__(
        self: "Word2Vec[np.float32]",
        sentences: Iterable[Sequence[str]] | None = ...,
        corpus_file: str | os.PathLike[str] | None = ...,
        vector_size: int = ...,
        alpha: float | None = ...,
        window: int = ...,
        min_count: int = ...,
        max_vocab_size: None = ...,
        sample: float = ...,
        seed: int = ...,
        workers: int = ...,
        min_alpha: float = ...,
        sg: int = ...,
        hs: int = ...,
        negative: int = ...,
        ns_exponent: float = ...,
        cbow_mean: int = ...,
        hashfxn: object = ...,
        epochs: int = ...,
        null_word: int = ...,
        trim_rule: None = ...,
        sorted_vocab: int = ...,
        batch_words: object = ...,
        compute_loss: bool = ...,
        callbacks: "Iterable[Listener[Word2Vec[Any]]]" = ...,
        comment: None = ...,
        max_final_vocab: int | None = ...,
        shrink_windows: bool = ...,
        *,
        held_out: float = ...,
        patience: int | None = ...,
        updates: UpdatesKind = ...,
        progress: Callable[[float, float], None] | None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self,
        sentences: Iterable[Sequence[str]] | None = ...,
        corpus_file: str | os.PathLike[str] | None = ...,
        vector_size: int = ...,
        alpha: float | None = ...,
        window: int = ...,
        min_count: int = ...,
        max_vocab_size: None = ...,
        sample: float = ...,
        seed: int = ...,
        workers: int = ...,
        min_alpha: float = ...,
        sg: int = ...,
        hs: int = ...,
        negative: int = ...,
        ns_exponent: float = ...,
        cbow_mean: int = ...,
        hashfxn: object = ...,
        epochs: int = ...,
        null_word: int = ...,
        trim_rule: None = ...,
        sorted_vocab: int = ...,
        batch_words: object = ...,
        compute_loss: bool = ...,
        callbacks: "Iterable[Listener[Word2Vec[Any]]]" = ...,
        comment: None = ...,
        max_final_vocab: int | None = ...,
        shrink_windows: bool = ...,
        *,
        held_out: float = ...,
        patience: int | None = ...,
        updates: UpdatesKind = ...,
        progress: Callable[[float, float], None] | None = ...,
        dtype: type[Stored],
    ) -> None: ...
    def __init__(
        self,
        sentences: Iterable[Sequence[str]] | None = None,
        corpus_file: str | os.PathLike[str] | None = None,
        vector_size: int = 100,
        alpha: float | None = None,
        window: int = 5,
        min_count: int = 5,
        max_vocab_size: None = None,
        sample: float = 1e-3,
        seed: int = 1,
        workers: int = _WORKERS,
        min_alpha: float = 0.0001,
        sg: int = 0,
        hs: int = 0,
        negative: int = 5,
        ns_exponent: float = 0.75,
        cbow_mean: int = 1,
        hashfxn: object = None,
        epochs: int = 5,
        null_word: int = 0,
        trim_rule: None = None,
        sorted_vocab: int = 1,
        batch_words: object = None,
        compute_loss: bool = False,
        callbacks: "Iterable[Listener[Word2Vec[Any]]]" = (),
        comment: None = None,
        max_final_vocab: int | None = None,
        shrink_windows: bool = True,
        *,
        held_out: float = 0.0,
        patience: int | None = None,
        updates: UpdatesKind = "deterministic",
        progress: Callable[[float, float], None] | None = None,
        dtype: type[Any] = np.float32,
        **gensim: object,
    ) -> None:
        self.settings = settings_of(
            sg,
            gensim
            | {
                "hs": hs,
                "cbow_mean": cbow_mean,
                "max_vocab_size": max_vocab_size,
                "null_word": null_word,
                "trim_rule": trim_rule,
                "sorted_vocab": sorted_vocab,
                "compute_loss": compute_loss,
                "comment": comment,
            },
            dimension=vector_size,
            learning_rate=alpha,
            window=window,
            windows="dynamic" if shrink_windows else "fixed",
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
        self._callbacks = listeners(callbacks)
        self._watch = [] if progress is None else [progress]
        self._dtype = np.dtype(dtype)
        if self._dtype not in (np.float32, np.float64):
            raise ValueError(f"dtype: expected float32 or float64, got {self._dtype}")
        self._vocabulary: Vocabulary | None = None
        self._model: Model[Stored] | None = None
        self._vectors: WordVectors[Stored] | None = None
        self.history: list[Progress] = []
        self.losses: list[float] = []
        self._epochs_before = 0
        self.corpus_count = 0
        _warn(beforehand(self.settings))
        if sentences is not None or corpus_file is not None:
            with self._tokens(corpus_of(sentences, corpus_file)) as tokens:
                self._train(tokens, self.settings, self._callbacks)

    def __repr__(self) -> str:
        words = 0 if self._vocabulary is None else len(self._vocabulary)
        settings = self.settings
        return f"Word2Vec<vocab={words}, vector_size={settings.dimension}, alpha={settings.first_learning_rate:g}>"

    if not TYPE_CHECKING:  # which would take any name for an attribute

        def __getattr__(self, name: str) -> Any:
            """A setting by gensim's name; say of what gensim has besides and this has not what to do instead."""
            if name in SETTINGS:
                return set_by_name(self.settings, name)
            if name in CONSTANTS:
                return CONSTANTS[name]
            raise refused(type(self).__name__, name, OF_WORD2VEC)

        def __setattr__(self, name: str, value: Any) -> None:
            """Change a setting for what is trained next, or say why it cannot be; any other name is kept."""
            if name in SETTINGS:
                self.settings = changed(self.settings, name, value, self._vocabulary is not None)
            elif name in FIXED:
                check_fixed({name: value})
            elif name in BEFORE_GENSIM_4:
                raise AttributeError(f"Word2Vec: {name!r} is called {BEFORE_GENSIM_4[name]!r} since gensim 4")
            elif name in OF_WORD2VEC and name not in WITHOUT_EFFECT:
                raise refused(type(self).__name__, name, OF_WORD2VEC)
            else:
                super().__setattr__(name, value)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that are trained, with their counts.

        Raises:
            RuntimeError: no text was seen yet.
        """
        if self._vocabulary is None:
            raise RuntimeError("vocabulary: expected build_vocab before it, or a text in making the model")
        return self._vocabulary

    @property
    def corpus_total_words(self) -> int:
        """How many words the text has from which the vocabulary was built."""
        return self.vocabulary.text_length

    @property
    def wv(self) -> WordVectors[Stored]:
        """The word vectors; while training goes on, those of the moment, and before it those it starts from."""
        return self._started.vectors if self._vectors is None else self._vectors

    @property
    def output_vectors(self) -> Matrix[Stored]:
        """The words as outside words, shape (V, d)."""
        return self._started.output_vectors

    @property
    def syn1neg(self) -> Matrix[Stored]:
        """`output_vectors`, under gensim's name."""
        return self._started.output_vectors

    def build_vocab(
        self,
        corpus_iterable: Iterable[Sequence[str]] | None = None,
        corpus_file: str | os.PathLike[str] | None = None,
        **gensim: object,
    ) -> None:
        """Choose the words that `train` is to train, and count them.

        Args:
            corpus_iterable: lists of words; they are gone through once.
            corpus_file: in their place, a file with a sentence on each line.
            gensim: other parameters of gensim's, with the values that change nothing.

        Raises:
            ValueError, TypeError, CorpusError, OSError: as the class.
        """
        check_fixed(gensim)
        with self._tokens(corpus_of(corpus_iterable, corpus_file, "corpus_iterable")):
            self._model = self._vectors = None
            self.history, self.losses, self._epochs_before = [], [], 0

    def train(
        self,
        corpus_iterable: Iterable[Sequence[str]] | None = None,
        corpus_file: str | os.PathLike[str] | None = None,
        total_examples: int | None = None,
        total_words: int | None = None,
        epochs: int | None = None,
        start_alpha: float | None = None,
        end_alpha: float | None = None,
        callbacks: "Iterable[Listener[Word2Vec[Any]]]" = (),
        **gensim: object,
    ) -> tuple[int, int]:
        """Train the words of `build_vocab`, or go on with a trained model, on a text.

        The words and their counts stay those that the vocabulary was built from; other words of the text are passed
        over. A run that goes on has random numbers of its own.

        Args:
            corpus_iterable: lists of words; they are gone through once, whatever `epochs` is.
            corpus_file: in their place, a file with a sentence on each line.
            total_examples: without effect, as the text is read before it is trained on.
            total_words: the same.
            epochs: how often the text is gone through; by default as the model was told.
            start_alpha: the first learning rate; by default as the model was told.
            end_alpha: the last one; the same.
            callbacks: what is told besides those of the model.
            gensim: other parameters of gensim's, with the values that change nothing.

        Returns:
            How many words were trained on, and how many the text has, times the epochs.

        Raises:
            RuntimeError: there is no vocabulary yet.
            ValueError, TypeError, CorpusError, DivergenceError, MemoryError, OSError: as the class.
        """
        check_fixed(gensim)
        own = self.settings
        try:
            settings = replace(
                own,
                seed=(own.seed + len(self.losses)) % (LARGEST_SEED + 1),
                epochs=own.epochs if epochs is None else epochs,
                learning_rate=own.learning_rate if start_alpha is None else start_alpha,
                min_learning_rate=own.min_learning_rate if end_alpha is None else end_alpha,
            )
        except SpelledError as error:
            names = {} if start_alpha is None and end_alpha is None else _OF_TRAIN
            spelled = error.spelled(lambda name: names.get(name) or in_gensims_words(name))
            raise ValueError(spelled) from None
        if start_alpha is not None:
            _warn(beforehand(settings))
        corpus = corpus_of(corpus_iterable, corpus_file, "corpus_iterable")
        with self._tokens(corpus, self.vocabulary) as tokens:
            words = self._train(tokens, settings, (*self._callbacks, *listeners(callbacks)))
            return words, tokens.text.words * settings.epochs

    def get_latest_training_loss(self) -> float:
        """Return the loss of all pairs that were trained since the last `train` began, added up, in nats.

        It is the mean loss a pair over the blocks of each epoch that were measured, times its pairs; `losses` has the
        means.
        """
        ends = {progress.epoch: progress for progress in self.history}
        return sum(
            each.loss * each.pairs
            for epoch, each in ends.items()
            if epoch > self._epochs_before and each.pairs
        )

    def predict_output_word(
        self, context_words_list: Sequence[Key], topn: int = 10
    ) -> list[tuple[str, float]] | None:
        """Return the words that a context makes most likely: the softmax of the mean of its words' vectors.

        Args:
            context_words_list: words; those that there are not are passed over.
            topn: how many words to return, at most.

        Returns:
            Words with their probabilities, the largest first; None where no word of the context is known.

        Raises:
            ValueError: `topn` is no whole number from 1.
        """
        check_at_least_1(topn=topn)
        rows = [self.wv.get_index(word) for word in context_words_list if self.wv.has_index_for(word)]
        if not rows:
            _logger.warning("no word of the context is known")
            return None
        scores = self.output_vectors @ self.wv.vectors[rows].mean(axis=0)
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        words = self.vocabulary.words
        return [(words[row], float(likely[row])) for row in nearest(likely, (), topn)]

    def save(
        self,
        path: str | os.PathLike[str],
        separately: object = None,
        sep_limit: object = None,
        ignore: object = None,
        pickle_protocol: object = None,
    ) -> None:
        """Write vectors, vocabulary, settings and losses for `load`; the file is there whole or not at all.

        `wv.save_text` and `wv.save_binary` write what other tools read. What is about gensim's pickles has no effect,
        as one file holds all.

        Raises:
            ValueError: settings were changed that do not go together.
            OSError: it cannot be written.
        """
        with gensims_words():
            replace(self.settings)
        save_model(path, self._started, self.vocabulary, self.settings, self.losses, self.corpus_count)

    @classmethod
    def load(cls, path: str | os.PathLike[str], mmap: object = None) -> "Word2Vec[Any]":
        """Read what `save` wrote; nothing in the file is run, so it may come from anywhere.

        `mmap` has no effect, as nothing is mapped from the file.

        Raises:
            FormatError: the file is something else, or damaged.
            OSError: it cannot be read.
        """
        loaded: Word2Vec[Any] = cls()
        made = load_model(path)
        loaded._model, loaded._vocabulary, loaded.settings, loaded.losses, loaded.corpus_count = made
        loaded._vectors = loaded._model.vectors
        loaded._dtype = loaded._vectors.vectors.dtype
        return loaded

    def to_gensim(self) -> Any:
        """Return the vectors as gensim's `KeyedVectors`, with the counts of the words.

        Raises:
            ModuleNotFoundError: gensim is not installed; the message says how to install it.
        """
        return self.wv.to_gensim()

    @property
    def _started(self) -> Model[Stored]:
        """The model, made where it is asked for before it is trained."""
        if self._model is None:
            tables = np.empty((2, len(self.vocabulary), self.settings.dimension), self._dtype)
            self._model = Model.at_start(self.vocabulary, self.settings, tables[0], tables[1])
        return self._model

    def _tokens(self, corpus: Iterable[Sequence[str]], vocabulary: Vocabulary | None = None) -> Tokens:
        settings = self.settings
        tokens = Tokens.of(
            corpus, min_count=settings.min_count, max_vocab=settings.max_vocab, vocabulary=vocabulary
        )
        if vocabulary is None:
            self._vocabulary, self.corpus_count = tokens.vocabulary, tokens.text.sentences
            _logger.info(
                "%d words in the text; of %d different ones that occur often enough %d are trained",
                tokens.vocabulary.text_length,
                tokens.vocabulary.eligible,
                len(tokens.vocabulary),
            )
        return tokens

    def _train(
        self, tokens: Tokens, settings: Settings, callbacks: "Sequence[Listener[Word2Vec[Any]]]"
    ) -> int:
        """Train to the end, from where the model is, and return how many words were gone through.

        Raises:
            DivergenceError, WorkerError: the model is what it was before.
        """
        training: Training[Stored] = Training(tokens, settings, self._dtype.type)
        before = self._model, self._vectors, len(self.history), len(self.losses)
        try:
            return self._descend(training, tokens.vocabulary, settings, callbacks)
        except (DivergenceError, WorkerError):
            self._model, self._vectors, chunks, epochs = before
            del self.history[chunks:], self.losses[epochs:]
            raise

    def _descend(
        self,
        training: Training[Stored],
        vocabulary: Vocabulary,
        settings: Settings,
        callbacks: "Sequence[Listener[Word2Vec[Any]]]",
    ) -> int:
        if self._model is not None:
            training.model.input_vectors[:] = self._model.input_vectors
            training.model.output_vectors[:] = self._model.output_vectors
        self._model, self._vectors = training.model, None
        before = self._epochs_before = len(self.losses)
        steps, epochs = training.steps(), list[Epoch]()
        for callback in callbacks:
            callback.on_train_begin(self)
        while not training.finished:
            started, words = time.monotonic(), training.words
            for callback in callbacks:
                callback.on_epoch_begin(self)
            for progress in steps:
                self.history.append(progress._replace(epoch=before + progress.epoch))
                for told in self._watch:
                    told(progress.fraction, 1.0)
                if progress.ends_epoch:
                    break
            self.losses.append(self.history[-1].loss)
            epochs.append(Epoch(self.history[-1].loss, self.history[-1].pairs))
            _logger.info(
                "epoch %d of %d: mean loss %.3f nats a pair, %.0f words/s",
                len(epochs),
                settings.epochs,
                self.losses[-1],
                (training.words - words) / (time.monotonic() - started),
            )
            for callback in callbacks:
                callback.on_epoch_end(self)
        self._vectors = training.model.vectors
        if not before:
            _warn(afterwards(settings, vocabulary, epochs))
        for callback in callbacks:
            callback.on_train_end(self)
        return training.words


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
