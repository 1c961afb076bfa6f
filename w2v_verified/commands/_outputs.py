"""Writing the files that options name: all of them or none, and what fails names its option."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from w2v_verified.errors import UsageError
from w2v_verified.files import not_written, replacing

__all__ = ["apart", "named", "write_all"]


def apart(files: Mapping[str, str | None]) -> None:
    """Refuse one file for two purposes, whether it is read or written.

    Raises:
        UsageError: two of the options, given with their paths, name the same file.
    """
    seen: dict[str, str] = {}
    for option, path in files.items():
        if path is None:
            continue
        place = os.path.realpath(path)
        if place in seen:
            raise UsageError(f"{option}: expected another file than {seen[place]}, got {path!r} for both")
        seen[place] = option


def write_all(texts: Mapping[str, tuple[str, str]]) -> None:
    """Write texts to paths, by the options that name these; all are put in their places when all are written.

    Raises:
        UsageError: one cannot be written; the files that there were are left.
    """
    with ExitStack() as stack:
        for option, (path, text) in texts.items():
            stack.enter_context(named(option, path))
            file = stack.enter_context(replacing(path))
            file.write(text)
            file.flush()  # and to the disk: once one is in its place, none may turn out not to fit
            os.fsync(file.fileno())


@contextmanager
def named(option: str, path: str) -> Iterator[None]:
    """Turn a failure to write a file into wrong usage of an option."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{option}: {not_written(path, error)}") from None
