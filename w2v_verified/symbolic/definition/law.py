"""What an author states about a loss and proves or argues: laws, about the results of one or more calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from w2v_verified.symbolic.definition.arguments import Argument, Axis

__all__ = ["Call", "Law"]


@dataclass(frozen=True)
class Call:
    """A further call that a law is about (in metamorphic testing: the follow-up).

    ``arguments`` are statements ``<name>_<argument>[...] = ...``, one a line; an argument that has none is the first
    call's. It is one ``of`` another loss, if that is named; and one for each place, if there are indices ``over`` which
    it is made: they come first in all that belongs to it.
    """

    name: str
    arguments: str
    of: str = ""
    over: str = ""


@dataclass(frozen=True)
class Law:
    """A property (in metamorphic testing: a relation) that holds for all arguments and all indices ``over``.

    Each line that ``holds`` is ``left == right``, ``left <= right`` or ``left >= right``, about the arguments and
    results of the first call by their own names, of the other ``calls`` as ``<call>_<name>``, with gradients as arrays
    like their arguments. ``letting`` are quantities, ``axes`` axes of its own; ``sizes`` are fixed; ``given`` are
    statements that make arguments of the first call, so that a condition is met; ``notation`` are further names.

    An equality is proved by the engine if it can be, with all calls unfolded; the ``reason`` is what a reader is told.
    """

    name: str
    holds: tuple[str, ...]
    reason: str = ""
    over: str = ""
    letting: tuple[Argument, ...] = ()
    axes: tuple[Axis, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    given: str = ""
    notation: str = ""
    calls: tuple[Call, ...] = ()
