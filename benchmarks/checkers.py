"""Gradient checkers, this project's among them, over the same right and wrong implementations."""

import copy
import time
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from benchmarks.judges import JUDGES, Judge, Vector
from benchmarks.other_arrays import IN_OTHER_ARRAYS
from benchmarks.sheet import Sheet
from benchmarks.specimens import Specimen, specimens
from w2v_verified.verify import CONVENTIONS, Record, check, load

__all__ = ["sheets"]

_OURS = "w2v_verified check"
_POINTS = 5
_SIZES = {"d": 3, "V": 5, "K": 4, "B": 2, "m": 3}


def sheets(quick: bool, progress: Callable[[str], None]) -> list[Sheet]:
    """Ask every checker about every implementation."""
    asked = specimens()[:: 8 if quick else 1]
    ours: dict[str, Callable[[Specimen], bool]] = {_OURS: _ours}
    ours |= {f"{_OURS} --arrays {name}": partial(_ours_in, name) for name in IN_OTHER_ARRAYS}
    others: dict[str, Callable[[Specimen], bool]] = {
        n: partial(_accepts, judge) for n, judge in JUDGES.items()
    }
    rows, missed = [], []
    for name, accepts in {**ours, **others}.items():
        caught, alarms, seconds = 0, 0, 0.0
        for specimen in asked:
            progress(f"{name}: {specimen.name}")
            started = time.perf_counter()
            accepted = accepts(copy.deepcopy(specimen))
            seconds += time.perf_counter() - started
            caught += not accepted and not specimen.right
            alarms += not accepted and specimen.right
            if name in ours and accepted != specimen.right and (name == _OURS or specimen.right):
                missed.append(f"{specimen.name}: {'accepted' if accepted else 'accused'}")
        wrong = sum(not specimen.right for specimen in asked)
        right = len(asked) - wrong
        rows.append(
            (name, f"{caught} of {wrong}", f"{alarms} of {right}", f"{1000 * seconds / len(asked):.0f} ms")
        )
    header = ("checker", "wrong ones caught", "right ones accused", "time for one")
    notes = [
        f"the others are asked at {_POINTS} random points (standard normal, {_sizes()}), with their default settings;"
        " an exception counts as caught",
        "scipy's function returns a distance: up to 1e-5 is taken as accepted",
        *(
            f"--arrays {name}: mistakes that its arrays cannot show are not asked for"
            for name in IN_OTHER_ARRAYS
        ),
        *missed,
    ]
    return [Sheet("Gradient checkers", header, rows, notes, ok=not missed)]


def _sizes() -> str:
    return ", ".join(f"{axis} = {size}" for axis, size in _SIZES.items())


def _ours(specimen: Specimen) -> bool:
    return check(specimen.function, specimen.loss, specimen.convention).ok


def _ours_in(arrays: str, specimen: Specimen) -> bool:
    function = IN_OTHER_ARRAYS[arrays](specimen.function)
    return check(function, specimen.loss, specimen.convention, arrays=arrays).ok


def _accepts(judge: Judge, specimen: Specimen) -> bool:
    """Whether the checker accepts it at every point."""
    convention = CONVENTIONS[specimen.convention]
    record = convention.reworded(load(specimen.loss))
    function = convention.adapt(specimen.function, record)
    for seed in range(_POINTS):
        given, x = _point(record, seed)

        def valued(x: Vector, given: Mapping[str, Any] = given) -> tuple[float, Vector]:
            returned: Any = function(*_with(record, given, x).values())
            loss, *gradients = returned
            return loss, np.concatenate([np.asarray(g, np.float64).ravel() for g in gradients])

        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                if not judge(valued, x):
                    return False
        except Exception:
            return False
    return True


def _point(record: Record, seed: int) -> tuple[dict[str, Any], Vector]:
    """Random arguments, and the floating ones of them as one vector."""
    generator = np.random.default_rng(seed)
    given: dict[str, Any] = {}
    for argument in record.arguments:
        shape = tuple(_SIZES[axis] for axis in argument.axes)
        if argument.into is None:
            given[argument.name] = generator.standard_normal(shape)
        else:
            drawn = generator.integers(0, _SIZES[argument.into], shape)
            given[argument.name] = drawn if shape else int(drawn)
    return given, np.concatenate([given[a.name].ravel() for a in record.arguments if a.kind == "array"])


def _with(record: Record, given: Mapping[str, Any], x: Vector) -> dict[str, Any]:
    """The arguments with the entries of the vector."""
    filled, used = dict(given), 0
    for argument in record.arguments:
        if argument.kind == "array":
            size = given[argument.name].size
            filled[argument.name] = x[used : used + size].reshape(given[argument.name].shape).copy()
            used += size
    return filled
