"""Options that say how an implementation is called, the same wherever one is judged or asked about."""

import argparse

from w2v_verified.verify import CONVENTIONS
from w2v_verified.verify.arrays import LIBRARIES

__all__ = ["add_how_it_is_called"]


def add_how_it_is_called(parser: argparse.ArgumentParser, convention: str, arrays: str) -> None:
    """Declare ``--convention`` and ``--arrays``, with what they mean to a command."""
    parser.add_argument("--convention", default="columns", choices=sorted(CONVENTIONS), help=convention)
    parser.add_argument("--arrays", default="numpy", choices=list(LIBRARIES), help=arrays)
