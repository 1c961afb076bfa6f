"""A training run: the two tables, and the steps that descend them."""

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Generic, NamedTuple, overload

import numpy as np

from w2v_verified.arrays import F, Matrix
from w2v_verified.trainer import checkpoint
from w2v_verified.trainer.blas import one_thread
from w2v_verified.trainer.gradients import BlockArguments
from w2v_verified.trainer.held_out import HeldOut
from w2v_verified.trainer.integers import Integers
from w2v_verified.trainer.member import Done
from w2v_verified.trainer.memory import require
from w2v_verified.trainer.reading import CorpusError
from w2v_verified.trainer.schedule import Schedule
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.team import Job, Team, sizes_of
from w2v_verified.trainer.tokens import Tokens
from w2v_verified.trainer.vectors import WordVectors

_NAMED = 5


class DivergenceError(ArithmeticError):
    """A number is not finite any more; the message names the step and the words."""


class Progress(NamedTuple):
    """Where a run stands after a chunk of the text.

    Attributes:
        step: blocks of centres so far.
        epoch: the epoch the chunk was in, from 1.
        words: words of the vocabulary gone through so far, in all epochs.
        pairs: pairs trained in this epoch so far.
        loss: mean loss a pair in nats over the blocks of this epoch that were measured, each before its step and
            in float64; NaN where there was none yet.
        learning_rate: the step size per pair.
        fraction: how much of the whole run is done, 0 to 1.
        held_out: mean loss a pair of the text held out, at the end of the last whole epoch; None before that.
    """

    step: int
    epoch: int
    words: int
    pairs: int
    loss: float
    learning_rate: float
    fraction: float
    held_out: float | None


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


@dataclass
class State:
    """How far a run is: with the two tables, all that it needs to go on.

    Attributes:
        epoch, chunk: what is trained next, each counted from 0.
        step, words: as in `Progress`.
        pairs: trained in this epoch.
        loss, measured: sum of the losses measured in this epoch, and of how many pairs.
        held_out: the loss of the text held out after the last epoch.
        best, waited: the lowest such loss, and how many epochs ago it was.
        stopped: whether waiting has come to its end.
    """

    epoch: int = 0
    chunk: int = 0
    step: int = 0
    words: int = 0
    pairs: int = 0
    loss: float = 0.0
    measured: float = 0.0
    held_out: float | None = None
    best: float = math.inf
    waited: int = 0
    stopped: bool = False


class Training(Generic[F]):
    r"""A run whose steps are taken one by one, so that its owner can stop between any two.

    Descends the loss of skip-gram or CBOW with negative sampling,

    \(-\log \sigma(u_o \cdot v_c) - K\,\mathrm{E}_{w \sim q} \log \sigma(-u_w \cdot v_c)\)

    a pair, by the gradients of `negative_sampling_block`: the text is cut into blocks of L centres, each with S
    negative samples of weight K/S that its centres share. Some blocks, a round, are computed from one state of
    the vectors and then applied in the order of the text. All random numbers are keyed by the seed and the
    place in the text, so the vectors depend on the tokens, the settings but `workers`, and the dtype alone.
    Input vectors start uniform in \(\pm 1/(2d)\), output vectors at 0.

    Source: Mikolov et al. 2013, arXiv:1310.4546, section 2.2; Ji et al. 2016, arXiv:1604.04661, section 3.

    Args:
        tokens: the corpus.
        settings: what to do; min_count and max_vocab have been used in making the tokens.
        dtype: of both tables.

    Attributes:
        model: the tables; they are descended in place and usable after every step.
    """

    def __init__(self, tokens: Tokens, settings: Settings, dtype: type[F]) -> None:
        vocabulary = tokens.vocabulary
        keep = vocabulary.keep_probabilities(settings.sample)
        self._tokens = tokens
        self._settings = settings
        self._schedule = Schedule.of(settings, vocabulary.counts, keep, len(tokens.numbers))
        self._held_out = HeldOut(self._schedule, settings.held_out)
        nbytes = sizes_of(len(vocabulary), settings, self._schedule, np.dtype(dtype).name).nbytes()
        require(nbytes, f"{len(vocabulary):,} words of dimension {settings.dimension}")
        self._team = Team(tokens, settings, self._schedule, dtype)
        self._state = State()
        table, words = self._team.job.board.table, len(vocabulary)
        start = np.random.default_rng(settings.seed).random((words, settings.dimension)) - 0.5
        table[:words] = start / settings.dimension
        self.model: Model[F] = Model(vocabulary.words, table[:words], table[words:])

    def steps(self) -> Iterator[Progress]:
        """Take the steps that are left of the run, one chunk of the text each.

        Raises:
            CorpusError: no two of the words are ever within reach of each other.
            DivergenceError: a number is not finite any more; the update it would go into has not been made.
            WorkerError: a worker process ended.
        """
        state, schedule = self._state, self._schedule
        with self._team as team:
            while not self.finished:
                with one_thread():
                    if not self._held_out.holds(state.chunk):
                        self._train(team)
                    state.chunk += 1
                    progress = self._progress()
                    if state.chunk == schedule.chunks:
                        self._end_epoch(team.job)
                        progress = progress._replace(held_out=state.held_out)
                yield progress

    @property
    def finished(self) -> bool:
        """Whether no step is left."""
        return self._state.epoch >= self._settings.epochs or self._state.stopped

    @property
    def step(self) -> int:
        """How many blocks have been trained."""
        return self._state.step

    @property
    def words(self) -> int:
        """How many words have been gone through."""
        return self._state.words

    @property
    def fraction(self) -> float:
        """How much of the whole run is done, 0 to 1."""
        first, _ = self._schedule.places(self._state.chunk)
        return self._schedule.fraction(self._state.epoch, first)

    def minibatch(self) -> BlockArguments[F] | None:
        """What the generated function is called with for the next block; None where there is none."""
        state, job = self._state, self._team.job
        passage = job.sampling.passage(state.epoch, *self._schedule.places(state.chunk))
        if not job.cutter.count(passage):
            return None
        return job.gradients.arguments(job.cutter.cut(passage, state.epoch, state.chunk, [0])[0])

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a checkpoint, between two steps; the file is there whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        checkpoint.save(path, self._run(), asdict(self._state), self._team.job.board.table)

    def resume(self, path: str | os.PathLike[str]) -> None:
        """Go on where a checkpoint was written; the run ends in the same bytes as if it had not stopped.

        Raises:
            CheckpointError: the file is none, or damaged, or of another corpus or other settings; it says which.
            OSError: it cannot be read.
        """
        self._state = State(**checkpoint.load(path, self._run(), self._team.job.board.table))

    def _run(self) -> dict[str, Any]:
        """All that the vectors depend on."""
        vectors = self.model.input_vectors
        run = {"corpus": self._tokens.digest, "words": len(vectors), "dtype": vectors.dtype.name}
        return run | {name: value for name, value in asdict(self._settings).items() if name != "workers"}

    def _train(self, team: Team[F]) -> None:
        state, start, stop = self._state, *self._schedule.places(self._state.chunk)
        done = team.train(state.epoch, state.chunk)
        losses = team.job.board.losses
        loss, measured = (float(each) for each in losses.sum(axis=0))
        if team.job.board.failed.any():
            raise self._divergence(team.job, done)
        state.step += done.blocks
        state.pairs += done.pairs
        state.words += int(np.count_nonzero(self._tokens.numbers[start:stop] >= 0))
        state.loss += loss
        state.measured += measured

    def _progress(self) -> Progress:
        state, schedule = self._state, self._schedule
        _, place = schedule.places(state.chunk - 1)
        return Progress(
            state.step,
            state.epoch + 1,
            state.words,
            state.pairs,
            state.loss / state.measured if state.measured else math.nan,
            schedule.learning_rate(state.epoch, place),
            schedule.fraction(state.epoch, place),
            state.held_out,
        )

    def _end_epoch(self, job: Job[F]) -> None:
        state, patience = self._state, self._settings.patience
        if not state.pairs:
            raise CorpusError(
                "expected two words within reach of each other, got none (sample "
                f"{self._settings.sample:g} thins out frequent words; 0 keeps them all)"
            )
        wrong = ~np.isfinite(job.board.table).all(axis=1)
        if wrong.any():
            rate = self._schedule.learning_rate(state.epoch, self._schedule.length)
            raise self._diverged(f"at step {state.step}", rate, np.flatnonzero(wrong))
        state.held_out = self._held_out.loss(job)
        if state.held_out is not None:
            state.waited = 0 if state.held_out < state.best else state.waited + 1
            state.best = min(state.best, state.held_out)
            state.stopped = patience is not None and state.waited >= patience
        state.epoch, state.chunk, state.pairs, state.loss, state.measured = state.epoch + 1, 0, 0, 0.0, 0.0

    def _divergence(self, job: Job[F], done: Done) -> "DivergenceError":
        state, table = self._state, job.board.table
        passage = job.sampling.passage(state.epoch, *self._schedule.places(state.chunk))
        rows = job.cutter.cut(passage, state.epoch, state.chunk, [done.blocks])[0].rows
        slot = int(np.flatnonzero(job.board.failed)[0])
        with np.errstate(all="ignore"):
            wrong = ~np.isfinite(table[rows]).all(axis=1)
            if not wrong.any():
                wrong = ~np.isfinite(job.board.gradients[slot, : len(rows)]).all(axis=1)
        rate = self._schedule.learning_rate(state.epoch, int(passage.position[passage.first]))
        return self._diverged(f"at step {state.step + done.blocks + 1}", rate, rows[wrong])

    def _diverged(self, where: str, rate: float, rows: Integers[np.intp]) -> DivergenceError:
        words = dict.fromkeys(self.model.words[row % len(self.model.words)] for row in rows.tolist())
        named = ", ".join(repr(word) for word in list(words)[:_NAMED])
        others = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
        return DivergenceError(
            f"the loss became infinite or NaN {where}, in epoch {self._state.epoch + 1} of "
            f"{self._settings.epochs}, at learning rate {rate:.3g}, through the vectors of {named}{others}"
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
