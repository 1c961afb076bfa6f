"""Where a function comes from, so that a snippet can import it."""

import os
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from w2v_verified.verify.report.source import WIDTH

__all__ = ["Origin", "origin_in", "origin_of"]


@dataclass(frozen=True)
class Origin:
    """How to call a function, and how to import it where that can be.

    Attributes:
        name: What stands before the bracket of the call.
        module: What to import it from, or None: it is defined in a notebook, in the program itself or in a function.
        folder: What has to be on the path for that, or None where it is already.
    """

    name: str
    module: str | None = None
    folder: str | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The source that imports it."""
        if self.module is None:
            return ()
        path = () if self.folder is None else ("import sys", f"sys.path.insert(0, {self.folder!r})")
        name = self.name.partition(".")[0]
        line = f"from {self.module} import {name}"
        narrow = (line,) if len(line) <= WIDTH else (f"from {self.module} import (", f"    {name},", ")")
        return (*path, *narrow)


def origin_of(function: Callable[..., object]) -> Origin:
    """Where a function comes from.

    >>> origin_of(origin_of).lines[-1]
    'from w2v_verified.verify.report.origin import origin_of'
    """
    own = getattr(function, "__qualname__", "")
    module = sys.modules.get(str(getattr(function, "__module__", None)))
    if module is None or module.__name__ == "__main__" or getattr(module, "__file__", None) is None:
        return Origin(_callable_name(own))
    name = own if _found(module, own) is function else None
    if name is None:
        name = next((held for held, value in vars(module).items() if value is function), None)
    if name is None:
        return Origin(_callable_name(own))
    return Origin(name, module.__name__, _to_be_added(_folder(module)))


def origin_in(path: Path, name: str) -> Origin:
    """Where a function comes from that was taken out of a file."""
    return Origin(name, path.stem, _to_be_added(path.resolve().parent))


def _callable_name(own: str) -> str:
    name = own.rpartition(".")[2]
    return name if name.isidentifier() else "function"


def _found(module: ModuleType, name: str) -> object:
    found: object = module
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def _folder(module: ModuleType) -> Path:
    """The folder that the first name of a module lies in."""
    file = Path(str(module.__file__)).resolve()
    up = module.__name__.count(".") + (file.name == "__init__.py")
    return file.parents[up]


def _to_be_added(folder: Path) -> str | None:
    """The folder as a string, seen from where the program runs; None where modules are found in it anyway."""
    here = Path.cwd()
    installed = {Path(sysconfig.get_path(kind)).resolve() for kind in ("stdlib", "purelib", "platlib")}
    if folder == here or folder in installed:
        return None
    return os.path.relpath(folder, here) if here in folder.parents else str(folder)
