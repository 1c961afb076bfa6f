"""One run of shards in a process of its own: ``python -m benchmarks.distribute_once`` reads what to do as JSON.

Its tasks are carried out one after the other: that gives the bytes of a cluster, and each is timed on a quiet core.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.exact_loss import exact_loss
from benchmarks.train_once import quality, sentences_in
from w2v_verified.trainer import Corpus, Settings, WordVectors
from w2v_verified.trainer.cluster import superstep
from w2v_verified.trainer.cluster.folder import Folder
from w2v_verified.trainer.cluster.lossless import read_text
from w2v_verified.trainer.cluster.tasks import Carrier, Task
from w2v_verified.trainer.cluster.training import ClusterTraining

__all__ = ["main"]


class _Timed(Carrier):
    """In the place of a cluster: carries out tasks, and keeps how long each kind of them took, all together."""

    def __init__(self) -> None:
        super().__init__(None)
        self.seconds: dict[str, list[float]] = {}

    def all(self, tasks: Iterable[Task]) -> list[Any]:
        """Carry them out in their order."""
        results = []
        taken: dict[str, float] = {}
        for task in tasks:
            started = time.perf_counter()
            results.append(task.function(*task.arguments))
            name = task.function.__name__
            taken[name] = taken.get(name, 0.0) + time.perf_counter() - started
        for name, seconds in taken.items():
            self.seconds.setdefault(name, []).append(seconds)
        return results


class _Apart(Carrier):
    """Carries tasks out in a process of its own, whose memory is not measured."""

    def __init__(self) -> None:
        super().__init__(None)

    def all(self, tasks: Iterable[Task]) -> list[Any]:
        """Carry them out in their order."""
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            return list(pool.map(_carried_out, tasks))


def _carried_out(task: Task) -> Any:
    return task.function(*task.arguments)


def main() -> None:
    """Train as the JSON on standard input says, and print the result as JSON."""
    json.dump(_run_by(json.load(sys.stdin)), sys.stdout)


def _run_by(task: dict[str, Any]) -> dict[str, Any]:
    """Train by a rule: ours, or averaging."""
    averaging = patch.object(superstep, "weights", lambda load, shards: np.full_like(load, 1 / shards))
    with averaging if task["rule"] == "averaging" else nullcontext():
        return _measured(task)


def _measured(task: dict[str, Any]) -> dict[str, Any]:
    settings = Settings(epochs=task["epochs"], dimension=task["dimension"], seed=task["seed"])
    carrier = _Timed()
    with tempfile.TemporaryDirectory() as folder:
        path = task["text"] or sentences_in(Path(folder) / "text")
        place = Folder(Path(folder) / "run")
        place.path.mkdir()
        text = read_text(
            _Apart(),
            Corpus(path),
            place,
            min_count=settings.min_count,
            max_vocab=None,
            shards=task["shards"],
        )
        before = _memory()
        run = ClusterTraining(carrier, text, settings, shards=task["shards"], superstep=task["superstep"])
        traffic = [run.traffic for progress in run.steps() if progress.fraction < 1]
        most = _memory()
        model = run.model()
        result: dict[str, Any] = {
            "words": int(run.vocabulary.counts.sum()) * settings.epochs,
            "steps": len(carrier.seconds["train"]) // settings.epochs,
            "training": median(carrier.seconds["train"]) / task["shards"],
            "combining": median(carrier.seconds["combine"]),
            "read": median(read for read, _ in traffic),
            "written": median(written for _, written in traffic),
            "expected": run.needs._asdict(),
            "memory": most - before,
            "exact loss": exact_loss(text.tokens, settings, model.input_vectors, model.output_vectors),
        }
        return result | quality(WordVectors(model.words, model.input_vectors), task["judge"])


def _memory() -> int:
    """Bytes of memory that this process had at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
