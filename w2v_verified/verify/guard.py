"""Calls that may go on for ever or end the program: a time limit, and words for what happened."""

import functools
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeAlias

from w2v_verified.verify.arguments import Arguments
from w2v_verified.verify.calling import CallError, Function
from w2v_verified.verify.record import Record

__all__ = ["Announce", "ExitError", "HangError", "announced", "guarded"]

Announce: TypeAlias = Callable[[Arguments], None]

_AGAIN = 1.0  # seconds after which a call that swallowed the first alarm gets another


class HangError(CallError):
    """A call did not return in time."""

    kind = "hang"


class ExitError(CallError):
    """A call tried to end the program."""

    kind = "exit"


class _Alarm(BaseException):
    """Not an Exception, so that ``except Exception`` in the function does not swallow it."""


def guarded(function: Function, seconds: float | None) -> Function:
    """The function with a time limit; ending the program is an error like any other.

    Raises (when it is called):
        HangError: It did not return in time.
        ExitError: It called ``exit()``.
    """

    @functools.wraps(function, updated=())
    def inside(*arguments: object, **keywords: object) -> object:
        try:
            with _alarm(seconds):
                return function(*arguments, **keywords)
        except _Alarm:
            raise HangError(f"did not return within {seconds:g} s") from None
        except SystemExit as error:
            raise ExitError(f"tries to end the program: exit({error.code!r})") from None

    return inside


def announced(function: Function, record: Record, announce: Announce | None) -> Function:
    """The function, each call announced with its arguments by name."""
    if announce is None:
        return function
    names = [argument.name for argument in record.arguments]

    def inside(*arguments: object, **keywords: object) -> object:
        announce(dict(zip(names, arguments, strict=True)))
        return function(*arguments, **keywords)

    return inside


@contextmanager
def _alarm(seconds: float | None) -> Iterator[None]:
    """Raise ``_Alarm`` in the block once the time is over, where there is a timer and nobody else uses it."""
    if seconds is None or not hasattr(signal, "setitimer") or not _is_free():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
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
