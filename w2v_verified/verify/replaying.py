"""Whether this checkout's derivations hold and its files are current, found out beside the judging of the functions.

Every step is replayed, and ``python -m derivations --check`` compares the generated files with what the derivations
give: each in a process of its own.
"""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from w2v_verified.verify.engine import DefinitionsError, Identities, identities

__all__ = ["Comparison", "Replaying"]

_DECIDED = (0, 1)


class Comparison:
    """``python -m derivations --check`` in a process of its own."""

    def __init__(self, directory: Path, loss: str | None) -> None:
        alone = [] if loss is None else ["--loss", loss]
        self._process = subprocess.Popen(
            [sys.executable, "-m", directory.name, "--check", *alone],
            cwd=directory.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="backslashreplace",
        )
        self._said = ""

    def is_done(self, patience: float) -> bool:
        """Whether it is done within so many seconds."""
        try:
            self._said, _ = self._process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            return False
        return True

    @property
    def is_undecided(self) -> bool:
        """Whether nothing could be compared, as with another version of SymPy than the files are promised for."""
        return self._process.returncode not in _DECIDED

    def result(self) -> str | None:
        """The last line of what it says unless generated files are what they should be, or None."""
        if not self._process.returncode:
            return None
        lines = [line.strip() for line in self._said.splitlines() if line.strip()]
        return lines[-1] if lines else "no output"


class Replaying:
    """``identities`` in a process of its own.

    Attributes:
        fraction: How much of it is done.
    """

    def __init__(self, directory: Path, losses: Sequence[str]) -> None:
        with_nothing_shared = get_context("spawn")  # the progress bar has a thread, which a fork would break
        self._done = with_nothing_shared.Value("d", 0.0)
        pool = ProcessPoolExecutor(1, with_nothing_shared, _share, (self._done,))
        self._future = pool.submit(_identities_shared, directory, losses)
        pool.shutdown(wait=False)

    @property
    def fraction(self) -> float:
        """How much of it is done."""
        return float(self._done.value)

    def is_done(self, patience: float) -> bool:
        """Whether it is done within so many seconds."""
        return bool(wait([self._future], patience).done)

    def result(self) -> dict[str, Identities]:
        """What it returns or raises.

        Raises:
            DefinitionsError: See ``identities``; or something ended the process.
        """
        try:
            return self._future.result()
        except BrokenProcessPool:
            raise DefinitionsError("the process that replays them was ended") from None


_SHARED: "list[Synchronized[float]]" = []


def _share(done: "Synchronized[float]") -> None:
    _SHARED.append(done)


def _identities_shared(directory: Path, losses: Sequence[str]) -> dict[str, Identities]:
    """``identities`` in a process that shares a number with another one."""

    def tell(fraction: float) -> None:
        _SHARED[-1].value = fraction

    return identities(directory, losses, tell)
