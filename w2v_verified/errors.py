"""What the command line reports in one line: wrong usage, files that do not run, packages not installed."""

import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

__all__ = ["Setting", "SpelledError", "UsageError", "missing_extra", "spelled", "with_extra", "words"]

_LONGEST = 300

_OPTIONAL = {
    "dask": "dask",
    "distributed": "distributed",
    "flint": "python-flint",
    "gensim": "gensim",
    "hypothesis": "hypothesis",
    "jax": "jax",
    "matplotlib": "matplotlib",
    "rich": "rich",
    "scipy": "scipy",
    "shtab": "shtab",
    "sympy": "sympy",
    "threadpoolctl": "threadpoolctl",
    "torch": "torch",
}
_EXTRA_OF_ITS_OWN = {
    "dask": "dask",
    "distributed": "dask",
    "gensim": "gensim",
    "jax": "jax",
    "matplotlib": "plot",
    "shtab": "completion",
    "torch": "torch",
}


class Setting(str):
    """The name of a setting within a message: ``held_out`` in Python, ``--held-out`` where it is typed."""


class SpelledError(ValueError):
    """Something is wrong with a value; who says so spells the settings as they were given.

    >>> error = SpelledError(Setting("patience"), ": expected ", Setting("held_out"), " above 0, got 0")
    >>> str(error)
    'patience: expected held_out above 0, got 0'
    >>> error.spelled(str.upper)
    'PATIENCE: expected HELD_OUT above 0, got 0'
    """

    def __init__(self, *parts: str) -> None:
        super().__init__("".join(parts))
        self.parts = parts

    def __reduce__(self) -> tuple[type["SpelledError"], tuple[str, ...]]:
        return type(self), self.parts

    def spelled(self, spell: Callable[[str], str]) -> str:
        """The message, with every setting called as ``spell`` says."""
        return spelled(self.parts, spell)


def spelled(parts: Iterable[str], spell: Callable[[str], str]) -> str:
    """The parts of a message together, with every setting called as ``spell`` says."""
    return "".join(spell(part) if isinstance(part, Setting) else part for part in parts)


class UsageError(Exception):
    """Something was asked for in a way that cannot work; the message says what to change, in one line."""


def words(error: BaseException, path: Path) -> str:
    """What went wrong in a file of the user's, and in which line of it where that is known."""
    if isinstance(error, SyntaxError):
        message, line = str(error.msg), error.lineno
    else:
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if Path(f.filename) == path]
        message, line = " ".join(str(error).split()), lines[-1] if lines else None
    if len(message) > _LONGEST:
        message = f"{message[:_LONGEST]} ..."
    return f"{type(error).__name__}{message and f': {message}'}{f' (line {line})' if line else ''}"


def missing_extra(error: ModuleNotFoundError, extra: str) -> str | None:
    """Say how to install what is missing, or return None where no extra of this project brings it.

    Args:
        error: The failed import.
        extra: The extra that brings everything the caller needs, such as ``"verify"``; what has one of its own is
            named with that.

    >>> missing_extra(ModuleNotFoundError("No module named 'flint'", name="flint"), "verify")
    "python-flint is not installed: pip install 'w2v_verified[verify]'"
    """
    module = (error.name or "").partition(".")[0]
    package, extra = _OPTIONAL.get(module), _EXTRA_OF_ITS_OWN.get(module, extra)
    return None if package is None else f"{package} is not installed: pip install 'w2v_verified[{extra}]'"


def with_extra(error: ModuleNotFoundError, extra: str) -> ModuleNotFoundError:
    """A failed import, saying how to install what is missing where an extra of this project brings it."""
    message = missing_extra(error, extra)
    return error if message is None else ModuleNotFoundError(message, name=error.name)
