"""Inequalities, tried out at sampled points: that finds a wrong one, and proves none."""

import itertools
import random
from typing import Any

import mpmath as mp

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.language.errors import ProofError, UndefinedError
from w2v_verified.symbolic.language.indices import axis_of, canonical, name_of
from w2v_verified.symbolic.proof.drawing import DIGITS, Names, entries_of, values_for
from w2v_verified.symbolic.proof.interpret import Setting

__all__ = ["try_out"]

_ENTRIES = 12
_SLACK = mp.mpf(10) ** -20
_POINTS, _MORE = 30, 3  # places of an axis beyond the least


def try_out(text: str, low: Any, high: Any, over: tuple[Any, ...], context: Context, names: Names) -> int:
    """See that ``low <= high`` at sampled points, for indices ``over``; at how many points it was looked at.

    Raises:
        ProofError: It does not hold at one of them, or has no value there.
    """
    axes = sorted({*names.axes, *(axis_of(i) for i in over), *context.fixed})
    points = 0
    for n in range(_POINTS):
        source = random.Random(n)
        least = {axis: context.least.get(axis, 0) for axis in axes}
        sizes = {axis: low + source.randint(0, _MORE) for axis, low in least.items()} | dict(context.fixed)
        values = values_for(names, sizes, source)
        if values is None:
            continue
        setting = Setting(sizes, {name: entries_of(array) for name, array in values.items()})
        setting.definitions |= context.definitions
        places = itertools.product(*(range(sizes[axis_of(i)]) for i in over))
        for place in itertools.islice(places, _ENTRIES):
            at = dict(zip(over, place, strict=True))
            with mp.workdps(DIGITS):
                try:
                    left, right = (setting.value(canonical(side), at) for side in (low, high))
                except UndefinedError as error:
                    raise ProofError(f"{text}: {error}", wrong=True) from None
            if left > right + _SLACK * (1 + abs(right)):
                where = {**sizes, **{name_of(i): n for i, n in at.items()}}
                shown = ", ".join(f"{name} = {value}" for name, value in where.items())
                above = f"{mp.nstr(left, 8)} is above {mp.nstr(right, 8)} at {shown}"
                raise ProofError(f"{text}: wrong: {above}", wrong=True)
            points += 1
    return points
