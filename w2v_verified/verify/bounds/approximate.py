"""A value with a bound on the error of whoever computes it in floating point."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from w2v_verified.verify.evaluation.frames import Array, Count, Frame

__all__ = ["Approximate", "most", "several"]


class Approximate(NamedTuple):
    """A value, a bound on its error (None: exact), and the size of the terms it is a sum of (None: its own).

    `exponential` tells that it was made from exponentials alone by multiplying, dividing and adding; `parts` is how
    many terms it is a sum of, each of which may underflow where a product is distributed over them. Inside one
    expression, `addends` is how many terms sums have been taken of, and `mass` the size of these: sums of sums may be
    added up in any order. Both counts may differ from input to input of the `frame`, whose entries the arrays have.
    """

    value: Array
    error: Array | None = None
    terms: Array | None = None
    exponential: bool = False
    parts: Count = 1
    addends: Count = 1
    mass: Array | None = None
    frame: Frame | None = None

    @property
    def named(self) -> "Approximate":
        """The same as a value of its own, that is not added up anew."""
        return self if self.mass is None else self._replace(addends=1, mass=None)

    @property
    def weight(self) -> Array:
        """The size of the terms that have been added up."""
        return self.size if self.mass is None else self.mass

    @property
    def size(self) -> Array:
        """The size of the terms."""
        return np.abs(self.value) if self.terms is None else self.terms

    def select(self, choose: Callable[[Array], Array], frame: Frame | None = None) -> "Approximate":
        """The same with `choose` applied to each array, over another frame if one is given."""
        value, error, terms, exponential, parts, addends, mass, own = self
        return Approximate(
            choose(value),
            None if error is None else choose(error),
            None if terms is None else choose(terms),
            exponential,
            parts,
            addends,
            None if mass is None else choose(mass),
            frame or own,
        )

    def each(self, value: Any) -> Any:
        """For every entry, what holds for its input, where that differs."""
        return value if self.frame is None else self.frame.each(value)


def several(count: Count) -> bool:
    """Whether there is more than one of something, for some input."""
    return count > 1 if isinstance(count, int) else bool((count > 1).any())


def most(one: Count, other: Count) -> Count:
    """The larger of two numbers, for each input."""
    either = isinstance(one, np.ndarray) or isinstance(other, np.ndarray)
    return np.maximum(one, other) if either else max(one, other)
