"""The kinds of operation a plan is made of: each is data, and says what it does to the names and arrays at hand."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.indices import Frame
from w2v_verified.symbolic.plan.conditions import Condition
from w2v_verified.symbolic.plan.values import Contraction, Ufunc, Value


@dataclass(frozen=True)
class Assign:
    """A name for a value."""

    name: str
    value: Value


@dataclass(frozen=True)
class Fill:
    """All entries of an array that is there become those of a value."""

    array: str
    value: Value


@dataclass(frozen=True)
class Accumulate:
    """A value is added to what a name stands for, or taken away."""

    name: str
    value: Value
    minus: bool = False


@dataclass(frozen=True)
class Compute:
    """A contraction or a ufunc whose result is written into the array ``out``, over what it held, or ``added`` to it.

    A ``name`` is one for the result: ``out`` may then stand for None, and the result is an array of its own.
    """

    name: str | None
    value: Contraction | Ufunc
    out: str
    added: bool = False


@dataclass(frozen=True)
class Zeros:
    """An array of zeros, or the zeros of one that is ``given``; a scalar 0 where there are no indices."""

    name: str
    indices: Frame
    given: bool


@dataclass(frozen=True)
class Accumulator:
    """The zeros that what is computed part by part is added to, or written over."""

    name: str
    indices: Frame


@dataclass(frozen=True)
class Mask:
    """``(index != pointer) * value``: a value with one place set to 0; an array itself, where it is not used again."""

    name: str
    indices: Frame
    value: Value
    index: Any
    pointer: Any


@dataclass(frozen=True)
class Scatter:
    """At the place where ``index`` is ``pointer``, ``share`` is set, added or taken away.

    Places may be ``repeated``: then every share counts (scatter-add).
    """

    target: str
    indices: Frame
    index: Any
    pointer: Any
    share: Any
    how: Literal["set", "add", "subtract"]
    repeated: bool


@dataclass(frozen=True)
class Share:
    """What is scattered to the places of an index argument, by the indices of that."""

    pointer: Any
    value: Any


@dataclass(frozen=True)
class AddUp:
    """The sums of shares over the columns any of them goes to, and these columns (segmented sum)."""

    name: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class ScatteredProduct:
    """The product of a matrix with scattered shares, for the columns any of them goes to, and these columns."""

    name: str
    source: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Spread:
    """The touched columns of an array of zeros become those of ``source``: its rows, where they are ``turned``."""

    array: str
    source: str
    turned: bool


@dataclass(frozen=True)
class OuterFactors:
    """The two vectors of an outer product, ``left`` and ``right``; those ``copied`` are arguments."""

    vectors: tuple[str, str]
    copied: frozenset[str]


@dataclass(frozen=True)
class Computed:
    """The operations of one statement, whose formula is what they compute."""

    formula: Equation
    operations: "Block"


@dataclass(frozen=True)
class IfWanted:
    """The loss where the caller wants it, with what nothing else reads, else NaN."""

    block: "Block"


@dataclass(frozen=True)
class Guard:
    """All of an array becomes NaN where an entry is not finite, for what follows would flatten an infinity."""

    name: str


@dataclass(frozen=True)
class Branch:
    """A block that is carried out where all ``conditions`` hold; scalars may be Python's floats in it.

    ``moderate`` says that functions in it are taken of finite values.
    """

    conditions: tuple[Condition, ...]
    block: "Block"
    floats: bool = False
    moderate: bool = False


@dataclass(frozen=True)
class Loop:
    """A block for each part of an axis of a table, without the place ``pointer``, then ``after`` (tiling).

    ``cuts`` are the arrays of which a part is taken, each with its indices and the name of the part. Each equation in
    ``same`` defines what is another array in a part. A `Leave` in the block leaves the loop, and ``after`` is left out.
    """

    table: str
    axis: str
    pointer: Any
    cuts: tuple[tuple[str, Frame, str], ...]
    same: tuple[Equation, ...]
    block: "Block"
    after: "Block"


@dataclass(frozen=True)
class ByBlocks:
    """A block for so many places of an axis at a time as the caller allows; all losses are added up, and returned.

    Arguments and gradients with the axis are cut. To those without it every block adds its part.
    """

    axis: str
    block: "Block"


@dataclass(frozen=True)
class Leave:
    """The loop is left where not all entries of an array are moderate."""

    unless_moderate: str


@dataclass(frozen=True)
class Keep:
    """The entries of a part are kept in an array for all of them."""

    array: str
    part: str


@dataclass(frozen=True)
class Allocate:
    """The arrays that take the gradients: those the caller gives, else fresh ones.

    Those that are ``made`` stay None where none are given; ``zeroed`` are 0 at first, all others hold anything.
    """

    gradients: tuple[str, ...]
    made: tuple[str, ...]
    zeroed: tuple[str, ...]


@dataclass(frozen=True)
class FindColumns:
    """The columns that index arguments point at, sorted, each once."""

    pointers: tuple[str, ...]


@dataclass(frozen=True)
class Return:
    """The results are returned."""


@dataclass(frozen=True)
class ReturnLoss:
    """The loss of a block is returned; its gradients are where they belong."""


Operation: TypeAlias = (
    Assign
    | Fill
    | Accumulate
    | Compute
    | Zeros
    | Accumulator
    | Mask
    | Scatter
    | AddUp
    | ScatteredProduct
    | Spread
    | OuterFactors
    | Computed
    | IfWanted
    | Guard
    | Branch
    | Loop
    | ByBlocks
    | Leave
    | Keep
    | Allocate
    | FindColumns
    | Return
    | ReturnLoss
)
Block: TypeAlias = tuple[Operation, ...]
