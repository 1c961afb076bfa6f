"""Draw inputs of a law, so that what is made of them is exact.

Numbers are small multiples of a power of two. Orthogonal matrices permute and reflect the axes, and may turn the plane
of two of them by the angle of the triangle with sides 3, 4 and 5; then all numbers are multiples of 5 besides.
"""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from w2v_verified.verify.cases.draws import Choices, indices_from, numbers_from
from w2v_verified.verify.evaluation.frames import Array
from w2v_verified.verify.law import Letting
from w2v_verified.verify.laws.example import Example, example_of
from w2v_verified.verify.laws.reading import LawOfLoss
from w2v_verified.verify.laws.steps import UnfitError
from w2v_verified.verify.record import Argument

__all__ = ["LawError", "draw"]

_TRIES = 8
_UNIT = 3  # numbers are multiples of 2 to minus that
_FEWEST = 8  # of these multiples lie between two ends
_MAGNITUDES = ("ordinary", "small")
_LARGEST_SEED = 2**32 - 1
_MORE = (0, 1, 2, 3, 4, 2)  # places than an axis has to have
_TURN = np.array([[Fraction(3, 5), Fraction(-4, 5)], [Fraction(4, 5), Fraction(3, 5)]])


class LawError(ValueError):
    """A law whose inputs can hardly ever be made as it says."""


def draw(
    choices: Choices,
    law: LawOfLoss,
    formats: Sequence[str] = ("float64",),
    sizes: Sequence[Mapping[str, int]] | None = None,
) -> Example:
    """Make an example out of choices.

    Args:
        choices: Who makes them.
        law: What it is for.
        formats: The formats to choose from.
        sizes: Sizes of the axes of the loss to choose from, in place of any.

    Raises:
        LawError: Arguments that statements make are not exact, however often it is tried.
    """
    reason = ""
    for _ in range(_TRIES):
        try:
            return example_of(law, _given(choices, law, np.dtype(choices.pick(formats)), sizes))
        except UnfitError as error:
            reason = str(error)
    raise LawError(f"law {law.law.name!r}: {reason}, whatever is drawn")


def _given(
    choices: Choices, law: LawOfLoss, dtype: np.dtype[Any], wanted: Sequence[Mapping[str, int]] | None
) -> dict[str, object]:
    sizes = _sizes(choices, law, wanted)
    turns = [bool(each.orthogonal and choices.pick((False, True))) for each in law.law.letting]
    multiple = 5 ** sum(
        turn and sizes[each.axes[0]] > 1 for turn, each in zip(turns, law.law.letting, strict=True)
    )
    held: dict[str, object] = {}
    for argument in law.record.arguments:
        shape = tuple(sizes[axis] for axis in argument.axes)
        if argument.name in law.read.given:
            continue
        if argument.into is not None:
            held[argument.name] = indices_from(choices, shape, sizes[argument.into])
        else:
            held[argument.name] = _numbers(choices, shape, argument, multiple).astype(dtype)
    for each, turn in zip(law.law.letting, turns, strict=True):
        shape = tuple(sizes[axis] for axis in each.axes)
        held[each.name] = _quantity(choices, each, shape, sizes, turn, multiple)
    return held | sizes


def _sizes(choices: Choices, law: LawOfLoss, wanted: Sequence[Mapping[str, int]] | None) -> dict[str, int]:
    """How long the axes are: as the law says, or a few places, and long enough for what points into them."""
    sizes = {axis: least + choices.pick(_MORE) for axis, least in law.least.items()}
    if wanted is not None:
        sizes |= choices.pick(wanted)
    fixed = dict(law.law.sizes)
    sizes |= fixed
    for each in (*law.law.letting, *law.law.letting):  # what one makes longer may point somewhere itself
        if each.into is not None:
            _make_room(each, sizes, fixed)
    return sizes


def _make_room(each: Letting, sizes: dict[str, int], fixed: Mapping[str, int]) -> None:
    """See that an index has somewhere to point at, and different places where it is one to one."""
    into = str(each.into)
    entries = math.prod(sizes[axis] for axis in each.axes)
    due = entries if each.one_to_one else min(1, entries)
    if sizes[into] >= due:
        return
    if into not in fixed:
        sizes[into] = due
    elif len(each.axes) == 1:
        sizes[each.axes[0]] = sizes[into]


def _quantity(
    choices: Choices,
    each: Letting,
    shape: tuple[int, ...],
    sizes: Mapping[str, int],
    turn: bool,
    multiple: int,
) -> object:
    if each.orthogonal:
        return _orthogonal(choices, shape[0], turn)
    if each.into is None:
        ends = Argument(each.name, each.kind, each.axes, "", each.domain, between=each.between)
        return _numbers(choices, shape, ends, multiple)
    if each.one_to_one:
        generator = np.random.default_rng(choices.integer(0, _LARGEST_SEED))
        order = generator.permutation(sizes[each.into])
        if np.array_equal(order, np.arange(order.size)):
            order[:2] = order[:2][::-1]  # what changes nothing shows nothing
        return order[: math.prod(shape)].reshape(shape)
    return indices_from(choices, shape, sizes[each.into]) if math.prod(shape) else np.zeros(shape, np.intp)


def _numbers(choices: Choices, shape: tuple[int, ...], argument: Argument, multiple: int) -> Array:
    """Multiples of a power of two in a domain, and of something else too where that bounds no more than one side."""
    low, high = argument.ends
    bits = _UNIT
    if math.isfinite(low) and math.isfinite(high):
        bits, multiple = max(bits, math.ceil(math.log2(_FEWEST / (high - low)))), 1
    if (math.isfinite(low) and low < 0) or math.isfinite(high):
        multiple = 1
    unit = 2.0 ** -(bits + math.ceil(math.log2(multiple)))
    steps = np.rint(numbers_from(choices, shape, choices.pick(_MAGNITUDES)) / (unit * multiple))
    least = low if math.isinf(low) else math.floor(low / unit) + (argument.domain != "nonnegative")
    most = high if math.isinf(high) else math.ceil(high / unit) - 1
    return np.asarray(_turned_inwards(steps, least, most) * unit * multiple)


def _turned_inwards(steps: Array, least: float, most: float) -> Array:
    if math.isfinite(least) and math.isfinite(most):
        return np.asarray(least + np.mod(steps - least, most - least + 1))
    if math.isfinite(least):
        return np.asarray(least + np.abs(steps - least))
    return np.asarray(most - np.abs(steps - most)) if math.isfinite(most) else steps


def _orthogonal(choices: Choices, size: int, turn: bool) -> Array:
    """A matrix of fractions: a signed permutation, and a turn of the first two axes after it."""
    generator = np.random.default_rng(choices.integer(0, _LARGEST_SEED))
    signs = generator.choice([-1, 1], size)
    matrix = (np.eye(size, dtype=int)[generator.permutation(size)] * signs).astype(object)
    matrix = matrix * Fraction(1)
    if turn and size > 1:
        matrix[:2] = _TURN @ matrix[:2]
    return np.asarray(matrix)
