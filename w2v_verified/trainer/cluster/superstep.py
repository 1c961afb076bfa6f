"""The tasks of a superstep: a shard trains its part from the common table, then ranges of rows are put together."""

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from w2v_verified.runtime.arrays import Matrix, Vector
from w2v_verified.trainer.cluster.folder import Folder
from w2v_verified.trainer.cluster.lossless import ReadText
from w2v_verified.trainer.cluster.shards import Shards, load, weights
from w2v_verified.trainer.run.engine import diverged
from w2v_verified.trainer.run.progress import State, Work
from w2v_verified.trainer.run.sampled import Sampled
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.team.cores import one_thread

__all__ = ["Job", "Trained", "begin", "combine", "holds", "measure", "train"]


@dataclass(frozen=True)
class Job:
    """What all tasks of a run are about.

    Attributes:
        text: what is trained on, in the folder of the run.
        settings: of the training.
        shards: how the text is shared out.
        rows: how many rows the table has, 2V.
        ranges: in how many ranges its rows are written.
    """

    text: ReadText
    settings: Settings
    shards: Shards
    rows: int
    ranges: int

    @property
    def folder(self) -> Folder:
        """Of the run."""
        return self.text.folder

    def range(self, number: int) -> tuple[int, int]:
        """The rows of a range: its first, and the one after its last."""
        return self.rows * number // self.ranges, self.rows * (number + 1) // self.ranges

    @cached_property
    def sampled(self) -> Sampled[np.float32]:
        """The engine of one machine, with a table of its own."""
        return Sampled(self.text.tokens, self.settings, np.float32)


class Trained(NamedTuple):
    """What a shard did in a superstep, chunk by chunk, and how many bytes it read and wrote."""

    work: list[Work]
    read: int
    written: int


# A process has one table, whatever tasks it is given; threads of one take turns with it.
_turn = threading.Lock()
_current: list[Job] = []


def _here(job: Job) -> Sampled[np.float32]:
    """This process's engine for a run."""
    if not _current or _current[0] != job:
        _current.clear()
        _current.append(job)
    return _current[0].sampled


def begin(job: Job, number: int) -> tuple[int, str]:
    """Write a range of the table as it is before the training: its size and digest."""
    first, stop = job.range(number)
    d, inputs = job.settings.dimension, job.rows // 2
    rows: Matrix[np.float32] = np.zeros((stop - first, d), np.float32)
    drawn = max(0, min(stop, inputs) - first)
    if drawn:
        # As `numpy.random.default_rng(seed)` draws them all, one row after the other.
        numbers = np.random.PCG64(job.settings.seed).advance(first * d)
        rows[:drawn] = (np.random.Generator(numbers).random((drawn, d)) - 0.5) / d
    return job.folder.put_rows(0, number, rows)


def train(job: Job, step: int, shard: int, state: State) -> Trained:
    """Train a shard's part of a superstep, the one of that number in the run, and write the rows that changed.

    The state is that of the run before it: of the chunk to train it has the number of the superstep in the epoch.

    Raises:
        DivergenceError: a number is not finite any more.
        LostRangeError: the table is not there.
    """
    with _turn, one_thread():
        engine = _here(job)
        read = _load(job, step, engine)
        done: list[Work] = []
        chunks = job.shards.part(shard, state.chunk)
        if chunks:
            engine.follow(engine.schedule.of_shard(job.shards.whole(shard)))
            with engine:
                for chunk in chunks:
                    before = state.step + sum(each.steps for each in done)
                    done.append(engine.train(State(epoch=state.epoch, chunk=chunk, step=before)))
        written = 0
        for number in range(job.ranges):
            first, stop = job.range(number)
            there: Matrix[np.float32] = np.empty((stop - first, job.settings.dimension), np.float32)
            read += job.folder.read_rows(step, number, there)
            after = engine.table[first:stop]
            rows = np.flatnonzero((after != there).any(axis=1))
            written += job.folder.put_changes(step, shard, number, rows, after[rows])
        return Trained(done, read, written)


def combine(job: Job, step: int, number: int, state: State, rate: float) -> tuple[int, int, str]:
    """Put together what the shards changed in a range of rows: the bytes read and written, and the digest.

    Raises:
        DivergenceError: a number is not finite any more.
        LostRangeError: the table or a change is not there.
    """
    first, stop = job.range(number)
    d = job.settings.dimension
    table: Matrix[np.float32] = np.empty((stop - first, d), np.float32)
    read = job.folder.read_rows(step, number, table)
    changes: Matrix[np.float32] = np.zeros_like(table)
    for shard in range(job.shards.count):
        rows, values, nbytes = job.folder.changes(step, shard, number, d, table.dtype)
        read += nbytes
        if job.shards.count == 1:
            table[rows] = values
        else:
            changes[rows] += values - table[rows]
    if job.shards.count > 1:
        table += changes * _weights(job, rate, first, stop)[:, None]
    wrong = first + np.flatnonzero(~np.isfinite(table).all(axis=1))
    if len(wrong):
        words = job.text.tokens.vocabulary.words
        raise diverged(words, wrong, state.step, state.epoch, job.settings.epochs, rate)
    written, digest = job.folder.put_rows(step + 1, number, table)
    return read, written, digest


def measure(job: Job, step: int) -> float | None:
    """The loss of the text held out, by the table after so many supersteps."""
    with _turn, one_thread():
        engine = _here(job)
        _load(job, step, engine)
        return engine.held_out()


def holds(job: Job, step: int, number: int, digest: str) -> bool:
    """Whether a range of the table is in the folder as it was written."""
    return job.folder.holds(step, number, digest)


def _load(job: Job, step: int, engine: Sampled[np.float32]) -> int:
    read = 0
    for number in range(job.ranges):
        first, stop = job.range(number)
        read += job.folder.read_rows(step, number, engine.table[first:stop])
    return read


def _weights(job: Job, rate: float, first: int, stop: int) -> Vector[np.float32]:
    """What the changes of a range of rows are multiplied by."""
    expected = load(job.text.tokens.vocabulary, job.settings, job.shards, rate)[first:stop]
    narrow: Vector[np.float32] = weights(expected, job.shards.count).astype(np.float32)
    return narrow
