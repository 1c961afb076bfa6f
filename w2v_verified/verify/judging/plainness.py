"""Which of several findings is the plainest: that is the one to look at first."""

import numpy as np

from w2v_verified.verify.cases.layouts import layout_of
from w2v_verified.verify.judging.finding import Finding

__all__ = ["plainness"]

_SHOWN_BY_A_CALL = (
    ("value", "return", "exception", "exit", "hang", "crash"),
    ("warning", "inputs_untouched"),
)
_PLAIN_DTYPES = (np.dtype(np.float64), np.dtype(np.intp))


def plainness(finding: Finding) -> tuple[int, int, int]:
    """A key to sort by: what a call on plain arrays shows comes first, then small inputs, then numbers of few digits.

    >>> small = Finding("value", "loss is inf", {"v_c": np.array([1000.0]), "U": np.ones((1, 2))})
    >>> large = Finding("warning", "gives a warning", {"v_c": np.ones(2), "U": np.full((2, 5), 0.1234567)})
    >>> sorted((large, small), key=plainness)[0] is small
    True
    """
    arrays = [np.asarray(value) for value in finding.arguments.values()]
    odd = any(layout_of(array) != "C" or array.dtype not in _PLAIN_DTYPES for array in arrays)
    shown = next((rank for rank, kinds in enumerate(_SHOWN_BY_A_CALL) if finding.kind in kinds), None)
    rank = 2 * len(_SHOWN_BY_A_CALL) if shown is None else shown + len(_SHOWN_BY_A_CALL) * odd
    size = sum(array.size for array in arrays)
    return rank, size, sum(_digits(array) for array in arrays)


def _digits(array: np.ndarray) -> int:
    return sum(len(repr(number).removesuffix(".0").lstrip("-")) for number in set(array.ravel().tolist()))
