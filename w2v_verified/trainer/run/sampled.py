"""Training by negative sampling, along the text."""

from typing import Generic

import numpy as np

from w2v_verified.runtime.arrays import Float
from w2v_verified.trainer.memory import require
from w2v_verified.trainer.run.engine import DivergenceError, Minibatch, diverged
from w2v_verified.trainer.run.progress import State, Work
from w2v_verified.trainer.sampling.schedule import HeldOut, Schedule
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.team.board import Sizes
from w2v_verified.trainer.team.team import Team
from w2v_verified.trainer.text.tokens import Tokens

_BLOCKS = 256  # of the text held out, about so many are measured
_DRAWS = 1 << 40  # in the place of an epoch: the same random numbers every time


class Sampled(Generic[Float]):
    """The chunks of the text, trained by a team; see `Training` and `Engine`."""

    def __init__(self, tokens: Tokens, settings: Settings, dtype: type[Float]) -> None:
        vocabulary = tokens.vocabulary
        keep = vocabulary.keep_probabilities(settings.sample)
        self._tokens = tokens
        self._epochs = settings.epochs
        self._in_step = settings.updates == "deterministic"
        self._schedule = Schedule.of(settings, vocabulary.counts, keep, len(tokens.numbers))
        self._held_out = HeldOut(self._schedule, settings.held_out)
        nbytes = Sizes.of(len(vocabulary), settings, self._schedule, np.dtype(dtype).name).nbytes()
        require(nbytes, f"{len(vocabulary):,} words of dimension {settings.dimension}")
        self._team = Team(tokens, settings, self._schedule, dtype)
        self._job = self._team.job
        self.table = self._job.board.table

    @property
    def chunks(self) -> int:
        """How many chunks the text has."""
        return self._schedule.chunks

    def __enter__(self) -> None:
        self._team.start()

    def __exit__(self, *_: object) -> None:
        self._team.stop()

    def train(self, state: State) -> Work:
        """Train the next chunk of the text together, or as many as there are workers, unless they are held out."""
        board, workers = self._job.board, len(self._job.board.arrivals)
        chunks = range(state.chunk, min(state.chunk + (1 if self._in_step else workers), self.chunks))
        trained = [chunk for chunk in chunks if not self._held_out.holds(chunk)]
        if not trained:
            return Work(len(chunks), 0, 0, 0, 0.0, 0.0)
        words = sum(self._words(chunk) for chunk in trained)
        if self._in_step:
            before, after = (self.place(state.epoch, chunk)[1] for chunk in (state.chunk, state.chunk + 1))
            self._team.train_in_step(state.epoch, trained[0], words, after - before, 1 - after)
        else:
            self._team.train_apart(state.epoch, [*trained, *[-1] * (workers - len(trained))])
        if board.failed.any():
            raise self._divergence(state)
        blocks, pairs, _ = board.done.sum(axis=0).tolist()
        loss, measured = (float(each) for each in board.losses.sum(axis=0))
        return Work(len(chunks), blocks, words, pairs, loss, measured)

    def _words(self, chunk: int) -> int:
        start, stop = self._schedule.places(chunk)
        return int(np.count_nonzero(self._tokens.numbers[start:stop] >= 0))

    @property
    def schedule(self) -> Schedule:
        """Where every step is, and how large."""
        return self._schedule

    def follow(self, schedule: Schedule) -> None:
        """From the next start on, go by another schedule for the same text, that of a shard."""
        self._schedule = self._job.schedule = schedule

    def place(self, epoch: int, chunk: int) -> tuple[float, float]:
        """The learning rate where a chunk begins, and how much of the run lies before it."""
        place = min(chunk * self._schedule.chunk, self._schedule.length)
        return self._schedule.learning_rate(epoch, place), self._schedule.fraction(epoch, place)

    def held_out(self) -> float | None:
        """The loss, in float64, of some blocks of the chunks held out."""
        job, chunks = self._job, self._held_out.chunks
        total = pairs = 0.0
        for chunk in chunks:
            passage = job.sampling.passage(_DRAWS, *self._schedule.places(chunk))
            count = job.cutter.count(passage)
            wanted = list(range(0, count, max(1, count * len(chunks) // _BLOCKS)))
            for block in job.cutter.cut(passage, _DRAWS, chunk, wanted):
                total += job.gradients.loss(block)
                pairs += block.meetings
        return total / pairs if pairs else None

    def minibatch(self, state: State) -> Minibatch | None:
        """The first block of the next chunk."""
        passage = self._job.sampling.passage(state.epoch, *self._schedule.places(state.chunk))
        if not self._job.cutter.count(passage):
            return None
        block = self._job.cutter.cut(passage, state.epoch, state.chunk, [0])[0]
        return Minibatch(self._job.gradients.function, self._job.gradients.arguments(block))

    def _divergence(self, state: State) -> DivergenceError:
        job, slot = self._job, int(np.flatnonzero(self._job.board.failed)[0])
        number, _, chunk = job.board.done[0 if self._in_step else slot].tolist()
        passage = job.sampling.passage(state.epoch, *self._schedule.places(chunk))
        rows = job.cutter.cut(passage, state.epoch, chunk, [number])[0].rows
        wrong = ~np.isfinite(self.table[rows]).all(axis=1)
        if not wrong.any():
            wrong = ~np.isfinite(job.board.gradients[slot, : len(rows)]).all(axis=1)
        rate, _ = self.place(state.epoch, chunk)
        words = self._tokens.vocabulary.words
        return diverged(words, rows[wrong], state.step + number + 1, state.epoch, self._epochs, rate)
