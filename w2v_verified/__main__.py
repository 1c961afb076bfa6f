"""The command line: ``w2v-verified COMMAND``, also ``python -m w2v_verified COMMAND``."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import NamedTuple, NoReturn

from w2v_verified import __version__
from w2v_verified.errors import UsageError, missing_extra

__all__ = ["main"]

_PROGRAM = "w2v-verified"
_WRONG_USAGE = 2
_BY_SIGNAL = 128
_PIPE_CLOSED = 141


class _Command(NamedTuple):
    summary: str
    extra: str


_COMMANDS = {
    "verify": _Command("re-derive, re-check and judge everything in this package", "verify"),
    "check": _Command("judge your own implementation of a loss and its gradients", "verify"),
    "properties": _Command("list what an implementation of a loss can be asked", "verify"),
    "derive": _Command("derive, check and generate the gradients of your own loss", "derive"),
    "train": _Command("train word vectors with the verified functions", "train"),
    "neighbours": _Command("show the nearest words to some words", "train"),
    "evaluate": _Command("judge word vectors by scored pairs and analogy questions", "train"),
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Args:
        argv: The arguments after the program's name; those of this process by default.

    Returns:
        0 if all is well, 1 if the thing examined is wrong or out of date, 2 if the command was used wrongly,
        130 after Ctrl-C, 143 after SIGTERM, 141 if the reader of standard output went away.
    """
    try:
        status = _dispatch(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except UsageError as error:
        status = _fail(str(error), _WRONG_USAGE)
    except KeyboardInterrupt as stop:
        status = _fail("interrupted", _BY_SIGNAL + (stop.args[0] if stop.args else signal.SIGINT))
    except BrokenPipeError:
        status = _PIPE_CLOSED
    except OSError as error:
        status = _fail(str(error), _WRONG_USAGE)
    _flush_or_discard()
    return status


def _dispatch(argv: Sequence[str]) -> int:
    chosen = next((argument for argument in argv if not argument.startswith("-")), None)
    try:
        options = _parser(chosen).parse_args(argv)
        return int(_module(options.command).run(options))
    except SystemExit as printed:  # --help and --version
        return int(printed.code or 0)
    except ModuleNotFoundError as error:
        hint = missing_extra(error, _COMMANDS[chosen].extra) if chosen in _COMMANDS else None
        if hint is None:
            raise
        raise UsageError(f"{chosen}: {hint}") from None


def _parser(chosen: str | None) -> _Parser:
    """Build the parser with the options of the chosen command; the other commands are not even imported."""
    parser = _Parser(
        _PROGRAM, description="Losses of word2vec whose gradients are derived, generated and judged."
    )
    version = f"{_PROGRAM} {__version__}"
    parser.add_argument(
        "-V", "--version", action="version", version=version, help="print the version and exit"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in _COMMANDS.items():
        subparser = commands.add_parser(name, help=command.summary, description=command.summary)
        if name == chosen:
            _module(name).add_arguments(subparser)
    return parser


def _module(command: str) -> ModuleType:
    return import_module(f"w2v_verified.commands.{command}")


def _fail(message: str, status: int) -> int:
    print(f"{_PROGRAM}: {' '.join(message.splitlines())}", file=sys.stderr)
    return status


def _flush_or_discard() -> None:
    """Write out what is buffered; if nothing more can be written, keep Python from trying again at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
