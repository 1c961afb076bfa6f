"""The trainer against gensim's, in the same run on the same text: speed in turns, and quality over seeds."""

import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks import reading
from benchmarks.apart import apart
from benchmarks.sheet import Sheet
from benchmarks.train_once import SMALL

__all__ = ["DATA", "MEASURES", "TEXT", "sheets"]

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TEXT = "wiki4m.txt"
MEASURES = ("WordSim-353", "SimLex", "MEN", "analogies", "exact loss")


class Size(NamedTuple):
    """What is trained for its speed; of a small text, or of the whole one."""

    model: str
    dimension: int
    workers: int
    small: bool = False


class Plan(NamedTuple):
    """How much is run: configurations for speed, rounds of them, seeds and epochs for quality."""

    speed: Sequence[Size]
    rounds: int
    seeds: int
    epochs: int


_SIZES = [
    *(Size("skip_gram", 100, workers, small) for small in (False, True) for workers in (1, 2, 4)),
    Size("skip_gram", 300, 1),
    *(Size("cbow", 100, workers) for workers in (1, 2)),
    Size("cbow", 300, 1),
]
_WHOLE = Plan(_SIZES, 3, 3, 5)
_QUICK = Plan([Size("skip_gram", 20, 1, small=True), Size("skip_gram", 20, 2, small=True)], 1, 1, 1)


def sheets(
    quick: bool, progress: Callable[[str], None], data: str | None = None, rounds: int | None = None
) -> list[Sheet]:
    """Measure on the text in `data`, or in ../shared/data; on Python's documentation where there is none.

    As many seeds are trained for quality as there are rounds.
    """
    folder = Path(data) if data is not None else DATA
    text = folder / TEXT if not quick and (folder / TEXT).exists() else None
    if data is not None and not quick and text is None:
        raise FileNotFoundError(2, f"expected a folder with {TEXT}", data)
    plan = _QUICK if quick else _WHOLE
    plan = plan._replace(
        speed=[each for each in plan.speed if each.workers <= (os.cpu_count() or 1)],
        rounds=rounds or plan.rounds,
        seeds=rounds or plan.seeds,
    )
    trainers = ["w2v_verified", *(["gensim"] if find_spec("gensim") else [])]
    return [
        reading.sheet(text, trainers, plan.rounds, progress),
        _speed(plan, trainers, text, progress),
        _quality(plan, trainers, text, folder, progress),
    ]


def _speed(plan: Plan, trainers: Sequence[str], text: Path | None, progress: Callable[[str], None]) -> Sheet:
    seen: dict[Size, dict[str, list[float]]] = {}
    for round_ in range(plan.rounds):
        for size in plan.speed:
            for trainer in trainers:
                progress(f"speed, round {round_ + 1}: {trainer}, {' '.join(map(str, size[:3]))}")
                result = _train(trainer, text, size, epochs=1, seed=round_, judge=None)
                seen.setdefault(size, {}).setdefault(trainer, []).append(result["words_per_second"])
    rows = []
    for size, speeds in seen.items():
        alone = seen.get(size._replace(workers=1), speeds)
        rows += [
            (
                name,
                size.model.replace("_", "-"),
                "small" if size.small else "whole",
                f"{size.dimension}",
                f"{size.workers}",
                f"{median(speeds[name]) / 1000:,.0f}",
                _ratio(speeds[name], speeds[trainers[-1]]),
                _ratio(speeds[name], alone[name]),
            )
            for name in trainers
        ]
    header = (
        *("trainer", "model", "text", "dimension", "workers", "1000 words/s"),
        *(f"times {trainers[-1]}", "times one worker"),
    )
    notes = (
        "window 5, 5 negatives, sample 1e-3; median of rounds, and of the ratios in each round",
        f"small: the first {SMALL:,} words",
    )
    return Sheet("Speed of training", header, rows, notes)


def _ratio(speeds: Sequence[float], others: Sequence[float]) -> str:
    return f"{median(a / b for a, b in zip(speeds, others, strict=True)):.2f}"


def _quality(
    plan: Plan, trainers: Sequence[str], text: Path | None, folder: Path, progress: Callable[[str], None]
) -> Sheet:
    rows = []
    size = plan.speed[0]
    for trainer in trainers:
        results = []
        for seed in range(1, plan.seeds + 1):
            progress(f"quality: {trainer}, seed {seed}")
            results.append(_train(trainer, text, size, epochs=plan.epochs, seed=seed, judge=str(folder)))
        found = [[result[name] for result in results if name in result] for name in MEASURES]
        rows.append((trainer, *(f"{median(each):.3f}" if each else "-" for each in found)))
    notes = (
        f"dimension {size.dimension}, {plan.epochs} epochs, median of {plan.seeds} seeds; exact loss: mean a pair in "
        "nats, in float64, expectation over the noise distribution taken exactly",
    )
    return Sheet("Quality", ("trainer", *MEASURES), rows, notes)


def _train(trainer: str, text: Path | None, size: Size, *, epochs: int, seed: int, judge: str | None) -> Any:
    task = {
        "trainer": trainer,
        "text": None if text is None else str(text),
        **size._asdict(),
        "epochs": epochs,
        "seed": seed,
        "judge": judge,
    }
    return apart("benchmarks.train_once", task, trainer)
