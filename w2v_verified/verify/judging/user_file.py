"""A function taken out of a file of the user's, and words for a file that cannot be imported."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

from w2v_verified.errors import UsageError, words

__all__ = ["BrokenFileError", "function_in", "parts"]


class BrokenFileError(Exception):
    """The user's file cannot be imported; the message says why, in one line."""


def parts(target: str) -> tuple[Path, str]:
    """The file and the name in ``FILE.py:FUNCTION``.

    Raises:
        UsageError: It has another form, or there is no such file.
    """
    path, colon, name = target.rpartition(":")
    if Path(path if colon else target).is_dir():
        raise UsageError(f"{path if colon else target}: a folder; expected FILE.py:FUNCTION")
    if not colon or not path.endswith(".py") or not name:
        raise UsageError(f"expected FILE.py:FUNCTION, got {target}")
    if not Path(path).is_file():
        raise UsageError(f"{path}: no such file")
    return Path(path), name


def function_in(path: Path, name: str) -> Callable[..., object]:
    """Import the file, its folder on the path as for a script, and take the function out of it.

    Raises:
        BrokenFileError: The file cannot be imported.
        UsageError: It has no such function.
    """
    spec = importlib.util.spec_from_file_location(path.stem, path.resolve())
    if spec is None or spec.loader is None:
        raise UsageError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    sys.path.insert(0, str(path.resolve().parent))
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # nothing is left beside the user's file
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise BrokenFileError(f"{path} cannot be imported: {words(error, path.resolve())}") from None
    finally:
        sys.dont_write_bytecode = written
    function: object = module
    for part in name.split("."):
        function = getattr(function, part, None)
    if not callable(function):
        known = sorted(n for n, v in vars(module).items() if callable(v) and not n.startswith("_"))
        raise UsageError(f"{path}: no function {name}; it has {', '.join(known) or 'none'}")
    checked: Callable[..., object] = function
    return checked
