"""``w2v-verified check FILE.py:FUNCTION --loss NAME``: judge somebody's own implementation."""

import argparse
import contextlib
import io
import json
import os
import sys

from w2v_verified.commands._judged_how import add_examples, add_how_it_is_called
from w2v_verified.commands._outputs import apart, write_all
from w2v_verified.commands._quiet import add_quiet
from w2v_verified.commands._width import terminal_width
from w2v_verified.errors import UsageError
from w2v_verified.terminal.options import Parser, as_typed
from w2v_verified.terminal.progress import Waiting
from w2v_verified.values import Choice, NameOrFile, NewFile, OldFile, Range
from w2v_verified.verify import CONVENTIONS, OracleError, Record, Report, check, names
from w2v_verified.verify.arrays import GRADIENTS, library_named
from w2v_verified.verify.check import TIME_LIMIT
from w2v_verified.verify.engine import record_of
from w2v_verified.verify.isolation import Request, check_isolated
from w2v_verified.verify.judging.conventions import RANGES
from w2v_verified.verify.judging.user_file import TARGET, BrokenFileError, function_in, parts
from w2v_verified.verify.report.page import page
from w2v_verified.verify.report.report import WIDTH
from w2v_verified.verify.report.text import summary

__all__ = ["add_arguments", "run"]

_GIB = 2**30


def add_arguments(parser: Parser) -> None:
    """Declare the options."""
    parser.value(
        "target", kind=OldFile("a file and a name"), metavar=TARGET, help="the implementation to judge"
    )
    parser.value(
        "--loss",
        kind=NameOrFile(names()),
        required=True,
        metavar="NAME",
        help=f"what it computes: {', '.join(names())}; or the path of a definition of your own, a file .py",
    )
    add_how_it_is_called(
        parser,
        convention="; ".join(f"{c.name}: {c.signature}" for c in CONVENTIONS.values()),
        arrays="the library whose arrays it takes and returns (default numpy)",
    )
    parser.value(
        "--gradients",
        kind=Choice(GRADIENTS),
        default="returned",
        metavar="HOW",
        help="returned: the function returns loss and gradients; automatic: the loss alone, which the library of"
        " --arrays differentiates (default returned)",
    )
    add_examples(parser, 200, "random examples")
    parser.flag("--strict", meaning="ask for componentwise accuracy")
    parser.value(
        "--range",
        kind=Choice(RANGES),
        default="all",
        metavar="NAME",
        help="the numbers it has to be right on (default all; in cs224n ordinary ones are enough)",
    )
    parser.value(
        "--time-limit",
        kind=Range(float, 0.001, 1_000_000),
        default=TIME_LIMIT,
        metavar="SECONDS",
        help=f"how much of the processor's time one call may take (default {TIME_LIMIT:g})",
    )
    parser.flag("--isolate", meaning="run the file in a process of its own, with limits")
    parser.value(
        "--memory-limit",
        kind=Range(float, 0.25, 1_000_000),
        default=4.0,
        metavar="GIB",
        help="how much memory that process may take (default 4)",
    )
    parser.flag("--json", meaning="print the report as JSON")
    parser.value(
        "--report",
        kind=NewFile(endings=(".html", ".htm")),
        metavar="FILE.html",
        help="also write the report as a page",
    )
    add_quiet(parser)
    parser.idle("--memory-limit", reason="without --isolate", when=lambda options: not options.isolate)
    parser.idle(
        "--range",
        reason="with --strict, which asks for all numbers",
        when=lambda options: options.strict and options.range == "ordinary",
    )
    parser.idle(
        "--range",
        reason="with --convention cs224n, which promises ordinary numbers alone",
        when=lambda options: options.convention == "cs224n" and options.range == "all",
    )
    parser.idle("--quiet", reason="with --json, which is whole", when=lambda options: options.json)


def run(options: argparse.Namespace) -> int:
    """Judge, print the report; 0 if the implementation is right, 1 if not, 2 if it could not be judged."""
    path, _ = parts(options.target)
    definition = options.loss if options.loss.endswith(".py") else None
    for option, read in ((TARGET, str(path)), ("--loss", definition)):  # which may be one file
        apart({option: read, "--report": options.report})
    if options.report is not None:
        options.report = os.path.abspath(options.report)  # whatever folder the user's file goes to
    try:
        library = library_named(options.arrays, options.gradients)
        library.see_installed()
        with contextlib.redirect_stdout(io.StringIO()):
            record = library.judged(record_of(options.loss))
        report = _judged(options, record)
    except BrokenFileError as error:
        print(json.dumps({"ok": False, "error": str(error)}) if options.json else error)
        return 1
    except ValueError as error:
        raise as_typed(error, options) from None
    except OracleError as error:
        raise UsageError(str(error)) from None
    return _shown(options, record, report)


def _shown(options: argparse.Namespace, record: Record, report: Report) -> int:
    """Print the report, write the page, and say how to exit."""
    if options.json:
        print(json.dumps(report.to_dict(), indent=2, allow_nan=False))
    else:
        width = terminal_width(WIDTH)
        print(summary(report, width) if options.quiet else report.text(width))
    if options.report is not None:
        write_all({"--report": (options.report, page(report, record))})
    return report.status


def _judged(options: argparse.Namespace, record: Record) -> Report:
    """Judge here, or in another process; what the user's file prints is not shown."""
    path, name = parts(options.target)
    with Waiting("judging", options.quiet) as progress:
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
