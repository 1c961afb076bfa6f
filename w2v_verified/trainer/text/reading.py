"""Files, folders and standard input as text in UTF-8."""

import codecs
import errno
import gzip
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import BufferedReader, IncrementalNewlineDecoder
from typing import Literal, cast, get_args

from w2v_verified.errors import Setting, SpelledError

_BLOCK = 1 << 14  # few enough that the words of a block stay in the processor's cache

Errors = Literal["strict", "replace", "ignore"]
WAY_OUT = " (with ", Setting("errors"), " replace or ignore it can be read)"
GZIP = b"\x1f\x8b"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class CorpusError(SpelledError):
    """The corpus cannot be trained on; the message says why."""


class FormatError(SpelledError):
    """A file is not in the format it was read as; the message names the line or the byte."""


def check_errors(errors: str) -> None:
    """Raise `ValueError` if `errors` is not one of its three values."""
    if errors not in get_args(Errors):
        raise ValueError(f"errors: expected one of {', '.join(get_args(Errors))}, got {errors!r}")


def text_files(path: str | os.PathLike[str]) -> Iterator[str | os.PathLike[str]]:
    """Yield the path itself, or for a folder all files in it and in its folders, but not the hidden ones."""
    if not os.path.isdir(path):
        yield path
        return
    files = sorted(_files_in(path))
    if not files:
        raise CorpusError(f"expected a folder with text files, got {os.fspath(path)!r}, which has none")
    for _, file in files:
        yield file


def _files_in(folder: str | os.PathLike[str]) -> Iterator[tuple[list[str], str]]:
    def refuse(error: OSError) -> None:
        raise error

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = os.path.join(parent, name)
            if not name.startswith(".") and not _is_special(path):
                yield os.path.relpath(path, folder).split(os.sep), path


def _is_special(path: str) -> bool:
    return os.path.exists(path) and not os.path.isfile(path)


def decoded(
    path: str | os.PathLike[str], errors: Errors, way_out: tuple[str, ...] = WAY_OUT
) -> Iterator[str]:
    """Yield the text of a file, block by block, with the line ends of Unix; `"-"` is standard input.

    ``way_out`` is added to the message about a byte that is not UTF-8.

    Raises:
        ValueError: `errors` is not one of its three values.
        CorpusError: the file is not text in UTF-8, or compressed and not whole; the message names the place.
        OSError: the file cannot be read.
    """
    name = "standard input" if path == "-" else repr(os.fspath(path))
    with _opened(path) as file:
        yield from decoded_file(file, name, errors, way_out)


def decoded_file(
    file: BufferedReader,
    name: str,
    errors: Errors,
    way_out: tuple[str, ...] = WAY_OUT,
    span: tuple[int, int] | None = None,
) -> Iterator[str]:
    """As `decoded`, of an open file that messages call by a name, or of a span of it.

    A span, the first byte and the one after the last, begins where a character does; its file is not compressed.
    """
    check_errors(errors)
    line_ends = IncrementalNewlineDecoder(None, translate=True)
    start = 0 if span is None else span[0]
    blocks = _blocks(file, name) if span is None else _blocks_within(file, *span)
    for text in _decoded(blocks, errors, name, way_out, start):
        if errors == "strict" and "\0" in text:
            raise CorpusError(f"expected text in UTF-8, got a binary file, {name} (it has zero bytes)")
        yield line_ends.decode(text)
    yield line_ends.decode("", final=True)


@contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[BufferedReader]:
    if path == "-":
        if sys.stdin is None:
            raise OSError(errno.EBADF, "standard input is closed")
        yield cast(BufferedReader, sys.stdin.buffer)
    else:
        with open(path, "rb") as file:
            yield file


def _blocks(file: BufferedReader, name: str) -> Iterator[bytes]:
    """Yield the bytes of a file, unpacked where gzip packed them, and an empty block at the end."""
    packed = file.peek(len(GZIP)).startswith(GZIP)
    with gzip.GzipFile(fileobj=file) if packed else nullcontext(file) as bytes_:
        while True:
            try:
                block = bytes_.read(_BLOCK)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise CorpusError(
                    f"expected a whole gzip file, got a damaged one, {name} ({error})"
                ) from None
            yield block
            if not block:
                return


def _blocks_within(file: BufferedReader, start: int, stop: int) -> Iterator[bytes]:
    """Yield the bytes of a span, and an empty block at the end."""
    file.seek(start)
    while start < stop and (block := file.read(min(_BLOCK, stop - start))):
        yield block
        start += len(block)
    yield b""


def _decoded(
    blocks: Iterator[bytes], errors: Errors, name: str, way_out: tuple[str, ...], offset: int
) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")(errors)
    at_start = offset == 0
    for block in blocks:
        unfinished = len(decoder.getstate()[0])
        if offset == 0 and block.startswith(_UTF_16):
            raise CorpusError(f"expected text in UTF-8, got UTF-16, {name} (by its first two bytes)")
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            position = offset - unfinished + error.start
            byte = error.object[error.start]
            raise CorpusError(
                f"expected text in UTF-8, got byte 0x{byte:02x} at offset {position} of {name}", *way_out
            ) from None
        yield text.removeprefix("\ufeff") if at_start else text
        offset += len(block)
        at_start = at_start and not text
