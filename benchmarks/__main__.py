"""``python -m benchmarks NAME``: measure and print; exit 1 if a contender's result was wrong, 2 if used wrongly."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from benchmarks.one_thread import one_thread
from w2v_verified.errors import UsageError, missing_extra

_BENCHMARKS = {
    "gradients": "naive softmax against textbook NumPy and automatic differentiation",
    "negative_sampling": "negative sampling, dense, sparse, in batches and in blocks, against the same",
}
_USERS = {"losses": "a dozen losses of users against NumPy by hand of the same grade and jax.jit"}
_JUDGING = {
    "checkers": "gradient checkers over right and wrong implementations: caught, false alarms, time",
    "false_alarms": "right implementations on thousands of random examples each: none is accused",
    "machine_mutants": "mutants that a machine makes of the generated functions: killed, and what survives",
}
_DRAWING = {
    "engine_mutants": "mutants of the engine itself, drawn by seed: seen by its own tests, and what survives"
}
_TRAINING = {
    "trainer": "word vectors against gensim's: words a second, quality, exact loss",
    "distribution": "training in shards: quality by their number beside averaging, work and bytes of a superstep",
}
_ALL = _BENCHMARKS | _USERS | _JUDGING | _DRAWING | _TRAINING


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = _parser()
    options = parser.parse_args(argv)
    if options.list and options.name not in _DRAWING:
        for name, summary in _ALL.items():
            print(f"{name:18} {summary}")
        return 0
    if options.name is None:
        parser.error(f"expected a benchmark: {', '.join(_ALL)}")
    try:
        return _measure(options) if options.name in _BENCHMARKS else _judge(options)
    except UsageError as error:
        parser.error(str(error))
    except FileNotFoundError as error:
        parser.error(f"--data {error.filename}: {error.strerror}")
    except ModuleNotFoundError as error:
        parser.error(missing_extra(error, "verify") or str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure the generated functions."
    )
    parser.add_argument(
        "name",
        nargs="?",
        choices=list(_ALL),
        metavar="NAME",
        help=", ".join(_ALL),
    )
    parser.add_argument(
        "--list", action="store_true", help="say what can be measured; with engine_mutants, print those drawn"
    )
    parser.add_argument(
        "--count", type=_positive, metavar="N", help="for engine_mutants: how many are drawn (default 300)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="for engine_mutants: by which seed (default 0)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="a smoke run on small input: its times mean little"
    )
    parser.add_argument(
        "--rounds",
        type=_positive,
        metavar="N",
        help="rounds of interleaved runs (default 15; for trainer 3, also of seeds, for distribution 3)",
    )
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help="for trainer and distribution: where the text is (default: ../shared/data, if it is there)",
    )
    parser.add_argument("--markdown", metavar="FILE", help="write the tables as Markdown")
    parser.add_argument("--json", metavar="FILE", help="write everything measured as JSON")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of 1 or more, got {text}")
    return int(text)


def _measure(options: argparse.Namespace) -> int:
    """Only here is NumPy loaded, and with it everything that must see the environment of one thread."""
    from rich.console import Console

    from benchmarks.case import measure_plan
    from benchmarks.machine import machine
    from benchmarks.report import as_json, as_markdown, print_tables
    from benchmarks.timing import Effort
    from w2v_verified.files import replacing

    files = [(options.markdown, as_markdown), (options.json, as_json)]
    _check_writable(options)
    effort = Effort(options.rounds or 2, 0.001) if options.quick else Effort(options.rounds or 15, 0.02)
    console = Console(width=None if Console().is_terminal else 160)
    described = machine()
    plans = import_module(f"benchmarks.{options.name}").plans(options.quick)
    with console.status("measuring") as status:
        tables = [measure_plan(plan, effort, status.update) for plan in plans]
    print_tables(tables, described, console)
    command = f"python -m benchmarks {options.name}" + (" --quick" if options.quick else "")
    for path, form in files:
        if path is not None:
            with replacing(path) as file:
                file.write(form(tables, described, command))
    return int(any(column.refused for table in tables for column in table.columns))


def _judge(options: argparse.Namespace) -> int:
    """Run a benchmark that makes sheets: one that judges, of users' losses, or the trainer's."""
    from rich.console import Console

    from benchmarks.machine import machine
    from benchmarks.sheet import as_json, as_markdown, print_sheets
    from w2v_verified.files import replacing

    _check_writable(options)
    console = Console(width=None if Console().is_terminal else 160)
    with console.status("judging") as status:
        measure = import_module(f"benchmarks.{options.name}").sheets
        sheets = measure(options.quick, status.update, **_given(options))
    described = machine()
    print_sheets(sheets, described, console)
    command = f"python -m benchmarks {options.name}" + (" --quick" if options.quick else "")
    rounds = options.rounds if options.name in _TRAINING | _USERS else None
    command += f" --rounds {rounds}" if rounds else ""
    if options.name in _DRAWING:
        command += f"{f' --count {options.count}' if options.count else ''} --seed {options.seed}"
    for path, form in ((options.markdown, as_markdown), (options.json, as_json)):
        if path is not None:
            with replacing(path) as file:
                file.write(form(sheets, described, command))
    return int(not all(sheet.ok for sheet in sheets))


def _given(options: argparse.Namespace) -> dict[str, Any]:
    """What a benchmark is told beside how quick to be."""
    if options.name in _TRAINING:
        return {"data": options.data, "rounds": options.rounds}
    if options.name in _USERS:
        return {"rounds": options.rounds}
    if options.name in _DRAWING:
        return {"count": options.count, "seed": options.seed, "only": options.list}
    return {}


def _check_writable(options: argparse.Namespace) -> None:
    from w2v_verified.files import check_writable

    for path in (options.markdown, options.json):
        try:
            if path is not None:
                check_writable(path)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from None


if __name__ == "__main__":
    if not _DRAWING.keys() & set(sys.argv):
        one_thread()
    sys.exit(main())
