"""The loss of a block and its gradient, by the generated functions for blocks of negative sampling."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeAlias

import numpy as np

from w2v_verified import cbow_negative_sampling_block, negative_sampling_block
from w2v_verified.runtime.arrays import Float, Integers, Matrix, Vector
from w2v_verified.runtime.products import outer
from w2v_verified.trainer.sampling.blocks import Block
from w2v_verified.trainer.settings import ModelKind, Settings

# Vectors of so many bytes take longer to copy than the function takes to check an out= argument.
_LONG = 800


class PairArguments(NamedTuple, Generic[Float]):
    """What `negative_sampling_block` is called with."""

    V_c: Matrix[Float]
    U: Matrix[Float]
    positive: Matrix[Float]
    negative: Matrix[Float]


class ContextArguments(NamedTuple, Generic[Float]):
    """What `cbow_negative_sampling_block` is called with."""

    V_context: Matrix[Float]
    o: Integers[np.intp]
    U: Matrix[Float]
    shares: Matrix[Float]
    weights: Vector[Float]
    samples: Vector[Float]


BlockArguments: TypeAlias = PairArguments[Float] | ContextArguments[Float]

# Each returns the loss, then the gradients of a block's inputs and outputs.
_FUNCTIONS: Mapping[ModelKind, Callable[..., Any]] = {
    "skip_gram": negative_sampling_block,
    "cbow": cbow_negative_sampling_block,
}


class BlockGradients(Generic[Float]):
    r"""Computes with the words a block touches, and keeps its buffers from block to block.

    For skip-gram the centres are the block's inputs, each once: the weights say how often it met each output.
    For CBOW the inputs are the words of the contexts, each once: the shares say what each is of each context's mean.

    A text may repeat a word so often that the step of its summed gradient would overshoot: where the learning
    rates of a centre's pairs in a round add up to more than 1, they are scaled to add up to 1.

    Args:
        table: input and output vectors, shape (2V, d); it is read, never written.
        settings: which model.
        rows: how many rows a block has at most.
        centres: how many centres.

    Attributes:
        function: the name of the generated function.
    """

    def __init__(self, table: Matrix[Float], settings: Settings, rows: int, centres: int) -> None:
        self._table = table
        self._cbow = settings.model == "cbow"
        self._called = _FUNCTIONS[settings.model]
        self.function: str = self._called.__name__
        dtype, d = table.dtype, table.shape[1]
        self._in_place = d * table.itemsize >= _LONG
        self._vectors: Matrix[Float] = np.empty((rows, d), dtype)
        self._met: Vector[Float] = np.empty(centres * rows, dtype)
        self._negative: Vector[Float] = np.empty(0 if self._cbow else centres * rows, dtype)

    def descent(self, block: Block[Float], learning_rate: float, out: Matrix[Float]) -> None:
        """Write `learning_rate` times the gradient of the block's loss to `out`, one line for each row."""
        n, size = block.inputs, len(block.rows)
        vectors = self._vectors[:size]
        self._table.take(block.rows, 0, vectors, "clip")
        rate = self._table.dtype.type(learning_rate)
        rates = self._limited(block, learning_rate) if learning_rate * block.busiest > 1 else rate
        arguments = self._arguments(block, vectors, rates)
        of_inputs, of_outputs = out[:n], out[n:size]
        if self._in_place:
            self._called(*arguments, out=(of_inputs.T, of_outputs.T), with_loss=False)
        else:
            _, grad_inputs, grad_outputs = self._called(*arguments, with_loss=False)
            np.copyto(of_inputs, grad_inputs.T)
            np.copyto(of_outputs, grad_outputs.T)

    def _limited(self, block: Block[Float], learning_rate: float) -> Vector[Float]:
        """The rate of each input of skip-gram, or of each centre of CBOW, less where its crowd is large."""
        crowd = block.crowd
        if not self._cbow:
            crowd = np.empty(block.inputs)
            crowd[block.centres] = block.crowd
        rates: Vector[Float] = (1 / np.maximum(crowd, 1 / learning_rate)).astype(self._table.dtype)
        return rates

    def arguments(self, block: Block[Float]) -> dict[str, Any]:
        """What the generated function is called with for this block, by name, at weights of 1 a pair."""
        return {name: each.copy() for name, each in self._at_weights_of_1(block)._asdict().items()}

    def loss(self, block: Block[Float]) -> float:
        """The block's loss in nats, summed over its pairs, computed in float64."""
        arguments = self._at_weights_of_1(block)
        loss: float = self._called(
            *(each if each.dtype.kind == "i" else each.astype(np.float64) for each in arguments)
        ).loss
        return loss

    def _at_weights_of_1(self, block: Block[Float]) -> BlockArguments[Float]:
        return self._arguments(block, self._table[block.rows], self._table.dtype.type(1))

    def _arguments(
        self, block: Block[Float], vectors: Matrix[Float], rates: Vector[Float] | Float
    ) -> BlockArguments[Float]:
        """Rates in the weights are rates of the gradients, and cost no pass of their own."""
        inputs, outputs = vectors[: block.inputs].T, vectors[block.inputs :].T
        weights = block.weights * rates
        if self._cbow:
            shares = self._counted(block, block.inputs, rates.dtype.type(1))
            np.multiply(shares, block.shares[:, None], out=shares)
            return ContextArguments(inputs, block.centres, outputs, shares, weights, block.samples)
        m = outputs.shape[1]
        if isinstance(rates, np.ndarray):
            positive = self._counted(block, m, rates.dtype.type(1))
            np.multiply(positive, rates[:, None], out=positive)
        else:
            positive = self._counted(block, m, rates)
        buffer = self._negative[: positive.size].reshape(positive.shape)
        return PairArguments(inputs, outputs, positive, outer(weights, block.samples, out=buffer))

    def _counted(self, block: Block[Float], columns: int, amount: Float) -> Matrix[Float]:
        """The table of the block's pairs, with the amount for each time that one is met."""
        lines = len(block.weights)
        table = self._met[: lines * columns].reshape(lines, columns)
        table.fill(0)
        _add_up(table, block.pairs, amount)
        return table


def _add_up(table: Matrix[Float], places: Integers[np.intp], amount: Float) -> None:
    """Add the amount to each of the places, counted row by row, of which some may be the same."""
    np.add.at(table.reshape(-1), places, amount)
