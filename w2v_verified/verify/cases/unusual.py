"""Inputs of a kind that an implementation need not be made for, though w2v_verified's own functions are.

Floats of two formats side by side, integers where floats belong, and negative strides, which other array libraries do
not have. Wrong numbers count on these as on all inputs; two things do not: to refuse them with an exception, and to
compute in the narrower of two formats.
"""

from functools import lru_cache

import numpy as np

from w2v_verified.notation.syntax import Binary, Name, nodes
from w2v_verified.verify.cases.arguments import Arguments, arrays
from w2v_verified.verify.record import Record, axis_sizes

__all__ = ["EMPTY", "NARROWER", "REFUSED", "excuse", "is_mean_of_nothing", "is_unusual", "narrower"]

REFUSED = "integers, two floating formats or negative strides refused with an exception"
"""Why an exception on such an input does not count."""

NARROWER = "two floating formats, and the narrower one computed in"
"""Why an error that is none in the narrower format does not count."""


EMPTY = "a mean over no places answered with NaN, as NumPy does"
"""Why NaN and the warning that comes with it do not count where a mean is due over an axis without places."""


def is_mean_of_nothing(record: Record, arguments: Arguments) -> bool:
    """Whether the definition divides by the size of an axis that has no places: the context at the edge of a text."""
    sizes = axis_sizes(record, arguments)
    return any(sizes.get(axis) == 0 for axis in _averaged(record))


@lru_cache(maxsize=256)
def _averaged(record: Record) -> frozenset[str]:
    """The axes whose sizes are in divisors."""
    program = record.programs["definition"]
    divisors = [node.right for node in nodes(program) if isinstance(node, Binary) and node.operator == "/"]
    named = {node.name for divisor in divisors for node in nodes(divisor) if isinstance(node, Name)}
    return frozenset(named & {axis.name for axis in record.axes})


def is_unusual(record: Record, arguments: Arguments) -> bool:
    """Whether an input is of this kind.

    >>> from w2v_verified.verify.record import load
    >>> is_unusual(load("naive_softmax"), {"v_c": np.ones(2), "o": 0, "U": np.ones((2, 2), np.float32)})
    True
    """
    held = arrays(record, arguments).values()
    strides = [s for each in arguments.values() if isinstance(each, np.ndarray) for s in each.strides]
    return (
        len({a.dtype for a in held}) > 1
        or any(a.dtype.kind != "f" for a in held)
        or min(strides, default=0) < 0
    )


def excuse(kind: str, record: Record, arguments: Arguments) -> str | None:
    """Why an "exception" does not count on an input; None if it does."""
    return REFUSED if kind == "exception" and is_unusual(record, arguments) else None


def narrower(record: Record, arguments: Arguments) -> np.dtype[np.floating] | None:
    """The narrower of two floating formats, or None where there is one."""
    formats = {
        a.dtype if a.dtype.kind == "f" else np.dtype(np.float64) for a in arrays(record, arguments).values()
    }
    return min(formats, key=lambda dtype: dtype.itemsize) if len(formats) > 1 else None
