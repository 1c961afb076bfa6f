"""A parser of options whose every refusal is one line: ``--option: expected X, got Y``."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from w2v_verified.errors import SpelledError, UsageError
from w2v_verified.nearest import meant
from w2v_verified.values import Kind

__all__ = ["Parser", "Reader", "as_typed"]

_NOT_GIVEN = object()


class _Idle(NamedTuple):
    """Options without effect, when, and that in words."""

    names: tuple[str, ...]
    reason: str
    when: Callable[[argparse.Namespace], bool]


class Reader:
    """Reads what follows an option, for argparse.

    Attributes:
        kind: what that may be.
    """

    def __init__(self, option: str, kind: Kind) -> None:
        self.kind = kind
        self._option = option

    def __call__(self, text: str) -> object:
        """The value.

        Raises:
            UsageError: it is none; argparse hands this on as it is.
        """
        try:
            return self.kind.read(text)
        except ValueError as error:
            raise UsageError(f"{self._option}: {error}") from None


class Parser(argparse.ArgumentParser):
    """Options and arguments with the kinds of their values; nothing is abbreviated, and nothing ignored."""

    def __init__(self, prog: str, **how: Any) -> None:
        super().__init__(prog, allow_abbrev=False, exit_on_error=False, **how)
        self._needed: list[argparse.Action] = []
        self._idle: list[_Idle] = []

    def value(self, *names: str, kind: Kind, required: bool = False, **how: Any) -> None:
        """Declare an option that takes a value, or an argument, which is needed unless ``nargs`` says otherwise."""
        typed = names[-1] if names[-1].startswith("-") else how.get("metavar", names[-1])
        action = self.add_argument(*names, type=Reader(typed, kind), **how)
        if required or action.required:
            self._needed.append(action)
            action.required = False  # what is missing is told here, and not by argparse

    def flag(self, *names: str, meaning: str) -> None:
        """Declare an option without a value."""
        self.add_argument(*names, action="store_true", help=meaning)

    def idle(self, *names: str, reason: str, when: Callable[[argparse.Namespace], bool]) -> None:
        """Refuse options where they have no effect: ``reason`` is such as "without --isolate"."""
        self._idle.append(_Idle(names, reason, when))

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Read the arguments of a command; `as_typed` is for those who refuse one of them later.

        Raises:
            UsageError: they are none; the message names the first that is wrong.
        """
        actions = {a.dest: a for a in self._actions if argparse.SUPPRESS not in (a.dest, a.default)}
        blank = argparse.Namespace(**dict.fromkeys(actions, _NOT_GIVEN))
        try:
            found, unknown = self.parse_known_args(arguments, blank)
        except argparse.ArgumentError as error:
            raise UsageError(self._misread(error, arguments)) from None
        if unknown:
            raise UsageError(self._unknown(unknown[0]))
        given = {dest for dest in actions if getattr(found, dest) is not _NOT_GIVEN}
        for action in self._needed:
            if action.dest not in given:
                raise UsageError(f"{_typed(action)}: {_expected(action)}, got nothing")
        for dest in set(actions) - given:
            setattr(found, dest, actions[dest].default)
        for names, reason, when in self._idle:
            for action in actions.values():
                if _typed(action) in names and action.dest in given and when(found):
                    raise UsageError(f"{_typed(action)}: has no effect {reason}")
        found.typed = {dest: _typed(action) for dest, action in actions.items()}
        return found

    def kinds(self) -> Iterator[tuple[argparse.Action, Kind]]:
        """Every option and argument that takes a value, and what kind of value."""
        for action in self._actions:
            if isinstance(action.type, Reader):
                yield action, action.type.kind

    def format_usage(self) -> str:
        """The line that says how it is used."""
        with self._as_needed():
            return super().format_usage()

    def format_help(self) -> str:
        """All that is said of it."""
        with self._as_needed():
            return super().format_help()

    @contextmanager
    def _as_needed(self) -> Iterator[None]:
        for action in self._needed:
            action.required = True
        try:
            yield
        finally:
            for action in self._needed:
                action.required = False

    def _misread(self, error: argparse.ArgumentError, arguments: Sequence[str]) -> str:
        """An option without its value, or a value after an option that takes none."""
        named = (a for a in self._actions if "/".join(a.option_strings) == error.argument_name)
        action = next(named, None)
        if action is None:
            return f"{error.argument_name}: {error.message}"
        for option in action.option_strings:
            for place, text in enumerate(arguments):
                value = text.removeprefix(option).removeprefix("=")
                if action.nargs == 0 and text.startswith(option) and value:
                    return f"{option}: expected no value, got {value!r}"
                after = arguments[place + 1 : place + 2]
                if action.nargs != 0 and text == option and (not after or after[0].startswith("-")):
                    got = repr(after[0]) if after else "nothing"
                    return f"{_typed(action)}: {_expected(action)}, got {got}"
        return f"{_typed(action)}: {error.message}"

    def _unknown(self, text: str) -> str:
        option = text.partition("=")[0]
        if not text.startswith("-"):
            return f"expected no further argument, got {text!r} (see {self.prog} --help)"
        known = [name for action in self._actions for name in action.option_strings]
        return f"{option}: not an option of {self.prog}{meant(option, known) or f' (see {self.prog} --help)'}"


def as_typed(error: ValueError, options: argparse.Namespace) -> UsageError:
    """What refuses a value by its name in Python, as wrong usage of the option that it came from."""
    typed = options.typed
    if isinstance(error, SpelledError):
        return UsageError(error.spelled(lambda name: typed.get(name, name)))
    name, colon, message = str(error).partition(": ")
    return UsageError(f"{typed.get(name, name)}{colon}{message}")


def _typed(action: argparse.Action) -> str:
    return action.option_strings[-1] if action.option_strings else str(action.metavar or action.dest)


def _expected(action: argparse.Action) -> str:
    return f"expected {action.type.kind.expected if isinstance(action.type, Reader) else action.metavar}"
