"""How far a training run is: what its owner is shown, and what a checkpoint keeps."""

import math
from dataclasses import dataclass
from typing import NamedTuple


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
        ends_epoch: whether the chunk is the last of its epoch.
    """

    step: int
    epoch: int
    words: int
    pairs: int
    loss: float
    learning_rate: float
    fraction: float
    held_out: float | None
    ends_epoch: bool = False


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

    def take(self, work: "Work") -> None:
        """Take note of what was done; which chunk is next, the caller knows."""
        self.step += work.steps
        self.words += work.words
        self.pairs += work.pairs
        self.loss += work.loss
        self.measured += work.measured

    def hear(self, held_out: float | None, patience: int | None) -> None:
        """Take note of the loss of the text held out, and whether waiting has come to its end."""
        self.held_out = held_out
        if held_out is not None:
            self.waited = 0 if held_out < self.best else self.waited + 1
            self.best = min(self.best, held_out)
            self.stopped = patience is not None and self.waited >= patience

    def begin_epoch(self) -> None:
        """The next epoch begins."""
        self.epoch, self.chunk, self.pairs, self.loss, self.measured = self.epoch + 1, 0, 0, 0.0, 0.0


class Work(NamedTuple):
    """What was done in one or several chunks of a run.

    Attributes:
        chunks: how many.
        steps, words, pairs: how many of each.
        loss, measured: sum of the losses measured, and of how many pairs.
    """

    chunks: int
    steps: int
    words: int
    pairs: int
    loss: float
    measured: float
