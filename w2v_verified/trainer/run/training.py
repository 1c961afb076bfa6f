"""A training run."""

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Generic, overload

import numpy as np

from w2v_verified.runtime.arrays import Float
from w2v_verified.trainer.run import checkpoint
from w2v_verified.trainer.run.counted import Counted
from w2v_verified.trainer.run.engine import Engine, Minibatch, diverged
from w2v_verified.trainer.run.progress import Progress, State
from w2v_verified.trainer.run.sampled import Sampled
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.team.cores import one_thread
from w2v_verified.trainer.text.tokens import Tokens
from w2v_verified.trainer.vectors.model import Model


class Training(Generic[Float]):
    r"""A run whose steps are taken one by one, so that its owner can stop between any two.

    Descends the loss of skip-gram or CBOW with negative sampling,

    \(-\log \sigma(u_o \cdot v_c) - K\,\mathrm{E}_{w \sim q} \log \sigma(-u_w \cdot v_c)\)

    a pair, by the gradients of `negative_sampling_block`: the text is cut into blocks of L centres, each with S
    negative samples of weight K/S that its centres share. Some blocks, a round, are computed from one state of
    the vectors and then applied in the order of the text. All random numbers are keyed by the seed and the
    place in the text, so the vectors depend on the tokens, the settings but `workers`, and the dtype alone.
    Input vectors start uniform in \(\pm 1/(2d)\), output vectors at 0.

    With `settings.loss` naive_softmax it descends the exact loss over the whole vocabulary instead, through counts of
    the pairs; see `Counted`.

    Source: Mikolov et al. 2013, arXiv:1310.4546, section 2.2; Ji et al. 2016, arXiv:1604.04661, section 3.

    Args:
        tokens: the corpus.
        settings: what to do; min_count and max_vocab have been used in making the tokens.
        dtype: of both tables.

    Attributes:
        model: the tables; they are descended in place and usable after every step.
    """

    def __init__(self, tokens: Tokens, settings: Settings, dtype: type[Float]) -> None:
        words = len(tokens.vocabulary)
        tokens.see_pairs()
        self._tokens = tokens
        self._settings = settings
        self._state = State()
        counted = settings.loss == "naive_softmax"
        engine: Engine[Float] = (
            Counted(tokens, settings, dtype) if counted else Sampled(tokens, settings, dtype)
        )
        self._engine = engine
        self.model: Model[Float] = Model.at_start(
            tokens.vocabulary, settings, engine.table[:words], engine.table[words : 2 * words]
        )

    def steps(self) -> Iterator[Progress]:
        """Take the steps that are left of the run, one chunk each.

        Raises:
            DivergenceError: a number is not finite any more; the update it would go into has not been made.
            WorkerError: a worker process ended.
        """
        with self._engine:
            while not self.finished:
                with one_thread():
                    progress = self._chunk()
                yield progress

    @property
    def finished(self) -> bool:
        """Whether no step is left."""
        return self._state.epoch >= self._settings.epochs or self._state.stopped

    @property
    def step(self) -> int:
        """How many blocks of centres have been trained."""
        return self._state.step

    @property
    def words(self) -> int:
        """How many words have been gone through."""
        return self._state.words

    @property
    def fraction(self) -> float:
        """How much of the whole run is done, 0 to 1."""
        return self._engine.place(self._state.epoch, self._state.chunk)[1]

    def minibatch(self) -> Minibatch | None:
        """A call of the generated function as the next step makes it; None where there is none."""
        return None if self.finished else self._engine.minibatch(self._state)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a checkpoint, between two steps; the file is there whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        checkpoint.save(path, self._run(), asdict(self._state), self._engine.table)

    def resume(self, path: str | os.PathLike[str]) -> None:
        """Go on where a checkpoint was written; the run ends in the same bytes as if it had not stopped.

        Raises:
            CheckpointError: the file is none, or damaged, or of another corpus or other settings; it says which.
            OSError: it cannot be read.
        """
        self._state = State(**checkpoint.load(path, self._run(), self._engine.table))

    def _run(self) -> dict[str, Any]:
        """All that the vectors depend on."""
        vectors = self.model.input_vectors
        run = {"corpus": self._tokens.digest, "words": len(vectors), "dtype": vectors.dtype.name}
        return run | {name: value for name, value in asdict(self._settings).items() if name != "workers"}

    def _chunk(self) -> Progress:
        state = self._state
        work = self._engine.train(state)
        state.chunk += work.chunks
        state.take(work)
        rate, fraction = self._engine.place(state.epoch, state.chunk)
        loss = state.loss / state.measured if state.measured else math.nan
        progress = Progress(
            state.step, state.epoch + 1, state.words, state.pairs, loss, rate, fraction, state.held_out
        )
        ends_epoch = state.chunk == self._engine.chunks
        if ends_epoch:
            self._end_epoch(rate)
        return progress._replace(held_out=state.held_out, ends_epoch=ends_epoch)

    def _end_epoch(self, rate: float) -> None:
        state, patience = self._state, self._settings.patience
        wrong = np.flatnonzero(~np.isfinite(self._engine.table).all(axis=1))
        if len(wrong):
            raise diverged(self.model.words, wrong, state.step, state.epoch, self._settings.epochs, rate)
        state.hear(self._engine.held_out(), patience)
        state.begin_epoch()


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
    dtype: type[Float],
    on_progress: Callable[[Progress], object] = ...,
) -> Model[Float]: ...
def train(
    sentences: Iterable[Sequence[str]],
    settings: Settings = _DEFAULTS,
    *,
    dtype: type[Any] = np.float32,
    on_progress: Callable[[Progress], object] = lambda progress: None,
) -> Model[Any]:
    """Train word vectors; see `Training`.

    Args:
        sentences: lists of words; they are gone through once.
        settings: what to do.
        dtype: of the vectors, float32 or float64.
        on_progress: called after every chunk of the text.

    Raises:
        CorpusError: too few words, or no two of them within reach of each other.
        DivergenceError: the loss is not finite any more.
        MemoryError: it takes more memory than there is.

    >>> corpus = [["one", "two"], ["three", "four"]] * 50
    >>> losses = []
    >>> settings = Settings(min_count=1, dimension=4, sample=0, epochs=40, learning_rate=0.5)
    >>> model = train(corpus, settings, on_progress=lambda progress: losses.append(progress.loss))
    >>> round(losses[0], 2), losses[-1] < 3  # from 6 log 2: one true word and five sampled ones
    (4.16, True)
    >>> model.words, model.input_vectors.shape, model.input_vectors.dtype
    (('four', 'one', 'three', 'two'), (4, 4), dtype('float32'))
    """
    with Tokens.of(sentences, min_count=settings.min_count, max_vocab=settings.max_vocab) as tokens:
        training = Training(tokens, settings, dtype)
        for progress in training.steps():
            on_progress(progress)
        return training.model
