"""The text of a cluster's run: files that all workers see, and the spans of them that are read apart."""

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BufferedReader, BytesIO
from itertools import accumulate
from typing import Any, NamedTuple, cast

from w2v_verified.trainer.text.corpus import Corpus
from w2v_verified.trainer.text.reading import GZIP, CorpusError, decoded_file, text_files

__all__ = ["Source", "Span", "sentences_of", "sources", "spans"]

_AHEAD = 1 << 16
_SPACE = b" \t\n\r\v\f"
_GLOB = "*?["


class Source(NamedTuple):
    """A file of the text.

    Attributes:
        path: a path that every worker opens, or an address of fsspec's such as ``s3://bucket/file``.
        size: in bytes.
        changed: when it was written, as its file system tells it; nothing where that does not.
        packed: whether it is compressed, so that it can be read from its beginning alone.
    """

    path: str
    size: int
    changed: str
    packed: bool


class Span(NamedTuple):
    """A part of a file: from the word that is next at or behind ``start`` up to the one that is so for ``stop``."""

    source: Source
    start: int
    stop: int


def sources(path: str | os.PathLike[str]) -> list[Source]:
    """The files of a corpus in the order in which one machine reads them.

    Args:
        path: a file, a folder, a pattern with ``*``, or an address of fsspec's of one of these.

    Raises:
        CorpusError: there are none.
        OSError: one cannot be opened.
    """
    name = os.fspath(path)
    try:
        paths = _addressed(name) if "://" in name else list(_local(name))
    except (OSError, CorpusError):
        raise
    except Exception as error:  # a file system of others' may raise anything
        raise CorpusError(f"expected files, got {name!r}: {type(error).__name__}: {error}") from None
    return [
        _source(each) for each in dict.fromkeys(paths)
    ]  # a pattern may fit a file and the folder it is in


def _local(name: str) -> Iterator[str]:
    if any(c in name for c in _GLOB) and not os.path.exists(name):
        from glob import glob

        found = sorted(glob(name, recursive=True))
        if not found:
            raise CorpusError(f"expected files, got the pattern {name!r}, which fits none")
        for each in found:
            yield from _within(each)
        return
    yield from _within(name)


def _within(name: str) -> Iterator[str]:
    for each in text_files(name):
        yield os.path.realpath(each)


def _addressed(name: str) -> list[str]:
    system, inside = _system(name)
    fits = sorted(system.glob(inside)) if any(c in inside for c in _GLOB) else [inside]
    places = [place for place in fits if not place.rpartition("/")[2].startswith(".")]
    found = [path for place in places for path in _in_system(system, place)]
    if not found:
        raise CorpusError(f"expected files, got {name!r}, which has none")
    return [system.unstrip_protocol(each) for each in found]


def _in_system(system: Any, place: str) -> list[str]:
    """A file, or those of a folder and its folders, but not the hidden ones."""
    if not system.isdir(place):
        return [place]
    base = place.rstrip("/") + "/"
    relative = sorted(each.removeprefix(base).split("/") for each in system.find(place))
    return [base + "/".join(parts) for parts in relative if not any(p.startswith(".") for p in parts)]


def _system(address: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    try:
        system, inside = url_to_fs(address)
    except ImportError as error:
        raise CorpusError(f"expected a file system that is installed, got {address!r}: {error}") from None
    except ValueError as error:
        raise CorpusError(f"expected an address that fsspec knows, got {address!r}: {error}") from None
    return system, inside


@contextmanager
def _opened(path: str) -> Iterator[BufferedReader]:
    if "://" not in path:
        with open(path, "rb") as file:
            yield file
        return
    system, inside = _system(path)
    with system.open(inside, "rb") as raw:
        # Files in memory are one and the same for all who open them, and have one place where they are read.
        own = BytesIO(raw.getvalue()) if hasattr(raw, "getvalue") else raw
        yield cast(BufferedReader, BufferedReader(own))


def _source(path: str) -> Source:
    with _opened(path) as file:
        packed = file.peek(len(GZIP)).startswith(GZIP)
    if "://" in path:
        system, inside = _system(path)
        info = system.info(inside)
        changed = next((str(info[key]) for key in ("ETag", "LastModified", "mtime") if key in info), "")
        return Source(path, int(info["size"]), changed, packed)
    status = os.stat(path)
    return Source(path, status.st_size, str(status.st_mtime_ns), packed)


def spans(files: Sequence[Source], parts: int) -> list[list[Span]]:
    """Cut a text into so many parts of as many bytes, each the spans of one or several files.

    A compressed file is in one part, the one that its first byte is in.
    """
    ends = list(accumulate(source.size for source in files))
    total = ends[-1] if ends else 0
    cuts = [total * part // parts for part in range(parts + 1)]
    found: list[list[Span]] = [[] for _ in range(parts)]
    for source, end in zip(files, ends, strict=True):
        first = end - source.size
        if source.packed or not source.size:
            found[min(bisect_right(cuts, first) - 1, parts - 1)].append(Span(source, 0, source.size))
            continue
        for part in range(parts):
            start, stop = max(cuts[part], first), min(cuts[part + 1], end)
            if start < stop:
                found[part].append(Span(source, start - first, stop - first))
    return found


def sentences_of(part: Sequence[Span], corpus: Corpus) -> Iterator[list[str]]:
    """The sentences of a part of a text, or what of them is in it.

    All the parts together have the words and the ends of sentences that ``corpus`` has; of the ends, a part may begin
    with one that belongs to no sentence.

    Raises:
        CorpusError: it is not text in UTF-8; the message names the file and the byte.
        OSError: a file cannot be read; the error names it.
    """
    for source, start, stop in part:
        try:
            with _opened(source.path) as file:
                if source.packed:
                    span = None
                else:
                    span = _word_from(file, start, source.size), _word_from(file, stop, source.size)
                text = decoded_file(file, repr(source.path), corpus.errors, span=span)
                begins, ends = not span or span[0] == 0, not span or span[1] == source.size
                yield from corpus.sentences(text, begins=begins, ends=ends)
        except OSError as error:
            raise OSError(error.errno, error.strerror or str(error), source.path) from None


def _word_from(file: BufferedReader, place: int, size: int) -> int:
    """The place at or behind this one where a word follows white space of ASCII; the end where there is none.

    No sentence ends across it, as what stands between them is white space, and no character does.
    """
    if place == 0 or place >= size:
        return min(place, size)
    file.seek(place - 1)
    held = file.read(1)
    at = place
    while True:
        block = file.read(_AHEAD)
        if not block:
            return size
        text = held + block  # the byte before `at` comes with it
        for i in range(1, len(text)):
            if text[i - 1] in _SPACE and _is_no_space(text[i : i + 4], file, at + i - 1):
                return at + i - 1
        at += len(block)
        held = text[-1:]


def _is_no_space(character: bytes, file: BufferedReader, place: int) -> bool:
    """Whether a character, of which the bytes in hand may have but the beginning, is one, and not white space."""
    if character[0] >= 0x80 and len(character) < 4:
        here = file.tell()
        file.seek(place)
        character = file.read(4)
        file.seek(here)
    # What is left out where bytes are no text stands between nothing.
    text = character.decode(errors="replace")
    return text[0] != "\ufffd" and not text[0].isspace()
