"""The steps of a law, one by one: what a statement adds to what is known, and the inputs and results of a call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from w2v_verified.notation.laws import Calling
from w2v_verified.notation.syntax import Pointing, Statement
from w2v_verified.verify.evaluation.batch import together
from w2v_verified.verify.evaluation.frames import Array
from w2v_verified.verify.laws.evaluating import Known
from w2v_verified.verify.laws.numbers import as_numbers, in_format, is_inside, rounded
from w2v_verified.verify.laws.reading import LawOfLoss
from w2v_verified.verify.record import Argument

__all__ = ["Input", "UnfitError", "handed", "inputs", "prepare", "take", "take_results"]


class UnfitError(ArithmeticError):
    """An argument that a statement makes is not exact in its format, or outside of its domain."""


@dataclass(frozen=True)
class Input:
    """One of the calls that a call over indices stands for: where it is, and its arguments in call order."""

    place: tuple[int, ...]
    arguments: dict[str, object]


def prepare(law: LawOfLoss, known: Known, dtype: np.dtype[np.floating]) -> None:
    """Take all statements that hang on no result.

    Raises:
        UnfitError: See ``take``.
    """
    for step in law.read.steps:
        if isinstance(step, Statement | Pointing) and step.target not in law.from_results:
            take(law, known, dtype, step)


def take(law: LawOfLoss, known: Known, dtype: np.dtype[np.floating], step: Statement | Pointing) -> None:
    """Add what a statement says; an argument that it makes is from then on what is handed over.

    One that hangs on results is rounded to the format; any other is exact in it.

    Raises:
        UnfitError: It makes an argument that cannot be handed over.
    """
    if isinstance(step, Pointing):
        known.indices[step.target] = known.position(step.position, step.bounds)
        return
    value = known.value(step.expression, step.bounds)
    argument = law.made.get(step.target)
    if argument is not None:
        held = rounded(value, dtype) if step.target in law.from_results else in_format(value, dtype)
        if held is None or not is_inside(held, argument):
            raise UnfitError(f"{step.target}: no number of {dtype} is exactly that, in its domain")
        value = as_numbers(held)
    known.numbers[step.target] = value


def inputs(law: LawOfLoss, known: Known, dtype: np.dtype[np.floating], call: Calling) -> Iterator[Input]:
    """The arguments of a call for every place of its indices."""
    arguments = law.called(call).arguments
    for place in np.ndindex(*(known.sizes[bound.axis] for bound in call.bounds)):
        held: dict[str, object] = {}
        for argument in arguments:
            made = call.given.get(argument.name)
            source = known.indices if argument.kind == "index" else known.numbers
            array = source[argument.name] if made is None else np.asarray(source[made.target][place])
            held[argument.name] = handed(array, dtype, argument)
        yield Input(place, held)


def handed(array: Array, dtype: np.dtype[np.floating], argument: Argument) -> object:
    """What is known of an argument in the form in which it is handed over."""
    if argument.kind == "array":
        return rounded(array, dtype)
    return array.astype(np.intp) if argument.axes else int(array)


def take_results(
    law: LawOfLoss, known: Known, call: Calling, made: Sequence[Input], results: Sequence[Mapping[str, Array]]
) -> None:
    """Add the results of a call, and what it was called with, by the names that the law has for them."""
    for argument in law.called(call).arguments:
        held = [np.asarray(each.arguments[argument.name]) for each in made]
        if argument.kind == "array":
            held = [as_numbers(array) for array in held]
        into = known.numbers if argument.kind == "array" else known.indices
        into[call.named(argument.name)] = _stacked(known, call, argument.axes, held)
    for name, axes in call.callee.results.items():
        balls = [each[name] for each in results]
        known.numbers[call.named(name)] = _stacked(known, call, axes, balls)


def _stacked(known: Known, call: Calling, axes: tuple[str, ...], arrays: Sequence[Array]) -> Array:
    shape = tuple(known.sizes[axis] for axis in call.over(axes))
    return together(arrays).reshape(shape) if arrays else np.empty(shape, dtype=object)
