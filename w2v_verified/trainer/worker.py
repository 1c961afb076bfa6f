"""What a worker process runs."""

import signal
import sys

from w2v_verified.trainer.team import serve


def main() -> None:
    """Read from standard input what to do, and do it until the process that started this one ends."""
    # Ctrl-C goes to all processes of a terminal; the first one decides when the others end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(sys.stdin.buffer)
