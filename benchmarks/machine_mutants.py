"""Mutants that a machine makes of the generated functions, and whether the judge kills them."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.mutation import Mutation, mutations
from benchmarks.sheet import Sheet
from w2v_verified.verify import check, load, names
from w2v_verified.verify.arguments import copied
from w2v_verified.verify.calling import Function, silence
from w2v_verified.verify.strategies import arguments_by_seed

__all__ = ["sheets"]

_EXAMPLES, _COMPARED = 100, 300
_TIME_LIMIT = 2.0


def sheets(quick: bool, progress: Callable[[str], None]) -> list[Sheet]:
    """Judge every mutant as strictly as the function itself: any finding, or remark it has not, kills it."""
    rows, survivors, alive = [], [], 0
    for name in names():
        chosen = list(mutations(name))[:: 25 if quick else 1]
        killed = same = 0
        for number, mutation in enumerate(chosen):
            progress(f"{name}: {number} of {len(chosen)}")
            if _killed(mutation, name):
                killed += 1
                continue
            verdict = _difference(mutation, name)
            same += verdict is None
            survivors.append(
                f"{name}, line {mutation.line}, {mutation.words}: {verdict or 'the same bits everywhere'}"
            )
            alive += verdict is not None
        rows.append((name, f"{len(chosen)}", f"{killed}", f"{same}", f"{len(chosen) - killed - same}"))
    header = ("function", "mutants", "killed", "same bits", "other bits within the bound")
    return [Sheet("Machine-made mutants of the generated functions", header, rows, survivors)]


def _killed(mutation: Mutation, name: str) -> bool:
    try:
        function = mutation.function()
    except Exception:
        return True
    report = check(function, name, examples=_EXAMPLES, strict=True, time_limit=_TIME_LIMIT)
    remarks = [remark for remark in report.remarks if remark.kind != "not_enclosed"]
    return not report.ok or bool(remarks)


def _difference(mutation: Mutation, name: str) -> str | None:
    """How the results of a survivor differ from the function's own."""
    original = mutation.original()
    mutant = mutation.function()
    for arguments in _inputs(name):
        one, other = _results(original, arguments), _results(mutant, arguments)
        if one != other:
            return "other bits, within the bound"
    return None


def _inputs(name: str) -> Iterator[dict[str, object]]:
    yield from arguments_by_seed(load(name), 5, _COMPARED)


def _results(function: Function, arguments: dict[str, object]) -> list[bytes]:
    with silence():
        returned: Any = function(*copied(arguments).values())
    return [np.asarray(field).tobytes() for field in returned]
