"""Plain text as a stream of sentences, each a list of words."""

import codecs
import functools
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_BLOCK = 1 << 16
_ASCII_WORD = re.compile(r"\w+(?:'\w+)*")
_BLANK_LINE = re.compile(r"\n\s*\n")


class CorpusError(ValueError):
    """The corpus cannot be trained on; the message says why."""


def split_words(text: str) -> list[str]:
    r"""Return the words of a text in lower case: letters, digits, marks and underscores, apostrophes inside.

    >>> split_words("Don't stop: __init__(self) at 20°C, naïve हिन्दी!")
    ["don't", 'stop', '__init__', 'self', 'at', '20', 'c', 'naïve', 'हिन्दी']
    """
    text = unicodedata.normalize("NFC", text).lower().replace("\u2019", "'")
    return (_ASCII_WORD if text.isascii() else _word()).findall(text)


@functools.cache
def _word() -> re.Pattern[str]:
    # Python's \w leaves out combining marks and joiners, and so would cut Devanagari or Persian words in two.
    marks = "".join(c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) in ("Mn", "Mc"))
    return re.compile(rf"\w+(?:(?:[{marks}\u200c\u200d]+|'(?=\w))\w*)*")


@dataclass(frozen=True)
class TextFile:
    """The sentences of a plain-text file in UTF-8, read anew, block by block, every time it is iterated.

    A sentence here is what stands between two blank lines (lines may be wrapped); where that is longer
    than about 64 thousand characters, as in a file without line ends, it is cut between two words.

    Iterating raises `OSError` where the file cannot be read and `CorpusError` where it is not text.
    """

    path: str | os.PathLike[str]

    def __iter__(self) -> Iterator[list[str]]:
        if os.path.exists(self.path) and not os.path.isfile(self.path) and not os.path.isdir(self.path):
            raise CorpusError("expected a file that can be read several times, got a device or a pipe")
        pending = ""
        with open(self.path, "rb") as file:
            for text in _decoded(file):
                *passages, pending = _BLANK_LINE.split(pending + text)
                for passage in passages:
                    yield from _sentence(passage)
                if len(pending) > _BLOCK:
                    passage, pending = _cut_between_words(pending)
                    yield from _sentence(passage)
        yield from _sentence(pending)


def python_documentation() -> list[list[str]]:
    """Return the sentences of the English prose that every Python carries for its `help()`."""
    try:
        from pydoc_data.topics import topics
    except ModuleNotFoundError:
        raise CorpusError("this Python carries no documentation; give a text file") from None
    return [
        words
        for _, text in sorted(topics.items())
        for part in _BLANK_LINE.split(text)
        for words in _sentence(part)
    ]


def _sentence(passage: str) -> Iterator[list[str]]:
    words = split_words(passage)
    if words:
        yield words


def _cut_between_words(text: str) -> tuple[str, str]:
    last_gap = max(text.rfind(" "), text.rfind("\n"))
    cut = last_gap if last_gap > 0 else len(text)
    return text[:cut], text[cut:]


def _decoded(file: BinaryIO) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset = 0
    at_start = True
    while True:
        block = file.read(_BLOCK)
        unfinished = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            position = offset - unfinished + error.start
            byte = error.object[error.start]
            raise CorpusError(f"expected text in UTF-8, got byte 0x{byte:02x} at offset {position}") from None
        if "\0" in text:
            raise CorpusError("expected text in UTF-8, got a binary file (it has zero bytes)")
        yield text.removeprefix("\ufeff") if at_start else text
        if not block:
            return
        offset += len(block)
        at_start = at_start and not text
