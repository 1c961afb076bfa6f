"""Writing word2vec's files, text and binary."""

import gzip
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

import numpy as np

from w2v_verified.files import replacing_bytes
from w2v_verified.runtime.arrays import Float, Matrix

_BLOCK = 1 << 16
_SEPARATOR = re.compile(r"[ \t\n\r\f\v]")


def write_text(
    path: str | os.PathLike[str], words: Sequence[str], vectors: Matrix[Float], header: bool = True
) -> None:
    """Write a line with V and d as a header, then a word and its numbers a line, in digits that give the same bits."""
    encoded = _encoded(words)
    _check_finite(vectors)
    dimension = vectors.shape[1]
    line = " ".join(["%b", *[f"%.{_digits(vectors.dtype)}g"] * dimension]).encode() + b"\n"
    with _opened(path) as file:
        if header:
            file.write(b"%d %d\n" % vectors.shape)
        for start, rows in _blocks(vectors):
            for word, row in zip(encoded[start : start + len(rows)], rows.tolist(), strict=True):
                file.write(line % (word, *row))


def write_binary(path: str | os.PathLike[str], words: Sequence[str], vectors: Matrix[Float]) -> None:
    """Write a line with V and d, then for each word the word, a space, its numbers in float32 and a line end."""
    encoded = _encoded(words)
    with np.errstate(over="ignore"):
        _check_finite(vectors.astype("<f4", copy=False))
    with _opened(path) as file:
        file.write(b"%d %d\n" % vectors.shape)
        for start, rows in _blocks(vectors):
            for word, row in zip(encoded[start : start + len(rows)], rows.astype("<f4"), strict=True):
                file.write(b"%b %b\n" % (word, row.tobytes()))


@contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    with replacing_bytes(path) as file:
        if os.fspath(path).endswith(".gz"):
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                yield cast(BinaryIO, packed)
        else:
            yield file


def _encoded(words: Sequence[str]) -> list[bytes]:
    for word in words:
        if not word or _SEPARATOR.search(word):
            raise ValueError(f"words: expected words without white space, got {word!r}")
    try:
        return [word.encode() for word in words]
    except UnicodeEncodeError as error:
        raise ValueError(f"words: expected words that UTF-8 can hold, got {error.object!r}") from None


def _check_finite(vectors: Matrix[Any]) -> None:
    if not np.isfinite(vectors).all():
        raise ValueError("vectors: expected finite numbers, got a NaN or an infinity")


def _digits(dtype: np.dtype[Any]) -> int:
    """How many decimal digits tell any two numbers of a binary format apart."""
    return int(np.ceil(1 + (np.finfo(dtype).nmant + 1) * np.log10(2)))


def _blocks(vectors: Matrix[Float]) -> Iterator[tuple[int, Matrix[Float]]]:
    rows = max(1, _BLOCK // vectors.shape[1])
    for start in range(0, len(vectors), rows):
        yield start, vectors[start : start + rows]
