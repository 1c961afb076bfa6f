"""Processes that train together in shared memory (a process group), this one among them."""

import mmap
import os
import pickle
import subprocess
import sys
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
        """Start the processes."""
        board = self.job.board
        board.arrivals[:] = 0
        self._cores = cores()
        for worker in range(1, len(board.arrivals)):
            self._processes.append(self._started(worker))
        self._barrier = Barrier(board.arrivals, 0, self._check)
        self._member = self.job.member(0, self._barrier)
        settle(0, len(board.arrivals))

    def stop(self) -> None:
        """End the processes; they hold nothing that could be lost."""
        for process in self._processes:
            process.kill()
            process.wait()
        if self._processes:
            settle_on(self._cores)
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
        environment = os.environ | ONE_THREAD
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
