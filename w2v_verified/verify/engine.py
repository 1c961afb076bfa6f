"""The one door to the engine: the record of a user's own definition, and whether this checkout's derivations hold.

Nothing is judged here. Every step of every derivation is replayed, and ``python -m derivations --check`` compares the
generated files with what the derivations give: each in a process of its own, beside the judging of the functions. Both
need the repository; an installed package has no ``derivations`` directory, and says so.
"""

import subprocess
import sys
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from w2v_verified.verify.record import Record, load

__all__ = [
    "DefinitionsError",
    "Identities",
    "checkout",
    "identities",
    "record_of",
    "start_check",
    "start_replay",
]


def record_of(loss: str | Path | Record) -> Record:
    """Look a loss up, or derive the one that a file ``.py`` defines.

    Raises:
        TypeError: It is none of the three.
        ValueError: There is no such loss, or the definition cannot be read or is refused; the message says why.

    >>> record_of("naive_softmax").name
    'naive_softmax'
    """
    if isinstance(loss, Record):
        return loss
    if isinstance(loss, Path) or (isinstance(loss, str) and loss.endswith(".py")):
        return _derived(Path(loss))
    if isinstance(loss, str):
        return load(loss)
    raise TypeError(f"loss: expected a name, a path or a Record, got {type(loss).__name__}")


def _derived(path: Path) -> Record:
    try:
        return _derived_from(path.resolve(), path.read_bytes())
    except OSError as error:
        raise ValueError(f"loss: {path}: cannot be read: {error.strerror or error}") from None


@lru_cache(maxsize=16)
def _derived_from(path: Path, text: bytes) -> Record:
    """The record of a definition, derived once for each text of it."""
    from w2v_verified.symbolic import Derivation, read_definition, record  # SymPy is for those who derive

    try:
        return Record.from_json(record(Derivation(read_definition(path))))
    except ValueError as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"loss: {reason if path.name in reason else f'{path.name}: {reason}'}") from None


class DefinitionsError(Exception):
    """The definitions cannot even be read; the message says why, in one line."""


@dataclass(frozen=True)
class Identities:
    """How many steps and lines of laws of a loss are proved, and what does not hold or is not proved."""

    steps: int
    problems: tuple[str, ...]
    laws: int = 0


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
    from w2v_verified.symbolic import Derivation, replay
    from w2v_verified.symbolic import load as load_losses

    try:
        losses = load_losses(directory)
    except Exception as error:  # a definition is a program, and may raise anything
        raise DefinitionsError(" ".join(f"{type(error).__name__}: {error}".split())) from None
    found = {}
    for name, loss in losses.items():
        try:
            replayed = replay(Derivation(loss, losses))
            found[name] = Identities(replayed.proved, replayed.shortcomings, replayed.laws)
        except ValueError as error:
            found[name] = Identities(0, (" ".join(str(error).split()),))
    return found
