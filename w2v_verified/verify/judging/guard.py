"""Calls that may go on for ever or end the program: a time limit (a watchdog), and words for what happened.

The time limit is an exception raised in the call. A call that swallows every exception cannot be ended in its own
process: after some alarms ``stuck`` is called, from within the call, to say so and to end the process if it may.
"""

import functools
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeAlias

from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.judging.calling import CallError, Function
from w2v_verified.verify.record import Record

__all__ = ["Announce", "ExitError", "HangError", "announced", "guarded"]

Announce: TypeAlias = Callable[[Arguments], None]

_AGAIN = 0.25  # seconds after which a call that swallowed the first alarm gets another
_SWALLOWED = 3  # alarms after which it is not to be ended


class HangError(CallError):
    """A call did not return in time."""

    kind = "hang"


class ExitError(CallError):
    """A call tried to end the program."""

    kind = "exit"


class _Alarm(BaseException):
    """Not an Exception, so that ``except Exception`` in the function does not swallow it."""


def guarded(
    function: Function, seconds: float | None, stuck: Callable[[str], None] | None = None
) -> Function:
    """The function with a time limit; ending the program is an error like any other.

    Args:
        function: What to call.
        seconds: How long a call may take; None for any time.
        stuck: Called with a sentence where a call goes on though it was told to end again and again; by default
            the sentence goes to standard error.

    Raises (when it is called):
        HangError: It did not return in time.
        ExitError: It called ``exit()``.
    """

    def say(message: str) -> None:
        name = getattr(function, "__name__", type(function).__name__)
        print(f"{name} {message}; only the end of this process ends it", file=sys.stderr, flush=True)

    @functools.wraps(function, updated=())
    def inside(*arguments: object, **keywords: object) -> object:
        try:
            with _alarm(seconds, stuck or say):
                return function(*arguments, **keywords)
        except _Alarm:
            raise HangError(f"did not return within {seconds:g} s") from None
        except SystemExit as error:
            raise ExitError(f"tries to end the program: exit({error.code!r})") from None

    return inside


def announced(function: Function, record: Record, announce: Announce) -> Function:
    """The function, each call announced with its arguments by name."""
    names = [argument.name for argument in record.arguments]

    def inside(*arguments: object, **keywords: object) -> object:
        announce(dict(zip(names, arguments, strict=True)))
        return function(*arguments, **keywords)

    return inside


@contextmanager
def _alarm(seconds: float | None, stuck: Callable[[str], None]) -> Iterator[None]:
    """Raise ``_Alarm`` in the block once the time is over, where there is a timer and nobody else uses it."""
    if seconds is None or not hasattr(signal, "setitimer") or not _is_free():
        yield
        return

    rung = 0

    def ring(number: int, frame: FrameType | None) -> None:
        nonlocal rung
        rung += 1
        if rung == _SWALLOWED + 1:
            stuck(f"did not return within {seconds:g} s, and swallows every exception that would end it")
        raise _Alarm

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _is_free() -> bool:
    in_main_thread = threading.current_thread() is threading.main_thread()
    return in_main_thread and signal.getitimer(signal.ITIMER_REAL)[0] == 0
