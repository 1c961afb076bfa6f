"""What word vectors are judged by: lines of a file, and which of their words are known."""

import os
from collections.abc import Iterator, Sequence

from w2v_verified.trainer.text.reading import CorpusError, FormatError, decoded
from w2v_verified.values import Range


class KnownWords:
    """The rows of the first `restrict_vocab` words, whatever their case if asked for; of several, the first.

    Raises:
        ValueError: `restrict_vocab` is not a whole number from 1.
    """

    def __init__(self, words: Sequence[str], restrict_vocab: int, *, case_insensitive: bool) -> None:
        check_at_least_1(restrict_vocab=restrict_vocab)
        self._fold = str.upper if case_insensitive else str
        self._rows: dict[str, int] = {}
        self._spellings: dict[int, list[int]] = {}
        for row, word in enumerate(words[:restrict_vocab]):
            first = self._rows.setdefault(self._fold(word), row)
            if first != row:
                self._spellings.setdefault(first, [first]).append(row)

    def rows(self, words: Sequence[str]) -> list[int] | None:
        """Return the row of each word, or None if one is not known."""
        rows = [self._rows.get(self._fold(word)) for word in words]
        found = [row for row in rows if row is not None]
        return found if len(found) == len(rows) else None

    def spellings(self, row: int) -> list[int]:
        """Return the rows of all words that match the word of a row that `rows` returned."""
        return self._spellings.get(row, [row])


def check_at_least_1(**numbers: int) -> None:
    """Raise `ValueError` for what is not a whole number from 1, with its name."""
    for name, number in numbers.items():
        refusal = Range(int, 1).refusal(number)
        if refusal is not None:
            raise ValueError(f"{name}: {refusal}")


def lines_of(path: str | os.PathLike[str]) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line of a file in UTF-8, packed by gzip or not.

    Raises:
        FormatError: the file is not text.
        OSError: the file cannot be read.
    """
    try:
        text = "".join(decoded(path, "strict", way_out=()))
    except CorpusError as error:
        raise FormatError(*error.parts) from None
    yield from enumerate(text.split("\n"), start=1)
