"""Random examples of arguments for any recorded function (a generator), by whoever makes the choices.

Choices come from Hypothesis, which shrinks, or from a seed, which is fast and never repeats itself. Hypothesis makes
five of six examples by varying an earlier one. That suits the search for a smaller failure, but a judge wants as many
different inputs as it can get; both draw from the same description of an example. Hypothesis' own way stands in
``strategies``, so that judging by seed need not import it.

How many choices an array takes does not depend on its shape, so that shapes shrink whatever else an example needs.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np

from w2v_verified.verify.cases.arguments import Index, cast, scaled
from w2v_verified.verify.cases.layouts import LAYOUTS
from w2v_verified.verify.record import Argument, Record

__all__ = [
    "DTYPES",
    "MAGNITUDES",
    "Choices",
    "Rolled",
    "arguments_by_seed",
    "arguments_from",
    "indices_from",
    "numbers_from",
    "sizes_from",
]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
T = TypeVar("T")

DTYPES = ("float64", "float32", "mixed", "integers")
"""What examples draw from, simplest first."""

MAGNITUDES = ("small", "ordinary", "wide", "logits", "gap", "huge", "denormal")
"""What examples draw from, simplest first."""

_LONGEST, _LONGER = 300, 20
_ONE_IN, _LONGER_IN = 20, 5
_DRAWN_BY_THEMSELVES = 6
_REACH = {"small": 3, "ordinary": 4, "wide": 1000}
_SCALES = {
    "logits": (20.0, 1000.0),
    "gap": (1900.0, 2100.0),
    "huge": (1e14, 1e15),
    "denormal": (1e-320, 1e-39),
}
_TIES = ("none", "none", "equal slices", "zero slice", "all equal")


class Choices(Protocol):
    """A source of choices; the simplest is the lowest integer, the plainest number, the first option."""

    def integer(self, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, both included."""

    def real(self, low: float, high: float) -> float:
        """A number from ``low`` to ``high``."""

    def pick(self, options: Sequence[T]) -> T:
        """One of some options."""


class Rolled:
    """Choices that a seed makes: the same ones for the same seed, on every machine."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def integer(self, low: int, high: int) -> int:
        """An integer, all alike."""
        return self._random.randint(low, high)

    def real(self, low: float, high: float) -> float:
        """A number of any size in the range: now and then a border, zero or an integer, for the sake of ties."""
        if self._random.random() < 0.25:
            plain = [low, high, *(number for number in (0.0, 1.0, -1.0) if low <= number <= high)]
            return self._random.choice(plain)
        if low > 0 and high / low > 1e3:
            return math.exp(self._random.uniform(math.log(low), math.log(high)))
        return self._random.uniform(low, high)

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all alike."""
        return self._random.choice(options)


def arguments_by_seed(
    record: Record,
    seed: int,
    count: int,
    dtypes: Sequence[str] = DTYPES,
    layouts: Sequence[str] = tuple(LAYOUTS),
    sizes: Sequence[Mapping[str, int]] | None = None,
) -> Iterator[dict[str, object]]:
    """``count`` examples like those of ``strategies.arguments_for``, all different, the same ones for the same seed."""
    for number in range(count):
        choices = Rolled(Random(f"{record.name} {seed} {number}"))
        yield arguments_from(choices, record, 6, dtypes, layouts, MAGNITUDES, sizes)


def arguments_from(
    choices: Choices,
    record: Record,
    largest: int,
    dtypes: Sequence[str],
    layouts: Sequence[str],
    magnitudes: Sequence[str],
    among: Sequence[Mapping[str, int]] | None = None,
) -> dict[str, object]:
    """Arguments of one call, by name, in call order: shapes, dtypes, layouts, magnitudes, ties and indices.

    The sizes of the axes are ``among`` some, where some are given.
    """
    if among is None:
        sizes: Mapping[str, int] = sizes_from(choices, record, largest)
    else:
        sizes = among[choices.integer(0, len(among) - 1)]
    held = _dtypes(choices, record, dtypes)
    magnitude = choices.pick(magnitudes)
    scaled_one = choices.pick([each.name for each in record.arguments if each.kind == "array"])
    drawn: dict[str, object] = {}
    for argument in record.arguments:
        shape = tuple(sizes[axis] for axis in argument.axes)
        if argument.into is not None:
            drawn[argument.name] = indices_from(choices, shape, sizes[argument.into])
            continue
        values = numbers_from(choices, shape, magnitude if magnitude in _REACH else "ordinary")
        if magnitude in _SCALES and argument.name == scaled_one:
            values = scaled(values, choices.real(*_SCALES[magnitude]))
        values = _with_ties(choices, values)
        layout = LAYOUTS[choices.pick(layouts)]
        drawn[argument.name] = layout(cast(values, held[argument.name], argument))
    return _colliding(record, drawn) if choices.pick((False, False, True)) else drawn


def sizes_from(choices: Choices, record: Record, largest: int) -> dict[str, int]:
    """A size for every axis, each from its minimum."""
    if not record.axes:
        return {}
    sizes = {axis.name: choices.integer(axis.minimum, max(largest, axis.minimum)) for axis in record.axes}
    chance = choices.integer(0, _ONE_IN - 1)
    # Drawn whether they are used or not, so that the choices after them stay what they are when Hypothesis shrinks.
    long, longer = choices.pick(list(sizes)), choices.integer(largest + 1, _LONGER)
    if chance > _ONE_IN - 1 - _LONGER_IN:  # not near zero: Hypothesis shrinks towards it
        sizes = {name: min(size, 3) for name, size in sizes.items()}
        drawn = choices.integer(largest + 1, _LONGEST) if chance == _ONE_IN - 1 else longer
        sizes[long] = min(drawn, int((_LONGEST + 0.5) ** (1 / record.repeated(long))))
    return sizes


def _dtypes(choices: Choices, record: Record, dtypes: Sequence[str]) -> Mapping[str, np.dtype[Any]]:
    """A dtype for every array: one for all, or in "mixed" floats of both sizes and integers side by side."""
    kind = choices.pick(dtypes)
    names = [argument.name for argument in record.arguments if argument.kind == "array"]
    if kind == "mixed":
        return {name: np.dtype(choices.pick(("float64", "float32", "int64"))) for name in names}
    one = np.dtype(choices.pick(("int64", "int32")) if kind == "integers" else kind)
    return dict.fromkeys(names, one)


def numbers_from(choices: Choices, shape: tuple[int, ...], magnitude: str) -> Array:
    """Float64 numbers: zero or normally distributed throughout, and a few entries chosen by themselves."""
    reach = _REACH[magnitude]
    count = int(np.prod(shape, dtype=np.intp))
    values = np.zeros(count)
    if choices.integer(0, 7):  # zeros are the simplest, and rare
        values = np.random.default_rng(choices.integer(0, 2**32 - 1)).standard_normal(count) * (reach / 4)
        # Away from zero: where a failure needs an entry that is not 0, every seed has one, whatever the shape.
        values = np.copysign(np.ceil(np.abs(values)), values) if magnitude == "small" else values
    for _ in range(choices.integer(0, _DRAWN_BY_THEMSELVES)):
        place = choices.integer(0, 2**16)
        value = choices.integer(-reach, reach) if magnitude == "small" else choices.real(-reach, reach)
        if count:
            values[place % count] = value
    return values.reshape(shape)


def indices_from(choices: Choices, shape: tuple[int, ...], size: int) -> Index:
    """One index (shape ``()``) or an array of them: free, all the same, or all the last."""
    if shape == ():
        index = choices.integer(0, size - 1)
        return np.int64(index) if choices.pick((False, False, True)) else index
    count = int(np.prod(shape, dtype=np.intp))
    kind = choices.pick(("free", "free", "same", "last"))
    same = size - 1 if kind == "last" else choices.integer(0, size - 1)
    drawn = [choices.integer(0, size - 1) if kind == "free" else same for _ in range(count)]
    dtype = choices.pick(("int64", "int32"))
    return LAYOUTS[choices.pick(tuple(LAYOUTS))](np.array(drawn, dtype=dtype).reshape(shape))


def _with_ties(choices: Choices, values: Array) -> Array:
    """Perhaps make slices of an array equal or zero: what random numbers never are."""
    kind = choices.pick(_TIES)
    if kind == "none" or values.size < 2:
        return values
    if kind == "all equal":
        return np.full_like(values, values.flat[0])
    tied = values.copy()
    slices = np.moveaxis(tied, choices.integer(0, values.ndim - 1), 0)
    chosen = [choices.integer(0, len(slices) - 1) for _ in range(choices.integer(1, 4))]
    slices[chosen] = 0.0 if kind == "zero slice" else slices[chosen[0]].copy()
    return tied


def _colliding(record: Record, arguments: dict[str, object]) -> dict[str, object]:
    """Let one entry of every index array coincide with the first index argument into the same axis."""
    first: dict[str, Argument] = {}
    changed = dict(arguments)
    for argument in record.arguments:
        if argument.into is None:
            continue
        leader = first.setdefault(argument.into, argument)
        own, target = np.array(arguments[argument.name]), np.asarray(arguments[leader.name])
        if leader is not argument and own.size and target.size:
            own.flat[-1] = target.flat[0]
            changed[argument.name] = own if own.ndim else int(own)
    return changed
