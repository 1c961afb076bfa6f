"""Reading word2vec's files, text or binary, as this package, gensim and the original C tool write them."""

import codecs
import gzip
import logging
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from io import BytesIO
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from w2v_verified.runtime.arrays import Float, Matrix, Vector
from w2v_verified.trainer.memory import require
from w2v_verified.trainer.text.reading import GZIP, WAY_OUT, Errors, FormatError, check_errors
from w2v_verified.trainer.vectors.byte_stream import ByteStream

_LARGEST_DIMENSION = 1_000_000
_LONGEST_HEADER = 100
_LONGEST_WORD = 1 << 16
_LONGEST_NUMBER = 64
_SAMPLE = 1 << 12
_CONTROL = bytes({*range(32)} - {*b"\t\n\r"})
_ROOM = 1 << 20

_logger = logging.getLogger(__name__)


class _Row(NamedTuple):
    where: str
    word: bytes
    numbers: Vector[Any]


def read_vectors(
    path: str | os.PathLike[str], dtype: type[Float], errors: Errors, limit: int | None
) -> tuple[list[str], Matrix[Float]]:
    """Return the words and vectors of a file; text or binary, and gzip, are told by its content.

    No more is allocated than the file can hold. Where a word comes up again, its first vector is kept and a
    warning is logged.

    Raises:
        FormatError: the file is neither; the message names the line or the byte.
        MemoryError: the vectors take more memory than is free.
        OSError: the file cannot be read.
    """
    check_errors(errors)
    with open(path, "rb") as file:
        packed = file.peek(len(GZIP)).startswith(GZIP)
        status = os.fstat(file.fileno())
        size = status.st_size if stat.S_ISREG(status.st_mode) and not packed else None
        with gzip.GzipFile(fileobj=file) if packed else nullcontext(file) as content:
            try:
                return _read(ByteStream(content), size, dtype, errors, limit)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise FormatError(f"expected a whole gzip file, got a damaged one ({error})") from None


def _read(
    stream: ByteStream, size: int | None, dtype: type[Float], errors: Errors, limit: int | None
) -> tuple[list[str], Matrix[Float]]:
    count, dimension = _header(stream)
    wanted = count if limit is None else min(count, limit)
    if (
        size is not None and wanted * (2 * dimension + 1) > size
    ):  # a letter, and a space and a digit for each number
        raise FormatError(
            f"line 1: expected what fits into the {size:,} bytes of the file, "
            f"got {count:,} words of {dimension:,} numbers"
        )
    table: Matrix[Float] = _with_room(np.empty((0, dimension), dtype), wanted if size is not None else 0)
    words: dict[str, None] = {}
    repeated = []
    rows = _rows(stream, count, dimension)
    with np.errstate(over="ignore"):
        for row in islice(rows, wanted):
            word = _decoded(row, errors)
            if word in words:
                repeated.append(word)
                continue
            if len(words) == len(table):
                table = _with_room(table, min(wanted, max(2 * len(table), _ROOM // dimension, 1)))
            table[len(words)] = row.numbers
            if not np.isfinite(table[len(words)]).all():
                raise FormatError(f"{row.where}: expected finite numbers in {np.dtype(dtype)}, got others")
            words[word] = None
    if len(words) + len(repeated) < wanted:
        raise FormatError(f"expected {count:,} words, as line 1 says, got {len(words) + len(repeated):,}")
    if wanted == count and (more := next(rows, None)):
        raise FormatError(f"{more.where}: expected the end after {count:,} words, as line 1 says")
    if repeated:
        _logger.warning(
            "%d words come up again, such as %r: their first vectors are kept", len(repeated), repeated[0]
        )
    return list(words), table[: len(words)]


def _header(stream: ByteStream) -> tuple[int, int]:
    line = stream.until(b"\n", _LONGEST_HEADER)
    try:
        count, dimension = map(int, _without_underscores((line or b"").split()))
    except ValueError:
        count = dimension = 0
    if count < 1 or not 1 <= dimension <= _LARGEST_DIMENSION:
        raise FormatError(
            "line 1: expected two whole numbers, how many words there are and how many numbers each has, "
            f"got {_shown(stream.peek(_LONGEST_HEADER) if line is None else line)}"
        )
    return count, dimension


def _rows(stream: ByteStream, count: int, dimension: int) -> Iterator[_Row]:
    longest_line = _LONGEST_WORD + _LONGEST_NUMBER * dimension
    if _is_text(stream.peek(longest_line), count, dimension):
        return _text_rows(stream, dimension, longest_line)
    return _binary_rows(stream, dimension)


def _is_text(sample: bytes, count: int, dimension: int) -> bool:
    """Text is what begins with a row of text, or what looks like text and is no whole file of the other format."""
    if _numbers(sample.partition(b"\n")[0].split()[1:], dimension) is not None:
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample[:_SAMPLE])
        if not set(sample[:_SAMPLE]) & set(_CONTROL):
            return sum(1 for _ in _binary_rows(ByteStream(BytesIO(sample)), dimension)) != count
    except FormatError:
        return True
    except UnicodeDecodeError:
        pass
    return False


def _text_rows(stream: ByteStream, dimension: int, longest_line: int) -> Iterator[_Row]:
    number = 1
    while stream.peek(1):
        number += 1
        line = stream.until(b"\n", longest_line)
        if line is None:
            line = stream.take(longest_line)
            if stream.peek(1):
                raise FormatError(f"line {number}: expected at most {longest_line:,} bytes, got more")
        word, *fields = line.split() or [b""]
        if not word:
            continue
        if len(fields) != dimension:
            raise FormatError(f"line {number}: expected a word and {dimension} numbers, got {len(fields)}")
        numbers = _numbers(fields, dimension)
        if numbers is None:
            raise FormatError(f"line {number}: expected numbers, got {_shown(line)}")
        yield _Row(f"line {number}", word, numbers)


def _binary_rows(stream: ByteStream, dimension: int) -> Iterator[_Row]:
    number = 0
    while stream.peek(2).removeprefix(b"\n"):
        number += 1
        where = f"byte {stream.offset:,}, word {number:,}"
        word = stream.until(b" ", _LONGEST_WORD)
        if word is None:
            raise FormatError(f"{where}: expected a word and a space after it, got {_shown(stream.peek(60))}")
        numbers = stream.take(4 * dimension)
        if len(numbers) < 4 * dimension:
            raise FormatError(f"{where}: expected {dimension} numbers of 4 bytes, got the end of the file")
        yield _Row(where, word.lstrip(b"\n"), np.frombuffer(numbers, "<f4"))


def _numbers(fields: list[bytes], dimension: int) -> Vector[np.float64] | None:
    try:
        return np.array(list(map(float, _without_underscores(fields)))) if len(fields) == dimension else None
    except ValueError:
        return None


def _without_underscores(fields: list[bytes]) -> list[bytes]:
    """The fields, if none is a number in Python's spelling alone, such as 1_000."""
    if b"_" in b" ".join(fields):
        raise ValueError
    return fields


def _decoded(row: _Row, errors: Errors) -> str:
    try:
        return row.word.decode("utf-8", errors)
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{row.where}: expected a word in UTF-8, got byte 0x{row.word[error.start]:02x} in {_shown(row.word)}",
            *WAY_OUT,
        ) from None


def _with_room(table: Matrix[Float], count: int) -> Matrix[Float]:
    used, dimension = table.shape
    require(count * dimension * table.itemsize, f"{count:,} vectors of {dimension:,} numbers")
    larger: Matrix[Float] = np.empty((count, dimension), table.dtype)
    larger[:used] = table
    return larger


def _shown(raw: bytes) -> str:
    return repr(raw[:60].decode("utf-8", "backslashreplace"))
