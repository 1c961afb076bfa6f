"""Where rich prints to, for every command alike."""

from typing import NoReturn

import rich.console
from rich.text import Text

__all__ = ["Console"]


class Console(rich.console.Console):
    """Rich's, which leaves it to the program to end where nobody reads on."""

    def cell(self, text: str) -> Text:
        """A text for a table, as it will be shown: what is escaped takes more room."""
        return Text(text.encode(self.encoding, "backslashreplace").decode(self.encoding))

    def on_broken_pipe(self) -> NoReturn:
        """Rich would end the program with a status of its own."""
        raise BrokenPipeError
