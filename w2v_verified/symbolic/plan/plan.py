"""A plan: all that a generated function does, as data that can be printed, or carried out entry by entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.plan.operations import Block, Branch, ByBlocks, Computed, IfWanted, Loop, Operation


@dataclass(frozen=True)
class Plan:
    """What is ``provided`` for the results, and the ``body`` that computes them.

    ``touched`` is the axis of a table of which few columns matter, ``taken`` are names that no index has. Overflow is
    ``heard`` (warned about) where a division would make a number of it.
    """

    problem: Problem
    taken: frozenset[str]
    touched: str | None
    heard: bool
    provided: Block
    body: Block

    @cached_property
    def is_tiled(self) -> bool:
        """Whether there is a road that reads a large table once, a part at a time."""
        return any(isinstance(operation, Loop) for operation in walked(self.body))

    @cached_property
    def needs_loss(self) -> bool:
        """Whether a road computes the loss wanted or not, as a gradient reads it."""
        wanted = [o.block for o in walked(self.body) if isinstance(o, IfWanted)]
        every, left_out = ([o for o in walked(b) if _is_loss(o)] for b in (self.body, sum(wanted, ())))
        return len(every) > len(left_out)


def _is_loss(operation: Operation) -> bool:
    return isinstance(operation, Computed) and operation.formula.name == "loss"


def walked(block: Block) -> Iterator[Operation]:
    """All operations of a block, with those inside others."""
    for operation in block:
        yield operation
        match operation:
            case Computed(operations=inner) | IfWanted(inner) | Branch(block=inner) | ByBlocks(block=inner):
                yield from walked(inner)
            case Loop(block=inner, after=after):
                yield from walked((*inner, *after))
            case _:
                pass
