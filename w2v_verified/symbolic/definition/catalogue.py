"""Reading definitions: one file a loss."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from w2v_verified.errors import words
from w2v_verified.notation import LanguageError
from w2v_verified.symbolic.definition.loss import Loss


def read_definition(path: Path) -> Loss:
    """The `Loss` called ``LOSS`` in a Python file.

    Raises:
        OSError: The file cannot be read.
        LanguageError: It does not run, or does not define one.
    """
    namespace: dict[str, object] = {"__name__": path.stem, "__file__": str(path)}
    source = path.read_bytes()
    try:
        exec(compile(source, str(path), "exec"), namespace)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise LanguageError(f"{path.name}: raises {words(error, path)}") from None
    loss = namespace.get("LOSS")
    if not isinstance(loss, Loss):
        raise LanguageError(
            f"{path.name}: expected a w2v_verified.symbolic.Loss called LOSS, "
            f"got {'nothing of that name' if loss is None else type(loss).__name__}"
        )
    return loss


def load(directory: Path) -> dict[str, Loss]:
    """The losses defined in the files of ``directory``, by name.

    Raises:
        OSError: A file cannot be read.
        LanguageError: A file does not run, or defines no ``LOSS`` that is called like the file.
    """
    losses: dict[str, Loss] = {}
    for path in sorted(directory.glob("[!_]*.py")):
        with _importable(directory.parent):
            loss = read_definition(path)
        if loss.name != path.stem:
            raise LanguageError(f"{path.name}: expected a loss called {path.stem!r}, got {loss.name!r}")
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
