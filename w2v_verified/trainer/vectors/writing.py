"""Writing word2vec's files, text and binary."""

import gzip
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BufferedIOBase, BytesIO
from typing import Any, BinaryIO, cast

import numpy as np

from w2v_verified.files import replacing_bytes
from w2v_verified.runtime.arrays import Float, Matrix
from w2v_verified.trainer.text.reading import FormatError
from w2v_verified.trainer.vectors.byte_stream import ByteStream
from w2v_verified.trainer.vectors.reading import rows_of
from w2v_verified.trainer.vectors.text_rows import text_rows

_BLOCK = 1 << 16
_SPACE = re.compile(r"[ \t]")
_LINE_END = re.compile(r"[\n\r\f\v]")
_OTHERS = "; Word2Vec.save keeps any word, and so does gensim's save, of to_gensim()"


def write_text(
    path: str | os.PathLike[str], words: Sequence[str], vectors: Matrix[Float], header: bool = True
) -> None:
    """Write a line with V and d as a header, then a word and its numbers a line, in digits that give the same bits."""
    encoded = _encoded(words)
    for word, its_bytes in zip(words, encoded, strict=True):
        if _SPACE.search(word) and not _is_read_back(its_bytes):
            raise ValueError(
                "words: expected words without white space, or with some within that no number stands behind, "
                f"got {word!r}{_OTHERS}"
            )
    _check_finite(vectors)
    dimension = vectors.shape[1]
    line = " ".join(["%b", *[f"%.{_digits(vectors.dtype)}g"] * dimension]).encode() + b"\n"
    with _opened(path) as file:
        if header:
            file.write(b"%d %d\n" % vectors.shape)
        for start, rows in _blocks(vectors):
            for its_bytes, row in zip(encoded[start : start + len(rows)], rows.tolist(), strict=True):
                file.write(line % (its_bytes, *row))


def write_binary(path: str | os.PathLike[str], words: Sequence[str], vectors: Matrix[Float]) -> None:
    """Write a line with V and d, then for each word the word, a space, its numbers in float32 and a line end."""
    encoded = _encoded(words)
    with np.errstate(over="ignore", under="ignore"):
        narrow = vectors.astype("<f4", copy=False)
    _check_finite(narrow)
    lost = np.flatnonzero(vectors.any(axis=1) & ~narrow.any(axis=1))
    if len(lost):
        raise ValueError(
            f"vectors: expected numbers that float32 can hold, got some that are all 0 there, of {words[lost[0]]!r}"
        )
    if any(map(_SPACE.search, words)):
        _see_read_back(words, encoded, narrow)
    with _opened(path) as file:
        file.writelines(_binary(encoded, narrow))


def _binary(encoded: Sequence[bytes], vectors: Matrix[np.float32]) -> Iterator[bytes]:
    yield b"%d %d\n" % vectors.shape
    for word, row in zip(encoded, vectors, strict=True):
        yield b"%b %b\n" % (word, row.tobytes())


def _is_read_back(word: bytes) -> bool:
    """Whether a line of text gives a word back."""
    try:
        return [row.word for row in text_rows(ByteStream(BytesIO(word + b" 1\n")), 1, 1)] == [word]
    except FormatError:
        return False


def _see_read_back(words: Sequence[str], encoded: Sequence[bytes], vectors: Matrix[np.float32]) -> None:
    """See that a binary file, which does not say where words end, gives them back."""
    rows = rows_of(ByteStream(_Pieces(_binary(encoded, vectors))))
    for word, its_bytes, numbers in zip(words, encoded, vectors, strict=True):
        try:
            row = next(rows, None)
        except FormatError:
            row = None
        if row is None or row.word != its_bytes or row.numbers.tobytes() != numbers.tobytes():
            raise ValueError(
                "words: expected words that the binary format gives back, which tells the end of one with spaces by "
                f"what follows, got others at {word!r}; save_text may hold them{_OTHERS}"
            )


class _Pieces(BufferedIOBase):
    """A file of which some pieces are read, one after the other."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next piece, or nothing at the end."""
        return next(self._pieces, b"")


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
        if not word or _LINE_END.search(word):
            raise ValueError(f"words: expected words of one line, got {word!r}{_OTHERS}")
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
