"""The corpus as word numbers (ids) on disk, made in one pass over the text."""

import hashlib
import os
import secrets
import tempfile
import weakref
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, suppress
from operator import itemgetter
from typing import BinaryIO, NamedTuple

import numpy as np

from w2v_verified.runtime.arrays import Integers
from w2v_verified.trainer.text.corpus import Unfinished
from w2v_verified.trainer.text.reading import CorpusError
from w2v_verified.trainer.text.vocabulary import Vocabulary

_BATCH = 2048  # few enough that the words of a batch stay in the processor's cache
_BLOCK = 1 << 18
END = -1
"""The end of a sentence among the numbers of words."""
NOWHERE = -2
"""In the place of the number of a word that is left out."""
_OPEN_FILES = "/proc/{}/fd/{}"
_END = (
    f"\ud800{secrets.token_hex(8)}"  # no text has it; a key of another type would make every look-up slower
)


class TextSize(NamedTuple):
    """How long a text is."""

    words: int
    sentences: int


class Tokens:
    """A corpus as word numbers in a temporary file, so that memory is bounded by the vocabulary.

    Make it with `Tokens.of`, and use it as a context manager or call `close`: that removes the file. Under Linux
    it has no name, so it is gone however the process ends. It can be pickled: what another process unpickles
    reads the same file and never removes it.

    Attributes:
        vocabulary: the words that are trained, their counts and the length of the text.
        numbers: the kept words of the text in order, read-only; -1 after each sentence that has any.
        digest: 32 hexadecimal digits that identify the vocabulary and the numbers.
        text: how many words and sentences the text has, those left out included.

    >>> with Tokens.of([["b", "a", "rare"], ["a"], ["b", "a"]], min_count=2, max_vocab=None) as tokens:
    ...     tokens.vocabulary.words, tokens.numbers.tolist()
    (('a', 'b'), [1, 0, -1, 0, -1, 1, 0, -1])
    """

    def __init__(self, path: str, vocabulary: Vocabulary, digest: str, text: "TextSize") -> None:
        self.vocabulary = vocabulary
        self.text = text
        self.numbers: Integers[np.int32] = np.memmap(path, np.int32, "r")
        self.digest = digest
        self._path = path
        self._remove: weakref.finalize[..., Tokens] | None = None

    @classmethod
    def of(
        cls,
        sentences: Iterable[Sequence[str]],
        *,
        min_count: int,
        max_vocab: int | None,
        vocabulary: Vocabulary | None = None,
        directory: str | os.PathLike[str] | None = None,
    ) -> "Tokens":
        """Read, count and number a corpus.

        Args:
            sentences: lists of words; they are gone through once, so an iterator will do.
            min_count: leave out words that occur less often than this.
            max_vocab: keep this many words, the most frequent; None keeps all.
            vocabulary: keep these words, whatever the two say, with the counts that they have there.
            directory: where the file is put, 4 bytes a word; by default the system's folder for such files.

        Raises:
            CorpusError: the corpus is empty, or fewer than two of its words occur `min_count` times.
            TypeError: a sentence is a string, a dictionary or a set, or a word is no string.
            ValueError: a word is no text (it has half of a surrogate pair).
            OSError: the file cannot be written.
        """
        with ExitStack() as undo:
            file, path = _temporary(directory, undo)
            numbers = write_by_first_sight(sentences, file, os.fspath(directory or tempfile.gettempdir()))
            counts = counted(file, len(numbers))
            if vocabulary is None:
                vocabulary = Vocabulary.of(
                    list(numbers)[1:], counts[1:], min_count=min_count, max_vocab=max_vocab
                )
            if vocabulary.words and not any(word in numbers for word in vocabulary.words):
                raise CorpusError(
                    f"expected some of the {len(vocabulary):,} words of the vocabulary, got none"
                )
            text = TextSize(int(counts[1:].sum()), int(counts[0]))
            tokens = cls(path, vocabulary, _renumber(file, numbers, vocabulary), text)
            file.flush()
            tokens._remove = weakref.finalize(tokens, _remove, os.getpid(), undo.pop_all())
        return tokens

    def see_pairs(self) -> None:
        """See that two words stand side by side in a sentence.

        Raises:
            CorpusError: none do, so that there is nothing to train.
        """
        for start in range(0, len(self.numbers), _BLOCK):
            words = np.asarray(self.numbers[start : start + _BLOCK + 1]) != END
            if (words[1:] & words[:-1]).any():
                return
        raise CorpusError("expected two words within reach of each other, got none")

    def close(self) -> None:
        """Remove the file; what has mapped it can go on reading."""
        if self._remove is not None:
            self._remove()

    def __enter__(self) -> "Tokens":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[type["Tokens"], tuple[str, Vocabulary, str, "TextSize"]]:
        return Tokens, (self._path, self.vocabulary, self.digest, self.text)


def _temporary(directory: str | os.PathLike[str] | None, undo: ExitStack) -> tuple[BinaryIO, str]:
    """Open a temporary file that `undo` removes, and say by which path other processes open it."""
    descriptor, path = tempfile.mkstemp(".tokens", "w2v_verified-", directory)
    file = os.fdopen(descriptor, "w+b")
    undo.callback(_discard, file)
    nameless = _OPEN_FILES.format(os.getpid(), descriptor)
    if os.path.exists(nameless):
        os.unlink(path)
        return file, nameless
    undo.callback(os.unlink, path)
    return file, path


def _discard(file: BinaryIO) -> None:
    # What a full disk did not take would be written once more, and fail once more.
    with suppress(OSError):
        file.close()


def _remove(process: int, undo: ExitStack) -> None:
    # A forked process inherits the object, not the file.
    if os.getpid() == process:
        undo.close()


def write_by_first_sight(sentences: Iterable[Sequence[str]], file: BinaryIO, folder: str) -> dict[str, int]:
    """Write the text as numbers given out at first sight, 0 for the end of a sentence, and return them.

    The first of them is that of the end; ``folder`` is what a message calls a disk that is full.
    """
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    numbers[_END] = 0
    pending: list[str] = []
    several = False
    for sentence in sentences:
        if isinstance(sentence, str | bytes | Mapping | Set) or not isinstance(sentence, Iterable):
            raise TypeError(f"sentences: expected lists of words, got {_named(sentence)}")
        before = len(pending)
        pending.extend(sentence)
        several = several or len(pending) - before > 1
        if not isinstance(sentence, Unfinished):
            pending.append(_END)
        if len(pending) >= _BATCH:
            _write(pending, numbers, file, folder)
    _write(pending, numbers, file, folder)
    numbers.default_factory = None
    words = list(numbers)[1:]
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"sentences: expected words to be strings, got {word!r}")
    _see_encodable(words)
    unparted = None if several else next((word for word in words if len(word.split()) > 1), None)
    if unparted is not None:
        raise TypeError(
            f"sentences: expected lists of words, got lists of one string each, such as [{unparted[:60]!r}]; "
            "split() parts it into words"
        )
    return numbers


def _named(sentence: object) -> str:
    """What stands in the place of a sentence."""
    if isinstance(sentence, str):
        return f"the string {sentence[:60]!r}"
    if isinstance(sentence, Mapping | Set):
        return (
            f"a {type(sentence).__name__}, which has no order of its own or no repeats: {str(sentence)[:60]}"
        )
    return repr(sentence)


def _see_encodable(words: Sequence[str]) -> None:
    try:
        "\n".join(words).encode()
    except UnicodeEncodeError as error:
        word = next(word for word in words if error.object[error.start] in word)
        raise ValueError(f"sentences: expected words that UTF-8 can hold, got {word!r}") from None


def _write(pending: list[str], numbers: dict[str, int], file: BinaryIO, folder: str) -> None:
    for start in range(0, len(pending), _BATCH):
        some = pending[start : start + _BATCH]
        try:
            block = np.array(itemgetter(*some)(numbers), np.int32).tobytes()
        except TypeError:  # a list cannot be looked up
            other = next(word for word in some if not isinstance(word, str))
            raise TypeError(f"sentences: expected words to be strings, got {other!r}") from None
        try:
            file.write(block)
            file.flush()
        except OSError as error:
            raise OSError(error.errno, f"{error.strerror} (for the text as numbers)", folder) from None
    pending.clear()


def counted(file: BinaryIO, numbers: int) -> Integers[np.int64]:
    """How often each number below this occurs, that of the ends of sentences in front."""
    counts = np.zeros(numbers, np.int64)
    for block in _blocks(file):
        counts += np.bincount(block, minlength=len(counts))
    return counts


def _renumber(file: BinaryIO, numbers: dict[str, int], vocabulary: Vocabulary) -> str:
    """Give the kept words their final numbers, in place, leave the others out, and return the digest."""
    final = np.full(len(numbers), NOWHERE, np.int32)
    final[0] = END
    there = [number for number, word in enumerate(vocabulary.words) if word in numbers]
    final[[numbers[vocabulary.words[number]] for number in there]] = there
    digest = hashlib.blake2b("\n".join(vocabulary.words).encode(), digest_size=16)
    digest.update(vocabulary.counts.tobytes())
    written = 0
    for kept in renumbered(file, final):
        data = kept.tobytes()
        digest.update(data)
        file.seek(written)
        written += file.write(data)
    file.truncate(written)
    return digest.hexdigest()


def renumbered(
    file: BinaryIO, final: Integers[np.int32], *, begins: bool = True
) -> Iterator[Integers[np.int32]]:
    """Yield the final numbers of what a file holds by first sight, without words that have none and empty sentences.

    ``final`` has one for each number of first sight. In between the file may be written before the place that was read.
    Unless the text ``begins`` with a sentence of its own, what comes before may end with the end that it begins with.
    """
    last = np.array([END if begins else NOWHERE], np.int32)
    for block in _blocks(file):
        kept = final[block]
        kept = np.concatenate([last, kept[kept != NOWHERE]])
        in_a_sentence = kept != END
        kept = kept[1:][in_a_sentence[1:] | in_a_sentence[:-1]]
        last = kept[-1:] if len(kept) else last
        yield kept


def _blocks(file: BinaryIO) -> Iterator[Integers[np.int32]]:
    place = 0
    while True:
        file.seek(place)
        block = file.read(4 * _BLOCK)
        if not block:
            return
        place += len(block)
        yield np.frombuffer(block, np.int32)
