"""Scripts with which a shell completes the commands, their options and what these take; made by shtab."""

from collections.abc import Iterable

import shtab

from w2v_verified.terminal.options import Parser
from w2v_verified.values import Choice, NameOrFile, NewFile, OldFile

__all__ = ["script"]


def script(parser: Parser, commands: Iterable[Parser], shell: str) -> str:
    """The text of the script for the parser and those of its commands, which are changed by it."""
    for each in (parser, *commands):
        for action, kind in each.kinds():
            match kind:
                case Choice(names) | NameOrFile(names):
                    action.choices = names
                case OldFile() | NewFile():
                    vars(action)["complete"] = shtab.FILE
    made: str = shtab.complete(parser, shell)
    return made
