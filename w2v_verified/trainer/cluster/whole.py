"""A whole training on a cluster in one call."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from w2v_verified.trainer.cluster.folder import Folder
from w2v_verified.trainer.cluster.lossless import read_text
from w2v_verified.trainer.cluster.tasks import Carrier
from w2v_verified.trainer.cluster.training import ClusterTraining, check
from w2v_verified.trainer.run.progress import Progress
from w2v_verified.trainer.settings import Settings
from w2v_verified.trainer.text.corpus import Corpus
from w2v_verified.trainer.vectors.vectors import WordVectors

__all__ = ["train_on"]


def train_on(
    client: Any,
    corpus: str | os.PathLike[str] | Corpus,
    settings: Settings,
    *,
    shards: int,
    folder: str | os.PathLike[str] | None = None,
    superstep: int | None = None,
    on_progress: Callable[[Progress], object] = lambda progress: None,
) -> WordVectors[np.float32]:
    """Train word vectors on a Dask cluster; see `ClusterTraining`.

    Args:
        client: a `distributed.Client`; closing it is its owner's business.
        corpus: a file, a folder, a pattern with ``*``, an address of fsspec's, or a `Corpus`; all workers see it.
        settings: what to do.
        shards: P: into how many parts the text is cut that are trained at once. The vectors depend on it.
        folder: where the run leaves what its tasks need of each other, seen by all workers by this name; if it has a
            superstep of the same run, that goes on. A temporary one of this machine if None.
        superstep: how many chunks of the text a shard trains between two tables; None: by the size of the table.
        on_progress: called after every superstep.

    Raises:
        CorpusError: the text cannot be trained on.
        ClusterError: a task cannot be carried out; the message names it.
        CheckpointError: the folder has another run.
        DivergenceError: the loss is not finite any more.
        SpelledError: a setting does not go with shards.
        OSError: a file cannot be opened or written.
    """
    if not isinstance(corpus, Corpus):
        corpus = Corpus(corpus)
    check(settings, shards, superstep)
    carrier = Carrier(client)
    with tempfile.TemporaryDirectory(prefix="w2v_verified-") as temporary:
        place = Folder(Path(os.path.realpath(folder or temporary)))
        with place.taken():
            text = read_text(
                carrier,
                corpus,
                place,
                min_count=settings.min_count,
                max_vocab=settings.max_vocab,
                shards=shards,
            )
            training = ClusterTraining(carrier, text, settings, shards=shards, superstep=superstep)
            if training.started:
                training.resume()
            for progress in training.steps():
                on_progress(progress)
            return training.vectors()
