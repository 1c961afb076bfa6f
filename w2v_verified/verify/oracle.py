"""Reference values: rigorous balls for the loss and every gradient, from the definition of the loss alone.

Where the definition, evaluated as it is written, needs more than `_LAST_OF_DEFINITION` bits (log(1 - p) with p one
part in 10^400 below 1 needs as many as digits get lost), the record's `prepared` form of it is evaluated instead:
there, and there alone, the reference rests on the engine's symbolic proof that the two are equal. It is
differentiated by the same ball arithmetic, so the derived gradients are never taken on trust.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from w2v_verified.notation.syntax import Program
from w2v_verified.verify import balls
from w2v_verified.verify.balls import arb, ctx
from w2v_verified.verify.indexing import NOT_FOLDED, Array, Counts, integers
from w2v_verified.verify.record import Record, sizes
from w2v_verified.verify.reverse import Reverse

__all__ = ["FIRST_PRECISION", "OracleError", "Reference", "evaluate", "missing_bits", "reference"]

FIRST_PRECISION = 160
_LAST_OF_DEFINITION = 1 << 11  # beyond the exact product of two float64 numbers of any ordinary size
_LAST_PRECISION = 1 << 14  # beyond the exact product of several float64 numbers
_SPARE_BITS = 16
_RELATIVE_BITS = 90  # accurate to 2^-90 of its value: 37 bits beyond float64
_TINY = arb((1, -1074 - _RELATIVE_BITS))  # or to 2^-90 of the smallest float64 above zero
_SHARE = arb((1, -20))  # or to 2^-20 of the accuracy the caller wants


class OracleError(ArithmeticError):
    """No precision gives a useful enclosure: the loss is not defined or not smooth at these arguments."""


@dataclass(frozen=True)
class Reference:
    """For each result, in the record's order, balls that enclose the exact values; and their precision."""

    values: dict[str, Array]
    precision: int

    def ball(self, result: str, *position: int) -> arb:
        """The ball that encloses one entry of a result."""
        entry: arb = self.values[result].item(position)
        return entry

    @cached_property
    def split(self) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Each result as an unevaluated sum `high + low` of float64 arrays, exact to about 2^-106."""
        with ctx.workprec(self.precision):
            return {name: balls.split(value) for name, value in self.values.items()}


def reference(
    record: Record,
    arguments: Mapping[str, object],
    wanted: Mapping[str, NDArray[np.float64]] | None = None,
    counts: Counts = NOT_FOLDED,
) -> Reference:
    """Rigorous enclosures of what `record` defines at `arguments`, taken as the exact numbers they are.

    Every ball is relatively accurate to 90 bits, or its radius is below 2^-1164, or below 2^-20 of its entry
    in `wanted` (per result, the accuracy the caller needs); the precision is raised until that holds. What is
    evaluated is the definition, or above 2048 bits the form of it that is proved equal to it. Where places of an axis
    stand for several equal ones each, `counts` says for how many, and a gradient is that of one of them.

    Raises:
        ValueError: An argument has a wrong shape, or is not finite.
        TypeError, IndexError: An index argument does not hold integers, or points outside its axis.
        OracleError: No precision is enough.

    >>> from w2v_verified.verify.record import load
    >>> found = reference(load("naive_softmax"), {"v_c": [0.0], "o": 0, "U": [[1.0, 2.0]]})
    >>> print(found.ball("loss").str(20, radius=False))
    0.69314718055994530942
    """
    extents = sizes(record, arguments)
    pointers = integers(record, arguments, extents)
    arrays: dict[str, Array] = {}
    for argument in record.arguments:
        if argument.kind == "array":
            given = np.asarray(arguments[argument.name])
            if given.dtype.kind not in "iuf":
                raise TypeError(f"{argument.name}: expected real numbers, got {given.dtype}")
            if not np.all(np.isfinite(given)):
                raise ValueError(f"{argument.name}: expected finite values, got NaN or infinity")
            arrays[argument.name] = balls.exact(given)
    limits = wanted or {}
    for which, last in _forms(record):
        precision = FIRST_PRECISION
        while precision <= last:
            with ctx.workprec(precision):
                values = evaluate(record, record.programs[which], arrays, pointers, extents, counts)
                missing = max(missing_bits(value, limits.get(name)) for name, value in values.items())
            if missing <= 0:
                return Reference(values, precision)
            step = missing + _SPARE_BITS
            precision += step if wanted and precision + step <= last else precision
    raise OracleError(
        f"{record.name}: no enclosure of loss and gradients at {_LAST_PRECISION} bits; "
        "the loss is not defined or not differentiable at these arguments"
    )


def _forms(record: Record) -> tuple[tuple[str, int], ...]:
    """The programs that say what the loss is, each with the precision at which the next one is turned to."""
    if record.prepared == record.definition:
        return (("definition", _LAST_PRECISION),)
    return (("definition", _LAST_OF_DEFINITION), ("prepared", _LAST_PRECISION))


def evaluate(
    record: Record,
    program: Program,
    arrays: Mapping[str, Array],
    pointers: Mapping[str, NDArray[np.intp]],
    extents: Mapping[str, int],
    counts: Counts = NOT_FOLDED,
) -> dict[str, Array]:
    """Loss and gradients at the current precision; where the loss has entries, gradients of their sum."""
    of = [result.of for result in record.results if result.of is not None]
    axes = {argument.name: argument.axes for argument in record.arguments}
    evaluation = Reverse(arrays, pointers, extents, of, counts)
    loss = evaluation.run(program)
    evaluation.gradients(loss)
    values: dict[str, Array] = {}
    for result in record.results:
        if result.of is None:
            values[result.name] = loss.value
            continue
        node = evaluation.known[result.of]
        if node.adjoint is None:
            values[result.name] = np.full(node.value.shape, balls.ZERO, dtype=object)
        else:
            whole = np.broadcast_to(node.adjoint, node.value.shape)
            values[result.name] = whole if not counts else _of_one(whole, axes[result.of], counts)
    return values


def _of_one(gradient: Array, axes: tuple[str, ...], counts: Counts) -> Array:
    """The gradient of one of several equal places, from that of all of them together."""
    for place, axis in enumerate(axes):
        if axis in counts:
            shape = [-1 if other == place else 1 for other in range(len(axes))]
            gradient = gradient / balls.exact(counts[axis]).reshape(shape)
    return gradient


def missing_bits(array: Array, wanted: NDArray[np.float64] | None) -> int:
    """How many times the largest radius has to be halved until every ball is as small as promised."""
    poor = balls.accurate_bits(array) < _RELATIVE_BITS
    if not poor.any():
        return 0
    limits = np.full(int(poor.sum()), _TINY, dtype=object)
    if wanted is not None:
        known = np.where(np.isfinite(wanted[poor]), wanted[poor], 0.0)
        limits = np.maximum(balls.exact(known) * _SHARE, limits)
    worst: arb = max(balls.radii(array[poor]) / limits)
    if worst <= 1:
        return 0
    return math.ceil(float(worst.log()) / math.log(2)) if worst.is_finite() else _LAST_PRECISION
