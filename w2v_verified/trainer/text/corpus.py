"""Plain text as a stream of sentences, each a list of words."""

import functools
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from w2v_verified.trainer.text.reading import CorpusError, Errors, decoded, text_files

_BLANK_LINE = re.compile(r"\n\s*\n")
_LINE_END = re.compile(r"\n")
_LONGEST_HELD = 1 << 16
# Bytes to bytes: what ASCII has between words to a space, the rest of UTF-8 as it is; or ASCII to lower case as well.
_SPACED_AS_IT_IS = bytes(
    ord(c) if c.isalnum() or c in "_'" else ord(" ") for c in map(chr, range(128))
) + bytes(range(128, 256))
_SPACED = _SPACED_AS_IT_IS.lower()
_LONE_APOSTROPHE = re.compile(r"'(?:(?!\w)|(?<!\w'))", re.ASCII)


def split_words(text: str, keep_case: bool = False) -> list[str]:
    r"""Return the words of a text: letters, digits, marks and underscores, apostrophes inside; in lower case.

    >>> split_words("Don't stop: __init__(self) at 20°C, naïve हिन्दी!")
    ["don't", 'stop', '__init__', 'self', 'at', '20', 'c', 'naïve', 'हिन्दी']
    >>> split_words("Don't stop!", keep_case=True)
    ["Don't", 'stop']
    """
    table = _SPACED_AS_IT_IS if keep_case else _SPACED
    if text.isascii():
        spaced = text.encode().translate(table).decode()
        return (_LONE_APOSTROPHE.sub(" ", spaced) if "'" in spaced else spaced).split()
    text = unicodedata.normalize("NFC", text).replace("\u2019", "'")
    text = text if keep_case else text.lower()
    spaced = text.encode(errors="surrogatepass").translate(table).decode(errors="surrogatepass")
    words = []
    for part in spaced.split():
        if part.isalnum():
            words.append(part)
        else:
            words += _word().findall(part)
    return words


@functools.cache
def _word() -> re.Pattern[str]:
    # Python's \w leaves out combining marks and joiners, and so would cut Devanagari or Persian words in two.
    marks = "".join(c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) in ("Mn", "Mc"))
    return re.compile(rf"\w+(?:(?:[{marks}\u200c\u200d]+|'(?=\w))\w*)*")


class Unfinished(list[str]):
    """A piece of a sentence that goes on in the next item of the corpus."""


@dataclass(frozen=True)
class Corpus:
    r"""The sentences of plain text, read piece by piece every time they are iterated.

    A sentence here is what stands between two blank lines, as lines may be wrapped, or one line with `by_line`.
    Long ones come in several pieces, all but the last of them `Unfinished`, so memory does not depend on how
    the text is cut into lines. Line ends may be those of Unix, Windows or old Macs.

    Args:
        path: a file; a folder, whose files are read in sorted order, with those of its folders; `"-"` for
            standard input, which can be read once. What is compressed by gzip is read as what it holds.
        errors: what to do with bytes that are not UTF-8: `"strict"` refuses, `"replace"` puts U+FFFD, which parts
            words, in their place, and `"ignore"` leaves them out.
        by_line: whether every line is a sentence.
        split: from a text to its words; it never sees a part of what white space parts.

    Iterating raises `OSError` where a file cannot be read and `CorpusError` where it is not text.
    """

    path: str | os.PathLike[str]
    errors: Errors = "strict"
    by_line: bool = False
    split: Callable[[str], list[str]] = split_words

    def __iter__(self) -> Iterator[list[str]]:
        for file in text_files(self.path):
            yield from self.sentences(decoded(file, self.errors))

    def sentences(
        self, text: Iterator[str], *, begins: bool = True, ends: bool = True
    ) -> Iterator[list[str]]:
        """The sentences of a text that comes in blocks.

        A sentence may go on from what comes before the text, unless that ``begins`` with one of its own, and one may
        go on behind it, unless it ``ends`` there. What is cut out of another text begins with a character that is no
        white space, behind one that is.
        """
        unfinished = not begins
        for passage, whole in _passages(text, _LINE_END if self.by_line else _BLANK_LINE, ends):
            words = self.split(passage)
            if words or (unfinished and whole):
                yield words if whole else Unfinished(words)
                unfinished = not whole


def python_documentation() -> list[list[str]]:
    """Return the sentences of the English prose that every Python carries for its `help()`."""
    try:
        from pydoc_data.topics import topics
    except ModuleNotFoundError:
        raise CorpusError("this Python carries no documentation; give a text file") from None
    parts = (part for _, text in sorted(topics.items()) for part in _BLANK_LINE.split(text))
    return [words for words in map(split_words, parts) if words]


def _passages(blocks: Iterator[str], end: re.Pattern[str], ends: bool) -> Iterator[tuple[str, bool]]:
    """Cut a text where sentences end, and between two words; say of each passage whether it ends a sentence.

    The last one does if the text ``ends`` there.
    """
    held = ""
    for block in blocks:
        settled, held = _cut_between_words(held + block)
        *whole, last = end.split(settled)
        for passage in whole:
            yield passage, True
        yield last, False
    *whole, last = end.split(held)
    for passage in whole:
        yield passage, True
    yield last, ends


def _cut_between_words(text: str) -> tuple[str, str]:
    """Cut before the last white space; all of it stays together, as it may hold a sentence's end."""
    settled = text.rstrip()
    if len(settled) == len(text):
        parts = text.rsplit(maxsplit=1)
        settled = parts[0] if len(parts) == 2 else ""
    if settled or len(text) < _LONGEST_HELD:
        return settled, text[len(settled) :]
    word = text.lstrip()
    space = text[: len(text) - len(word)]
    text = "\n" * min(2, space.count("\n")) + " " * bool(space) + word
    if len(word) < _LONGEST_HELD:
        return "", text
    gap = next((i for i in range(len(text) - 1, 0, -1) if not _joins(text[i])), len(text))
    return text[:gap], text[gap:]


def _joins(character: str) -> bool:
    return (
        character.isalnum()
        or character in "_'\u2019"
        or unicodedata.category(character) in ("Mn", "Mc", "Cf")
    )
