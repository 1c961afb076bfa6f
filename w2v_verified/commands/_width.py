"""How wide the lines of a command's output may be."""

import shutil

__all__ = ["PLAIN_WIDTH", "terminal_width"]

PLAIN_WIDTH = 132
"""Characters in a line of a table where the output is no terminal and nobody says."""
_NARROWEST, _WIDEST = 40, 132


def terminal_width(otherwise: int) -> int:
    """The width of the terminal, or what COLUMNS says, within reason; ``otherwise`` where there is neither."""
    return max(_NARROWEST, min(shutil.get_terminal_size((otherwise, 24)).columns, _WIDEST))
