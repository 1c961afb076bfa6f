"""Training in shards: quality by their number beside averaging, the work and the bytes of a superstep; and reading."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.apart import apart
from benchmarks.sheet import Sheet
from benchmarks.trainer import DATA, MEASURES, TEXT
from w2v_verified.trainer import Corpus, Tokens
from w2v_verified.trainer.memory import in_words

__all__ = ["sheets"]

_READ = 200_000_000  # bytes of the text whose reading is timed


class Plan(NamedTuple):
    """How much is run."""

    shards: Sequence[int]
    dimension: int
    epochs: int
    superstep: int | None
    read: int
    rounds: int


_WHOLE = Plan((1, 2, 4, 8), 100, 5, None, _READ, 3)
_QUICK = Plan((1, 2), 10, 1, 8, 200_000, 1)


def sheets(
    quick: bool, progress: Callable[[str], None], data: str | None = None, rounds: int | None = None
) -> list[Sheet]:
    """Measure on the text in `data`, or in ../shared/data; on Python's documentation where there is none."""
    folder = Path(data) if data is not None else DATA
    text = folder / TEXT if not quick and (folder / TEXT).exists() else None
    if data is not None and not quick and text is None:
        raise FileNotFoundError(2, f"expected a folder with {TEXT}", data)
    plan = _QUICK if quick else _WHOLE
    plan = plan._replace(rounds=rounds or plan.rounds)
    runs = {}
    for shards in plan.shards:
        for rule in ("ours", "averaging"):
            if shards > 1 or rule == "ours":
                progress(f"{shards} shards, {rule}")
                runs[shards, rule] = _run(plan, shards, rule, text, folder)
    with _every_core():
        reading = _reading(plan, text, progress)
    return [_quality(plan, runs), _supersteps(runs), reading]


@contextmanager
def _every_core() -> Iterator[None]:
    """Let what is started use all cores, where benchmarks keep to one."""
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if before:
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        if before:
            os.sched_setaffinity(0, before)


def _run(plan: Plan, shards: int, rule: str, text: Path | None, folder: Path) -> Any:
    task = {
        "text": None if text is None else str(text),
        "judge": str(folder),
        "shards": shards,
        "rule": rule,
        "seed": 1,
        **{name: getattr(plan, name) for name in ("dimension", "epochs", "superstep")},
    }
    return apart("benchmarks.distribute_once", task, f"{shards} shards")


def _quality(plan: Plan, runs: dict[tuple[int, str], Any]) -> Sheet:
    rows = [
        (f"{shards}", rule, *(f"{found[name]:.3f}" if name in found else "-" for name in MEASURES))
        for (shards, rule), found in runs.items()
    ]
    notes = (
        f"dimension {plan.dimension}, {plan.epochs} epochs, one seed, supersteps as by default; exact loss: mean a "
        "pair in nats, in float64, expectation over the noise distribution taken exactly; 1 shard is one machine, to "
        "the last bit",
        "averaging: the mean of the shards' tables after each superstep",
    )
    return Sheet("Quality by the number of shards", ("shards", "rule", *MEASURES), rows, notes)


def _supersteps(runs: dict[tuple[int, str], Any]) -> Sheet:
    rows = []
    for (shards, rule), found in runs.items():
        if rule == "ours":
            expected = found["expected"]
            rows.append(
                (
                    f"{shards}",
                    f"{found['steps']}",
                    f"{found['training'] * 1000:,.0f} ms",
                    f"{found['combining'] * 1000:,.0f} ms",
                    *(
                        f"{in_words(round(found[name]))} / {in_words(expected[name])}"
                        for name in ("read", "written")
                    ),
                    f"{in_words(found['memory'])} / {in_words(expected['worker'])}",
                )
            )
    header = ("shards", "supersteps an epoch", "a shard's training", "combining", "read", "written", "memory")
    notes = (
        "bytes and memory: measured / worked out beforehand; combining: all ranges one after the other, which workers "
        "share; memory: the most that a process which trains all shards has beside what it had before",
    )
    return Sheet("A superstep", header, rows, notes)


def _reading(plan: Plan, text: Path | None, progress: Callable[[str], None]) -> Sheet:
    from distributed import Client, LocalCluster

    seen: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text"
        block = (text or _documentation(Path(folder) / "documentation")).read_bytes() + b"\n"
        path.write_bytes(block * (-(-plan.read // len(block))))
        for workers in (1, 2):
            with (
                LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=50
                ) as cluster,
                Client(cluster, set_as_default=False) as client,
            ):
                for round_ in range(plan.rounds):
                    progress(f"reading, {workers} workers, round {round_ + 1}")
                    seen.setdefault(f"{workers} workers", []).append(_read_by(client, path))
        for round_ in range(plan.rounds):
            progress(f"reading, one machine, round {round_ + 1}")
            started = time.perf_counter()
            with Tokens.of(Corpus(path), min_count=5, max_vocab=None):
                seen.setdefault("one machine", []).append(time.perf_counter() - started)
    alone = median(seen["1 workers"])
    rows = [
        (name.replace("1 workers", "1 worker"), f"{median(each):.1f} s", f"{alone / median(each):.2f}")
        for name, each in seen.items()
    ]
    notes = (f"{in_words(plan.read)} of text, counted and numbered; starting the cluster is not counted",)
    return Sheet("Reading on a cluster", ("who", "time", "times one worker"), rows, notes)


def _read_by(client: Any, path: Path) -> float:
    from w2v_verified.trainer.cluster.folder import Folder
    from w2v_verified.trainer.cluster.lossless import read_text
    from w2v_verified.trainer.cluster.tasks import Carrier

    with tempfile.TemporaryDirectory() as run:
        started = time.perf_counter()
        read_text(Carrier(client), Corpus(path), Folder(Path(run)), min_count=5, max_vocab=None, shards=2)
        return time.perf_counter() - started


def _documentation(path: Path) -> Path:
    from benchmarks.train_once import sentences_in

    return sentences_in(path)
