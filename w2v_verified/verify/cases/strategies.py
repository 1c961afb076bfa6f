"""Hypothesis strategies for the arguments of any recorded function.

``arguments_for(loss)`` shrinks to every axis at 1 or 2, float64, C order, zeros.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from hypothesis import strategies as st

from w2v_verified.verify.cases.arguments import Index
from w2v_verified.verify.cases.draws import DTYPES, MAGNITUDES, Choices, arguments_from, indices_from
from w2v_verified.verify.cases.layouts import LAYOUTS
from w2v_verified.verify.engine import record_of
from w2v_verified.verify.record import Record

__all__ = ["arguments_for", "indices_for", "made_by"]

T = TypeVar("T")


# Made once: Hypothesis looks at the arguments of a strategy anew each time it is asked for one.
_integers, _floats, _options = cache(st.integers), cache(st.floats), cache(st.sampled_from)


class _Drawn:
    """Choices that Hypothesis makes, and shrinks."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        """An integer that shrinks towards zero, or else towards ``low``."""
        return self._draw(_integers(low, high))

    def real(self, low: float, high: float) -> float:
        """A number that shrinks towards a plain one."""
        return self._draw(_floats(low, high))

    def pick(self, options: Sequence[T]) -> T:
        """An option that shrinks towards the first."""
        option: T = self._draw(_options(tuple(options)))
        return option


@st.composite
def made_by(draw: st.DrawFn, make: Callable[[Choices], T]) -> T:
    """What a function makes of choices: Hypothesis makes these, and shrinks them."""
    return make(_Drawn(draw))


def arguments_for(
    loss: str | Path | Record,
    *,
    largest: int = 6,
    dtypes: Sequence[str] = DTYPES,
    layouts: Sequence[str] = tuple(LAYOUTS),
    magnitudes: Sequence[str] = MAGNITUDES,
    sizes: Sequence[Mapping[str, int]] | None = None,
) -> st.SearchStrategy[dict[str, object]]:
    """A Hypothesis strategy for the arguments of one call, by name, in call order.

    Args:
        loss: What the arguments are for: a registered loss, the path of a definition, or a record.
        largest: The largest ordinary size of an axis; one draw in five has an axis of up to 20, one in twenty
            one of up to 300.
        dtypes: Which of ``DTYPES`` to draw from.
        layouts: Which of ``LAYOUTS`` to draw from.
        magnitudes: Which of ``MAGNITUDES`` to draw from.
        sizes: Sizes of all axes to choose from, in place of any.

    Raises:
        TypeError: ``loss`` is none of the three.
        ValueError: There is no such loss, or the definition is refused.

    >>> from hypothesis import find
    >>> find(arguments_for("naive_softmax"), lambda arguments: True)
    {'v_c': array([0.]), 'o': 0, 'U': array([[0.]])}
    """
    record = record_of(loss)
    return made_by(
        lambda choices: arguments_from(choices, record, largest, dtypes, layouts, magnitudes, sizes)
    )


@st.composite
def indices_for(draw: st.DrawFn, shape: tuple[int, ...], size: int) -> Index:
    """One index (shape ``()``) or an array of them into an axis of ``size``: free, all the same, or all the last."""
    return indices_from(_Drawn(draw), shape, size)
