"""``w2v-verified verify``: are the derivations current, does every step hold, is every function right?"""

import argparse
import time
from collections.abc import Mapping, Sequence

from rich.console import Console

from w2v_verified.commands._progress import Waiting
from w2v_verified.commands._verify_table import table
from w2v_verified.commands._width import terminal_width
from w2v_verified.errors import UsageError
from w2v_verified.verify import names
from w2v_verified.verify.engine import DefinitionsError, Identities, checkout, start_check, start_replay
from w2v_verified.verify.report.text import wrapped
from w2v_verified.verify.suite import Row, judge_own

__all__ = ["add_arguments", "run"]

_PLAIN_WIDTH = 132


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--loss", metavar="NAME", help=f"judge this one alone: {', '.join(names())}")
    parser.add_argument(
        "--examples", type=int, default=300, metavar="N", help="random examples a loss (default 300)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="replays the same examples (default 0)"
    )


def run(options: argparse.Namespace) -> int:
    """Verify everything and print the table; 0 if all is well, 1 if not."""
    losses = names()
    if options.loss is not None:
        if options.loss not in losses:
            raise UsageError(f"--loss: expected one of {', '.join(losses)}, got {options.loss}")
        losses = (options.loss,)
    if options.examples < 0:
        raise UsageError(f"--examples: expected 0 or more, got {options.examples}")
    started = time.perf_counter()
    directory = checkout()
    current = start_check(directory) if directory else None
    replay = start_replay(directory) if directory else None
    width = terminal_width(_PLAIN_WIDTH)
    console = Console(width=width)
    problems: list[str] = []
    proved: dict[str, Identities] | None = None
    with Waiting("verifying", console) as progress:
        rows = _judged(losses, options, progress)
        progress.label = "replaying the derivations"
        progress(len(losses), len(losses))
        try:
            proved = replay.result() if replay else None
        except DefinitionsError as error:
            problems.append(f"the definitions cannot be read: {error}")
        drift, _ = current.communicate() if current else ("", None)
    for line in table(rows, proved, width):
        console.print(line, highlight=False)
    problems += _problems(losses, rows, proved)
    if current is not None and current.returncode:
        problems.append(f"generated files are not what the derivations give: {_last_line(drift)}")
    said = [f"- {problem}" for problem in problems]
    said.append(_verdict(rows, proved, problems, time.perf_counter() - started))
    for sentence in said:
        console.print(wrapped(sentence, width, ""), markup=False, highlight=False, soft_wrap=True)
    return 1 if problems else 0


def _judged(losses: Sequence[str], options: argparse.Namespace, progress: Waiting) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for position, loss in enumerate(losses):
        progress.label = f"judging {loss}"

        def within(done: int, total: int, position: int = position) -> None:
            progress(position + done / total, len(losses))

        rows[loss] = judge_own(loss, options.examples, options.seed, progress=within)
    return rows


def _problems(
    losses: Sequence[str], rows: Mapping[str, Row], proved: Mapping[str, Identities] | None
) -> list[str]:
    """One line for each thing that is wrong; what is wrong with every function alike is said once."""
    about: dict[str, list[str]] = {}
    for loss, row in rows.items():
        for problem in row.problems:
            about.setdefault(problem, []).append(loss)
    if proved is not None:
        for loss in losses:
            found = proved.get(loss, Identities(0, ("no derivation of it was replayed",)))
            for problem in found.problems:
                about.setdefault(problem, []).append(loss)
    return [
        f"{'every function' if len(named) == len(losses) > 1 else ', '.join(named)}: {problem}"
        for problem, named in about.items()
    ]


def _verdict(
    rows: dict[str, Row], proved: dict[str, Identities] | None, problems: list[str], seconds: float
) -> str:
    if problems:
        count = f"{len(problems)} thing{'s' if len(problems) > 1 else ''}"
        return f"Not verified: {count} to mend, listed above ({seconds:.1f} s)."
    examples = sum(row.examples for row in rows.values())
    steps = sum(found.steps for found in (proved or {}).values())
    laws = sum(found.laws for found in (proved or {}).values())
    replayed = (
        "the derivations are not part of an installed package and were not replayed"
        if proved is None
        else f"generated files are current, {steps:,} steps replayed"
        + (f" and {laws:,} lines of laws" if laws else "")
    )
    functions = f"{len(rows)} function{'s' if len(rows) > 1 else ''}"
    return f"Verified: {functions} within the bounds on {examples:,} examples; {replayed} ({seconds:.1f} s)."


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no output"
