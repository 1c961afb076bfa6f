"""Processes that train together in shared memory, this one among them."""

import mmap
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from typing import BinaryIO, Generic

import numpy as np

from w2v_verified.runtime.arrays import F
from w2v_verified.trainer.sampling.blocks import Cutter
from w2v_verified.trainer.sampling.gradients import BlockGradients
from w2v_verified.trainer.sampling.noise import Noise, noise_probabilities
from w2v_verified.trainer.sampling.passage import SubSampling
from w2v_verified.trainer.sampling.schedule import Schedule
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.team.barrier import Barrier
from w2v_verified.trainer.team.board import Board, Sizes
from w2v_verified.trainer.team.mapping import nameless_file, own_memory
from w2v_verified.trainer.team.member import Member
from w2v_verified.trainer.text.tokens import Tokens

_COMMAND = "from w2v_verified.trainer.team.worker import main; main()"
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class WorkerError(RuntimeError):
    """A worker process ended before its work was done."""


class Job(Generic[F]):
    """What every worker makes for itself from the same ingredients.

    Attributes:
        board: what they share.
        sampling, cutter, gradients: this process's own.
    """

    def __init__(
        self, tokens: Tokens, settings: Settings, schedule: Schedule, sizes: Sizes, memory: mmap.mmap
    ) -> None:
        vocabulary = tokens.vocabulary
        keep = vocabulary.keep_probabilities(settings.sample)
        noise = Noise(noise_probabilities(vocabulary.counts, settings.noise_exponent))
        cuts = _cuts(vocabulary.counts * keep, noise, schedule.centres, settings, sizes.workers)
        self._schedule = schedule
        self.board: Board[F] = Board(sizes, memory)
        self.sampling = SubSampling(tokens.numbers, keep, settings.window, settings.seed)
        self.cutter = Cutter(
            settings, noise, schedule.centres, schedule.blocks - 1, cuts, self.board.table.dtype
        )
        self.gradients = BlockGradients(self.board.table, settings, sizes.rows, schedule.centres)

    def member(self, worker: int, barrier: Barrier) -> Member[F]:
        """The worker of that number."""
        return Member(self.board, self.sampling, self.cutter, self._schedule, self.gradients, worker, barrier)


class Team(Generic[F]):
    """This process as the first worker, and those it starts.

    The memory they share has no name, so it is gone with the last of them, however they end.

    Args:
        tokens, settings, schedule: what to train.
        dtype: of the vectors.

    Attributes:
        job: this process's part.
    """

    def __init__(self, tokens: Tokens, settings: Settings, schedule: Schedule, dtype: type[F]) -> None:
        sizes = sizes_of(len(tokens.vocabulary), settings, schedule, np.dtype(dtype).name)
        self._descriptor: int | None = None
        if sizes.workers > 1:
            self._descriptor = nameless_file(sizes.nbytes())
            memory = mmap.mmap(self._descriptor, sizes.nbytes())
        else:
            memory = own_memory(sizes.nbytes())
        self._ingredients = (tokens, settings, schedule, sizes)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._cores: set[int] = set()
        self.job: Job[F] = Job(tokens, settings, schedule, sizes, memory)

    def __del__(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def start(self) -> None:
        """Start the processes."""
        board = self.job.board
        board.arrivals[:] = 0
        self._cores = _cores()
        for worker in range(1, len(board.arrivals)):
            self._processes.append(self._started(worker))
        self._barrier = Barrier(board.arrivals, 0, self._check)
        self._member = self.job.member(0, self._barrier)
        _settle(0, len(board.arrivals))

    def stop(self) -> None:
        """End the processes; they hold nothing that could be lost."""
        for process in self._processes:
            process.kill()
            process.wait()
        if self._processes:
            _settle_on(self._cores)
        self._processes.clear()

    def train(self, epoch: int, chunks: Sequence[int], *, in_step: bool) -> None:
        """Train a chunk together, given as the chunk of every worker, or each its own; see the board for results."""
        board = self.job.board
        board.failed[:] = 0
        board.losses[:] = 0
        board.order[:] = (in_step, epoch, *chunks)
        self._barrier.wait()
        self._member.work()

    def _started(self, worker: int) -> subprocess.Popen[bytes]:
        assert self._descriptor is not None
        environment = os.environ | dict.fromkeys(_ONE_THREAD, "1")
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
        process = subprocess.Popen(
            [sys.executable, "-c", _COMMAND],
            stdin=subprocess.PIPE,
            env=environment,
            pass_fds=(self._descriptor,),
        )
        stdin = process.stdin
        assert stdin is not None
        with stdin:
            pickle.dump((worker, self._descriptor, os.getpid(), self._ingredients), stdin)
        return process

    def _check(self) -> None:
        for process in self._processes:
            status = process.poll()
            if status is not None:
                raise WorkerError(f"a worker process ended early, with status {status}")


def sizes_of(words: int, settings: Settings, schedule: Schedule, dtype: str) -> Sizes:
    """The sizes of the board for a vocabulary of so many words."""
    # More workers than a round has blocks would have nothing to do.
    workers = min(settings.workers, schedule.blocks)
    rows = 2 * schedule.centres + 2 * settings.window + settings.shared_negatives
    return Sizes(2 * words, settings.dimension, rows, schedule.blocks, workers, dtype)


def serve(source: BinaryIO) -> None:
    """Work for the process that started this one, as long as it lives."""
    worker, descriptor, starter, (tokens, settings, schedule, sizes) = pickle.load(source)

    def check() -> None:
        if os.getppid() != starter:
            sys.exit()

    _settle(worker, sizes.workers)
    job: Job[np.floating] = Job(tokens, settings, schedule, sizes, mmap.mmap(descriptor, sizes.nbytes()))
    barrier = Barrier(job.board.arrivals, worker, check)
    member = job.member(worker, barrier)
    while True:
        barrier.wait()
        member.work()


def _settle(worker: int, workers: int) -> None:
    """Keep a worker on a core of its own, if there is one for each and none to spare.

    On a busy machine they might share one else, and those that keep step would wait for each other. Where there
    are more cores, the system finds a free one, which may not be the one that is next.
    """
    cores = sorted(_cores())
    if 1 < workers == len(cores):
        _settle_on({cores[worker]})


def _settle_on(cores: set[int]) -> None:
    if cores:
        os.sched_setaffinity(0, cores)


def _cores() -> set[int]:
    """The cores this process may use; none where the system does not tell."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def _cuts(
    kept: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    noise: Noise,
    centres: int,
    settings: Settings,
    workers: int,
) -> list[int]:
    """Rows at which the table is cut so that the workers' parts are written to equally often."""
    as_input = centres * kept / kept.sum()
    as_output = as_input + settings.shared_negatives * noise.probabilities
    touched = np.cumsum(1 - np.exp(-np.concatenate((as_input, as_output))))
    shares = touched[-1] * np.arange(1, workers) / workers
    return [int(row) for row in np.searchsorted(touched, shares)]
