"""The course of ``w2v-verified train``: steps, checkpoints in between, and the judging of gradients on the way."""

import argparse
import os
import time

import numpy as np

from w2v_verified.commands._gradient_check import judged, save_minibatch
from w2v_verified.commands._interruption import Interruption
from w2v_verified.commands._outputs import named
from w2v_verified.commands._training_display import Display
from w2v_verified.errors import UsageError
from w2v_verified.terminal.options import Parser
from w2v_verified.trainer import DivergenceError, Progress, Training, WorkerError
from w2v_verified.values import NewFile, Range

__all__ = ["GradientError", "TrainingRun", "add_run_options", "check_run_options"]

_MINUTE = 60


class GradientError(ArithmeticError):
    """A gradient of the training is not what its definition says; the message says where."""


def add_run_options(parser: Parser) -> None:
    """Declare the options about checkpoints and about judging gradients."""
    parser.value(
        "--checkpoint",
        kind=NewFile(),
        metavar="FILE",
        help="write there now and then what a run needs to go on",
    )
    parser.value(
        "--checkpoint-every",
        kind=Range(float, 0),
        default=10.0,
        metavar="MINUTES",
        help="how often (default: 10; 0: after every chunk of the text); also when stopped, and at the end",
    )
    parser.flag("--resume", meaning="go on where FILE of --checkpoint was written, to the same bytes")
    parser.value(
        "--gradient-check",
        kind=Range(int, 1),
        metavar="N",
        help="judge the gradient of a minibatch of the training every N steps, a step being a block of centres, which "
        "takes as long as some hundred steps; stop and save it if it is wrong",
    )
    parser.idle(
        "--checkpoint-every", reason="without --checkpoint", when=lambda options: options.checkpoint is None
    )
    parser.idle(
        "--resume",
        reason="without --checkpoint",
        when=lambda options: options.checkpoint is None and options.shards is None,
    )


def check_run_options(options: argparse.Namespace) -> None:
    """Refuse to replace the checkpoint of another run, before anything is read.

    Raises:
        UsageError: there is one.
    """
    if options.checkpoint is not None and not options.resume and os.path.exists(options.checkpoint):
        raise UsageError(
            f"--checkpoint: expected a new file, got {options.checkpoint!r}, which is there already: --resume goes "
            "on from it, another name keeps it"
        )


class TrainingRun:
    """A training with its display, its checkpoints and the signals that may stop it.

    Attributes:
        history: how it went, chunk by chunk.
        failure: why there is no checkpoint any more, if one could not be written.
    """

    def __init__(
        self,
        options: argparse.Namespace,
        training: Training[np.float32],
        shown: Display,
        interruption: Interruption,
    ) -> None:
        self._options = options
        self._training = training
        self._shown = shown
        self._interruption = interruption
        self._saved_at = time.monotonic()
        self._saved_step: int | None = None
        self._next_check = 0
        self._judged = 0
        self.history: list[Progress] = []
        self.failure: UsageError | None = None

    def go(self) -> None:
        """Train to the end, or until a signal asks to stop.

        Raises:
            DivergenceError: the loss is not finite any more; the message names the last checkpoint.
            WorkerError: a worker process ended; the message names the last checkpoint.
            GradientError: a gradient is wrong; the minibatch was saved.
            UsageError: the checkpoint to go on from cannot be read.
        """
        self._resume()
        self._shown.begin(self._training.words)
        try:
            for progress in self._training.steps():
                self.history.append(progress)
                self._shown.show(progress)
                if self._interruption.asked is not None:
                    break
                self._judge(progress)
                if time.monotonic() - self._saved_at >= self._options.checkpoint_every * _MINUTE:
                    self._save()
        except (DivergenceError, WorkerError) as error:
            raise type(error)(f"{error}{self._last_checkpoint()}") from None
        self._shown.finish()
        if self._judged:
            self._shown.say(f"gradients judged: {self._judged}, all right")
        self._save()

    def _resume(self) -> None:
        options = self._options
        if not options.resume:
            return
        if not os.path.exists(options.checkpoint):
            self._shown.say(f"no checkpoint {options.checkpoint!r} yet: starting at the beginning")
            return
        try:
            self._training.resume(options.checkpoint)
        except OSError as error:
            raise UsageError(
                f"--checkpoint: cannot read {options.checkpoint!r}: {error.strerror or error}"
            ) from None
        self._saved_step = self._training.step
        self._shown.say(
            f"going on from {options.checkpoint} after {self._training.fraction:.0%} of the training"
        )

    def _save(self) -> None:
        if self._options.checkpoint is None or self.failure is not None:
            return
        try:
            with named("--checkpoint", self._options.checkpoint):
                self._training.save(self._options.checkpoint)
        except UsageError as error:
            self.failure = error
            self._shown.say(f"{error}; the training goes on without one")
        else:
            self._saved_at, self._saved_step = time.monotonic(), self._training.step

    def _last_checkpoint(self) -> str:
        if self._saved_step is None:
            return ""
        return f"; the last checkpoint, {self._options.checkpoint}, is of step {self._saved_step}"

    def _judge(self, progress: Progress) -> None:
        every = self._options.gradient_check
        if every is None or progress.step < self._next_check:
            return
        self._next_check = (progress.step // every + 1) * every
        minibatch = self._training.minibatch()
        fault = None if minibatch is None else judged(minibatch)
        if minibatch is not None and fault is not None:
            kept = save_minibatch(minibatch, self._options.output, progress.step)
            raise GradientError(f"after step {progress.step} {fault}; {kept}")
        self._judged += 1
