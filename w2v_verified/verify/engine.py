"""The one door to the engine: the record of a user's own definition, and whether this checkout's derivations hold.

Nothing is judged here. To replay derivations takes the repository; an installed package has no ``derivations``
directory, and says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from w2v_verified.verify.record import Record, load

__all__ = [
    "DefinitionsError",
    "Identities",
    "checkout",
    "identities",
    "record_of",
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


def identities(
    directory: Path, losses: Sequence[str], progress: Callable[[float], None] | None = None
) -> dict[str, Identities]:
    """Replay every step of some derivations, by loss; those there are none of are left out.

    Args:
        directory: Where the definitions are.
        losses: Whose derivations to replay.
        progress: Told now and then how much is done.

    Raises:
        DefinitionsError: A file does not run, or does not define a loss.
    """
    from w2v_verified.symbolic import Derivation, replay
    from w2v_verified.symbolic import load as load_losses

    try:
        there = load_losses(directory)
    except Exception as error:  # a definition is a program, and may raise anything
        raise DefinitionsError(" ".join(f"{type(error).__name__}: {error}".split())) from None
    found = {}
    for place, name in enumerate(losses):
        if name not in there:
            continue

        def within(fraction: float, place: int = place) -> None:
            if progress is not None:
                progress((place + fraction) / len(losses))

        try:
            replayed = replay(Derivation(there[name], there), within)
            found[name] = Identities(replayed.proved, replayed.shortcomings, replayed.laws)
        except ValueError as error:
            found[name] = Identities(0, (" ".join(str(error).split()),))
    return found
