"""Calls that may go on for ever or end the program: a time limit (a watchdog), and words for what happened.

The limit is time of the processor, which a busy machine does not take away; a call that waits has more of the clock. It
is an exception raised in the call. A call that swallows every exception cannot be ended in its own
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

__all__ = ["Announce", "ExitError", "HangError", "MemoryLimitError", "announced", "guarded", "longest"]

Announce: TypeAlias = Callable[[Arguments], None]

_AGAIN = 0.25  # seconds after which a call that swallowed the first alarm gets another
_SWALLOWED = 3  # alarms after which it is not to be ended
_TO_COMPILE = 3  # times as long as others may the first call take
_WAITING = 3  # times the limit on the clock: for a call that sleeps, or waits for what never comes


class HangError(CallError):
    """A call did not return in time."""

    kind = "hang"


class MemoryLimitError(CallError):
    """A call wanted more memory than there is."""

    kind = "memory"


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
        seconds: How long a call may take, in seconds of the processor; the first one, which may compile, three times
            as long. None for any time.
        stuck: Called with a sentence where a call goes on though it was told to end again and again; by default
            the sentence goes to standard error.

    Raises (when it is called):
        HangError: It did not return in time.
        MemoryLimitError: It wanted more memory than there is.
        ExitError: It called ``exit()``.
    """

    def say(message: str) -> None:
        name = getattr(function, "__name__", type(function).__name__)
        print(f"{name} {message}; only the end of this process ends it", file=sys.stderr, flush=True)

    called = False

    @functools.wraps(function, updated=())
    def inside(*arguments: object, **keywords: object) -> object:
        nonlocal called
        limit = None if seconds is None else seconds * (1 if called else _TO_COMPILE)
        called = True
        try:
            with _alarm(limit, stuck or say):
                return function(*arguments, **keywords)
        except _Alarm:
            raise HangError(f"did not return within {limit:g} s") from None
        except MemoryError as error:
            raise MemoryLimitError(f"runs out of memory{': ' * bool(str(error))}{error}") from None
        except SystemExit as error:
            raise ExitError(f"tries to end the program: exit({error.code!r})") from None

    return inside


def longest(seconds: float, calls: int) -> float:
    """How long the clock may run in a call that is ended after some seconds, if so many went before it."""
    return seconds * _WAITING * (1 if calls else _TO_COMPILE)


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

    rung, over = 0, False

    def ring(number: int, frame: FrameType | None) -> None:
        nonlocal rung
        if over:
            return
        rung += 1
        if rung == _SWALLOWED + 1:
            stuck(f"did not return within {seconds:g} s, and swallows every exception that would end it")
        raise _Alarm

    timers = (
        (signal.ITIMER_PROF, signal.SIGPROF, seconds),
        (signal.ITIMER_REAL, signal.SIGALRM, seconds * _WAITING),
    )
    before = [signal.signal(number, ring) for _, number, _ in timers]
    for timer, _, limit in timers:
        signal.setitimer(timer, limit, _AGAIN)
    try:
        yield
    finally:
        while not over:
            try:
                over = True
            except _Alarm:  # it rang again on the way out, and would be nobody's
                continue
        for timer, _, _ in timers:
            signal.setitimer(timer, 0)
        for (_, number, _), handler in zip(timers, before, strict=True):
            signal.signal(number, handler)


def _is_free() -> bool:
    in_main_thread = threading.current_thread() is threading.main_thread()
    timers = (signal.ITIMER_REAL, signal.ITIMER_PROF)
    return in_main_thread and all(signal.getitimer(timer)[0] == 0 for timer in timers)
