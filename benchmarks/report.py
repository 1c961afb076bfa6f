"""Measured tables on the terminal, as Markdown and as JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table as RichTable

from benchmarks.case import Column, Table

__all__ = ["as_json", "as_markdown", "print_tables"]


def print_tables(tables: Sequence[Table], machine: Mapping[str, str], console: Console) -> None:
    """Print all of it."""
    for table in tables:
        shown = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        shown.add_column("", no_wrap=True)
        for column in table.columns:
            shown.add_column(column.label, justify="right", no_wrap=True)
        for row in _rows(table):
            shown.add_row(*row)
        console.print(f"\n[bold]{table.title}[/]: {_legend(table)}", highlight=False, soft_wrap=True)
        console.print(shown)
        for line in _refusals(table):
            console.print(f"- {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    console.print(f"\n{_described(machine)}", markup=False, highlight=False, soft_wrap=True)


def as_markdown(tables: Sequence[Table], machine: Mapping[str, str], command: str) -> str:
    """The tables, the command that made them and the machine, for a document."""
    lines = [f"`{command}`: {_described(machine)}"]
    for table in tables:
        lines += ["", f"**{table.title}** - {_legend(table)}.", ""]
        lines.append("| " + " | ".join(["", *(column.label for column in table.columns)]) + " |")
        lines.append("|---|" + "---:|" * len(table.columns))
        lines += ["| " + " | ".join(row) + " |" for row in _rows(table)]
        lines += [f"* {line}" for line in _refusals(table)]
    return "\n".join(lines) + "\n"


def as_json(tables: Sequence[Table], machine: Mapping[str, str], command: str) -> str:
    """Everything, the seconds of every round included."""
    content = {
        "command": command,
        "machine": dict(machine),
        "tables": [
            {
                "title": table.title,
                "peer": table.peer,
                "columns": [_column(column, table.peer) for column in table.columns],
            }
            for table in tables
        ],
    }
    return json.dumps(content, indent=1) + "\n"


def _column(column: Column, peer: str) -> dict[str, object]:
    return {
        "label": column.label,
        "floor_seconds": column.floor,
        "contenders": {
            name: {
                "median_seconds": column.time(name),
                "times_the_floor": column.of_floor(name),
                "times_as_fast_as_peer": column.speed(name, peer) if peer in column.seconds else None,
                "seconds": seconds,
            }
            for name, seconds in column.seconds.items()
        },
        "refused": column.refused,
    }


def _legend(table: Table) -> str:
    return f"time / times the floor / times as fast as {table.peer}"


def _rows(table: Table) -> Iterator[list[str]]:
    names = dict.fromkeys(name for column in table.columns for name in (*column.seconds, *column.refused))
    for name in names:
        yield [name, *(_cell(column, name, table.peer) for column in table.columns)]


def _cell(column: Column, name: str, peer: str) -> str:
    if name not in column.seconds:
        return "wrong" if name in column.refused else "-"
    speed = f"{column.speed(name, peer):.2f}" if peer in column.seconds else "-"
    return f"{_time(column.time(name))} / {column.of_floor(name):.1f} / {speed}"


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def _refusals(table: Table) -> list[str]:
    return [
        f"{name} at {column.label} is wrong and was not timed: {reason}"
        for column in table.columns
        for name, reason in column.refused.items()
    ]


def _described(machine: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in machine.items()) + "."
