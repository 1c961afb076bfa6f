"""Sums, contractions and maxima over an index, with a bound on the error of adding up in any order."""

from dataclasses import dataclass

import numpy as np

from w2v_verified.verify.bounds.approximate import Approximate, most
from w2v_verified.verify.bounds.rounding import Rounding
from w2v_verified.verify.evaluation.frames import Array, Count, Frame, Rows
from w2v_verified.verify.evaluation.primitives import EXP

__all__ = ["Along", "contract", "copies", "maximum", "total"]


@dataclass(frozen=True)
class Along:
    """The index that is summed over, the last one.

    Attributes:
        size: How many terms there are.
        rows: Which entries belong together.
        frame: What is left of the frame.
        counts: How many terms each entry stands for; by default one.
    """

    size: Count
    rows: Rows
    frame: Frame | None = None
    counts: Array | None = None

    def added(self, array: Array) -> Array:
        """The exact sums of the entries of an array, where long double has them."""
        return self.rows.reduced(np.add, array if self.counts is None else array * self.counts, 0)


def copies(rounding: Rounding, a: Approximate, size: Count) -> Approximate:
    """The sum of so many copies of `a`, in any order."""
    times = a.each(size)
    addends = size * a.addends
    exact = Approximate(
        a.value * times,
        None if a.error is None else a.error * times,
        None if a.terms is None else a.terms * times,
        a.exponential,
        a.parts * size,
        addends,
        a.weight * times,
        a.frame,
    )
    return _in_any_order(rounding, exact, addends)


def total(rounding: Rounding, a: Approximate, along: Along) -> Approximate:
    """The sum of `a` over an index, in any order."""
    addends = along.size * a.addends
    exact = Approximate(
        along.added(a.value),
        None if a.error is None else along.added(a.error),
        None if a.terms is None else along.added(a.terms),
        a.exponential,
        a.parts * along.size,
        addends,
        along.added(a.weight),
        along.frame,
    )
    return _in_any_order(rounding, exact, addends)


def contract(rounding: Rounding, a: Approximate, b: Approximate, along: Along) -> Approximate:
    """The sum of `a * b` over an index, in any order, fused or not."""

    def dot(one: Array, other: Array) -> Array:
        return along.added(one * other)

    value = dot(a.value, b.value)
    error: Array | None = None
    if a.error is not None:
        error = dot(np.abs(b.value), a.error)
    if b.error is not None:
        other = dot(np.abs(a.value), b.error)
        error = other if error is None else error + other
    if a.error is not None and b.error is not None:
        error = error + 3 * dot(a.error, b.error)
    parts, addends = along.size * a.parts * b.parts, along.size * a.addends * b.addends
    products = parts if rounding.elementary else along.size
    lost = (products if along.frame is None else along.frame.each(products)) * rounding.eta
    exact = Approximate(
        value,
        np.zeros_like(value) + lost if error is None else error + lost,
        dot(a.size, b.size) if rounding.elementary else None,
        a.exponential and b.exponential,
        parts,
        addends,
        dot(a.weight, b.weight),
        along.frame,
    )
    found = _in_any_order(rounding, exact, addends + 1)
    if error is None or found.error is None or np.isfinite(error).all():
        return found
    apart = total(rounding, rounding.multiply(a, b), along)  # which knows what zero times infinity is
    return found._replace(error=np.where(np.isfinite(error), found.error, np.asarray(apart.error)))


def _in_any_order(rounding: Rounding, exact: Approximate, operations: Count) -> Approximate:
    """A sum known but for the rounding of so many `operations`, each on no more than the mass of its terms."""
    size, frame = exact.weight, exact.frame
    rescaled = exact.exponential and rounding.reassociated
    steps = (operations * (EXP + 2) if rescaled else operations) * rounding.u
    gamma = np.where(steps < 1, steps / (1 - steps), np.inf)
    if frame is not None and gamma.ndim:
        gamma = gamma[frame.inputs]
    error = gamma * size if exact.error is None else exact.error + gamma * (size + exact.error)
    return exact._replace(error=error, parts=most(exact.parts, 1), addends=most(exact.addends, 1))


def maximum(a: Approximate, rows: Rows, frame: Frame | None = None) -> Approximate:
    """The maximum over the last index: only entries that may be largest count."""

    def largest(array: Array) -> Array:
        return rows.reduced(np.maximum, array, -np.inf)

    value = largest(a.value)
    if a.error is None:
        return Approximate(value, frame=frame)
    least = rows.repeat(largest(a.value - 2 * a.error))
    error = largest(np.where(a.value + 2 * a.error >= least, a.error, 0))
    return Approximate(value, error, frame=frame)
