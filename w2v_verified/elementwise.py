"""Functions of real numbers that generated code uses and NumPy does not have, without overflow or cancellation."""

from typing import Any

import numpy as np

__all__ = ["sigmoid", "softplus"]


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)) elementwise, accurate relative to itself on both sides.

    >>> sigmoid(np.array([0.0, -1000.0, 1000.0]))
    array([0.5, 0. , 1. ])
    """
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small, np.ones_like(small)) / (1 + small)


def softplus(x: Any) -> Any:
    """log(1 + exp(x)) elementwise, accurate relative to itself on both sides.

    >>> softplus(np.array([0.0, -50.0, 1000.0]))
    array([6.93147181e-01, 1.92874985e-22, 1.00000000e+03])
    """
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
