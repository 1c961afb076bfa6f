"""What training makes, and its file: an archive of arrays, as NumPy writes it."""

import json
import os
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Generic

import numpy as np

from w2v_verified.files import replacing_bytes
from w2v_verified.runtime.arrays import Integers, Matrix
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.text.reading import FormatError
from w2v_verified.trainer.text.vocabulary import Vocabulary
from w2v_verified.trainer.vectors.dtype import Stored
from w2v_verified.trainer.vectors.other_files import START, other_kind
from w2v_verified.trainer.vectors.vectors import WordVectors

_KIND = "w2v_verified model 1"
_TABLES = ("counts", "input_vectors", "output_vectors")
# What zipfile, NumPy and json raise for bytes that nobody wrote.
_DAMAGED = (
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    OSError,
    MemoryError,
    RuntimeError,
    zlib.error,
    zipfile.BadZipFile,
)


@dataclass(frozen=True, eq=False)
class Model(Generic[Stored]):
    """What training makes.

    Attributes:
        words: the V words, the most frequent first.
        input_vectors: the words as centres, shape (V, d); the word vectors people use.
        output_vectors: the words as outside words, shape (V, d).
    """

    words: tuple[str, ...]
    input_vectors: Matrix[Stored]
    output_vectors: Matrix[Stored]
    counts: Integers[np.int64] | None = None

    @staticmethod
    def at_start(
        vocabulary: Vocabulary,
        settings: Settings,
        input_vectors: Matrix[Stored],
        output_vectors: Matrix[Stored],
    ) -> "Model[Stored]":
        r"""A model before its training, in tables that are given: uniform in \(\pm 1/(2d)\), outside words at 0."""
        start = np.random.default_rng(settings.seed).random(input_vectors.shape) - 0.5
        input_vectors[:] = start / settings.dimension
        output_vectors[:] = 0
        return Model(vocabulary.words, input_vectors, output_vectors, vocabulary.counts)

    @property
    def vectors(self) -> WordVectors[Stored]:
        """The words with their input vectors, to look up and to save."""
        return WordVectors(self.words, self.input_vectors, self.counts)


def save_model(
    path: str | os.PathLike[str],
    model: Model[Stored],
    vocabulary: Vocabulary,
    settings: Settings,
    losses: Sequence[float],
    sentences: int,
) -> None:
    """Write the three tables and, in JSON, all else; the file is there whole or not at all."""
    description = {
        "kind": _KIND,
        "words": vocabulary.words,
        "eligible": vocabulary.eligible,
        "text_length": vocabulary.text_length,
        "settings": asdict(settings),
        "losses": list(losses),
        "sentences": sentences,
    }
    with replacing_bytes(path) as file:
        np.savez(
            file,
            description=np.frombuffer(json.dumps(description).encode(), np.uint8),
            counts=vocabulary.counts,
            input_vectors=model.input_vectors,
            output_vectors=model.output_vectors,
        )


def load_model(path: str | os.PathLike[str]) -> tuple[Model[Any], Vocabulary, Settings, list[float], int]:
    """Read what `save_model` wrote; nothing in the file is run.

    Raises:
        FormatError: the file is something else, or damaged.
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        start = file.peek(START)[:START]
        other = None if start.startswith(b"PK") else other_kind(start)
        if other is not None:
            raise FormatError(f"expected a model that Word2Vec.save wrote, got {other}")
        try:
            with zipfile.ZipFile(file) as archive:
                description = json.loads(_array(archive, "description").tobytes())
                counts, first, second = (_array(archive, name) for name in _TABLES)
            vocabulary = Vocabulary(
                tuple(description["words"]), counts, description["eligible"], description["text_length"]
            )
            WordVectors(vocabulary.words, first)  # refuses words and shapes that do not match
            if description["kind"] != _KIND or second.shape != first.shape or counts.shape != first.shape[:1]:
                raise ValueError("its parts do not belong together")
            return (
                Model(vocabulary.words, first, second, counts),
                vocabulary,
                Settings(**description["settings"]),
                description["losses"],
                description["sentences"],
            )
        except _DAMAGED as error:
            raise FormatError(
                f"expected a model that Word2Vec.save wrote, got something else ({error})"
            ) from None


def _array(archive: zipfile.ZipFile, name: str) -> Any:
    with archive.open(f"{name}.npy") as file:
        return np.lib.format.read_array(file, allow_pickle=False)
