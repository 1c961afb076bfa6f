"""The kinds of value an operation computes: each is data, and says what it means entry by entry."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Literal, TypeAlias

from w2v_verified.symbolic.language.functions import Function
from w2v_verified.symbolic.language.indices import Frame


@dataclass(frozen=True)
class Elementwise:
    """An expression of entries over the indices ``frame``: arrays that lack some of them are broadcast (map)."""

    expression: Any
    frame: Frame


@dataclass(frozen=True)
class Gather:
    """The entry of an array at index arguments, over the indices ``frame``."""

    entry: Any
    frame: Frame


class Way(Enum):
    """How a contraction is carried out."""

    METHOD = "a method of the arrays, for a product of matrix and vector, or of two vectors"
    PRODUCT = "a matrix product"
    OUTER = "an outer product"
    MULTIPLY = "a product entry by entry, broadcast"
    EINSUM = "NumPy's einsum"


@dataclass(frozen=True)
class Contraction:
    """The product of ``factors``, entries of arrays, summed over all their indices but those of ``target`` (einsum).

    ``computed`` says that all of them are arrays computed here, whose rows lie in one piece each.
    """

    target: Frame
    factors: tuple[Any, ...]
    summed: Frame
    way: Way
    computed: bool = False


@dataclass(frozen=True)
class Reduction:
    """The sum or the maximum of an elementwise expression over ``bound``; ``frame`` are all its indices in order."""

    kind: Literal["sum", "max"]
    expression: Any
    frame: Frame
    bound: Frame

    @property
    def target(self) -> Frame:
        """The indices that are left."""
        return tuple(i for i in self.frame if i not in self.bound)


@dataclass(frozen=True)
class SumWithout:
    """``sum over w of (w != pointer[c]) * vector[w]``: for every c the sum of a vector without one place."""

    vector: Any
    index: Any
    pointer: Any


@dataclass(frozen=True)
class Distances:
    """``sum over bound of (left - right) ** 2``, of entries of matrices that share that index, over ``target``."""

    target: Frame
    left: Any
    right: Any
    bound: Any


@dataclass(frozen=True)
class Pull:
    """``sum over bound of weights * (left - right)`` over ``target``; ``left`` alone does not have that index.

    ``squares`` names the array of the squared distances between the rows, if there is one.
    """

    target: Frame
    weights: Any
    left: Any
    right: Any
    bound: Any
    squares: str | None = None


@dataclass(frozen=True)
class Multiple:
    """``factor * value / divisors``, where the value has the indices ``own`` and the others are of ``frame``."""

    factor: Any
    value: "Contraction | Reduction | SumWithout | Distances | Pull"
    own: Frame
    divisors: tuple[Any, ...]
    frame: Frame


@dataclass(frozen=True)
class Terms:
    """Values added up, each with whether it is taken away."""

    terms: tuple[tuple[bool, "Value"], ...]


@dataclass(frozen=True)
class Ufunc:
    """A function, a difference or a quotient of ``operands``, of a kind that can write over an array."""

    operation: Function | str
    operands: tuple[Any, ...]
    frame: Frame


@dataclass(frozen=True)
class Copy:
    """A value in an array of its own."""

    value: "Value"


@dataclass(frozen=True)
class Broadcast:
    """A value in an array of its own, over all of ``frame``."""

    value: "Value"
    frame: Frame


def changed(value: "Value", change: Callable[["Value"], "Value"]) -> "Value":
    """A value with ``change`` made to it, or to what is a multiple or a term in it."""
    match value:
        case Multiple(value=inner):
            made = change(inner)
            assert isinstance(made, Contraction | Reduction | SumWithout | Distances | Pull)
            return replace(value, value=made)
        case Terms(terms):
            return Terms(tuple((minus, changed(term, change)) for minus, term in terms))
        case _:
            return change(value)


DIFFERENCE = "difference"
QUOTIENT = "quotient"
"""The operations of a `Ufunc` that are no functions."""

Value: TypeAlias = (
    Elementwise
    | Gather
    | Contraction
    | Reduction
    | SumWithout
    | Distances
    | Pull
    | Multiple
    | Terms
    | Ufunc
    | Copy
    | Broadcast
)
