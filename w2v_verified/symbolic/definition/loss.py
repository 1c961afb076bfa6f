"""What an author writes down: a loss in index notation, its arguments, its claims and their proofs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from w2v_verified.notation import Signature
from w2v_verified.symbolic.definition.arguments import Argument, Axis, signature_of
from w2v_verified.symbolic.definition.law import Law

__all__ = ["CHAIN", "Chain", "Claim", "Loss", "Section", "Step", "lines"]

CHAIN = re.compile(r"\[(\d+)\]")
"""How a section's texts speak of its chains: by their numbers, from 0 on."""


@dataclass(frozen=True)
class Step:
    """``= expression``, by the rules named (separated by blanks), for a reason a reader can follow.

    Each rule has to be needed: ALGEBRA, which all others work in, is named where no other is.
    """

    rules: str
    expression: str
    reason: str = ""


@dataclass(frozen=True)
class Chain:
    """Equalities that start at ``start`` and hold for all free indices ``over``.

    ``letting`` declares further arrays by their axes (blank-separated); ``orthogonal`` names those with
    orthonormal columns, ``one_to_one`` index arguments that point at no place twice.
    """

    start: str
    steps: tuple[Step, ...]
    over: str = ""
    letting: Mapping[str, str] = field(default_factory=dict)
    orthogonal: str = ""
    one_to_one: str = ""


@dataclass(frozen=True)
class Section:
    """A numbered part of the document; a line ``[0]``, ``[1]`` ... of its text stands for a chain.

    ``result`` is what it shows, in a sentence for the top of the document: ``[0]`` in it says that what the chain
    begins with equals what it ends with. No other formula stands in it, so each is one that the section proves.
    """

    title: str
    text: str
    chains: tuple[Chain, ...] = ()
    result: str = ""


@dataclass(frozen=True)
class Claim:
    """The closed form an author gives for a gradient, or for the loss itself: one statement in index notation.

    It is proved by whatever rules it needs, over the axes of what it is about.
    """

    statement: str
    matrix: str = ""


@dataclass(frozen=True, repr=False)
class Loss:
    """A loss, stated once; everything else is derived from it.

    ``sparse`` names the argument whose gradient is returned in its touched columns alone, ``factored`` the one
    whose gradient is returned as the two vectors it is the outer product of; ``optional`` gives the function a
    keyword that leaves the loss itself uncomputed, where it costs more than the gradients; ``blocks`` names an
    axis over which the loss is a sum, so that the function can be told how many of its places to take at once.
    ``unit`` is what the loss is measured in, such as "nats" where it is minus the logarithm of a probability.
    """

    name: str
    summary: str
    axes: tuple[Axis, ...]
    arguments: tuple[Argument, ...]
    definition: str
    title: str = ""
    source: str = ""
    unit: str = ""
    notation: str = ""
    latex: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    sparse: str = ""
    factored: str = ""
    optional: bool = False
    blocks: str = ""
    sections: tuple[Section, ...] = ()
    laws: tuple[Law, ...] = ()

    def __repr__(self) -> str:
        return f"Loss<{self.name}({', '.join(a.name for a in self.arguments)})>"

    @property
    def in_parts(self) -> str:
        """The argument whose gradient is not returned as an array like it, if there is one."""
        return self.sparse or self.factored

    @property
    def signature(self) -> Signature:
        """What it is a function of, as all that reads its statements takes it."""
        return signature_of(self.axes, self.arguments)


def lines(text: str) -> tuple[str, ...]:
    """The statements of a block of text, one a line, without comments (``# ...``).

    A line that is indented, or stands where a parenthesis is open, goes on with the one before.
    """
    every = [line.partition("#")[0].expandtabs().rstrip() for line in text.splitlines()]
    indents = [_indent(line) for line in every[1:] if _ASSIGNED.match(line.lstrip())]
    margin = min(indents, default=0)
    found: list[str] = []
    for line in filter(str.strip, every):
        inside = bool(found) and sum(map(found[-1].count, "([")) > sum(map(found[-1].count, ")]"))
        if found and (inside or _indent(line) > margin):
            found[-1] = f"{found[-1]} {line.strip()}"
        else:
            found.append(line.strip())
    return tuple(found)


_ASSIGNED = re.compile(r"\w+\s*(\[[^=]*\])?\s*=(?!=)")
"""What a statement begins with."""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
