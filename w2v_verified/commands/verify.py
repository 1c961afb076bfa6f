"""``w2v-verified verify``: are the derivations current, does every step hold, is every function right?"""

import argparse
import time
from collections.abc import Mapping, Sequence

from w2v_verified.commands._judged_how import add_examples
from w2v_verified.commands._quiet import add_quiet
from w2v_verified.commands._verify_table import table
from w2v_verified.commands._width import PLAIN_WIDTH, terminal_width
from w2v_verified.terminal.console import Console
from w2v_verified.terminal.options import Parser
from w2v_verified.terminal.progress import Waiting
from w2v_verified.values import Choice
from w2v_verified.verify import names
from w2v_verified.verify.engine import DefinitionsError, Identities, checkout
from w2v_verified.verify.replaying import Comparison, Replaying
from w2v_verified.verify.report.text import wrapped
from w2v_verified.verify.suite import Row, judge_own

__all__ = ["add_arguments", "run"]

_MOMENT = 0.1  # seconds between two looks at how far another process is


def add_arguments(parser: Parser) -> None:
    """Declare the options."""
    losses = Choice(names())
    parser.value(
        "--loss", kind=losses, metavar="NAME", help=f"verify this one alone: {', '.join(losses.names)}"
    )
    add_examples(parser, 300, "random examples a loss")
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Verify everything and print the table; 0 if all is well, 1 if not, 2 if files could not be compared."""
    losses = names() if options.loss is None else (options.loss,)
    started = time.perf_counter()
    directory = checkout()
    current = Comparison(directory, options.loss) if directory else None
    replay = Replaying(directory, losses) if directory else None
    problems: list[str] = []
    proved: dict[str, Identities] | None = None
    with Waiting("verifying", options.quiet) as progress:
        rows = _judged(losses, options, progress)
        progress.label = "replaying the derivations"
        while replay and not replay.is_done(_MOMENT):
            progress(replay.fraction, 1)
        try:
            proved = replay.result() if replay else None
        except DefinitionsError as error:
            problems.append(f"the definitions cannot be read: {error}")
        progress.label = "comparing the generated files"
        while current and not current.is_done(_MOMENT):
            progress(0, None)
    width = terminal_width(PLAIN_WIDTH)
    console = Console(width=width)
    if not options.quiet:
        for line in table(rows, proved, width):
            console.print(line, highlight=False)
    problems += _problems(losses, rows, proved)
    drift, undecided = (current.result(), current.is_undecided) if current else (None, False)
    if drift is not None and not undecided:
        problems.append(f"generated files are not what the derivations give: {drift}")
    status = 1 if problems else 2 if undecided else 0
    if undecided:
        problems.append(f"generated files could not be compared: {drift}")
    said = [f"- {problem}" for problem in problems]
    said.append(_verdict(rows, proved, problems, time.perf_counter() - started))
    for sentence in said:
        console.print(wrapped(sentence, width, ""), markup=False, highlight=False, soft_wrap=True)
    return status


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
