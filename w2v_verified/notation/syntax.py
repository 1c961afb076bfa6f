"""The nodes of a parsed program in index notation.

`Expression` nodes have a real value for each choice of the bound indices in scope; `Position` nodes are integers that
point into an axis. Every bound index carries the axis it runs over, so its range is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import TypeAlias

__all__ = [
    "Binary",
    "Bound",
    "Call",
    "Choice",
    "Comparison",
    "Derivative",
    "Entry",
    "Expression",
    "Indicator",
    "Larger",
    "Lookup",
    "Maximum",
    "Module",
    "Name",
    "Negative",
    "Number",
    "Pi",
    "Pointing",
    "Position",
    "Relation",
    "Running",
    "Statement",
    "Sum",
    "nodes",
    "parts",
]


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound index and the axis it runs over: `w in V`."""

    name: str
    axis: str


@dataclass(frozen=True, slots=True)
class Running:
    """The value of a bound index, used as a position: the `w` of `z[w]`."""

    name: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """An entry of an index argument, used as a position: the `o` of `z[o]`, the `negatives[k]` of `z[negatives[k]]`."""

    name: str
    positions: "tuple[Position, ...]"


Position: TypeAlias = Running | Lookup


@dataclass(frozen=True, slots=True)
class Number:
    """A literal: exactly the number it spells, whole ones as `int`."""

    value: int | Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """A scalar argument, a scalar of an earlier statement, or the size of an axis."""

    name: str


@dataclass(frozen=True, slots=True)
class Pi:
    """`pi`: the circumference of a circle over its diameter."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of an array argument or of an earlier statement: `U[i, w]`."""

    name: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Negative:
    """`-operand`."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right` with operator one of `+ - * / **`."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Call:
    """`function(argument)`."""

    function: str
    argument: "Expression"


@dataclass(frozen=True, slots=True)
class Larger:
    """`max(left, right)`: the larger of two numbers."""

    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Derivative:
    """`diff(operand, entry)`: the derivative by one entry; for proofs, a program does not have it."""

    operand: "Expression"
    entry: "Entry | Name"


@dataclass(frozen=True, slots=True)
class Sum:
    """`sum(index in axis, body)`; 0 over an empty axis."""

    bound: Bound
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Maximum:
    """`max(index in axis, body)`."""

    bound: Bound
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Indicator:
    """An Iverson bracket `(left relation right)`, worth 1 or 0, with relation one of `== != < <= > >=`."""

    relation: str
    left: Position
    right: Position


@dataclass(frozen=True, slots=True)
class Comparison:
    """The condition of a choice: `left operator right` with operator one of `< <= > >=`."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Choice:
    """`then if condition else otherwise`: two forms of the same real function, the condition picks one."""

    condition: Comparison
    then: "Expression"
    otherwise: "Expression"


Expression: TypeAlias = (
    Number
    | Pi
    | Name
    | Entry
    | Negative
    | Binary
    | Call
    | Larger
    | Derivative
    | Sum
    | Maximum
    | Indicator
    | Choice
)


@dataclass(frozen=True, slots=True)
class Statement:
    """`target[bounds] = expression`, and its text."""

    target: str
    bounds: tuple[Bound, ...]
    expression: Expression
    text: str


@dataclass(frozen=True, slots=True)
class Pointing:
    """`target[bounds] = position`: a statement whose values are indices, and its text."""

    target: str
    bounds: tuple[Bound, ...]
    position: Position
    text: str


@dataclass(frozen=True, slots=True)
class Relation:
    """`left relation right` for all indices of some bounds, with relation one of `== <= >=`, and its text."""

    relation: str
    left: Expression
    right: Expression
    bounds: tuple[Bound, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Module:
    """Statements in the order in which they are computed."""

    statements: tuple[Statement, ...]


def parts(node: object) -> Iterator[object]:
    """What a node consists of."""
    if isinstance(node, tuple):
        yield from node
    elif is_dataclass(node):
        yield from (getattr(node, field.name) for field in fields(node))


def nodes(node: object) -> Iterator[object]:
    """A node and all that is in it, names and numbers too."""
    yield node
    for part in parts(node):
        yield from nodes(part)
