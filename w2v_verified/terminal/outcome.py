"""How a command ends: with its exit status, and with one line where it cannot do what it was asked for."""

import signal
import sys
from collections.abc import Callable

from w2v_verified.errors import UsageError
from w2v_verified.terminal.streams import any_text

__all__ = ["PROGRAM", "WRONG_USAGE", "ended", "say"]

PROGRAM = "w2v-verified"
WRONG_USAGE = 2
_BY_SIGNAL = 128
_PIPE_CLOSED = 141


def ended(program: str, command: Callable[[], int]) -> int:
    """Run a command to its exit status.

    Returns:
        What the command returns; 2 if it was used wrongly, or a file cannot be read or written; 130 after Ctrl-C, 143
        after SIGTERM; 141 if the reader of standard output went away.
    """
    with any_text():
        try:
            status = command()
            sys.stdout.flush()
        except UsageError as error:
            return say(program, str(error), WRONG_USAGE)
        except KeyboardInterrupt as stop:
            return say(program, "interrupted", _BY_SIGNAL + (stop.args[0] if stop.args else signal.SIGINT))
        except BrokenPipeError:
            return _PIPE_CLOSED
        except OSError as error:
            name = f"{error.filename}: " if error.filename else ""
            return say(program, f"{name}{error.strerror or error}", WRONG_USAGE)
        return status


def say(program: str, message: str, status: int) -> int:
    """Print a message as one line on standard error, and hand back the status."""
    print(f"{program}: {' '.join(message.splitlines())}", file=sys.stderr)
    return status
