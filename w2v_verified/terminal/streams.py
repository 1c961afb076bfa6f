"""Standard output and standard error that take any text, whatever they can show, and say so where they are full."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from w2v_verified.errors import UsageError

__all__ = ["any_text"]

_ESCAPED = "backslashreplace"


class _Results(io.TextIOWrapper):
    """Standard output: what cannot be written is an error of whoever chose where it goes."""

    def write(self, text: str) -> int:
        with _named():
            return super().write(text)

    def flush(self) -> None:
        with _named():
            super().flush()


class _Messages(io.TextIOWrapper):
    """Standard error: nobody can be told that it cannot be written, and no work is lost to it."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            return super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


@contextmanager
def any_text() -> Iterator[None]:
    """Within, what standard output and error cannot show is escaped; one that is closed takes everything in silence.

    To write to a standard output that is full raises `UsageError`. What is left in it at the end is written if it can
    be: flush it inside to know.
    """
    before = sys.stdout, sys.stderr
    with _over(before[0], _Results) as sys.stdout, _over(before[1], _Messages) as sys.stderr:
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before


@contextmanager
def _over(stream: TextIO | None, kind: type[_Results | _Messages]) -> Iterator[TextIO]:
    """A stream that writes where another one does, or nowhere if that is closed."""
    if stream is None:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            yield nowhere
    elif isinstance(stream, io.TextIOWrapper):
        stream.flush()
        taking = kind(
            stream.buffer,
            encoding=stream.encoding,
            errors=_ESCAPED,
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )
        try:
            yield taking
        finally:
            _let_go(taking)
    else:  # somebody's own, which holds any text
        yield stream


def _let_go(stream: _Results | _Messages) -> None:
    """Write what is left, or, where nothing can be written, keep Python from trying again at its exit."""
    try:
        io.TextIOWrapper.flush(stream)
    except OSError:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())
    stream.detach()


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"standard output: cannot write: {error.strerror or error}") from None
