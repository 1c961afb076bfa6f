"""Counting, vocabulary and numbers of words over parts of a text: what the reading on one machine gives.

Every part is read once, into numbers given out at first sight; the rest is done with these. All of it is pure tasks
that leave their results in the folder of the run.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from w2v_verified.trainer.cluster.folder import Folder
from w2v_verified.trainer.cluster.source import Source, Span, sentences_of, sources, spans
from w2v_verified.trainer.cluster.tasks import Carrier, Task
from w2v_verified.trainer.run.checkpoint import CheckpointError
from w2v_verified.trainer.text.corpus import Corpus
from w2v_verified.trainer.text.reading import CorpusError
from w2v_verified.trainer.text.tokens import (
    END,
    NOWHERE,
    TextSize,
    Tokens,
    counted,
    renumbered,
    write_by_first_sight,
)
from w2v_verified.trainer.text.vocabulary import Vocabulary

__all__ = ["ReadText", "read_text"]

_PART = 1 << 25  # bytes of a part: its words take some seconds
_LEAST = 1 << 16  # and of the smallest that is worth a task
_BLOCK = 1 << 24
_READING, _VOCABULARY, _TOKENS = "text.json", "vocabulary.json", "tokens.int32"


@dataclass(frozen=True)
class ReadText:
    """A text as word numbers in the folder of a run.

    Attributes:
        folder: where they are.
        digest: identifies the vocabulary and the numbers, in the parts that they were made in.
        made: tells this reading from another that gave the same.
    """

    folder: Folder
    digest: str
    made: str

    @property
    def tokens(self) -> Tokens:
        """The vocabulary and the numbers, where they are; a process reads the vocabulary once."""
        return _tokens(self)


class _Numbers(NamedTuple):
    """What became of a part: how many numbers it has, and whether the first and the last end a sentence."""

    length: int
    begins_with_end: bool
    ends_with_end: bool


def read_text(
    carrier: Carrier,
    corpus: Corpus,
    folder: Folder,
    *,
    min_count: int,
    max_vocab: int | None,
    shards: int,
) -> ReadText:
    """Read, count and number a text on the workers, unless the folder has it already.

    Args:
        carrier: has tasks carried out.
        corpus: the text, on a file system that all workers see.
        folder: of the run, which is there.
        min_count: leave out words that occur less often than this.
        max_vocab: keep this many words, the most frequent; None keeps all.
        shards: the text is read in as many parts or more, if it is not short, so that as many workers have work.

    Raises:
        CorpusError: it cannot be trained on.
        CheckpointError: the folder has a run on another text.
        ClusterError: a task cannot be carried out.
        OSError: a file cannot be opened, or the folder not written to.
    """
    files = [s for s in sources(corpus.path) if not Path(s.path).is_relative_to(folder.path)]
    nbytes = sum(source.size for source in files)
    identity = _identity(corpus, min_count, max_vocab, files)
    known = _known(carrier, folder, identity)
    if known is not None:
        return known
    if folder.manifests() and _said(folder).get("text") not in (None, identity):
        raise CheckpointError(
            f"expected the folder of a run on this text, got {os.fspath(folder.path)!r}, which has one on another "
            "text, on this one before it was changed, or read in another way"
        )
    # Not by the number of workers: what the folder holds is the same for all of them.
    parts = spans(files, max(1, min(shards, nbytes // _LEAST), -(-nbytes // _PART)))
    named = [f"part {k + 1} of {len(parts)} of the text" for k in range(len(parts))]
    carrier.all(
        Task(f"counting the words of {named[k]}", _count, (folder, k, part, corpus))
        for k, part in enumerate(parts)
    )
    digest = carrier.one(Task("making the vocabulary", _merge, (folder, len(parts), min_count, max_vocab)))
    numbered = carrier.all(
        Task(f"numbering the words of {named[k]}", _number, (folder, k, digest)) for k in range(len(parts))
    )
    starts, skipped, length = _places(numbered)
    folder.remove([_TOKENS])  # and not cut: another process may have mapped it
    with open(folder.file(_TOKENS), "wb") as file:
        file.truncate(4 * length)
    placed = carrier.all(
        Task(f"placing the words of {named[k]}", _place, (folder, k, starts[k], skipped[k]))
        for k in range(len(parts))
    )
    said = {"text": identity, "vocabulary": digest, "length": length, "parts": placed}
    said["made"] = secrets.token_hex(8)
    folder.put(_READING, json.dumps(said).encode())
    folder.remove(name for k in range(len(parts)) for name in _of_part(k))
    return ReadText(folder, _digest_of(said), said["made"])


def _identity(corpus: Corpus, min_count: int, max_vocab: int | None, files: Sequence[Source]) -> Any:
    from cloudpickle import dumps

    # A function of a module goes by its name, any other by what it does.
    rule = hashlib.blake2b(dumps(corpus.split), digest_size=16).hexdigest()
    given = [[each.path, each.size, each.changed] for each in files]
    return [given, corpus.errors, corpus.by_line, rule, min_count, max_vocab]


def _digest_of(said: Any) -> str:
    """What identifies a text that was read."""
    read = [said["vocabulary"], said["length"], said["parts"]]
    return hashlib.blake2b(json.dumps(read).encode(), digest_size=16).hexdigest()


def _said(folder: Folder) -> dict[str, Any]:
    """What the folder says of the text it has; nothing if it has none."""
    try:
        found = json.loads(folder.file(_READING).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _known(carrier: Carrier, folder: Folder, identity: Any) -> ReadText | None:
    """The text that the folder has, if it is this one and whole."""
    said = _said(folder)
    if said.get("text") != identity or not {"vocabulary", "length", "parts", "made"} <= set(said):
        return None
    tasks = [Task("looking at the vocabulary", _has_vocabulary, (folder, said["vocabulary"]))]
    tasks += [
        Task("looking at the numbers of words", _has_part, (folder, said["length"], part))
        for part in said["parts"]
    ]
    return ReadText(folder, _digest_of(said), said["made"]) if all(carrier.all(tasks)) else None


def _has_vocabulary(folder: Folder, digest: str) -> bool:
    try:
        data = folder.file(_VOCABULARY).read_bytes()
    except FileNotFoundError:
        return False
    return hashlib.blake2b(data, digest_size=16).hexdigest() == digest


def _has_part(folder: Folder, length: int, part: tuple[int, int, str]) -> bool:
    start, count, digest = part
    try:
        with open(folder.file(_TOKENS), "rb") as file:
            return os.fstat(file.fileno()).st_size == 4 * length and digest == _of_numbers(file, start, count)
    except FileNotFoundError:
        return False


def _of_numbers(file: BinaryIO, start: int, count: int) -> str:
    """The digest of so many numbers from a place on."""
    found, left = hashlib.blake2b(digest_size=16), 4 * count
    file.seek(4 * start)
    while left and (block := file.read(min(left, _BLOCK))):
        found.update(block)
        left -= len(block)
    return found.hexdigest()


def _of_part(k: int) -> tuple[str, str, str]:
    return f"part-{k:05}.first", f"part-{k:05}.words", f"part-{k:05}.numbers"


def _count(folder: Folder, k: int, part: Sequence[Span], corpus: Corpus) -> None:
    """Write a part as numbers given out at first sight, and its words with their counts."""
    first, words, _ = _of_part(k)
    with folder.writing(first) as file:
        numbers = write_by_first_sight(sentences_of(part, corpus), file, os.fspath(folder.path))
        counts = counted(file, len(numbers))
    folder.put(words, json.dumps([list(numbers)[1:], counts[1:].tolist()]).encode())


def _merge(folder: Folder, parts: int, min_count: int, max_vocab: int | None) -> str:
    """Add up the counts of all parts, write the vocabulary, and return its digest."""
    total: dict[str, int] = {}
    for k in range(parts):
        words, counts = json.loads(folder.file(_of_part(k)[1]).read_bytes())
        for word, count in zip(words, counts, strict=True):
            total[word] = total.get(word, 0) + count
    vocabulary = Vocabulary.of(
        list(total),
        np.array(list(total.values())),
        min_count=min_count,
        max_vocab=max_vocab,
    )
    made = [vocabulary.words, vocabulary.counts.tolist(), vocabulary.eligible, vocabulary.text_length]
    data = json.dumps(made).encode()
    folder.put(_VOCABULARY, data)
    return hashlib.blake2b(data, digest_size=16).hexdigest()


@lru_cache(maxsize=2)
def _vocabulary(path: str, digest: str) -> Vocabulary:
    with open(path, "rb") as file:
        words, counts, eligible, length = json.load(file)
    return Vocabulary(tuple(words), np.array(counts, np.int64), eligible, length)


def _number(folder: Folder, k: int, digest: str) -> _Numbers:
    """Give the words of a part their final numbers."""
    first, words, numbers = _of_part(k)
    vocabulary = _vocabulary(os.fspath(folder.file(_VOCABULARY)), digest)
    known, _ = json.loads(folder.file(words).read_bytes())
    final = np.array([END, *(vocabulary.number(word, NOWHERE) for word in known)], np.int32)
    length, ends = 0, (False, False)
    with open(folder.file(first), "rb") as file, folder.writing(numbers) as made:
        for block in renumbered(file, final, begins=False):
            if len(block):
                made.write(block.tobytes())
                ends = (ends[0] if length else bool(block[0] == END), bool(block[-1] == END))
                length += len(block)
    return _Numbers(length, *ends)


def _places(parts: Sequence[_Numbers]) -> tuple[list[int], list[int], int]:
    """Where each part's numbers go, how many of its first are left out, and how many there are together."""
    starts, skipped, length, ended = [], [], 0, True
    for part in parts:
        idle = int(part.begins_with_end and ended)
        starts.append(length)
        skipped.append(idle)
        if part.length > idle:
            length += part.length - idle
            ended = part.ends_with_end
    return starts, skipped, length


def _place(folder: Folder, k: int, start: int, skipped: int) -> tuple[int, int, str]:
    """Write a part's numbers to their place among all: where it is, how many they are, and their digest."""
    with open(folder.file(_of_part(k)[2]), "rb") as file, open(folder.file(_TOKENS), "r+b") as tokens:
        count = max(0, os.fstat(file.fileno()).st_size // 4 - skipped)
        file.seek(4 * skipped)
        tokens.seek(4 * start)
        while block := file.read(_BLOCK):
            tokens.write(block)
        return start, count, _of_numbers(file, skipped, count)


@lru_cache(maxsize=1)
def _tokens(text: ReadText) -> Tokens:
    with open(text.folder.file(_VOCABULARY), "rb") as file:
        of_vocabulary = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    vocabulary = _vocabulary(os.fspath(text.folder.file(_VOCABULARY)), of_vocabulary)
    path = text.folder.file(_TOKENS)
    if not path.stat().st_size:
        raise CorpusError("expected two words within reach of each other, got none")
    return Tokens(os.fspath(path), vocabulary, text.digest, TextSize(vocabulary.text_length, 0))
