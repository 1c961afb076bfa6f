"""What a user of the package writes: gradient descent on one pair and on a minibatch, in either precision."""

from typing import Any, TypeVar, assert_type

import numpy as np

from w2v_verified import (
    NaiveSoftmax,
    NaiveSoftmaxBatch,
    naive_softmax,
    naive_softmax_batch,
    negative_sampling,
)
from w2v_verified.runtime.arrays import Matrix, Vector

Float = TypeVar("Float", bound=np.floating[Any])
Indices = np.ndarray[tuple[int], np.dtype[np.int64]]


def step(v_c: Vector[Float], o: int, U: Matrix[Float], rate: float) -> float:
    """Descend once, in place."""
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    v_c -= rate * grad_v_c
    U -= rate * grad_U
    return loss


def batch_step(V_c: Matrix[Float], o: Indices, U: Matrix[Float], rate: float) -> float:
    """Descend once on a minibatch, in place, into buffers of the caller's."""
    buffers = np.empty_like(V_c), np.empty_like(U)
    result = naive_softmax_batch(V_c, o, U, out=buffers)
    V_c -= rate * result.grad_V_c
    U -= rate * result.grad_U
    return result.loss


def single() -> NaiveSoftmax[np.float32]:
    """Keep float32 through a step."""
    v_c: Vector[np.float32] = np.ones(3, dtype=np.float32)
    U: Matrix[np.float32] = np.ones((3, 5), dtype=np.float32)
    assert_type(step(v_c, np.int64(2).item(), U, rate=0.1), float)
    result = naive_softmax(v_c, np.int64(2), U)
    assert_type(result.loss, float)
    assert_type(result.grad_v_c, Vector[np.float32])
    assert_type(result.grad_U, Matrix[np.float32])
    return result


def double() -> NaiveSoftmaxBatch[np.float64]:
    """Keep float64 through a minibatch."""
    V_c: Matrix[np.float64] = np.ones((3, 2))
    U: Matrix[np.float64] = np.ones((3, 5))
    o: Indices = np.array([4, 0])
    assert_type(batch_step(V_c, o, U, rate=0.1), float)
    result = naive_softmax_batch(V_c, o, U)
    assert_type(result.grad_V_c, Matrix[np.float64])
    return result


def lists() -> Matrix[np.float64]:
    """Give lists and tuples; numbers of Python alone count as float64."""
    v_c: Vector[np.float32] = np.ones(2, dtype=np.float32)
    U: Matrix[np.float32] = np.ones((2, 3), dtype=np.float32)
    assert_type(negative_sampling(v_c, 0, U, [1, 2]).grad_v_c, Vector[np.float32])
    assert_type(negative_sampling(v_c, 0, U, negatives=()).grad_v_c, Vector[np.float32])
    assert_type(naive_softmax((1.0, 2), 0, U).grad_v_c, Vector[np.float32])
    result = naive_softmax([1.0, 2], 0, [[1.0, 0.0], (0, 1)])
    return result.grad_U
