"""Reading definitions: one file a loss."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from math import inf
from pathlib import Path
from typing import Any

from w2v_verified.errors import words
from w2v_verified.nearest import one_of
from w2v_verified.notation import LanguageError
from w2v_verified.symbolic.definition.arguments import Argument, Array, Axis, Position
from w2v_verified.symbolic.definition.loss import Loss


class NoDefinitionError(LanguageError):
    """A file does not run, or defines no loss; the message says why."""


def read_definition(path: Path) -> Loss:
    """The `Loss` called ``LOSS`` in a Python file.

    Raises:
        OSError: The file cannot be read.
        NoDefinitionError: It does not run, or does not define one.
        LanguageError: What it defines is refused.
    """
    namespace: dict[str, object] = {"__name__": path.stem, "__file__": str(path)}
    source = path.read_bytes()
    try:
        exec(compile(source, str(path), "exec"), namespace)
    except KeyboardInterrupt:
        raise
    except LanguageError as error:  # it runs, and what it defines is refused
        raise LanguageError(f"{path.name}: {error}") from None
    except BaseException as error:
        raise NoDefinitionError(f"{path.name}: raises {words(error, path)}") from None
    loss = namespace.get("LOSS")
    if not isinstance(loss, Loss):
        raise NoDefinitionError(
            f"{path.name}: expected a w2v_verified.symbolic.Loss called LOSS, "
            f"got {'nothing of that name' if loss is None else type(loss).__name__}"
        )
    return loss


def load(directory: Path) -> dict[str, Loss]:
    """The losses defined in the files of ``directory``, by name.

    Raises:
        OSError: A file cannot be read.
        NoDefinitionError: A file does not run, or defines no ``LOSS`` that is called like the file.
    """
    losses: dict[str, Loss] = {}
    for path in sorted(directory.glob("[!_]*.py")):
        with _importable(directory.parent):
            loss = read_definition(path)
        if loss.name != path.stem:
            raise NoDefinitionError(f"{path.name}: expected a loss called {path.stem!r}, got {loss.name!r}")
        losses[loss.name] = loss
    return losses


def registered(name: str) -> Loss:
    """The definition that a generated function of this package came from, as its record has it.

    Raises:
        LanguageError: There is none with this name.
    """
    folder = resources.files("w2v_verified").joinpath("generated", "records")
    files = (entry.name for entry in folder.iterdir())
    known = sorted(file.removesuffix(".json") for file in files if file.endswith(".json"))
    if name not in known:
        raise LanguageError(f"of: {one_of(name, known)}")
    record = json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return Loss(
        name,
        record["summary"],
        tuple(Axis(a["name"], a["meaning"], minimum=a["minimum"]) for a in record["axes"]),
        tuple(map(_argument, record["arguments"])),
        "\n".join(record["definition"]),
    )


def _argument(data: dict[str, Any]) -> Argument:
    axes = " ".join(data["axes"])
    if data["kind"] == "index":
        return Position(data["name"], data["into"], data["meaning"], axes)
    domain, between = data["domain"], data.get("between")
    low, high = between or (None, None)
    ends = None if between is None else (-inf if low is None else low, inf if high is None else high)
    return Array(
        data["name"],
        axes,
        data["meaning"],
        gradient=data["gradient"],
        positive=domain == "positive",
        nonnegative=domain == "nonnegative",
        between=ends,
    )


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """A definition may import another one of its folder."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
