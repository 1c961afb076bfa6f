"""Options that say how an implementation is judged, the same wherever one is."""

from w2v_verified.terminal.options import Parser
from w2v_verified.values import Choice, Range
from w2v_verified.verify import CONVENTIONS
from w2v_verified.verify.arrays import LIBRARIES

__all__ = ["add_examples", "add_how_it_is_called"]


def add_how_it_is_called(parser: Parser, convention: str, arrays: str) -> None:
    """Declare ``--convention`` and ``--arrays``, with what they mean to a command."""
    conventions, libraries = Choice(tuple(sorted(CONVENTIONS))), Choice(tuple(LIBRARIES))
    parser.value("--convention", kind=conventions, default="columns", metavar="NAME", help=convention)
    parser.value("--arrays", kind=libraries, default="numpy", metavar="NAME", help=arrays)


def add_examples(parser: Parser, number: int, what: str) -> None:
    """Declare ``--examples`` and ``--seed``."""
    parser.value(
        "--examples",
        kind=Range(int, 0, 1_000_000_000),
        default=number,
        metavar="N",
        help=f"{what} (default {number})",
    )
    parser.value(
        "--seed", kind=Range(int, 0), default=0, metavar="N", help="replays the same examples (default 0)"
    )
