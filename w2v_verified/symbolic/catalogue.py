"""The definitions in a folder, one file a loss."""

import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from w2v_verified.symbolic.loss import Loss


def load(directory: Path) -> dict[str, Loss]:
    """The losses defined in the files of ``directory``, by name.

    Raises:
        ValueError: A file defines no ``LOSS``, or one that is not called like the file.
    """
    losses: dict[str, Loss] = {}
    for path in sorted(directory.glob("[!_]*.py")):
        with _importable(directory.parent):
            loss = runpy.run_path(str(path)).get("LOSS")
        if not isinstance(loss, Loss):
            raise ValueError(f"{path.name}: expected a Loss called LOSS, got {type(loss).__name__}")
        if loss.name != path.stem:
            raise ValueError(f"{path.name}: expected a loss called {path.stem!r}, got {loss.name!r}")
        losses[loss.name] = loss
    return losses


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """A definition may import another one of its folder."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
