"""What a person sees of a training run: a progress bar on a terminal, one line an epoch elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from w2v_verified.trainer import Epoch, Progress

if TYPE_CHECKING:
    import rich.progress

__all__ = ["Display", "display"]

_ROOM = 100  # columns, in fewer of which a bar would be left no room beside all that is known


class Display:
    """Lines on standard error: what is said, and one for every epoch.

    Attributes:
        epochs: how each epoch that was trained ended.
    """

    def __init__(self) -> None:
        self.epochs: list[Epoch] = []
        self._last: Progress | None = None
        self._started = 0.0
        self._first_words = 0

    def say(self, text: str) -> None:
        """Print a line."""
        print(text, file=sys.stderr, flush=True)

    def begin(self, words: int) -> None:
        """Start the clock, where so many words have been gone through before."""
        self._started, self._first_words = time.monotonic(), words

    def show(self, progress: Progress) -> None:
        """Take note of a step."""
        if self._last is not None and self._last.epoch != progress.epoch:
            self._say_epoch(self._last)
        self._last = progress

    def finish(self) -> None:
        """Say how the last epoch ended."""
        if self._last is not None:
            self._say_epoch(self._last)

    def rate(self, progress: Progress) -> str:
        """How many words a second have been gone through."""
        seconds = max(time.monotonic() - self._started, 1e-9)
        return f"{(progress.words - self._first_words) / seconds:,.0f} words/s"

    def _say_epoch(self, last: Progress) -> None:
        self.epochs.append(Epoch(last.loss, last.pairs))
        if not last.pairs:
            self.say(f"epoch {last.epoch}: --sample thinned out every pair")
            return
        held_out = "" if last.held_out is None else f", {last.held_out:.3f} held out,"
        self.say(
            f"epoch {last.epoch}: mean loss {last.loss:.3f} nats{held_out} over {last.pairs:,} pairs, "
            f"{self.rate(last)}"
        )


class _Silent(Display):
    """Nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""


class _Bar(Display):
    """The same above a progress bar: epoch, mean loss of it so far, words a second, learning rate, time left."""

    def __init__(self, bar: "rich.progress.Progress") -> None:
        super().__init__()
        self._bar = bar
        self._task: rich.progress.TaskID | None = None

    def say(self, text: str) -> None:
        self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def show(self, progress: Progress) -> None:
        super().show(progress)
        description = f"epoch {progress.epoch}, loss {progress.loss:.3f} nats"
        if self._bar.console.width >= _ROOM:
            description += f", {self.rate(progress)}, rate {progress.learning_rate:.2g}"
        if self._task is None:
            self._task = self._bar.add_task(description, total=1.0)
            self._bar.start()
        self._bar.update(self._task, description=description, completed=progress.fraction)

    def finish(self) -> None:
        self._bar.stop()
        super().finish()


@contextmanager
def display(quiet: bool) -> Iterator[Display]:
    """Choose the display that fits standard error, and take it down again whatever happens."""
    if quiet:
        yield _Silent()
        return
    if not sys.stderr.isatty():
        yield Display()
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    from w2v_verified.terminal.console import Console

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=Console(stderr=True),
        transient=True,
    )
    try:
        yield _Bar(bar)
    finally:
        bar.stop()
