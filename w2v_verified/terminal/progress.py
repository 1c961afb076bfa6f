"""A progress bar for those who wait: on a terminal or in a notebook, and only where it takes longer than a second."""

import time
from types import TracebackType

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from w2v_verified.terminal.console import watched

__all__ = ["Waiting"]

_PATIENCE = 1.0


class Waiting:
    """Shows how far a job is, once it has taken a second.

    Use it as a context manager; ``label`` may change on the way. `check` and `Word2Vec` take it as ``progress``.

    >>> from w2v_verified import naive_softmax
    >>> from w2v_verified.verify import check
    >>> with Waiting("judging") as bar:
    ...     check(naive_softmax, "naive_softmax", examples=5, progress=bar).ok
    True
    """

    def __init__(self, label: str, quiet: bool = False) -> None:
        console = watched()
        self.label = label
        self._started = time.monotonic()
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
        )
        self._task = self._progress.add_task(label, total=None)
        self._shown = False

    def __enter__(self) -> "Waiting":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._progress.stop()

    def __call__(self, done: float, total: float | None) -> None:
        """Say how much of the job is done; without a total, that it goes on."""
        if not self._shown and time.monotonic() - self._started > _PATIENCE:
            self._progress.start()
            self._shown = True
        if self._shown:
            self._progress.update(self._task, description=self.label, completed=done, total=total)
