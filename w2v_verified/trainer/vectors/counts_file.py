"""Words with their counts, a line each, as word2vec's tools keep them beside vectors."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from w2v_verified.files import replacing
from w2v_verified.runtime.arrays import Integers
from w2v_verified.trainer.text.reading import CorpusError, FormatError, decoded

__all__ = ["read_counts", "write_counts"]


def write_counts(path: str | os.PathLike[str], words: Sequence[str], counts: Integers[Any]) -> None:
    """Write a word and its count on each line; the file is there whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(path) as file:
        file.writelines(f"{word} {count}\n" for word, count in zip(words, counts.tolist(), strict=True))


def read_counts(path: str | os.PathLike[str], words: Sequence[str]) -> Integers[np.int64]:
    """The counts of some words.

    Raises:
        FormatError: a line is no word with a count, or a word has none; the message names it.
        OSError: the file cannot be read.
    """
    found: dict[str, int] = {}
    try:
        lines = "".join(decoded(path, "strict", way_out=())).split("\n")
    except CorpusError as error:
        raise FormatError(*error.parts) from None
    for number, line in enumerate(lines, start=1):
        word, _, count = line.rpartition(" ")
        if line and not (word and count.isdecimal()):
            raise FormatError(f"line {number}: expected a word and its count, got {line[:60]!r}")
        if line:
            found[word] = int(count)
    missing = next((word for word in words if word not in found), None)
    if missing is not None:
        raise FormatError(f"expected a count for each of {len(words):,} words, got none for {missing!r}")
    return np.array([found[word] for word in words], np.int64)
