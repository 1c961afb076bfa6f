"""The table of ``w2v-verified verify``: one line for each function, or a few where the terminal is narrow."""

from collections.abc import Iterator, Mapping

from rich import box
from rich.markup import escape
from rich.table import Table

from w2v_verified.verify.engine import Identities
from w2v_verified.verify.report.text import wrapped
from w2v_verified.verify.suite import Row

__all__ = ["table"]

_ONE_LINE = 120  # characters, below which columns would be broken


def table(
    rows: Mapping[str, Row], proved: Mapping[str, Identities] | None, width: int
) -> Iterator[Table | str]:
    """What was found out about every function; nothing is left out, whatever the width."""
    if width >= _ONE_LINE:
        yield _in_columns(rows, proved)
        return
    for loss, row in rows.items():
        yield f"[bold]{escape(loss)}[/]: {_verdict(row)}"
        facts = (
            f"identities proved: {_identities(loss, proved)}; {row.examples:,} examples;"
            f" contract: {row.kept} of {row.clauses}; worst error / bound: {_worst(row)}"
        )
        yield escape(wrapped(facts, width))


def _in_columns(rows: Mapping[str, Row], proved: Mapping[str, Identities] | None) -> Table:
    columns = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    columns.add_column("loss", no_wrap=True)
    columns.add_column("identities proved")
    columns.add_column("examples", justify="right")
    columns.add_column("worst error / bound", ratio=1)
    columns.add_column("contract", justify="right", no_wrap=True)
    columns.add_column("", no_wrap=True)
    for loss, row in rows.items():
        columns.add_row(
            escape(loss),
            _identities(loss, proved),
            f"{row.examples:,}",
            escape(_worst(row)),
            f"{row.kept} of {row.clauses}",
            _verdict(row),
        )
    return columns


def _verdict(row: Row) -> str:
    return "[red]wrong[/]" if row.problems else "[green]right[/]"


def _worst(row: Row) -> str:
    worst = row.report.worst if row.report else None
    return "-" if worst is None else f"{worst.fraction:.2f} in {worst.result} on {worst.where}"


def _identities(loss: str, proved: Mapping[str, Identities] | None) -> str:
    if proved is None:
        return "no derivations here"
    if loss not in proved:
        return "none"
    found = proved[loss]
    if found.problems:
        return f"no, {len(found.problems)} to mend"
    laws = f", {found.laws} lines of laws" if found.laws else ""
    return f"yes ({found.steps} steps{laws})"
