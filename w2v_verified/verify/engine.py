"""Whether this checkout's derivations are current and hold: asks the engine, and judges nothing itself.

It replays every step of every derivation, and runs ``python -m derivations --check``, which compares the generated
files with what the derivations give: each in a process of its own, beside the judging of the functions. Both need
the repository; an installed package has no ``derivations`` directory, and says so.
"""

import subprocess
import sys
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

__all__ = ["DefinitionsError", "Identities", "checkout", "identities", "start_check", "start_replay"]


class DefinitionsError(Exception):
    """The definitions cannot even be read; the message says why, in one line."""


@dataclass(frozen=True)
class Identities:
    """How many steps of a loss's derivation were replayed, and what did not hold."""

    steps: int
    problems: tuple[str, ...]


def checkout() -> Path | None:
    """The directory of the derivations beside the package, or None where the package came without them."""
    directory = Path(__file__).resolve().parents[2] / "derivations"
    return directory if (directory / "__main__.py").is_file() else None


def start_check(directory: Path) -> "subprocess.Popen[str]":
    """Start comparing generated files with the derivations; its exit status is 0 where they agree."""
    command = [sys.executable, "-m", directory.name, "--check"]
    return subprocess.Popen(
        command, cwd=directory.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def start_replay(directory: Path) -> Future[dict[str, Identities]]:
    """Start ``identities`` in another process."""
    with_nothing_shared = get_context("spawn")  # the progress bar has a thread, which a fork would break
    pool = ProcessPoolExecutor(1, with_nothing_shared)
    replay = pool.submit(identities, directory)
    pool.shutdown(wait=False)
    return replay


def identities(directory: Path) -> dict[str, Identities]:
    """Replay every step of every derivation, by loss.

    Raises:
        DefinitionsError: A file does not run, or does not define a loss.
    """
    from w2v_verified.symbolic import Derivation, load, replay

    try:
        losses = load(directory)
    except Exception as error:  # a definition is a program, and may raise anything
        raise DefinitionsError(" ".join(f"{type(error).__name__}: {error}".split())) from None
    found = {}
    for name, loss in losses.items():
        try:
            steps, problems = replay(Derivation(loss))
        except ValueError as error:
            steps, problems = 0, [" ".join(str(error).split())]
        found[name] = Identities(steps, tuple(problems))
    return found
