"""Reference values: rigorous balls for the loss and every gradient, from the definition of the loss alone.

Where the definition, evaluated as it is written, needs more than `_LAST_OF_DEFINITION` bits (log(1 - p) with p one
part in 10^400 below 1 needs as many as digits get lost), the record's `prepared` form of it is evaluated instead:
there, and there alone, the reference rests on the engine's symbolic proof that the two are equal. It is
differentiated by the same ball arithmetic, so the derived gradients are never taken on trust.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from w2v_verified.notation.syntax import Module
from w2v_verified.verify.engine import record_of
from w2v_verified.verify.evaluation import balls
from w2v_verified.verify.evaluation.balls import arb, ctx
from w2v_verified.verify.evaluation.batch import Batch, together
from w2v_verified.verify.evaluation.frames import NOT_FOLDED, Array, Fold, Frame, Placed
from w2v_verified.verify.exact.precision import LAST_PRECISION, missing_bits
from w2v_verified.verify.exact.reverse import Reverse
from w2v_verified.verify.record import Record

__all__ = ["OracleError", "Reference", "reference", "references"]

_FIRST_PRECISION = 160
_LAST_OF_DEFINITION = 1 << 11  # beyond the exact product of two float64 numbers of any ordinary size
_SPARE_BITS = 16
_STEP = 256  # few different precisions, so that calls that need more than the first share one


class OracleError(ArithmeticError):
    """No precision gives a useful enclosure: numbers are too large, or cancel, or the loss is not smooth there."""


@dataclass(frozen=True)
class Reference:
    """For each result, in the record's order, balls that enclose the exact values; and their precision."""

    values: Mapping[str, Array]
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

    @cached_property
    def joined(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """`split` of all results, one after the other in the record's order."""
        high, low = (np.concatenate(halves, axis=None) for halves in zip(*self.split.values(), strict=True))
        return high, low


def reference(
    loss: str | Path | Record,
    arguments: Mapping[str, object],
    wanted: Mapping[str, NDArray[np.float64]] | None = None,
    fold: Fold = NOT_FOLDED,
) -> Reference:
    """Rigorous enclosures of what `loss` defines at `arguments`, taken as the exact numbers they are.

    It is a registered loss, the path of a definition, or a record.

    Every ball is relatively accurate to 90 bits, or its radius is below 2^-1164, or below 2^-20 of its entry
    in `wanted` (per result, the accuracy the caller needs); the precision is raised until that holds. What is
    evaluated is the definition, or above 2048 bits the form of it that is proved equal to it. Where places of an axis
    stand for several equal ones each, `fold` says for how many, and a gradient is that of one of them.

    Raises:
        ValueError: An argument has a wrong shape, or is not finite; or there is no such loss.
        TypeError, IndexError: An index argument does not hold integers, or points outside its axis.
        OracleError: No precision is enough.

    >>> found = reference("naive_softmax", {"v_c": [0.0], "o": 0, "U": [[1.0, 2.0]]})
    >>> print(found.ball("loss").str(20, radius=False))
    0.69314718055994530942
    """
    record = record_of(loss)
    found = references(record, [arguments], None if wanted is None else [wanted], [fold])[0]
    if found is None:
        raise OracleError(
            f"{record.name}: could not be judged: no enclosure of loss and gradients at {LAST_PRECISION} bits, which "
            "is as far as the judge goes; there numbers are too large, or cancel, or the loss has no derivative"
        )
    return found


def references(
    record: Record,
    calls: Sequence[Mapping[str, object]],
    wanted: Sequence[Mapping[str, NDArray[np.float64]]] | None = None,
    folds: Sequence[Fold] = (),
) -> list[Reference | None]:
    """`reference` for several calls at little more than the cost of one; None where no precision is enough."""
    found: list[Reference | None] = [None] * len(calls)
    for which, last in _forms(record):
        due = {_FIRST_PRECISION: [number for number, each in enumerate(found) if each is None]}
        while any(due.values()):
            precision = min(due)
            numbers = due.pop(precision)
            limits = [wanted[number] if wanted else {} for number in numbers]
            with ctx.workprec(precision):
                folded = [folds[number] for number in numbers] if folds else ()
                batch = Batch(record, [calls[number] for number in numbers], folded)
                results = _evaluated(record, record.programs[which], batch)
                missing = missing_bits(results, limits)
                enclosed = _references(results, precision)
            for number, bits, each in zip(numbers, missing, enclosed, strict=True):
                if bits <= 0:
                    found[number] = each
                    continue
                step = -(-(precision + bits + _SPARE_BITS) // _STEP) * _STEP
                further = step if wanted and step <= last else 2 * precision
                if further <= last:
                    due.setdefault(further, []).append(number)
    return found


def _forms(record: Record) -> tuple[tuple[str, int], ...]:
    """The programs that say what the loss is, each with the precision at which the next one is turned to."""
    if record.prepared == record.definition:
        return (("definition", LAST_PRECISION),)
    return (("definition", _LAST_OF_DEFINITION), ("prepared", LAST_PRECISION))


def _evaluated(record: Record, program: Module, batch: Batch) -> dict[str, Placed]:
    """Loss and gradients at the current precision; where the loss has entries, gradients of their sum."""
    of = [result.of for result in record.results if result.of is not None]
    arrays = {name: _exact(name, given, batch.frames[name]) for name, given in batch.arrays.items()}
    evaluation = Reverse(arrays, batch.pointers, batch.space, of)
    loss = evaluation.run(program)
    evaluation.gradients(loss)
    values: dict[str, Placed] = {}
    for result in record.results:
        if result.of is None:
            values[result.name] = Placed(loss.value, loss.frame)
            continue
        frame, gradient = batch.frames[result.of], evaluation.known[result.of].adjoint
        if gradient is None:
            gradient = np.full(frame.total, balls.ZERO, dtype=object)
        for bound in frame.bounds:
            counts = frame.counts(bound)
            if counts is not None:  # the gradient of one of several equal places
                gradient = gradient / balls.exact(counts)
        values[result.name] = Placed(gradient, frame)
    return values


def _exact(name: str, arrays: Sequence[Array], frame: Frame) -> Placed:
    for array in arrays:
        if array.dtype.kind not in "iuf":
            raise TypeError(f"{name}: expected real numbers, got {array.dtype}")
        if not np.all(np.isfinite(array)):
            raise ValueError(f"{name}: expected finite values, got NaN or infinity")
    return Placed(together([balls.exact(array) for array in arrays]), frame)


def _references(results: Mapping[str, Placed], precision: int) -> list[Reference]:
    """The results of each call, split into float64 numbers all at once."""
    values = {name: frame.split(array) for name, (array, frame) in results.items()}
    halves = {
        name: [frame.split(half) for half in balls.split(array)] for name, (array, frame) in results.items()
    }
    found = []
    for number in range(next(iter(results.values())).frame.space.inputs):
        each = Reference({name: arrays[number] for name, arrays in values.items()}, precision)
        vars(each)["split"] = {name: (high[number], low[number]) for name, (high, low) in halves.items()}
        found.append(each)
    return found
