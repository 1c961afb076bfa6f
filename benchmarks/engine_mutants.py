"""Mutants of the engine itself, and whether its own tests see them: what a green suite is worth."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from benchmarks.engine_equivalent import EQUIVALENT
from benchmarks.engine_mutation import ENGINE, FILES, EngineMutation, drawn
from benchmarks.sheet import Sheet
from w2v_verified.errors import UsageError

__all__ = ["COUNT", "ROOT", "Copy", "sheets"]

ROOT = Path(__file__).parent.parent
COUNT = 300
_COPIED = ("w2v_verified", "derivations", "benchmarks", "tests", "pyproject.toml")
_TESTS = ("tests/symbolic", "tests/derive")
_FEW, _FEW_TESTS = 2, ("tests/symbolic/language/test_indices.py",)
_AT_ONCE = 2
_TEST_LIMIT = 60.0
_LIMIT = 6.0
"""How often the time of the tests of the engine as it is a mutant may take."""
_ENVIRONMENT = {
    "HYPOTHESIS_PROFILE": "ci",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Copy:
    """A copy of the repository, in which one file at a time is changed, and the tests that are run there."""

    folder: Path
    tests: Sequence[str] = _TESTS

    @classmethod
    def made(cls, folder: Path, tests: Sequence[str] = _TESTS) -> "Copy":
        """A copy of this repository."""
        folder.mkdir()
        for name in _COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(ROOT / name, folder)
        return cls(folder, tests)

    @property
    def _reach(self) -> Path:
        return self.folder / "reach.json"

    def again(self, folder: Path) -> "Copy":
        """A copy of the copy, with what was found out about its tests."""
        shutil.copytree(self.folder, folder)
        return Copy(folder, self.tests)

    def seconds(self) -> float:
        """How long the tests take on the engine as it is, after finding out what they reach.

        Raises:
            UsageError: They are red.
        """
        start = time.perf_counter()
        done = self._run({}, None)
        if done.returncode:
            raise UsageError(f"the tests of the engine as it is are red:\n{done.stdout[-2000:]}{done.stderr}")
        return time.perf_counter() - start

    def outcome(self, file: str, line: int, source: str, limit: float) -> str:
        """What becomes of a changed module: "failed", "hung", "crashed" or "survived"."""
        path = self.folder / ENGINE / f"{file}.py"
        before, times = path.read_bytes(), path.stat()
        path.write_text(source, encoding="utf-8")
        try:
            done = self._run({"MUTANT_FILE": file, "MUTANT_LINE": f"{line}"}, limit)
        except subprocess.TimeoutExpired:
            return "hung"
        finally:
            path.write_bytes(before)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        if done.returncode == 0:
            return "survived"
        if "Timeout (" in done.stderr:
            return "hung"
        loaded = "\nERROR " not in done.stdout
        return "failed" if done.returncode == 1 and loaded else "crashed"

    def _run(self, given: dict[str, str], limit: float | None) -> "subprocess.CompletedProcess[str]":
        """The tests in a process of their own; the compiled engine as it is stays for the next run."""
        options = ["-x", "-q", "-n", "0", "-m", "not slow", "-p", "no:cacheprovider", "--tb=line"]
        options += ["-p", "benchmarks.engine_order", "-o", f"faulthandler_timeout={_TEST_LIMIT}"]
        options += ["-o", "faulthandler_exit_on_timeout=true"]
        environment = {
            **os.environ,
            **_ENVIRONMENT,
            **({"PYTHONDONTWRITEBYTECODE": "1"} if given else {}),
            **given,
            "PYTHONPATH": str(self.folder),
            "MUTANT_REACH": str(self._reach),
        }
        return subprocess.run(
            [sys.executable, "-m", "pytest", *options, *self.tests],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=limit,
        )


def sheets(
    quick: bool, progress: Callable[[str], None], count: int | None = None, seed: int = 0, only: bool = False
) -> list[Sheet]:
    """Draw mutants and run the tests of the engine on each; ``only`` list them, if that is asked for."""
    mutants = drawn(ROOT, count or (_FEW if quick else COUNT), seed)
    if only:
        rows = [(file, f"{sum(m.file == file for m in mutants)}") for file in FILES]
        return [
            Sheet(
                f"{len(mutants)} mutants of the engine", ("file", "mutants"), rows, list(map(_said, mutants))
            )
        ]
    outcomes = _outcomes(mutants, _FEW_TESTS if quick else _TESTS, progress)
    return [_sheet(list(zip(mutants, outcomes, strict=True)))]


def _outcomes(
    mutants: Sequence[EngineMutation], tests: Sequence[str], progress: Callable[[str], None]
) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        progress("the engine as it is")
        first = Copy.made(Path(folder, "0"), tests)
        limit = _LIMIT * first.seconds() + _TEST_LIMIT
        free: SimpleQueue[Copy] = SimpleQueue()
        free.put(first)
        for n in range(1, _AT_ONCE):
            free.put(first.again(Path(folder, f"{n}")))
        found: Counter[str] = Counter()

        def judged(mutant: EngineMutation) -> str:
            copy = free.get()
            try:
                outcome = copy.outcome(mutant.file, mutant.line, mutant.source, limit)
            finally:
                free.put(copy)
            found[outcome] += 1
            progress(f"{found.total()} of {len(mutants)}, {found['survived']} survive")
            return outcome

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(judged, mutants))


def _sheet(judged: Sequence[tuple[EngineMutation, str]]) -> Sheet:
    reasons = {(e.file, e.before, e.after): e.reason for e in EQUIVALENT}
    alive = [m for m, outcome in judged if outcome == "survived"]
    excused = [m for m in alive if (m.file, *m.lines) in reasons]
    header = ("file", "mutants", "seen", "of those hung", "crashed", "survived", "of those equivalent")

    def row(name: str, files: Sequence[str]) -> tuple[str, ...]:
        own = Counter(outcome for m, outcome in judged if m.file in files)
        equivalent = sum(m.file in files for m in excused)
        seen = own.total() - own["survived"]
        counts = (own.total(), seen, own["hung"], own["crashed"], own["survived"], equivalent)
        return (name, *map(str, counts))

    notes = []
    for m in alive:
        reason = reasons.get((m.file, *m.lines))
        notes.append(f"{_said(m)}{f': {reason}' if reason else ''}")
    seen = len(judged) - len(alive)
    title = f"{seen} of {len(judged)} mutants of the engine are seen by its tests, {_percent(seen, len(judged))}; "
    title += f"{len(excused)} of the others are equivalent, of the rest {_percent(seen, len(judged) - len(excused))}"
    title += " are seen"
    return Sheet(title, header, [*(row(f, [f]) for f in FILES), row("all", FILES)], notes)


def _said(mutant: EngineMutation) -> str:
    before, after = mutant.lines
    return f"{mutant.file}, line {mutant.line}: {before} -> {after}"


def _percent(part: int, of: int) -> str:
    return f"{100 * part / of:.1f} %" if of else "none"
