"""The right and the wrong implementations of tests/verify, for benchmarks to judge."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from w2v_verified.errors import UsageError

__all__ = ["Specimen", "specimens"]


@dataclass(frozen=True)
class Specimen:
    """An implementation, the loss it is of, how it is called, and whether it is right."""

    name: str
    function: Callable[..., Any]
    loss: str
    convention: str
    right: bool


def specimens() -> list[Specimen]:
    """All of them.

    Raises:
        UsageError: The tests are not there, as in an installed package.
    """
    folder = Path(__file__).resolve().parents[1] / "tests" / "verify"
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder: this benchmark judges the implementations of the tests")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    mutants, sampling, verdicts = (import_module(n) for n in ("mutants", "sampling_mutants", "verdicts"))
    wrong = [Specimen(mutants.name_of(f), f, loss, "columns", False) for f, loss in verdicts.MUTANTS]
    right = [
        Specimen(mutants.name_of(f), f, loss, convention, True)
        for f, loss, convention in (*mutants.CORRECT, *sampling.CORRECT_SAMPLING)
    ]
    return [*wrong, *right]
