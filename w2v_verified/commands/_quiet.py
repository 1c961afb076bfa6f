"""``--quiet``, which means the same in every command that says more than its result."""

from w2v_verified.terminal.options import Parser

__all__ = ["add_quiet"]


def add_quiet(parser: Parser) -> None:
    """Declare it."""
    parser.flag(
        "-q",
        "--quiet",
        meaning="say the result in a line or two and what is wrong: no table, no progress, no remarks",
    )
