"""Whether this checkout's derivations are current and hold: asks the engine, and judges nothing itself.

It calls ``w2v_verified.symbolic.replay_all(directory)``, which replays every step of every derivation, and runs
``python -m derivations --check``, which compares the generated files with what the derivations give. Both need the
repository; an installed package has no ``derivations`` directory, and says so.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Identities", "checkout", "identities", "start_check"]


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


def identities(directory: Path) -> dict[str, Identities]:
    """Replay every step of every derivation, by loss."""
    from w2v_verified.symbolic import replay_all

    return {loss: Identities(steps, tuple(problems)) for loss, steps, problems in replay_all(directory)}
