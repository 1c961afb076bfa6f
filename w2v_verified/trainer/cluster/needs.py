"""What a run needs, worked out before it begins: memory of the driver and of a worker, and the bytes that travel."""

from typing import NamedTuple

import numpy as np

from w2v_verified.trainer.cluster.shards import Shards
from w2v_verified.trainer.memory import in_words
from w2v_verified.trainer.sampling.noise import noise_probabilities
from w2v_verified.trainer.sampling.schedule import Schedule
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.team.board import Sizes
from w2v_verified.trainer.text.vocabulary import Vocabulary

__all__ = ["Needs", "needs"]

_ITEM = np.dtype(np.float32).itemsize
_WORD = 300
"""Bytes of a word of the vocabulary with its number and its share of the samples, as Python holds them."""
_REST = 16 << 20
"""Bytes that a training takes for code that is loaded and arrays that are small."""
_PLACE = 300
"""Bytes of a place of the text while it is cut into blocks."""


class Needs(NamedTuple):
    """What a run needs, in bytes.

    Attributes:
        worker: memory of a worker that trains a shard, beside its Python: the table, ranges of rows, the vocabulary, a
            chunk that is cut into blocks, and the numbers of the shard's words, which are mapped.
        driver: memory of the driver at the end: the vectors, as they are read, looked at and written, and the words.
        read: what all workers together read from the folder in a superstep.
        written: what they are expected to write: the rows that are touched, by the frequency of words, and the table.
        disk: what the folder holds at most, the numbers of the words included.
    """

    worker: int
    driver: int
    read: int
    written: int
    disk: int

    def __str__(self) -> str:
        return (
            f"memory: {in_words(self.worker)} a worker, {in_words(self.driver)} here at the end; "
            f"a superstep reads {in_words(self.read)} and writes {in_words(self.written)}; "
            f"the folder holds {in_words(self.disk)}"
        )


def needs(
    vocabulary: Vocabulary, settings: Settings, schedule: Schedule, shards: Shards, words: int, ranges: int
) -> Needs:
    """Work out what a run needs, whose text has so many words of the vocabulary."""
    rows, d = 2 * len(vocabulary), settings.dimension
    table = rows * d * _ITEM
    board = Sizes.of(len(vocabulary), settings, schedule, "float32").nbytes()
    trained = [words * len(shards.part(shard, 0)) / shards.chunks for shard in range(shards.count)]
    changed = sum(_touched(vocabulary, settings, schedule, each) for each in trained)
    of_changes = round(changed * (8 + d * _ITEM)) + 8 * shards.count * ranges
    return Needs(
        worker=_REST
        + board
        + 2 * (table // ranges)
        + _WORD * len(vocabulary)
        + _PLACE * schedule.chunk
        + 4 * schedule.length // shards.count,
        driver=_REST + 3 * (table // 2) + _WORD * len(vocabulary),
        read=2 * shards.count * table + table + of_changes,
        written=of_changes + table,
        disk=4 * schedule.length + 3 * table + of_changes,
    )


def _touched(vocabulary: Vocabulary, settings: Settings, schedule: Schedule, words: float) -> float:
    """How many rows a shard is expected to change in a superstep in which it goes through so many words."""
    keep = vocabulary.keep_probabilities(settings.sample)
    centres = words * vocabulary.counts * keep / vocabulary.counts.sum()
    noise = noise_probabilities(vocabulary.counts, settings.noise_exponent)
    samples = settings.shared_negatives * centres.sum() / schedule.centres * noise
    untouched = np.exp(-centres).sum() + np.exp(-centres - samples).sum()
    return float(2 * len(vocabulary) - untouched)
