"""One input of a law: the arguments of its first call, its own quantities, and what statements make of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from w2v_verified.verify.evaluation.balls import ctx
from w2v_verified.verify.evaluation.frames import Array
from w2v_verified.verify.laws.evaluating import PRECISION, Known
from w2v_verified.verify.laws.numbers import as_numbers
from w2v_verified.verify.laws.reading import LawOfLoss
from w2v_verified.verify.laws.steps import handed, prepare

__all__ = ["Example", "example_of"]


@dataclass(frozen=True)
class Example:
    """One input of a law, in the words of the definition.

    Attributes:
        dtype: The format of all floating arguments.
        given: The arguments of the first call in their order, the quantities of the law, and the sizes of its
            own axes.
        known: What is known before any call.
    """

    dtype: np.dtype[np.floating]
    given: dict[str, object]
    known: Known


def example_of(law: LawOfLoss, given: Mapping[str, object]) -> Example:
    """The example with these arguments, quantities and sizes; arguments that statements make may be missing.

    Raises:
        UnfitError: What statements make of them is not exact in the format.
    """
    sizes = {axis: int(str(given[axis])) for axis in law.least if axis in given}
    numbers: dict[str, Array] = {}
    indices: dict[str, Array] = {}
    dtype = np.dtype(np.float64)
    for name, axes, is_index in _quantities(law):
        if name not in given:
            continue
        array = np.asarray(given[name])
        sizes |= dict(zip(axes, array.shape, strict=True))
        (indices if is_index else numbers)[name] = array if is_index else as_numbers(array)
        dtype = array.dtype if array.dtype.kind == "f" and name not in law.letting else dtype
    known = Known({**law.least, **law.read.text.sizes, **sizes}, numbers, indices)
    with ctx.workprec(PRECISION):
        prepare(law, known, dtype)
    whole: dict[str, object] = {}
    for argument in law.record.arguments:
        held = indices[argument.name] if argument.kind == "index" else numbers[argument.name]
        if argument.name in given and argument.name not in law.read.given:
            whole[argument.name] = given[argument.name]
        else:
            whole[argument.name] = handed(held, dtype, argument)
    own = (*law.letting, *(axis for axis, _ in law.law.axes))
    return Example(dtype, whole | {name: given[name] for name in own if name in given}, known)


def _quantities(law: LawOfLoss) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Name and axes of every argument of the first call and every quantity, and whether it is an index."""
    for argument in law.record.arguments:
        yield argument.name, argument.axes, argument.kind == "index"
    for each in law.law.letting:
        yield each.name, each.axes, each.kind == "index"
