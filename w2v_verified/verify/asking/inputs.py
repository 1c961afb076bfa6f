"""The inputs that a property is tried on: of any size and length, or a few moderate numbers."""

from typing import Any, TypeAlias

import numpy as np

from w2v_verified.verify.asking.subject import Subject
from w2v_verified.verify.cases.arguments import Arguments, altered
from w2v_verified.verify.cases.draws import Choices, arguments_from
from w2v_verified.verify.contract.results import LONG
from w2v_verified.verify.record import Record

__all__ = ["any_floats", "any_length", "any_numbers", "few_numbers", "plain_numbers"]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

_LARGEST = 6
_FEW = 8  # entries of one argument
_STEPS = 4  # within 1: numbers that are short to read, and differ
_FLOATS = ("float64", "float32")
_MODERATE = ("small", "ordinary")


def any_numbers(choices: Choices, subject: Subject) -> Arguments:
    """Any shape, layout, format and magnitude that the implementation is asked about."""
    return _drawn(choices, subject, subject.formats)


def any_floats(choices: Choices, subject: Subject) -> Arguments:
    """The same in one floating format, with no stride negative: what no ordinary code refuses."""
    formats = tuple(each for each in subject.formats if each in _FLOATS)
    layouts = tuple(each for each in subject.library.layouts if each != "reversed")
    return _drawn(choices, subject, formats, layouts)


def few_numbers(choices: Choices, subject: Subject) -> Arguments:
    """Moderate numbers in float64 on short axes, for what looks at every entry in turn."""
    sizes = subject.sizes or (_short_axes(choices, subject.record),)
    layouts = subject.library.layouts
    return arguments_from(choices, subject.record, _LARGEST, _FLOATS[:1], layouts, _MODERATE, sizes)


def plain_numbers(choices: Choices, subject: Subject) -> Arguments:
    """The same without zeros and ties, on which wrong numbers may come out right: for what asks something else."""
    drawn = few_numbers(choices, subject)
    generator = np.random.default_rng(choices.integer(0, 2**32 - 1))

    def plain(array: Array) -> Array:
        values = generator.standard_normal(array.shape)
        plainer: Array = np.copysign(np.ceil(np.abs(values) * _STEPS) / _STEPS, values)
        return plainer

    return {**drawn, **altered(subject.record, drawn, plain)}


def any_length(choices: Choices, subject: Subject) -> Arguments:
    """Moderate numbers on axes that are short, or one of them long: buffers may be kept for some sizes alone."""
    axes = subject.record.axes
    short = {axis.name: max(choices.integer(1, 3), axis.minimum) for axis in axes}
    longest = choices.pick((None, *(axis.name for axis in axes)))
    sizes = short if longest is None else short | {longest: LONG}
    return arguments_from(
        choices, subject.record, _LARGEST, _FLOATS[:1], ("C",), _MODERATE, subject.sizes or (sizes,)
    )


def _drawn(
    choices: Choices, subject: Subject, formats: tuple[str, ...], layouts: tuple[str, ...] | None = None
) -> Arguments:
    lying = layouts or subject.library.layouts
    return arguments_from(
        choices, subject.record, _LARGEST, formats, lying, subject.magnitudes, subject.sizes
    )


def _short_axes(choices: Choices, record: Record) -> dict[str, int]:
    """Sizes of up to 3, or of up to 2 where an argument would have many entries."""
    sizes = {axis.name: choices.integer(axis.minimum, max(3, axis.minimum)) for axis in record.axes}
    most = max((_entries(argument.axes, sizes) for argument in record.arguments), default=0)
    if most <= _FEW:
        return sizes
    return {axis.name: min(sizes[axis.name], max(2, axis.minimum)) for axis in record.axes}


def _entries(axes: tuple[str, ...], sizes: dict[str, int]) -> int:
    count = 1
    for axis in axes:
        count *= sizes[axis]
    return count
