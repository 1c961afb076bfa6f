"""Times that can be compared on a machine that others use: interleaved runs and medians of ratios.

What is timed is the processor time of the process, so that the time of others does not count.
"""

import gc
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = ["Effort", "Run", "interleaved", "median_ratio"]

Run: TypeAlias = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to measure: the number of rounds, and the least seconds of one sample in a round."""

    rounds: int
    sample: float


def interleaved(
    runs: Mapping[str, Run],
    effort: Effort,
    seed: int = 0,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, list[float]]:
    """Seconds of one call of every run in every round; each round takes the runs in another random order."""
    calls = {name: _calls(run, effort.sample, clock) for name, run in runs.items()}
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    order, shuffled = list(runs), random.Random(seed)
    collecting = gc.isenabled()
    gc.disable()
    try:
        for _ in range(effort.rounds):
            shuffled.shuffle(order)
            for name in order:
                run, count = runs[name], calls[name]
                run()
                start = clock()
                for _ in range(count):
                    run()
                seconds[name].append((clock() - start) / count)
    finally:
        if collecting:
            gc.enable()
    return seconds


def median_ratio(seconds: Sequence[float], of: Sequence[float]) -> float:
    """The median over the rounds of one run's time divided by another's.

    >>> median_ratio([2.0, 9.0, 4.0], of=[1.0, 3.0, 4.0])
    2.0
    """
    return statistics.median(mine / theirs for mine, theirs in zip(seconds, of, strict=True))


def _calls(run: Run, sample: float, clock: Callable[[], float]) -> int:
    """How many calls make a sample: the first call may compile and fill caches, so the second is timed."""
    run()
    count, spent = 1, 0.0
    while True:
        start = clock()
        for _ in range(count):
            run()
        spent = clock() - start
        if spent >= sample / 4:
            return max(1, round(count * sample / spent))
        count *= 4
