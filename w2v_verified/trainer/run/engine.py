"""What a run needs of each way to train, and what it hears where numbers are not finite any more."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from w2v_verified.runtime.arrays import Float, Integers, Matrix
from w2v_verified.trainer.run.progress import State, Work

_NAMED = 5


class DivergenceError(ArithmeticError):
    """A number is not finite any more; the message names the step and the words."""


class Minibatch(NamedTuple):
    """A call of a generated function: its name, and its arguments by name."""

    function: str
    arguments: dict[str, Any]


class Engine(Protocol[Float]):
    """One way to train, chunk by chunk.

    Attributes:
        table: all numbers that change, one line for each word and purpose: its input vectors, then its output
            vectors, then whatever else the run needs to go on.
    """

    table: Matrix[Float]

    @property
    def chunks(self) -> int:
        """How many chunks an epoch has."""
        ...

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...

    def train(self, state: State) -> Work:
        """Train the chunk that is next.

        Raises:
            DivergenceError: a number is not finite any more.
            WorkerError: a worker process ended.
        """
        ...

    def place(self, epoch: int, chunk: int) -> tuple[float, float]:
        """The learning rate where a chunk begins, and how much of the run lies before it."""
        ...

    def held_out(self) -> float | None:
        """Mean loss a pair of the text held out; None if there is none."""
        ...

    def minibatch(self, state: State) -> Minibatch | None:
        """A call of the generated function as the next chunk makes it; None where it makes none."""
        ...


def diverged(
    words: Sequence[str], rows: Integers[np.intp], step: int, epoch: int, epochs: int, rate: float
) -> DivergenceError:
    """The error that names what belongs to these rows, of a table with one or several rows a word."""
    wrong = list(dict.fromkeys(words[row % len(words)] for row in rows.tolist()))
    named = ", ".join(repr(word) for word in wrong[:_NAMED])
    others = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
    return DivergenceError(
        f"the loss became infinite or NaN at step {step}, in epoch {epoch + 1} of {epochs}, at learning rate "
        f"{rate:.3g}, through the vectors of {named}{others}"
    )
