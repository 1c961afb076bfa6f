"""Rows of the binary format: a word, a space, and its numbers in float32, perhaps with a line end behind them.

Nothing says how long a word is, so one with a space in it is told by what follows: where the next row begins, there has
to be a word.
"""

import codecs
import math
import re
from collections.abc import Iterator

import numpy as np

from w2v_verified.trainer.text.reading import Errors, FormatError
from w2v_verified.trainer.vectors.byte_stream import ByteStream
from w2v_verified.trainer.vectors.rows import LONGEST_WORD, Row, shown

__all__ = ["binary_rows"]

_NEAR = 256
_FAR = 20.0
"""By so many powers of e more, the numbers behind a wrong place lie apart."""
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


def binary_rows(stream: ByteStream, dimension: int, errors: Errors) -> Iterator[Row]:
    """Yield the rows of a stream.

    Raises:
        FormatError: it ends within a row, or no word stands where a row begins; the message names the byte.
    """
    number, has_line_ends = 0, True
    while stream.peek(2).removeprefix(b"\n"):
        number += 1
        where = f"byte {stream.offset:,}, word {number:,}"
        word = _word(stream, dimension, errors, where, has_line_ends)
        numbers = stream.take(4 * dimension)
        if len(numbers) < 4 * dimension:
            raise FormatError(f"{where}: expected {dimension} numbers of 4 bytes, got the end of the file")
        has_line_ends = stream.peek(1) == b"\n"
        yield Row(where, word, np.frombuffer(numbers, "<f4"))


def _word(stream: ByteStream, dimension: int, errors: Errors, where: str, has_line_ends: bool) -> bytes:
    """Take the word of the next row, and the space behind it."""
    ahead = stream.peek(2 * _NEAR + 4 * dimension)
    first = ahead.find(b" ")
    if first < 0 or first > _NEAR:
        word = stream.until(b" ", LONGEST_WORD)
        if word is None:
            raise FormatError(f"{where}: expected a word and a space after it, got {shown(stream.peek(60))}")
    else:
        end = _end(ahead, first, dimension, has_line_ends)
        word = stream.take(end + 1)[:-1]
    word = word.lstrip(b"\n")
    if _CONTROL.search(word) or (errors == "strict" and not word):
        raise FormatError(
            f"{where}: expected a word, got {shown(word)}: the file is damaged, or has words with spaces in it"
        )
    return word


def _end(ahead: bytes, first: int, dimension: int, has_line_ends: bool) -> int:
    """Where a word ends: at its first space, unless what follows shows that it does not.

    A line end behind the numbers shows that it does, but where the row before had none: it is the byte of a number.
    """
    stop = first + 1 + 4 * dimension
    followed = _is_followed(ahead, first, dimension)
    if followed and (stop == len(ahead) or (has_line_ends and ahead[stop : stop + 1] == b"\n")):
        return first
    others = [end for end in _later_ends(ahead, first) if _is_followed(ahead, end, dimension)]
    if not others:
        return first
    best = min(others, key=lambda end: _spread(ahead, end, dimension))
    nearer = _spread(ahead, first, dimension) - _spread(ahead, best, dimension)
    return first if followed and nearer < _FAR else best


def _later_ends(ahead: bytes, first: int) -> Iterator[int]:
    """Where a word may end but for its first space: at others, one by one, that only text stands before."""
    end = ahead.find(b" ", first + 1, _NEAR)
    while end >= 0 and _is_word(ahead[:end].lstrip(b"\n")):
        if ahead[end - 1 : end] != b" ":
            yield end
        end = ahead.find(b" ", end + 1, _NEAR)


def _is_followed(ahead: bytes, end: int, dimension: int) -> bool:
    """Whether, if a word ends at a place, after its numbers comes a word, or nothing."""
    stop = end + 1 + 4 * dimension
    following = ahead[stop:].removeprefix(b"\n")
    return _is_word(following.partition(b" ")[0][:_NEAR]) if following else len(ahead) >= stop


def _spread(ahead: bytes, end: int, dimension: int) -> float:
    """How many powers of e the numbers after a place lie apart: far, where their bytes are no whole numbers' bytes."""
    numbers = np.abs(np.frombuffer(ahead[end + 1 : end + 1 + 4 * dimension], "<f4", dimension))
    if not np.isfinite(numbers).all():
        return math.inf
    sizes = numbers[numbers > 0].tolist()
    return math.log(max(sizes) / min(sizes)) if sizes else 0.0


def _is_word(text: bytes) -> bool:
    """Whether it may be a word or the beginning of one: text in UTF-8, perhaps cut off."""
    if not text or _CONTROL.search(text):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(text)
    except UnicodeDecodeError:
        return False
    return True
