"""Reading files of vectors: word2vec's, text or binary, as gensim and the original C tool write them, and GloVe's."""

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
from typing import NamedTuple

import numpy as np

from w2v_verified.errors import Setting
from w2v_verified.runtime.arrays import Float, Matrix
from w2v_verified.trainer.memory import require
from w2v_verified.trainer.text.reading import GZIP, WAY_OUT, Errors, FormatError, check_errors
from w2v_verified.trainer.vectors.binary_rows import binary_rows
from w2v_verified.trainer.vectors.byte_stream import ByteStream
from w2v_verified.trainer.vectors.other_files import refuse_others
from w2v_verified.trainer.vectors.rows import LONGEST_NUMBER, LONGEST_WORD, Row, shown
from w2v_verified.trainer.vectors.text_rows import dimension_of, numbers_of, text_rows

_LARGEST_DIMENSION = 1_000_000
_LONGEST_HEADER = 100
_LONGEST_LINE = LONGEST_WORD + LONGEST_NUMBER * 10_000
_SAMPLE = 1 << 12
_LINES = 20
_CONTROL = bytes({*range(32)} - {*b"\t\n\r"})
_ROOM = 1 << 20

_logger = logging.getLogger(__name__)


class _Header(NamedTuple):
    """What the first line says: how many words there are, if it does, and how many numbers each has."""

    words: int | None
    dimension: int


def read_vectors(
    path: str | os.PathLike[str], dtype: type[Float], errors: Errors, limit: int | None, no_header: bool
) -> tuple[list[str], Matrix[Float]]:
    """Return the words and vectors of a file; text or binary, a header or none, and gzip, are told by its content.

    No more is allocated than the file can hold. Where a word comes up again, its first vector is kept and a
    warning is logged.

    Raises:
        FormatError: the file is in no such format; the message names the line or the byte.
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
                stream = ByteStream(content)
                if stream.peek(3) == codecs.BOM_UTF8:
                    stream.take(3)
                refuse_others(stream)
                return _read(stream, size, dtype, errors, limit, no_header)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise FormatError(f"expected a whole gzip file, got a damaged one ({error})") from None


def rows_of(stream: ByteStream) -> Iterator[Row]:
    """Yield the rows of a file, with a header or without.

    Raises:
        FormatError: it is in no such format.
    """
    count, dimension = _header(stream, no_header=False)
    return text_rows(stream, dimension, 1) if count is None else _rows(stream, count, dimension, "strict")


def _read(
    stream: ByteStream,
    size: int | None,
    dtype: type[Float],
    errors: Errors,
    limit: int | None,
    no_header: bool,
) -> tuple[list[str], Matrix[Float]]:
    count, dimension = _header(stream, no_header)
    wanted = count if limit is None else limit
    whole = size is not None and count is not None and limit is None
    # a letter, and a space and a digit for each number
    if whole and (count or 0) * (2 * dimension + 1) > (size or 0):
        raise FormatError(
            f"line 1: expected what fits into the {size:,} bytes of the file, "
            f"got {count:,} words of {dimension:,} numbers"
        )
    table: Matrix[Float] = _with_room(np.empty((0, dimension), dtype), (count or 0) if whole else 0)
    words: dict[str, None] = {}
    repeated = []
    rows = text_rows(stream, dimension, 1) if count is None else _rows(stream, count, dimension, errors)
    with np.errstate(over="ignore", under="ignore"):
        for row in islice(rows, wanted):
            word = _decoded(row, errors)
            if word in words:
                repeated.append(word)
                continue
            if len(words) == len(table):
                larger = max(2 * len(table), _ROOM // dimension, 1)
                table = _with_room(table, larger if wanted is None else min(wanted, larger))
            table[len(words)] = row.numbers
            if not np.isfinite(table[len(words)]).all():
                raise FormatError(f"{row.where}: expected finite numbers in {np.dtype(dtype)}, got others")
            if not table[len(words)].any() and row.numbers.any():
                raise FormatError(
                    f"{row.where}: expected numbers that {np.dtype(dtype)} can hold, got one that is 0 there: "
                    f"{np.abs(row.numbers).max():.3g}"
                )
            words[word] = None
    if limit is None and count is not None:
        _see_whole(count, len(words) + len(repeated), next(rows, None))
    if repeated:
        _logger.warning(
            "%d words come up again, such as %r: their first vectors are kept", len(repeated), repeated[0]
        )
    return list(words), table[: len(words)]


def _see_whole(count: int, found: int, more: Row | None) -> None:
    """See that there are as many words as the first line says."""
    way_out = "; with ", Setting("limit"), " it is read as far as it goes"
    if found < count:
        raise FormatError(f"expected {count:,} words, as line 1 says, got {found:,}", *way_out)
    if more:
        raise FormatError(f"{more.where}: expected the end after {count:,} words, as line 1 says", *way_out)


def _header(stream: ByteStream, no_header: bool) -> _Header:
    """Take the line that says how many words and numbers there are, or leave the first line, which is a word's."""
    if not no_header:
        place = stream.peek(_LONGEST_HEADER).find(b"\n")
        fields = stream.peek(_LONGEST_HEADER)[: max(place, 0)].split()
        sizes = [int(field) if field.isdigit() else 0 for field in fields]
        if len(sizes) == 2 and sizes[0] >= 1 and 1 <= sizes[1] <= _LARGEST_DIMENSION:
            stream.take(place + 1)
            return _Header(*sizes)
    sample = stream.peek(_LONGEST_LINE)
    if b"\r" in sample and b"\n" not in sample:
        raise FormatError("line 1: expected a line end \\n or \\r\\n, got \\r alone, which old Macs wrote")
    lines = sample.split(b"\n")[: _LINES + 1]
    whole = lines if len(lines) == 1 else lines[:-1]
    dimensions = [dimension_of(line, least=1 if no_header else 2) for line in whole if line.strip()]
    # Most lines tell, as one may be damaged or its word end in a number.
    dimension = max(dimensions, key=lambda each: (dimensions.count(each), each), default=0)
    if dimension == 0 or dimensions[0] == 0:
        first_line, _, _ = stream.peek(_LONGEST_HEADER).partition(b"\n")
        raise FormatError(
            "line 1: expected two whole numbers, how many words there are and how many numbers each has, or a word "
            f"and its numbers, got {shown(first_line)}"
        )
    return _Header(None, dimension)


def _rows(stream: ByteStream, count: int, dimension: int, errors: Errors) -> Iterator[Row]:
    if _is_text(stream.peek(LONGEST_WORD + LONGEST_NUMBER * dimension), count, dimension):
        return text_rows(stream, dimension, 2)
    return binary_rows(stream, dimension, errors)


def _is_text(sample: bytes, count: int, dimension: int) -> bool:
    """Text is what begins with a row of text, or what looks like text and is no whole file of the other format."""
    fields = sample.partition(b"\n")[0].split()[1:]
    if len(fields) >= dimension and numbers_of(fields[-dimension:]) is not None:
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample[:_SAMPLE])
        if not set(sample[:_SAMPLE]) & set(_CONTROL):
            return sum(1 for _ in binary_rows(ByteStream(BytesIO(sample)), dimension, "strict")) != count
    except FormatError:
        return True
    except UnicodeDecodeError:
        pass
    return False


def _decoded(row: Row, errors: Errors) -> str:
    try:
        return row.word.decode("utf-8", errors)
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{row.where}: expected a word in UTF-8, got byte 0x{row.word[error.start]:02x} in {shown(row.word)}",
            *WAY_OUT,
        ) from None


def _with_room(table: Matrix[Float], count: int) -> Matrix[Float]:
    used, dimension = table.shape
    require(count * dimension * table.itemsize, f"{count:,} vectors of {dimension:,} numbers")
    larger: Matrix[Float] = np.empty((count, dimension), table.dtype)
    larger[:used] = table
    return larger
