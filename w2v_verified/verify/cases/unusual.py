"""Inputs of a kind that an implementation need not be made for, though w2v_verified's own functions are.

Floats of two formats side by side, integers where floats belong, and negative strides, which other array libraries do
not have. Wrong numbers count on these as on all inputs; two things do not: to refuse them with an exception, and to
compute in the narrower of two formats.
"""

import numpy as np

from w2v_verified.verify.cases.arguments import Arguments, arrays
from w2v_verified.verify.record import Record

__all__ = ["EMPTY", "NARROWER", "REFUSED", "has_empty_axis", "is_unusual", "narrower"]

REFUSED = "integers, two floating formats or negative strides refused with an exception"
"""Why an exception on such an input does not count."""

NARROWER = "two floating formats, and the narrower one computed in"
"""Why an error that is none in the narrower format does not count."""


EMPTY = "an axis without places, refused with an exception or answered with NaN, as a mean over nothing is"
"""Why an exception, a warning or NaN does not count where an axis has no places."""


def has_empty_axis(arguments: Arguments) -> bool:
    """Whether some argument has no entries: the context of a window at the edge, no negatives, no pairs."""
    return any(np.size(np.asarray(value)) == 0 for value in arguments.values())


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


def narrower(record: Record, arguments: Arguments) -> np.dtype[np.floating] | None:
    """The narrower of two floating formats, or None where there is one."""
    formats = {
        a.dtype if a.dtype.kind == "f" else np.dtype(np.float64) for a in arrays(record, arguments).values()
    }
    return min(formats, key=lambda dtype: dtype.itemsize) if len(formats) > 1 else None
