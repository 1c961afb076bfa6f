"""One step of stochastic gradient descent on naive softmax."""

from typing import Generic

import numpy as np

from w2v_verified import naive_softmax_batch
from w2v_verified.arrays import F, Matrix
from w2v_verified.trainer.integers import Integers


class Sgd(Generic[F]):
    """Descends both tables, shapes (V, d), in place, and keeps its buffers from step to step."""

    def __init__(self, input_vectors: Matrix[F], output_vectors: Matrix[F], batch: int) -> None:
        self._input = input_vectors
        self._output = output_vectors
        shape = (batch, input_vectors.shape[1])
        self._rows: Matrix[F] = np.empty(shape, input_vectors.dtype)
        self._grad_rows: Matrix[F] = np.empty(shape, input_vectors.dtype)
        self._grad_output: Matrix[F] = np.empty_like(output_vectors)

    def step(self, centres: Integers[np.int32], outsides: Integers[np.int32], learning_rate: float) -> float:
        """Take one step of `learning_rate` down the summed loss of the pairs, and return that loss in nats.

        Where a word is the centre of several pairs, the sum of their gradients reaches it. Where the loss
        is not finite, nothing is changed.
        """
        rows, grad_rows = self._rows[: len(centres)], self._grad_rows[: len(centres)]
        np.take(self._input, centres, axis=0, out=rows)
        loss = naive_softmax_batch(
            rows.T, outsides, self._output.T, out=(grad_rows.T, self._grad_output.T)
        ).loss
        if np.isfinite(loss):
            # An overflow here is reported by the next step, as a loss that is not finite.
            with np.errstate(over="ignore", invalid="ignore"):
                self._grad_output *= learning_rate
                self._output -= self._grad_output
                words, sums = _summed_by_word(centres, grad_rows)
                sums *= learning_rate
                self._input[words] -= sums
        return loss


def _summed_by_word(words: Integers[np.int32], rows: Matrix[F]) -> tuple[Integers[np.int32], Matrix[F]]:
    order = np.argsort(words, kind="stable")
    ordered = words[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    return ordered[starts], np.add.reduceat(rows[order], starts, axis=0)
