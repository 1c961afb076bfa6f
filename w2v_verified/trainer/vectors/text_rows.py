"""Rows of text: a word, which may have spaces in it, and its numbers on each line.

Of a word with spaces the last piece is no number: it might as well be one of the numbers behind it.
"""

import re
from collections.abc import Iterator

import numpy as np

from w2v_verified.runtime.arrays import Vector
from w2v_verified.trainer.text.reading import FormatError
from w2v_verified.trainer.vectors.byte_stream import ByteStream
from w2v_verified.trainer.vectors.rows import LONGEST_NUMBER, LONGEST_WORD, Row, shown

__all__ = ["dimension_of", "ends_in_a_number", "numbers_of", "text_rows"]

_NOT_0 = re.compile(rb"[+-]?[0.]*[1-9]")


def text_rows(stream: ByteStream, dimension: int, first_line: int) -> Iterator[Row]:
    """Yield a row for each line that is not blank; the last ``dimension`` fields are its numbers.

    Raises:
        FormatError: a line has another form; the message names it, counted from ``first_line``.
    """
    longest_line = LONGEST_WORD + LONGEST_NUMBER * dimension
    number = first_line - 1
    while stream.peek(1):
        number += 1
        line = stream.until(b"\n", longest_line)
        if line is None:
            line = stream.take(longest_line)
            if stream.peek(1):
                raise FormatError(f"line {number}: expected at most {longest_line:,} bytes, got more")
        if line.isspace() or not line:
            continue
        word, *fields = line.rsplit(None, dimension)
        numbers = numbers_of(fields)
        if numbers is None or len(numbers) != dimension or ends_in_a_number(word):
            count = dimension_of(line)
            got = f"{count} in {shown(line)}" if count else shown(line)
            raise FormatError(f"line {number}: expected a word and {dimension} numbers, got {got}")
        if not numbers.any() and any(map(_NOT_0.match, fields)):
            raise FormatError(f"line {number}: expected numbers that float64 can hold, got {shown(line)}")
        yield Row(f"line {number}", word.lstrip(), numbers)


def numbers_of(fields: list[bytes]) -> Vector[np.float64] | None:
    """The numbers in some fields; None if one is none, or is so in Python's spelling alone, such as 1_000."""
    if b"_" in b" ".join(fields):
        return None
    try:
        return np.array(list(map(float, fields)))
    except ValueError:
        return None


def ends_in_a_number(word: bytes) -> bool:
    """Whether a word has several pieces of which the last is a number in digits, as in "w 0.5"."""
    pieces = word.rsplit(None, 1)
    return (
        len(pieces) == 2
        and any(48 <= byte <= 57 for byte in pieces[1])
        and numbers_of(pieces[1:]) is not None
    )


def dimension_of(line: bytes, least: int = 1) -> int:
    """How many numbers stand at the end of a line behind a word; 0 if it is fewer than ``least``."""
    fields = line.split()
    count = 0
    while count < len(fields) - 1 and numbers_of([fields[-1 - count]]) is not None:
        count += 1
    return count if count >= least else 0
