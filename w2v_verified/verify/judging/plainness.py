"""Which of several findings is the plainest: that is the one to look at first."""

import numpy as np

from w2v_verified.verify.judging.finding import Finding

__all__ = ["plainness"]

_FAILS = ("value", "return", "exception", "exit", "hang", "crash")
_SHOWS = ("warning", "inputs_untouched")


def plainness(finding: Finding) -> tuple[int, int, int]:
    """A key to sort by: what one call shows by itself first, then small inputs, then numbers of few digits.

    >>> small = Finding("value", "loss is inf", {"v_c": np.array([1000.0]), "U": np.ones((1, 2))})
    >>> large = Finding("warning", "gives a warning", {"v_c": np.ones(2), "U": np.full((2, 5), 0.1234567)})
    >>> sorted((large, small), key=plainness)[0] is small
    True
    """
    rank = 0 if finding.kind in _FAILS else 1 if finding.kind in _SHOWS else 2
    arrays = [np.asarray(value) for value in finding.arguments.values()]
    size = sum(array.size for array in arrays)
    return rank, size, sum(_digits(array) for array in arrays)


def _digits(array: np.ndarray) -> int:
    return sum(len(repr(number).removesuffix(".0").lstrip("-")) for number in set(array.ravel().tolist()))
