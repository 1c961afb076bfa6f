"""``w2v-verified check FILE.py:FUNCTION --loss NAME``: judge somebody's own implementation."""

import argparse
import contextlib
import io
import json
import os
import sys

from w2v_verified.commands._judged_how import add_how_it_is_called
from w2v_verified.commands._progress import Waiting
from w2v_verified.commands._width import terminal_width
from w2v_verified.errors import UsageError
from w2v_verified.files import check_writable, replacing
from w2v_verified.verify import CONVENTIONS, OracleError, Record, Report, check, names
from w2v_verified.verify.arrays import GRADIENTS, library_named
from w2v_verified.verify.check import TIME_LIMIT
from w2v_verified.verify.engine import record_of
from w2v_verified.verify.isolation import Request, check_isolated
from w2v_verified.verify.judging.conventions import RANGES
from w2v_verified.verify.judging.user_file import BrokenFileError, function_in, parts
from w2v_verified.verify.report.page import page
from w2v_verified.verify.report.report import WIDTH

__all__ = ["add_arguments", "run"]

_GIB = 2**30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("target", metavar="FILE.py:FUNCTION", help="the implementation to judge")
    parser.add_argument(
        "--loss",
        required=True,
        metavar="NAME",
        help=f"what it computes: {', '.join(names())}; or the path of a definition of your own, a file .py",
    )
    add_how_it_is_called(
        parser,
        convention="; ".join(f"{c.name}: {c.signature}" for c in CONVENTIONS.values()),
        arrays="the library whose arrays it takes and returns (default numpy)",
    )
    parser.add_argument(
        "--gradients",
        default="returned",
        choices=GRADIENTS,
        help="returned: the function returns loss and gradients; automatic: the loss alone, which the library of"
        " --arrays differentiates (default returned)",
    )
    parser.add_argument(
        "--examples", type=int, default=200, metavar="N", help="random examples (default 200)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="replays the same examples (default 0)"
    )
    parser.add_argument("--strict", action="store_true", help="ask for componentwise accuracy")
    parser.add_argument(
        "--range",
        default="all",
        choices=RANGES,
        help="the numbers it has to be right on (default all; in cs224n ordinary ones are enough)",
    )
    parser.add_argument(
        "--time-limit",
        type=float,
        default=TIME_LIMIT,
        metavar="SECONDS",
        help=f"how much of the processor's time one call may take (default {TIME_LIMIT:g})",
    )
    parser.add_argument(
        "--isolate", action="store_true", help="run the file in a process of its own, with limits"
    )
    parser.add_argument(
        "--memory-limit",
        type=float,
        default=4.0,
        metavar="GIB",
        help="how much memory that process may take (default 4)",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--report", metavar="FILE.html", help="also write the report as a page")


def run(options: argparse.Namespace) -> int:
    """Judge, print the report; 0 if the implementation is right, 1 if not, 2 if it could not be judged."""
    parts(options.target)
    if not options.memory_limit > 0:
        raise UsageError(f"--memory-limit: expected more than 0 GiB, got {options.memory_limit:g}")
    if options.report is not None:
        try:
            check_writable(options.report)
        except OSError as error:
            raise UsageError(f"{options.report}: cannot be written: {error.strerror or error}") from None
    try:
        library = library_named(options.arrays, options.gradients)
        library.see_installed()
        with contextlib.redirect_stdout(io.StringIO()):
            record = library.judged(record_of(options.loss))
        report = _judged(options, record)
    except BrokenFileError as error:
        print(json.dumps({"ok": False, "error": str(error)}) if options.json else error)
        return 1
    except (ValueError, OracleError) as error:
        raise UsageError(str(error)) from None
    return _shown(options, record, report)


def _shown(options: argparse.Namespace, record: Record, report: Report) -> int:
    """Print the report, write the page, and say how to exit."""
    if options.report is not None:
        with replacing(options.report) as file:
            file.write(page(report, record))
    if options.json:
        print(json.dumps(report.to_dict(), indent=2, allow_nan=False))
    else:
        print(report.text(terminal_width(WIDTH)))
    return report.status


def _judged(options: argparse.Namespace, record: Record) -> Report:
    """Judge here, or in another process; what the user's file prints is not shown."""
    path, name = parts(options.target)
    with Waiting("judging") as progress:
        if options.isolate:
            request = Request(
                path=path,
                name=name,
                record=record,
                convention=options.convention,
                examples=options.examples,
                seed=options.seed,
                strict=options.strict,
                range=options.range,
                arrays=options.arrays,
                gradients=options.gradients,
                time_limit=options.time_limit,
                memory_limit=int(options.memory_limit * _GIB),
            )
            return check_isolated(request, progress)
        terminal = sys.stdout
        with contextlib.redirect_stdout(io.StringIO()):

            def leave(report: Report) -> None:
                """Nothing ends the call that goes on, so this process ends with what is known."""
                progress.__exit__(None, None, None)
                with contextlib.redirect_stdout(terminal):
                    status = _shown(options, record, report)
                    terminal.flush()
                os._exit(status)

            return check(
                function_in(path, name),
                record,
                options.convention,
                options.examples,
                options.seed,
                options.strict,
                range=options.range,
                arrays=options.arrays,
                gradients=options.gradients,
                time_limit=options.time_limit,
                progress=progress,
                stuck=leave,
            )
