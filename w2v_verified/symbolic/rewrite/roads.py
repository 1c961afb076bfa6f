"""What the rewriting gives: programs that compute the same, for values of different kinds."""

from dataclasses import dataclass

from w2v_verified.symbolic.proof.program import Program
from w2v_verified.symbolic.rewrite.one_pass import OnePass


@dataclass(frozen=True)
class Roads:
    """The code paths of a loss, each proved equal to the derived program.

    ``safe`` is right for all values, ``moderate`` is shorter where exponentials are ordinary numbers, ``one_pass``
    reads a large table once (tiling); None where there is none.
    """

    safe: Program
    moderate: Program | None
    one_pass: OnePass | None
