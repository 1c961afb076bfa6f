"""Inequalities, tried out at sampled points: that finds a wrong one, and proves none."""

import itertools
import random
from typing import Any

import mpmath as mp
import numpy as np

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.errors import ProofError, UndefinedError
from w2v_verified.symbolic.language.indices import axis_of, canonical, name_of
from w2v_verified.symbolic.language.intervals import REALS
from w2v_verified.symbolic.proof.drawing import ENOUGH, MORE_DIGITS, Names, entries_of, values_for
from w2v_verified.symbolic.proof.interpret import Setting
from w2v_verified.symbolic.proof.sampling import Numbers

__all__ = ["try_out"]

_POINTS = 40
_MORE = 3  # places of an axis beyond the least
_ENTRIES = 12
_SLACK = mp.mpf(10) ** -200
_SCALES = (1, 1, 4, 1000, 10**6, 0)


def try_out(text: str, low: Any, high: Any, over: tuple[Any, ...], context: Context, names: Names) -> None:
    """See that ``low <= high`` at sampled points, for indices ``over``: moderate ones, large ones, equal ones and 0.

    Raises:
        ProofError: It does not hold at one of them, has no value there, or there are too few points to tell.
    """
    axes = sorted({*names.axes, *(axis_of(i) for i in over), *context.fixed})
    points = 0
    for n in range(_POINTS):
        source = random.Random(n)
        least = {axis: context.least.get(axis, 0) for axis in axes}
        sizes = {axis: few + source.randint(0, _MORE) for axis, few in least.items()} | dict(context.fixed)
        values = values_for(names, sizes, source, MORE_DIGITS)
        if values is None:
            continue
        values = {name: _at_scale(name, array, names, n) for name, array in values.items()}
        setting = Setting(sizes, {name: entries_of(array) for name, array in values.items()})
        setting.definitions |= context.definitions
        places = itertools.product(*(range(sizes[axis_of(i)]) for i in over))
        for place in itertools.islice(places, _ENTRIES):
            points += _holds(text, low, high, setting, dict(zip(over, place, strict=True)), sizes)
    if points < ENOUGH:
        raise ProofError(
            f"{text}: not proved, and evaluated at {points} of the {ENOUGH} points that would tell"
        )


def _at_scale(name: str, array: Numbers, names: Names, point: int) -> Numbers:
    """Entries that may be any numbers at the scale of a point, those of every other scale all equal."""
    anywhere = (
        name in names.arrays and name not in names.orthogonal and names.ranges.get(name, REALS) == REALS
    )
    if not anywhere or not array.size:
        return array
    scale = _SCALES[point % len(_SCALES)]
    equal = point // len(_SCALES) % 3 == 2
    return np.full_like(array, array.flat[0] * scale) if equal else array * scale


def _holds(
    text: str, low: Any, high: Any, setting: Setting, at: dict[Any, int], sizes: dict[str, int]
) -> bool:
    """Whether it could be evaluated at one place, and holds there.

    Raises:
        ProofError: It does not.
    """
    with mp.workdps(MORE_DIGITS):
        try:
            left, right = (setting.value(canonical(side), at) for side in (low, high))
        except UndefinedError as error:
            raise ProofError(f"{text}: {error}", wrong=True) from None
        except OverflowError:
            return False  # a tower of exponentials: nothing is learned here
        if left <= right + _SLACK * (1 + abs(right)):
            return True
        shown = next((n for n in (8, 20, 50) if mp.nstr(left, n) != mp.nstr(right, n)), MORE_DIGITS)
        where = {**sizes, **{name_of(i): n for i, n in at.items()}}
        said = ", ".join(f"{name} = {value}" for name, value in where.items())
        above = f"{mp.nstr(left, shown)} is above {mp.nstr(right, shown)}"
        raise ProofError(f"{text}: wrong: {above} at {said}", wrong=True)
