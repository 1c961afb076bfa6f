"""One member of the team (a worker, or rank): its blocks of every round, then its rows of the table."""

import math
import mmap
import os
import pickle
import signal
import sys
from typing import Generic

import numpy as np

from w2v_verified.runtime.arrays import Float, Matrix
from w2v_verified.trainer.sampling.blocks import Block, Cutter
from w2v_verified.trainer.sampling.gradients import BlockGradients
from w2v_verified.trainer.sampling.noise import Noise, noise_probabilities
from w2v_verified.trainer.sampling.passage import SubSampling
from w2v_verified.trainer.sampling.schedule import Schedule
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.team.barrier import Barrier
from w2v_verified.trainer.team.board import Board, Sizes
from w2v_verified.trainer.team.cores import settle
from w2v_verified.trainer.text.tokens import Tokens


class Member(Generic[Float]):
    """Trains the chunks it is given, in step with the other workers of its board or without regard to them.

    In step, all blocks of a round are computed from one state of the table. Then each worker adds the changes of a
    fixed part of the rows, block by block in a fixed order: the same sums, whoever adds them.

    Args:
        board: shared with the others.
        sampling, cutter, schedule: the same for all of them.
        gradients: computes with `board.table`.
        worker: the number of this one.
        barrier: where they wait for each other.
    """

    def __init__(
        self,
        board: Board[Float],
        sampling: SubSampling,
        cutter: Cutter[Float],
        schedule: Schedule,
        gradients: BlockGradients[Float],
        worker: int,
        barrier: Barrier,
    ) -> None:
        self._board = board
        self._sampling = sampling
        self._cutter = cutter
        self._schedule = schedule
        self._gradients = gradients
        self._worker = worker
        self._workers = len(board.arrivals)
        self._barrier = barrier
        self._sum: Matrix[Float] = np.empty((cutter.rows, board.table.shape[1]), board.table.dtype)
        # A row as one item is copied in one piece.
        row = np.dtype((np.void, board.table.strides[0]))
        self._table_rows, self._sum_rows = (each.view(row).ravel() for each in (board.table, self._sum))

    def work(self) -> None:
        """Do what the board orders; how much it was is then on the board as well."""
        board, worker = self._board, self._worker
        in_step, epoch, *chunks = board.order.tolist()
        board.done[worker] = 0
        with np.errstate(over="ignore", invalid="ignore"):
            if in_step:
                self._train_in_step(epoch, chunks[worker], self._workers)
            elif chunks[worker] >= 0:
                self._train_alone(epoch, chunks[worker])
        self._barrier.wait()

    def work_alone(self) -> None:
        """Do what the board orders, without the others."""
        _, epoch, chunk, *_ = self._board.order.tolist()
        self._board.done[:] = 0
        with np.errstate(over="ignore", invalid="ignore"):
            self._train_in_step(epoch, chunk, 1)

    def _train_in_step(self, epoch: int, chunk: int, workers: int) -> None:
        """Train a chunk with so many workers, up to the first round with a gradient that is not finite."""
        board, schedule = self._board, self._schedule
        passage = self._sampling.passage(epoch, *schedule.places(chunk))
        count = self._cutter.count(passage)
        rounds = -(-count // schedule.blocks)
        mine = [b for b in range(count) if b // rounds % workers == self._worker]
        blocks = dict(zip(mine, self._cutter.cut(passage, epoch, chunk, mine), strict=True))
        for round_ in range(rounds):
            # The blocks of a round are far apart: a word that is frequent for a while is not in all of them.
            numbers = range(round_, count, rounds)
            measured = schedule.measured(chunk, round_)
            for slot in range(self._worker, len(numbers), workers):
                self._compute(blocks[numbers[slot]], slot, epoch, measured)
            self._meet(workers)
            if board.failed.any():
                slot = int(np.flatnonzero(board.failed)[0])
                board.done[self._worker] = (numbers[slot], 0, chunk)
                return
            for slot in range(len(numbers)):
                splits = board.splits[slot]
                start, stop = splits[[0, -1] if workers == 1 else [self._worker, self._worker + 1]].tolist()
                self._write(slot, start, stop)
            self._meet(workers)
        if self._worker == 0:
            board.done[0] = (count, self._cutter.meetings(passage), chunk)

    def _meet(self, workers: int) -> None:
        if workers > 1:
            self._barrier.wait()

    def _train_alone(self, epoch: int, chunk: int) -> None:
        """Train a chunk without regard to the others, who read and write the same rows."""
        board, slot = self._board, self._worker
        passage = self._sampling.passage(epoch, *self._schedule.places(chunk))
        count = self._cutter.count(passage)
        for number, block in enumerate(self._cutter.cut(passage, epoch, chunk, list(range(count)))):
            measured = self._schedule.measured(chunk, number // self._schedule.blocks)
            self._compute(block, slot, epoch, measured)
            if board.failed[slot]:
                board.done[slot] = (number, 0, chunk)
                return
            self._write(slot, 0, len(block.rows))
        board.done[slot] = (count, self._cutter.meetings(passage), chunk)

    def _compute(self, block: Block[Float], slot: int, epoch: int, measured: bool) -> None:
        board, size = self._board, len(block.rows)
        out = board.gradients[slot]
        if measured:
            board.losses[slot] += self._gradients.loss(block), block.meetings
        self._gradients.descent(block, self._schedule.learning_rate(epoch, block.position), out)
        # The gradient of an input is a sum over all outputs, and that of an output one over all inputs.
        if not (math.isfinite(out[0, 0]) and math.isfinite(out[block.inputs, 0])):
            board.failed[slot] = 1
        board.rows[slot, :size] = block.rows
        board.splits[slot] = block.splits

    def _write(self, slot: int, start: int, stop: int) -> None:
        board = self._board
        rows, total = board.rows[slot, start:stop], self._sum[: stop - start]
        board.table.take(rows, 0, total, "clip")
        np.subtract(total, board.gradients[slot, start:stop], out=total)
        self._table_rows[rows] = self._sum_rows[: stop - start]


class Job(Generic[Float]):
    """What every worker makes for itself from the same ingredients.

    Attributes:
        board: what they share.
        schedule: the chunks, and the learning rate in them.
        sampling, cutter, gradients: this process's own.
    """

    def __init__(
        self, tokens: Tokens, settings: Settings, schedule: Schedule, sizes: Sizes, memory: mmap.mmap
    ) -> None:
        vocabulary = tokens.vocabulary
        keep = vocabulary.keep_probabilities(settings.sample)
        noise = Noise(noise_probabilities(vocabulary.counts, settings.noise_exponent))
        cuts = _cuts(vocabulary.counts * keep, noise, schedule.centres, settings, sizes.workers)
        self.schedule = schedule
        self.board: Board[Float] = Board(sizes, memory)
        self.sampling = SubSampling(tokens.numbers, keep, settings)
        self.cutter = Cutter(
            settings, noise, schedule.centres, schedule.blocks - 1, cuts, self.board.table.dtype
        )
        self.gradients = BlockGradients(self.board.table, settings, sizes.rows, schedule.centres)

    def member(self, worker: int, barrier: Barrier) -> Member[Float]:
        """The worker of that number."""
        return Member(self.board, self.sampling, self.cutter, self.schedule, self.gradients, worker, barrier)


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


def main() -> None:
    """Read from standard input what to do, and do it until the process that started this one ends."""
    # Ctrl-C goes to all processes of a terminal, and SIGTERM often to all of a group; the first one decides when
    # the others end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with sys.stdin.buffer as orders:
        worker, descriptor, starter, (tokens, settings, schedule, sizes) = pickle.load(orders)

    def check() -> None:
        if os.getppid() != starter:
            sys.exit()

    settle(worker, sizes.workers)
    job: Job[np.floating] = Job(tokens, settings, schedule, sizes, mmap.mmap(descriptor, sizes.nbytes()))
    barrier = Barrier(job.board.arrivals, worker, check)
    member = job.member(worker, barrier)
    while True:
        barrier.wait()
        member.work()
