"""The loss of a block and its gradient, by the generated function for blocks of negative sampling."""

from typing import Any, Generic, NamedTuple

import numpy as np

from w2v_verified import negative_sampling_block
from w2v_verified.runtime.arrays import Float, Integers, Matrix, Vector
from w2v_verified.runtime.products import outer
from w2v_verified.trainer.sampling.blocks import Block
from w2v_verified.trainer.settings import Settings

# Vectors of so many bytes take longer to copy than the function takes to check an out= argument.
_LONG = 800


class BlockArguments(NamedTuple, Generic[Float]):
    """What `negative_sampling_block` is called with."""

    V_c: Matrix[Float]
    U: Matrix[Float]
    positive: Matrix[Float]
    negative: Matrix[Float]


class BlockGradients(Generic[Float]):
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

    def __init__(self, table: Matrix[Float], settings: Settings, rows: int, centres: int) -> None:
        self._table = table
        self._cbow = settings.model == "cbow"
        dtype, d = table.dtype, table.shape[1]
        self._in_place = d * table.itemsize >= _LONG
        self._vectors: Matrix[Float] = np.empty((rows, d), dtype)
        self._means: Matrix[Float] = np.empty((centres, d), dtype)
        self._changes: Matrix[Float] = np.empty((centres, d), dtype)
        self._positive: Vector[Float] = np.empty(centres * rows, dtype)
        self._negative: Vector[Float] = np.empty(centres * rows, dtype)
        self._mixing: Vector[Float] = np.empty(centres * rows, dtype)

    def descent(self, block: Block[Float], learning_rate: float, out: Matrix[Float]) -> None:
        """Write `learning_rate` times the gradient of the block's loss to `out`, one line for each row."""
        n, size = block.inputs, len(block.rows)
        vectors = self._vectors[:size]
        self._table.take(block.rows, 0, vectors, "clip")
        rate = self._table.dtype.type(learning_rate)
        rates = self._limited(block, learning_rate) if learning_rate * block.busiest > 1 else rate
        arguments = self._arguments(block, vectors, rates)
        of_centres, of_outputs = self._changes[: len(block.weights)] if self._cbow else out[:n], out[n:size]
        if self._in_place:
            negative_sampling_block(*arguments, out=(of_centres.T, of_outputs.T), with_loss=False)
        else:
            gradients = negative_sampling_block(*arguments, with_loss=False)
            np.copyto(of_centres, gradients.grad_V_c.T)
            np.copyto(of_outputs, gradients.grad_U.T)
        if self._cbow:
            self._mixing_of(block).T.dot(of_centres, out[:n])

    def _limited(self, block: Block[Float], learning_rate: float) -> Vector[Float]:
        """The rate of each centre of the table of pairs, less where its crowd is large."""
        crowd = block.crowd
        if not self._cbow:
            crowd = np.empty(block.inputs)
            crowd[block.centres] = block.crowd
        rates: Vector[Float] = (1 / np.maximum(crowd, 1 / learning_rate)).astype(self._table.dtype)
        return rates

    def arguments(self, block: Block[Float]) -> BlockArguments[Float]:
        """What the generated function is called with for this block, at weights of 1 a pair."""
        return BlockArguments(*(each.copy() for each in self._at_weights_of_1(block)))

    def loss(self, block: Block[Float]) -> float:
        """The block's loss in nats, summed over its pairs, computed in float64."""
        in_float64: BlockArguments[Any] = BlockArguments(
            *(each.astype(np.float64) for each in self._at_weights_of_1(block))
        )
        return negative_sampling_block(*in_float64).loss

    def _at_weights_of_1(self, block: Block[Float]) -> BlockArguments[Float]:
        return self._arguments(block, self._table[block.rows], self._table.dtype.type(1))

    def _arguments(
        self, block: Block[Float], vectors: Matrix[Float], rates: Vector[Float] | Float
    ) -> BlockArguments[Float]:
        """Rates in the weights are rates of the gradients, and cost no pass of their own."""
        inputs, outputs = vectors[: block.inputs], vectors[block.inputs :]
        lines, m = len(block.weights), len(outputs)
        centres = self._mean(block, inputs) if self._cbow else inputs
        weights = block.weights * rates
        positive = self._positive[: lines * m].reshape(lines, m)
        positive.fill(0)
        if self._cbow:
            positive[np.arange(lines), block.centres] = weights
        elif isinstance(rates, np.ndarray):
            _add_up(positive, block.pairs, rates.dtype.type(1))
            np.multiply(positive, rates[:, None], out=positive)
        else:
            _add_up(positive, block.pairs, rates)
        negative = outer(weights, block.samples, out=self._negative[: lines * m].reshape(lines, m))
        return BlockArguments(centres.T, outputs.T, positive, negative)

    def _mean(self, block: Block[Float], inputs: Matrix[Float]) -> Matrix[Float]:
        mixing, means = self._mixing_of(block), self._means[: len(block.weights)]
        mixing.fill(0)
        _add_up(mixing, block.pairs, inputs.dtype.type(1))
        np.multiply(mixing, block.shares[:, None], out=mixing)
        mixing.dot(inputs, means)
        return means

    def _mixing_of(self, block: Block[Float]) -> Matrix[Float]:
        """Where the block's A is, once `_mean` has made it."""
        lines = len(block.weights)
        return self._mixing[: lines * block.inputs].reshape(lines, block.inputs)


def _add_up(table: Matrix[Float], places: Integers[np.intp], amount: Float) -> None:
    """Add the amount to each of the places, counted row by row, of which some may be the same."""
    np.add.at(table.reshape(-1), places, amount)
