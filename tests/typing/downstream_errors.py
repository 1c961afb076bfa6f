"""Mistakes that mypy must find: ``# E:`` names the codes due on its line, one for each error."""

import numpy as np

from w2v_verified import NaiveSoftmax, naive_softmax, naive_softmax_batch, negative_sampling
from w2v_verified.runtime.arrays import Matrix, Vector

Indices = np.ndarray[tuple[int], np.dtype[np.int64]]


def arguments(v_c: Vector[np.float64], V_c: Matrix[np.float64], o: Indices, U: Matrix[np.float64]) -> None:
    """Pass the wrong things."""
    naive_softmax(U, 1, v_c)  # E: arg-type arg-type
    naive_softmax(v_c, "1", U)  # E: arg-type
    naive_softmax(v_c, 1.0, U)  # E: arg-type
    naive_softmax(v_c, 1)  # E: call-arg
    naive_softmax(v_c, 1, U, center=0)  # E: call-arg
    naive_softmax(v_c, 1, U, out=(U, v_c))  # E: arg-type
    naive_softmax_batch(v_c, o, U)  # E: arg-type
    naive_softmax_batch(V_c, 1, U)  # E: arg-type
    naive_softmax([[1.0]], 1, U)  # E: list-item
    naive_softmax(v_c, 1, [1.0])  # E: list-item
    naive_softmax(v_c, 1, "U")  # E: arg-type
    negative_sampling(v_c, 1, U, [1.0])  # E: list-item
    negative_sampling(v_c, 1, U, 2)  # E: arg-type


def results(v_c: Vector[np.float64], V_c: Matrix[np.float64], o: Indices, U: Matrix[np.float64]) -> None:
    """Take what comes back for something else."""
    one = naive_softmax(v_c, 1, U)
    many = naive_softmax_batch(V_c, o, U)
    of_matrix(one.grad_v_c)  # E: arg-type
    of_matrix(one.loss)  # E: arg-type
    of_vector(one.grad_U)  # E: arg-type
    of_vector(many.grad_V_c)  # E: arg-type
    of_single(one.grad_v_c)  # E: arg-type
    of_vector(one.gradient)  # E: attr-defined
    of_matrix(many.grad_v_c)  # E: attr-defined
    one.loss = 0.0  # E: misc


def too_few(v_c: Vector[np.float64], U: Matrix[np.float64]) -> Matrix[np.float64]:
    """Forget the loss when unpacking, then forget to unpack."""
    _, grad_U = naive_softmax(v_c, 1, U)  # E: misc
    return naive_softmax(v_c, 1, U) if U.size else grad_U  # E: return-value


def other_precision(v_c: Vector[np.float64], U: Matrix[np.float64]) -> NaiveSoftmax[np.float32]:
    """Promise a precision that the arguments do not have."""
    return naive_softmax(v_c, 1, U)  # E: arg-type arg-type


def of_vector(gradient: Vector[np.float64]) -> None:
    """Take a gradient shaped like a vector."""


def of_matrix(gradient: Matrix[np.float64]) -> None:
    """Take a gradient shaped like a matrix."""


def of_single(gradient: Vector[np.float32]) -> None:
    """Take a gradient in single precision."""
