"""Tables of words and counts, for benchmarks that judge rather than time."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich import box
from rich.console import Console
from rich.table import Table

__all__ = ["Sheet", "as_json", "as_markdown", "print_sheets"]


@dataclass(frozen=True)
class Sheet:
    """A table: its title, its header, its rows, lines to say below it; and whether what was expected came out."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    notes: Sequence[str] = field(default=())
    ok: bool = True


def print_sheets(sheets: Sequence[Sheet], machine: Mapping[str, str], console: Console) -> None:
    """Print all of it."""
    for sheet in sheets:
        shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for place, label in enumerate(sheet.header):
            shown.add_column(label, justify="right" if place else "left")
        for row in sheet.rows:
            shown.add_row(*row)
        console.print(f"\n[bold]{sheet.title}[/]", highlight=False, soft_wrap=True)
        console.print(shown)
        for note in sheet.notes:
            console.print(f"- {note}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"\n{_described(machine)}", markup=False, highlight=False, soft_wrap=True)


def as_markdown(sheets: Sequence[Sheet], machine: Mapping[str, str], command: str) -> str:
    """The tables, the command that made them and the machine, for a document."""
    lines = [f"`{command}`: {_described(machine)}"]
    for sheet in sheets:
        lines += ["", f"**{sheet.title}**", "", "| " + " | ".join(sheet.header) + " |"]
        lines.append("|---|" + "---:|" * (len(sheet.header) - 1))
        lines += ["| " + " | ".join(row) + " |" for row in sheet.rows]
        lines += ["", *(f"* {note}" for note in sheet.notes)]
    return "\n".join(lines) + "\n"


def as_json(sheets: Sequence[Sheet], machine: Mapping[str, str], command: str) -> str:
    """Everything, as data."""
    tables = [
        {
            "title": sheet.title,
            "ok": sheet.ok,
            "rows": [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows],
            "notes": list(sheet.notes),
        }
        for sheet in sheets
    ]
    return json.dumps({"command": command, "machine": dict(machine), "tables": tables}, indent=1) + "\n"


def _described(machine: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in machine.items()) + "."
