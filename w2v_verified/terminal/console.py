"""Where rich prints to, for every command alike."""

from typing import NoReturn

import rich.console
from rich.text import Text

__all__ = ["Console", "watched"]


class Console(rich.console.Console):
    """Rich's, which leaves it to the program to end where nobody reads on."""

    def cell(self, text: str) -> Text:
        """A text for a table, as it will be shown: what is escaped takes more room."""
        return Text(text.encode(self.encoding, "backslashreplace").decode(self.encoding))

    def on_broken_pipe(self) -> NoReturn:
        """Rich would end the program with a status of its own."""
        raise BrokenPipeError


def watched() -> Console:
    """Where those look who wait: standard error, or the output of the cell in a notebook."""
    console = Console(stderr=True)
    if not console.is_jupyter:
        return console
    return Console(force_terminal=True, force_jupyter=False)  # rich's own way would need widgets
