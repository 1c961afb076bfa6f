"""The board, memory that workers share: the table, the gradients of a round, and what they tell each other."""

import mmap
import os
import tempfile
from contextlib import suppress
from typing import Any, Generic, NamedTuple

import numpy as np

from w2v_verified.runtime.arrays import Float, Integers, Matrix
from w2v_verified.trainer.sampling.schedule import Schedule
from w2v_verified.trainer.settings import Settings

_LINE = 64  # bytes of a cache line; every part begins on one, so that no two workers write to the same


class Sizes(NamedTuple):
    """What the parts of a board are shaped by.

    Attributes:
        table: rows of the table, 2V.
        dimension: d.
        rows: rows a block has at most.
        blocks: blocks of a round.
        workers: how many share it.
        dtype: name of the vectors' dtype.
    """

    table: int
    dimension: int
    rows: int
    blocks: int
    workers: int
    dtype: str

    @classmethod
    def of(cls, words: int, settings: Settings, schedule: Schedule, dtype: str) -> "Sizes":
        """The sizes for a vocabulary of so many words."""
        # More workers than a round has blocks would have nothing to do; on other systems a file without a name, which
        # they share, cannot be handed on.
        workers = min(settings.workers, schedule.blocks) if os.name == "posix" else 1
        rows = 2 * schedule.centres + 2 * settings.window + settings.shared_negatives
        return cls(2 * words, settings.dimension, rows, schedule.blocks, workers, dtype)

    def parts(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """Shape and dtype of every part of a board."""
        whole = np.dtype(np.int64)
        vectors = np.dtype(self.dtype)
        return {
            "table": ((self.table, self.dimension), vectors),
            "gradients": ((self.blocks, self.rows, self.dimension), vectors),
            "rows": ((self.blocks, self.rows), np.dtype(np.intp)),
            "splits": ((self.blocks, self.workers + 1), whole),
            "failed": ((self.blocks,), whole),
            "arrivals": ((self.workers, _LINE // 8), whole),
            "order": ((2 + self.workers,), whole),
            "done": ((self.workers, 3), whole),
            "losses": ((self.blocks, 2), np.dtype(np.float64)),
        }

    def nbytes(self) -> int:
        """How much memory a board takes."""
        return sum(_padded(_nbytes(*part)) for part in self.parts().values())


class Board(Generic[Float]):
    """The parts as arrays over one buffer.

    Attributes:
        table: input vectors, then output vectors, shape (2V, d).
        gradients: learning rate times gradient, one block of a round after the other.
        rows: which rows of the table they are for.
        splits: which of them each worker writes to the table.
        failed: 1 for a block whose gradient is not finite.
        arrivals: how often each worker has arrived at the barrier.
        order: whether to train in step, the epoch, and the chunk of each worker, -1 for none; only the first
            worker writes it.
        done: blocks and pairs that each worker made of which chunk; in step, all are put down to the first.
        losses: loss and pairs of the blocks of this chunk that were measured, added up by their place in the
            round; each place is always the same worker's.
    """

    def __init__(self, sizes: Sizes, buffer: mmap.mmap) -> None:
        arrays: dict[str, Any] = {}
        offset = 0
        for name, (shape, dtype) in sizes.parts().items():
            arrays[name] = np.ndarray(shape, dtype, buffer, offset)
            offset += _padded(_nbytes(shape, dtype))
        self.table: Matrix[Float] = arrays["table"]
        self.gradients: np.ndarray[tuple[int, int, int], np.dtype[Float]] = arrays["gradients"]
        self.rows: np.ndarray[tuple[int, int], np.dtype[np.intp]] = arrays["rows"]
        self.splits: np.ndarray[tuple[int, int], np.dtype[np.int64]] = arrays["splits"]
        self.failed: Integers[np.int64] = arrays["failed"]
        self.arrivals: np.ndarray[tuple[int, int], np.dtype[np.int64]] = arrays["arrivals"]
        self.order: Integers[np.int64] = arrays["order"]
        self.done: np.ndarray[tuple[int, int], np.dtype[np.int64]] = arrays["done"]
        self.losses: Matrix[np.float64] = arrays["losses"]


def own_memory(nbytes: int) -> mmap.mmap:
    """Memory of this process alone, in large pages where there are any: rows are looked up all over the table."""
    if not hasattr(mmap, "MADV_HUGEPAGE"):
        return mmap.mmap(-1, nbytes)
    memory = mmap.mmap(-1, nbytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with suppress(OSError):
        memory.madvise(mmap.MADV_HUGEPAGE)
    return memory


def nameless_file(nbytes: int) -> int:
    """The descriptor of a file that other processes can map, and that is gone with the last of them."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("w2v_verified")
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.truncate(descriptor, nbytes)
    return descriptor


def _nbytes(shape: tuple[int, ...], dtype: np.dtype[Any]) -> int:
    return int(np.prod(shape, dtype=object)) * dtype.itemsize


def _padded(nbytes: int) -> int:
    return -(-nbytes // _LINE) * _LINE
