"""A function taken out of a file of the user's, and words for a file that cannot be imported."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

from w2v_verified.errors import UsageError, words
from w2v_verified.nearest import meant

__all__ = ["TARGET", "BrokenFileError", "function_in", "parts"]

TARGET = "FILE.py:FUNCTION"


class BrokenFileError(Exception):
    """The user's file cannot be imported; the message says why, in one line."""


def parts(target: str) -> tuple[Path, str]:
    """The file and the name in ``FILE.py:FUNCTION``.

    Raises:
        UsageError: It has another form, or there is no such file.
    """
    path, colon, name = target.rpartition(":")
    if Path(path if colon else target).is_dir():
        raise UsageError(f"{TARGET}: expected a file, got the folder {path if colon else target!r}")
    if not colon or not path.endswith(".py") or not name:
        raise UsageError(f"{TARGET}: expected a file and a name, as solution.py:loss, got {target!r}")
    if not Path(path).is_file():
        raise UsageError(f"{TARGET}: cannot read {path!r}: No such file or directory")
    return Path(path), name


def function_in(path: Path, name: str) -> Callable[..., object]:
    """Import the file, its folder on the path as for a script, and take the function out of it.

    Raises:
        BrokenFileError: The file cannot be imported.
        UsageError: It has no such function.
    """
    spec = importlib.util.spec_from_file_location(path.stem, path.resolve())
    if spec is None or spec.loader is None:
        raise UsageError(f"{TARGET}: expected a Python file, got {str(path)!r}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    sys.path.insert(0, str(path.resolve().parent))
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # nothing is left beside the user's file
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a file of the user's may raise anything
        raise BrokenFileError(f"{path} cannot be imported: {words(error, path.resolve())}") from None
    finally:
        sys.dont_write_bytecode = written
    function: object = module
    for part in name.split("."):
        function = getattr(function, part, None)
    if not callable(function):
        known = sorted(n for n, v in vars(module).items() if callable(v) and not n.startswith("_"))
        raise UsageError(
            f"{TARGET}: expected a function of {path}, which has {', '.join(known) or 'none'}, "
            f"got {name!r}{meant(name, known)}"
        )
    checked: Callable[..., object] = function
    return checked
