"""``w2v-verified properties LOSS``: what an implementation of a loss can be asked."""

import argparse
import contextlib
import io
from collections.abc import Iterator, Sequence

from rich import box
from rich.markup import escape
from rich.table import Table

from w2v_verified.commands._judged_how import add_how_it_is_called
from w2v_verified.commands._width import PLAIN_WIDTH, terminal_width
from w2v_verified.terminal.console import Console
from w2v_verified.terminal.options import Parser, as_typed
from w2v_verified.values import NameOrFile
from w2v_verified.verify import Property, names, properties
from w2v_verified.verify.report.text import wrapped

__all__ = ["add_arguments", "run", "table"]

_STATEMENT = 60  # characters, fewer of which are no column for sentences
_OTHERS = 45  # characters of the columns between name and statement


def add_arguments(parser: Parser) -> None:
    """Declare the options."""
    parser.value(
        "loss",
        kind=NameOrFile(names()),
        metavar="LOSS",
        help=f"{', '.join(names())}; or the path of a definition of your own, a file .py",
    )
    add_how_it_is_called(
        parser,
        convention="in the words of code that is called so (default columns)",
        arrays="what has a meaning for arrays of this library (default numpy)",
    )


def run(options: argparse.Namespace) -> int:
    """Print the table; 0."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            rows = properties(options.loss, options.convention, arrays=options.arrays)
    except ValueError as error:
        raise as_typed(error, options) from None
    width = terminal_width(PLAIN_WIDTH)
    console = Console(width=width)
    for line in table(rows, width):
        console.print(line, highlight=False)
    return 0


def table(rows: Sequence[Property], width: int) -> Iterator[Table | str]:
    """Every row, in columns or, where the terminal is narrow, in a few lines; nothing is left out."""
    longest = max((len(row.name) for row in rows), default=0)
    if width >= longest + _OTHERS + _STATEMENT:
        yield _in_columns(rows)
        return
    for row in rows:
        yield f"[bold]{escape(row.name)}[/]"
        yield escape(wrapped(f"({row.kind}, {row.standing}, {_of(row)}) {row.statement}", width))


def _in_columns(rows: Sequence[Property]) -> Table:
    columns = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    columns.add_column("property", no_wrap=True)
    columns.add_column("kind", no_wrap=True)
    columns.add_column("standing", no_wrap=True)
    columns.add_column("asked of", no_wrap=True)
    columns.add_column("statement", ratio=1)
    for row in rows:
        columns.add_row(escape(row.name), row.kind, row.standing, _of(row), escape(row.statement))
    return columns


def _of(row: Property) -> str:
    if not row.asked:
        return "none called so"
    return "any function" if row.universal else "our own"
