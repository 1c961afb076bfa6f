"""What a worker process runs."""

import signal
import sys

from w2v_verified.trainer.team.team import serve


def main() -> None:
    """Read from standard input what to do, and do it until the process that started this one ends."""
    # Ctrl-C goes to all processes of a terminal, and SIGTERM often to all of a group; the first one decides when
    # the others end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    serve(sys.stdin.buffer)
