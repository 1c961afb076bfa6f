"""What a job that takes long is at, on stderr: all the time on a terminal, in one line elsewhere."""

import sys
import threading
from types import TracebackType
from typing import TextIO

from w2v_verified.commands._width import terminal_width

__all__ = ["Doing"]

_PATIENCE = 4.0
_WIDTH = 100


class Doing:
    """Says what a job is at, once it has taken some seconds.

    Use it as a context manager, and call it with what is taken up.
    """

    def __init__(
        self, job: str, to: TextIO | None = None, patience: float = _PATIENCE, quiet: bool = False
    ) -> None:
        self.job, self.to = job, to or sys.stderr
        self._at = "the definition"
        self._written = 0
        self._shown, self._over = quiet, False
        self._lock = threading.Lock()
        self._timer = threading.Timer(patience, self.show)
        self._timer.daemon = True

    def __enter__(self) -> "Doing":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._written:
                self._write("")
                self.to.write("\r")
                self.to.flush()

    def __call__(self, what: str) -> None:
        """Say what is taken up."""
        with self._lock:
            self._at = " ".join(what.split())
            if self._written:
                self._write(self._line)

    def show(self) -> None:
        """Begin to say it."""
        with self._lock:
            if self._over or self._shown:
                return
            self._shown = True
            if self.to.isatty():
                self._write(self._line)
            else:
                self.to.write(f"{self._line}\n")
                self.to.flush()

    @property
    def _line(self) -> str:
        line = f"{self.job}: this takes a while; now at {self._at}"
        width = min(terminal_width(_WIDTH) - 1, _WIDTH)
        return line if len(line) <= width else f"{line[: width - 3]}..."

    def _write(self, line: str) -> None:
        """Write over the line there is."""
        self.to.write(f"\r{line:{self._written}}")
        self.to.flush()
        self._written = len(line)
