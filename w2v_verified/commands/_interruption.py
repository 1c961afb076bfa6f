"""Ctrl-C as a wish to stop at the next good moment."""

import signal
from types import FrameType, TracebackType

__all__ = ["Interruption"]


class Interruption:
    """Within its block, the first Ctrl-C sets `asked` and the second raises `KeyboardInterrupt`.

    Where the process was started to ignore Ctrl-C, as with nohup, it goes on ignoring it.
    """

    def __init__(self) -> None:
        self.asked = False
        self._before = signal.getsignal(signal.SIGINT)

    def __enter__(self) -> "Interruption":
        if self._before is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _note(self, signal_number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
