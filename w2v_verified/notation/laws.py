"""Laws: statements about what one or more calls return (metamorphic relations), as text and as they are read.

A law speaks of a first call, whose arguments and results go by their own names, and of further calls, whose names
begin with that of the call: ``moved_U``, ``moved_loss``. What is not said of a call's arguments is the first call's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from w2v_verified.notation.signature import Signature
from w2v_verified.notation.syntax import Bound, Pointing, Relation, Statement

__all__ = ["CallText", "Callee", "Calling", "LawText", "ReadLaw", "Reading", "target_of"]


@dataclass(frozen=True)
class Callee:
    """What can be called: a loss, by what it is a function of and what it returns, gradients by their axes."""

    signature: Signature
    results: Mapping[str, tuple[str, ...]]

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of its arguments."""
        return (*self.signature.arrays, *self.signature.pointers)


@dataclass(frozen=True)
class CallText:
    """A further call: its arguments, of which loss (the law's own where that is empty), once or for all ``over``."""

    name: str
    arguments: tuple[str, ...]
    of: str = ""
    over: str = ""


@dataclass(frozen=True)
class LawText:
    """A law as it is written.

    ``signature`` has the axes and quantities of its own, ``sizes`` the axes of a fixed size; ``given`` makes arguments
    of the first call, ``notation`` further names.
    """

    name: str
    holds: tuple[str, ...]
    over: str = ""
    signature: Signature = field(default_factory=lambda: Signature({}, {}, {}))
    sizes: Mapping[str, int] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    notation: tuple[str, ...] = ()
    calls: tuple[CallText, ...] = ()


@dataclass(frozen=True)
class Calling:
    """A call, or one for every place of its ``bounds``.

    ``axes`` has, for each axis of what is called, the one of the law that it is there. ``given`` are the arguments that
    it is said to have, by their names in what is called; the others are the first call's.
    """

    name: str
    of: str
    bounds: tuple[Bound, ...]
    callee: Callee
    axes: Mapping[str, str]
    given: Mapping[str, Statement | Pointing]

    def named(self, name: str) -> str:
        """What the law calls an argument or a result of this call."""
        return f"{self.name}_{name}" if self.name else name

    def over(self, axes: tuple[str, ...]) -> tuple[str, ...]:
        """The axes of an argument or a result, as the law has it."""
        return (*(bound.axis for bound in self.bounds), *(self.axes[axis] for axis in axes))


Reading: TypeAlias = Statement | Pointing | Calling


@dataclass(frozen=True)
class ReadLaw:
    """A law, read: ``steps`` in the order in which they can be computed, and what ``holds`` after them."""

    text: LawText
    signature: Signature
    steps: tuple[Reading, ...]
    holds: tuple[Relation, ...]

    @cached_property
    def calls(self) -> tuple[Calling, ...]:
        """All calls; the first is that of the law's own loss."""
        return tuple(step for step in self.steps if isinstance(step, Calling))

    @cached_property
    def given(self) -> frozenset[str]:
        """The arguments of the first call that are made from something else."""
        return frozenset(target_of(line) for line in self.text.given)


def target_of(line: str) -> str:
    """The name a statement gives a value to."""
    return line.partition("=")[0].partition("[")[0].strip()
