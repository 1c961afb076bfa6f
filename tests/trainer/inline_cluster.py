"""Tasks carried out one by one in this process, without Dask."""

import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from w2v_verified.runtime.arrays import Matrix
from w2v_verified.trainer import Corpus, Settings
from w2v_verified.trainer.cluster import lossless
from w2v_verified.trainer.cluster.folder import Folder
from w2v_verified.trainer.cluster.lossless import ReadText, read_text
from w2v_verified.trainer.cluster.tasks import Carrier, Task
from w2v_verified.trainer.cluster.training import ClusterTraining

__all__ = ["Inline", "read", "table", "training"]


class Inline(Carrier):
    """In the place of a cluster; what goes to a task and comes from it is pickled on the way."""

    def __init__(self) -> None:
        super().__init__(None)

    def all(self, tasks: Iterable[Task]) -> list[Any]:
        """Carry them out in their order."""
        results = []
        for task in tasks:
            _, function, arguments = pickle.loads(pickle.dumps(task))
            results.append(pickle.loads(pickle.dumps(function(*arguments))))
        return results


def read(
    corpus: Corpus, folder: Path, shards: int = 1, min_count: int = 1, max_vocab: int | None = None
) -> ReadText:
    """A text read in so many parts, however short it is."""
    folder.mkdir(exist_ok=True)
    with patch.object(lossless, "_LEAST", 1):
        return read_text(
            Inline(), corpus, Folder(folder), min_count=min_count, max_vocab=max_vocab, shards=shards
        )


def training(
    text: ReadText, settings: Settings, shards: int, superstep: int | None = None
) -> ClusterTraining:
    """A run in this process."""
    return ClusterTraining(Inline(), text, settings, shards=shards, superstep=superstep)


def table(run: ClusterTraining) -> Matrix[np.float32]:
    """The input vectors as they are."""
    return run.vectors().vectors
