"""The inputs on which an explanation has to agree with what came back, every single one.

Their sizes differ from each other and from input to input, so that a factor of K is not taken for one of B; index
arguments differ, repeat and collide; columns tie; one input is square.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from w2v_verified.verify.cases.arguments import Arguments, cast, copied
from w2v_verified.verify.judging.accuracy import Standard
from w2v_verified.verify.judging.calling import Function, observe
from w2v_verified.verify.judging.dense import dense
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.record import Argument, Record, axis_sizes

__all__ = ["Probe", "inputs", "probe_all"]

Long = NDArray[np.longdouble]

_KINDS = (
    "apart",
    "apart",
    "apart",
    "repeated",
    "repeated",
    "colliding",
    "colliding",
    "tied",
    "tied",
    "square",
    "square",
)
_SIZES = (3, 5, 2, 4, 7, 6)
_POINTED_AT = 11
_SQUARE = 4
_ROUNDINGS = 64


@dataclass(frozen=True, eq=False)
class Probe:
    """One input, what came back and what is right."""

    record: Record
    arguments: Arguments
    observed: dict[str, NDArray[Any]]
    standard: Standard

    @cached_property
    def extents(self) -> dict[str, int]:
        """The size of every axis."""
        return axis_sizes(self.record, self.arguments)

    @cached_property
    def exact(self) -> dict[str, Long]:
        """The right results."""
        split = self.standard.exact.split
        return {name: high.astype(np.longdouble) + low for name, (high, low) in split.items()}

    def seen(self, result: str) -> Long:
        """What came back."""
        return self.observed[result].astype(np.longdouble)

    def agrees(self, result: str, expected: Long) -> bool:
        """Whether what came back is what is expected, up to rounding."""
        return _close(self.seen(result), expected, self._tolerance(result, expected))

    def differs(self, result: str, expected: Long) -> bool:
        """Whether what is expected can be told from what is right."""
        tolerance = 1000 * self._tolerance(result, expected)
        return not _close(self.exact[result], expected, tolerance)

    def right(self, result: str) -> bool:
        """Whether what came back is right."""
        bound = self.standard.bound("lax")[result]
        return _close(self.seen(result), self.exact[result], bound)

    def _tolerance(self, result: str, expected: Long) -> Long:
        """The bound of the right result, and a few roundings of the largest entry that is expected."""
        largest = np.abs(expected).max(initial=np.longdouble(0))
        rounding = _ROUNDINGS * np.finfo(self.standard.dtype).eps * largest
        bound: Long = self.standard.bound("lax")[result].astype(np.longdouble)
        return np.asarray(bound + rounding)


def _close(one: Long, other: Long, tolerance: NDArray[np.floating]) -> bool:
    with np.errstate(all="ignore"):
        return one.shape == other.shape and bool(np.all(np.abs(one - other) <= tolerance))


@lru_cache(maxsize=16)
def _standards(record: Record) -> tuple[Standard, ...]:
    """What the inputs are judged by, computed once for all implementations."""
    standards = tuple(Standard(record, arguments) for arguments in inputs(record))
    Standard.prepare(record, standards)
    return standards


def probe_all(
    function: Function, record: Record, declines: Callable[[Record, Arguments], str | None]
) -> list[Probe]:
    """Call the function on every input with known exact values that its convention promises something for.

    Those that it does not return from are left out.
    """
    probes = []
    for arguments, standard in zip(inputs(record), _standards(record), strict=True):
        if standard.known and declines(record, arguments) is None:
            returned, _ = observe(function, record, copied(arguments))
            if not isinstance(returned, Finding):
                held = {name: np.array(value) for name, value in dense(record, arguments, returned).items()}
                probes.append(Probe(record, arguments, held, standard))
    return probes


def inputs(record: Record) -> list[dict[str, object]]:
    """The inputs, the same in every run.

    >>> from w2v_verified.verify.record import load
    >>> len(inputs(load("naive_softmax")))
    11
    """
    return [_input(record, number, kind) for number, kind in enumerate(_KINDS)]


def _input(record: Record, number: int, kind: str) -> dict[str, object]:
    generator = np.random.default_rng(number)
    pointed = {argument.into for argument in record.arguments if argument.into is not None}
    shape = {
        axis.name: _SIZES[(place + number) % len(_SIZES)] if kind != "square" else _SQUARE
        for place, axis in enumerate(record.axes)
    }
    if kind != "square":
        count = sum(_places(record, shape).values())
        shape |= dict.fromkeys((p for p in pointed if p), max(_POINTED_AT + 2 * number, 1 + count))
    places = _places(record, shape)
    arguments: dict[str, object] = {}
    used: list[int] = []
    for argument in record.arguments:
        extent = tuple(shape[axis] for axis in argument.axes)
        if argument.into is None:
            arguments[argument.name] = _numbers(argument, extent, kind, generator)
            continue
        chosen = _indices(places[argument.name], shape[argument.into], used, kind, generator)
        used += chosen
        arguments[argument.name] = np.array(chosen, np.intp).reshape(extent) if extent else chosen[0]
    return arguments


def _places(record: Record, shape: Mapping[str, int]) -> dict[str, int]:
    """How many positions each index argument has."""
    return {
        a.name: int(np.prod([shape[axis] for axis in a.axes], dtype=np.intp))
        for a in record.arguments
        if a.kind == "index"
    }


def _numbers(
    argument: Argument, extent: tuple[int, ...], kind: str, generator: np.random.Generator
) -> NDArray[np.float64]:
    values = generator.standard_normal(extent)
    if kind == "tied" and len(extent) > 1:
        columns = values.T if argument.turned else values
        columns[..., 1::2] = columns[..., :-1:2][..., : columns[..., 1::2].shape[-1]]
    return np.abs(values) + 0.5 if argument.domain == "positive" else cast(values, values.dtype, argument)


def _indices(count: int, size: int, used: list[int], kind: str, generator: np.random.Generator) -> list[int]:
    """Indices that all differ; or repeat, but differ from earlier arguments'; or repeat those of earlier ones."""
    free = [int(i) for i in generator.permutation(size) if i not in used] or list(range(size))
    if kind in ("repeated", "tied"):
        free = free[: max(1, min(len(free), (count + 1) // 2))]
    if kind in ("colliding", "square"):
        free = [*used[:1], *free[: max(1, count // 2)]]
    return [free[place % len(free)] for place in range(count)]
