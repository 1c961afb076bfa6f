"""A row of a file of vectors, whatever the format, and how bytes of a file are shown in messages."""

from typing import Any, NamedTuple

from w2v_verified.runtime.arrays import Vector

__all__ = ["LONGEST_NUMBER", "LONGEST_WORD", "Row", "shown"]

LONGEST_WORD = 1 << 16
LONGEST_NUMBER = 64


class Row(NamedTuple):
    """A word and its numbers, and where they stand."""

    where: str
    word: bytes
    numbers: Vector[Any]


def shown(raw: bytes) -> str:
    """Bytes of a file as a message shows them."""
    return repr(raw[:60].decode("utf-8", "backslashreplace"))
