"""One column of a table: contenders for the same task on the same input, checked, then timed."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import numpy as np

from benchmarks.floor import Floor
from benchmarks.timing import Effort, Run, interleaved, median_ratio

__all__ = ["Case", "Column", "Plan", "Table", "measure", "measure_plan"]


@dataclass(frozen=True)
class Case:
    """A task: its contenders by name, what must happen at least, and what is wrong with a result (or None)."""

    label: str
    contenders: Mapping[str, Run]
    floor: Floor
    objection: Callable[[Sequence[Any]], str | None]


@dataclass(frozen=True)
class Column:
    """What came out of a case: seconds of one call in every round, and why a contender was refused."""

    label: str
    floor: list[float]
    seconds: dict[str, list[float]]
    refused: dict[str, str] = field(default_factory=dict)

    def time(self, name: str) -> float:
        """The median time of a contender."""
        return statistics.median(self.seconds[name])

    def of_floor(self, name: str) -> float:
        """How many times the floor a contender takes."""
        return median_ratio(self.seconds[name], of=self.floor)

    def speed(self, name: str, peer: str) -> float:
        """How many times as fast as the peer a contender is."""
        return median_ratio(self.seconds[peer], of=self.seconds[name])


@dataclass(frozen=True)
class Plan:
    """A table to be measured; its cases are made where they are measured."""

    title: str
    peer: str
    cases: Iterable[Callable[[], Case]]


@dataclass(frozen=True)
class Table:
    """A measured table; `peer` is the contender that the others are compared with."""

    title: str
    peer: str
    columns: list[Column]


def measure_plan(plan: Plan, effort: Effort, progress: Callable[[str], None]) -> Table:
    """Measure every case of the plan; `progress` is told what is done.

    Each has a process of its own, so that none depends on what was measured before it.
    """
    columns = []
    for make in plan.cases:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            columns.append(process.submit(measure, make, effort).result())
        progress(f"{plan.title}: {columns[-1].label} done")
    return Table(plan.title, plan.peer, columns)


def measure(make: Callable[[], Case], effort: Effort) -> Column:
    """Check every contender's result, then time those that are right."""
    case = make()
    refused: dict[str, str] = {}
    for name, run in case.contenders.items():
        objection = case.objection(run())
        if objection is not None:
            refused[name] = objection
    right = {name: run for name, run in case.contenders.items() if name not in refused}
    _settle()
    measured = interleaved({**right, **case.floor.runs()}, effort)
    return Column(case.label, case.floor.seconds(measured), {name: measured[name] for name in right}, refused)


def _settle() -> None:
    """Free an array of nearly 32 MiB: from then on glibc keeps freed memory up to that size.

    Until something large is freed it returns every temporary array of more than 128 KiB to the system, and code
    with many of them is up to three times as slow; whether that has happened would depend on who was imported.
    """
    np.ones(31 << 17)
