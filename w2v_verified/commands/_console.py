"""Where rich prints to, for every command alike."""

from typing import NoReturn

import rich.console

__all__ = ["Console"]


class Console(rich.console.Console):
    """Rich's, which leaves it to the program to end where nobody reads on."""

    def on_broken_pipe(self) -> NoReturn:
        """Rich would end the program with a status of its own."""
        raise BrokenPipeError
