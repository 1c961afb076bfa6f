"""Ctrl-C and SIGTERM as a wish to stop at the next good moment."""

import signal
from types import FrameType, TracebackType

__all__ = ["Interruption"]


class Interruption:
    """Within its block, Ctrl-C or SIGTERM raises `KeyboardInterrupt` with its number, unless it is told to wait.

    Once `wait` has been called, the first of them sets `asked` and the second raises. Where the process was
    started to ignore a signal, as with nohup, it goes on ignoring it.

    Attributes:
        asked: the number of the signal that came first, or None.
    """

    def __init__(self) -> None:
        self.asked: int | None = None
        self._waiting = False
        self._before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def wait(self) -> None:
        """From now on, the first signal is a wish and no exception."""
        self._waiting = True

    @property
    def status(self) -> int:
        """The exit status that tells the signal: 130 for Ctrl-C, 143 for SIGTERM; 0 if none came."""
        return 0 if self.asked is None else 128 + self.asked

    def __enter__(self) -> "Interruption":
        for number, before in self._before.items():
            if before is not signal.SIG_IGN:
                signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _note(self, signal_number: int, frame: FrameType | None) -> None:
        if self.asked is not None or not self._waiting:
            raise KeyboardInterrupt(signal_number)
        self.asked = signal_number
