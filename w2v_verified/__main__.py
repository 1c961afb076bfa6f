"""The command line: ``w2v-verified COMMAND``, also ``python -m w2v_verified COMMAND``."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

from w2v_verified import __version__
from w2v_verified.errors import UsageError, missing_extra
from w2v_verified.nearest import one_of
from w2v_verified.terminal.options import Parser
from w2v_verified.terminal.outcome import PROGRAM, ended
from w2v_verified.values import Choice

__all__ = ["main"]

_SHELLS = ("bash", "zsh")


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


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Args:
        argv: The arguments after the program's name; those of this process by default.

    Returns:
        0 if all is well, 1 if the thing examined is wrong or out of date, 2 if the command was used wrongly,
        130 after Ctrl-C, 143 after SIGTERM, 141 if the reader of standard output went away.
    """
    arguments = sys.argv[1:] if argv is None else argv
    return ended(PROGRAM, lambda: _dispatch(arguments))


def _dispatch(arguments: Sequence[str]) -> int:
    if not arguments or (arguments[0].startswith("-") and arguments[0] != "--"):
        return _without_command(arguments)
    chosen = arguments[0]
    if chosen not in _COMMANDS:
        raise UsageError(f"COMMAND: {one_of(chosen, _COMMANDS)}")
    try:
        module = _module(chosen)
        parser = Parser(f"{PROGRAM} {chosen}", description=_COMMANDS[chosen].summary)
        module.add_arguments(parser)
        try:
            options = parser.read(arguments[1:])
        except SystemExit as printed:  # --help
            return int(printed.code or 0)
        return int(module.run(options))
    except ModuleNotFoundError as error:
        hint = missing_extra(error, _COMMANDS[chosen].extra)
        if hint is None:
            raise
        raise UsageError(f"{chosen}: {hint}") from None


def _without_command(arguments: Sequence[str]) -> int:
    """What is asked of the program itself."""
    parser = Parser(
        PROGRAM,
        description="Losses of word2vec whose gradients are derived, generated and judged.",
        epilog='In bash and zsh, eval "$(w2v-verified --print-completion SHELL)" makes the shell complete commands.',
    )
    version = f"{PROGRAM} {__version__}"
    parser.add_argument(
        "-V", "--version", action="version", version=version, help="print the version and exit"
    )
    parser.value(
        "--print-completion",
        kind=Choice(_SHELLS),
        metavar="SHELL",
        help=f"print a script with which {' or '.join(_SHELLS)} completes commands and options, and exit",
    )
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=Parser)
    own = {
        name: commands.add_parser(name, help=command.summary, description=command.summary)
        for name, command in _COMMANDS.items()
    }
    try:
        options = parser.read(arguments)
    except SystemExit as printed:  # --help and --version
        return int(printed.code or 0)
    if options.print_completion is None:
        raise UsageError(f"COMMAND: expected one of {', '.join(_COMMANDS)}, got nothing")
    print(_completion(parser, own, options.print_completion))
    return 0


def _completion(parser: Parser, own: Mapping[str, Parser], shell: str) -> str:
    """The script; a command whose extra is not installed has no options in it."""
    try:
        from w2v_verified.terminal.completion import script
    except ModuleNotFoundError as error:
        hint = missing_extra(error, "completion")
        if hint is None:
            raise
        raise UsageError(f"--print-completion: {hint}") from None
    for name, subparser in own.items():
        try:
            _module(name).add_arguments(subparser)
        except ModuleNotFoundError as error:
            if missing_extra(error, _COMMANDS[name].extra) is None:
                raise
    return script(parser, own.values(), shell)


def _module(command: str) -> ModuleType:
    return import_module(f"w2v_verified.commands.{command}")


if __name__ == "__main__":
    sys.exit(main())
