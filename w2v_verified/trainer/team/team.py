"""Processes that train together in shared memory (a process group), this one among them."""

import mmap
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Generic

import numpy as np

from w2v_verified.runtime.arrays import Float
from w2v_verified.trainer.sampling.schedule import Schedule
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.team.barrier import Barrier
from w2v_verified.trainer.team.board import Sizes, nameless_file, own_memory
from w2v_verified.trainer.team.cores import ONE_THREAD, cores, settle, settle_on
from w2v_verified.trainer.team.member import Job
from w2v_verified.trainer.team.pace import Pace
from w2v_verified.trainer.text.tokens import Tokens

_COMMAND = "from w2v_verified.trainer.team.member import main; main()"


class WorkerError(RuntimeError):
    """A worker process ended before its work was done."""


class Team(Generic[Float]):
    """This process as the first worker, and those it starts.

    The memory they share has no name, so it is gone with the last of them, however they end.

    Args:
        tokens, settings, schedule: what to train.
        dtype: of the vectors.

    Attributes:
        job: this process's part.
    """

    def __init__(self, tokens: Tokens, settings: Settings, schedule: Schedule, dtype: type[Float]) -> None:
        sizes = Sizes.of(len(tokens.vocabulary), settings, schedule, np.dtype(dtype).name)
        self._descriptor: int | None = None
        if sizes.workers > 1:
            self._descriptor = nameless_file(sizes.nbytes())
            memory = mmap.mmap(self._descriptor, sizes.nbytes())
        else:
            memory = own_memory(sizes.nbytes())
        self._ingredients = (tokens, settings, schedule, sizes)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._cores: set[int] = set()
        self.job: Job[Float] = Job(tokens, settings, schedule, sizes, memory)

    def __del__(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def start(self) -> None:
        """Make this process the first worker; where all keep step, others are started when they are worth it."""
        board = self.job.board
        board.arrivals[:] = 0
        self._cores = cores()
        self._pace = Pace()
        self._barrier = Barrier(board.arrivals, 0, self._check)
        self._member = self.job.member(0, self._barrier)

    def stop(self) -> None:
        """End the processes; they hold nothing that could be lost."""
        for process in self._processes:
            process.kill()
            process.wait()
        if self._processes:
            settle_on(self._cores)
        self._processes.clear()

    def train_in_step(self, epoch: int, chunk: int, words: int, share: float, left: float) -> None:
        """Train a chunk, together or alone, as is faster; see the board for results.

        Args:
            epoch: of the chunk.
            chunk: its number.
            words: how many it has, to tell what is faster.
            share: how much of the run it is.
            left: how much of the run is left after it.
        """
        started = time.perf_counter()
        workers = len(self.job.board.arrivals)
        alone = self._pace.is_alone(bool(self._processes) and self._barrier.is_awaited())
        self._check()
        self._order(True, epoch, [chunk] * workers)
        if alone:
            settle_on(self._cores)
            self._member.work_alone()
        else:
            settle(0, workers)
            self._barrier.wait()
            self._member.work()
        self._pace.took(alone, words, time.perf_counter() - started)
        if workers > 1 and not self._processes and self._pace.wants_team(share, left):
            self._start_others()

    def train_apart(self, epoch: int, chunks: Sequence[int]) -> None:
        """Train chunks, one for each worker or -1 for none, without regard to each other."""
        if not self._processes:
            self._start_others()
        settle(0, len(chunks))
        self._order(False, epoch, chunks)
        self._barrier.wait()
        self._member.work()

    def _order(self, in_step: bool, epoch: int, chunks: Sequence[int]) -> None:
        board = self.job.board
        board.failed[:] = 0
        board.losses[:] = 0
        board.order[:] = (in_step, epoch, *chunks)

    def _start_others(self) -> None:
        for worker in range(1, len(self.job.board.arrivals)):
            self._processes.append(self._started(worker))

    def _started(self, worker: int) -> subprocess.Popen[bytes]:
        assert self._descriptor is not None
        environment = os.environ | ONE_THREAD
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
        # Into a pipe, this process would wait for the other to read.
        with os.fdopen(nameless_file(0), "w+b") as orders:
            pickle.dump((worker, self._descriptor, os.getpid(), self._ingredients), orders)
            orders.seek(0)
            return subprocess.Popen(
                [sys.executable, "-c", _COMMAND],
                stdin=orders,
                env=environment,
                pass_fds=(self._descriptor,),
                process_group=0,  # or Ctrl-C in a terminal reaches it before it can turn away
            )

    def _check(self) -> None:
        for process in self._processes:
            status = process.poll()
            if status is not None:
                raise WorkerError(f"a worker process ended early, with status {status}")
