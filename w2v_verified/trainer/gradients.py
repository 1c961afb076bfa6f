"""The loss of a block and its gradient, by the generated function for blocks of negative sampling."""

from typing import Any, Generic, NamedTuple

import numpy as np

from w2v_verified import negative_sampling_block
from w2v_verified.arrays import F, Matrix, Vector
from w2v_verified.products import outer
from w2v_verified.trainer.blocks import Block
from w2v_verified.trainer.integers import Integers
from w2v_verified.trainer.settings import Settings


class BlockArguments(NamedTuple, Generic[F]):
    """What `negative_sampling_block` is called with."""

    V_c: Matrix[F]
    U: Matrix[F]
    positive: Matrix[F]
    negative: Matrix[F]


class BlockGradients(Generic[F]):
    r"""Computes with the words a block touches, and keeps its buffers from block to block.

    For skip-gram the centres are the block's inputs, each once: the weights say how often it met each output.
    For CBOW they are the means of the contexts, \(h_l = \sum_i A_{li} v_i\), and the gradient of
    \(v_i\) is \(\sum_l A_{li}\) times that of \(h_l\).

    A text may repeat a word so often that the step of its summed gradient would overshoot: where the learning
    rates of a centre's pairs in a round add up to more than 1, they are scaled to add up to 1.

    Args:
        table: input and output vectors, shape (2V, d); it is read, never written.
        settings: which model.
        rows: how many rows a block has at most.
        centres: how many centres.
    """

    def __init__(self, table: Matrix[F], settings: Settings, rows: int, centres: int) -> None:
        self._table = table
        self._cbow = settings.model == "cbow"
        dtype, d = table.dtype, table.shape[1]
        self._vectors: Matrix[F] = np.empty((rows, d), dtype)
        self._means: Matrix[F] = np.empty((centres, d), dtype)
        self._positive: Vector[F] = np.empty(centres * rows, dtype)
        self._negative: Vector[F] = np.empty(centres * rows, dtype)
        self._mixing: Vector[F] = np.empty(centres * rows, dtype)

    def descent(self, block: Block, learning_rate: float, out: Matrix[F]) -> None:
        """Write `learning_rate` times the gradient of the block's loss to `out`, one line for each row."""
        n, size = block.inputs, len(block.rows)
        vectors = self._vectors[:size]
        np.take(self._table, block.rows, axis=0, out=vectors, mode="clip")
        arguments = self._arguments(block, vectors, learning_rate)
        if learning_rate * block.busiest > 1:
            scale = (1 / np.maximum(learning_rate * block.crowd, 1)).astype(out.dtype)[:, None]
            np.multiply(arguments.positive, scale, out=arguments.positive)
            np.multiply(arguments.negative, scale, out=arguments.negative)
        gradients = negative_sampling_block(*arguments, with_loss=False)
        # The function's own arrays and one copy take less time than its checks of an out= argument.
        if self._cbow:
            np.matmul(self._mixing_of(block).T, gradients.grad_V_c.T, out=out[:n])
        else:
            np.copyto(out[:n], gradients.grad_V_c.T)
        np.copyto(out[n:size], gradients.grad_U.T)

    def arguments(self, block: Block) -> BlockArguments[F]:
        """What the generated function is called with for this block, at weights of 1 a pair."""
        vectors: Matrix[F] = self._table[block.rows]
        return BlockArguments(*(each.copy() for each in self._arguments(block, vectors, 1.0)))

    def loss(self, block: Block) -> float:
        """The block's loss in nats, summed over its pairs, computed in float64."""
        in_float64: BlockArguments[Any] = BlockArguments(
            *(each.astype(np.float64) for each in self._arguments(block, self._table[block.rows], 1.0))
        )
        return negative_sampling_block(*in_float64).loss

    def _arguments(self, block: Block, vectors: Matrix[F], factor: float) -> BlockArguments[F]:
        """A factor in the weights is one in the loss and its gradients, and costs no pass of its own."""
        n, m = block.inputs, len(block.rows) - block.inputs
        outputs, dtype = vectors[n:], vectors.dtype
        centres = np.matmul(self._mix(block), vectors[:n], out=self._means) if self._cbow else vectors[:n]
        positive = self._positive[: len(centres) * m]
        positive.fill(0)
        if self._cbow:
            positive[np.arange(len(centres)) * m + block.targets] = block.weights * factor
        else:
            _add_up(positive, block.pairs, dtype.type(factor))
        negative = self._negative[: len(centres) * m].reshape(len(centres), m)
        weights, samples = (block.weights * factor).astype(dtype), block.samples.astype(dtype)
        outer(weights, samples, out=negative)
        return BlockArguments(centres.T, outputs.T, positive.reshape(len(centres), m), negative)

    def _mix(self, block: Block) -> Matrix[F]:
        mixing = self._mixing_of(block)
        mixing.fill(0)
        _add_up(mixing.reshape(-1), block.pairs, block.shares.astype(mixing.dtype))
        return mixing

    def _mixing_of(self, block: Block) -> Matrix[F]:
        """Where the block's A is, once `_mix` has made it."""
        lines = len(block.weights)
        return self._mixing[: lines * block.inputs].reshape(lines, block.inputs)


def _add_up(table: Vector[F], places: Integers[np.intp], amounts: Vector[F] | F) -> None:
    """Add the amounts to their places, of which some may be the same."""
    np.add.at(table, places, amounts)
