"""Judging in a child process: whatever the user's file does, it does it there, within limits of time and memory."""

import contextlib
import io
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from w2v_verified.errors import UsageError
from w2v_verified.verify.arrays import library_named
from w2v_verified.verify.cases.arguments import Arguments
from w2v_verified.verify.check import check
from w2v_verified.verify.judging.conventions import convention_named, range_named
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.judging.guard import longest
from w2v_verified.verify.judging.user_file import BrokenFileError, function_in
from w2v_verified.verify.record import Record
from w2v_verified.verify.report.origin import origin_in
from w2v_verified.verify.report.report import Report, cut_short
from w2v_verified.verify.trial import Progress

__all__ = ["Request", "check_isolated"]

_GRACE = 10.0  # seconds beyond the time limit for what is not the user's: exact values, shrinking between two calls
_TO_IMPORT = 120.0


@dataclass(frozen=True)
class Request:
    """What is to be judged, how, and within which limits (seconds a call, bytes beyond what Python itself takes)."""

    path: Path
    name: str
    record: Record
    convention: str
    examples: int
    seed: int
    strict: bool
    range: str
    time_limit: float
    memory_limit: int
    arrays: str = "numpy"
    gradients: str = "returned"


def check_isolated(request: Request, progress: Progress | None = None) -> Report:
    """``check`` in a child process; a crash of it, or a call that nothing else can end, is a finding.

    Raises:
        BrokenFileError, UsageError, ValueError, ModuleNotFoundError: As importing the file and ``check`` do.
    """
    with _child(request) as (process, connection):
        last: Arguments | None = None
        calls = -1
        while True:
            patience = _TO_IMPORT if last is None else longest(request.time_limit, calls) + _GRACE
            if not connection.poll(patience):
                if last is None:
                    raise BrokenFileError(
                        f"{request.path} cannot be imported: it is not done after {patience:g} s"
                    )
                return _ended(
                    request, last, "hang", f"did not return within {patience:g} s and had to be killed"
                )
            try:
                kind, content = connection.recv()
            except EOFError:
                process.join()
                if last is None:
                    raise BrokenFileError(
                        f"{request.path} cannot be imported: {_death(process.exitcode)}"
                    ) from None
                return _ended(request, last, "crash", _death(process.exitcode))
            match kind:
                case "call":
                    last, calls = content, calls + 1
                case "progress":
                    if progress is not None:
                        progress(*content)
                case "report":
                    report: Report = content
                    return report
                case "error":
                    raise content


@contextmanager
def _child(request: Request) -> Iterator[tuple[BaseProcess, Connection]]:
    """A running child; it is gone when the block ends, however it ends."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, request), daemon=True)
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        if process.is_alive():
            process.kill()
        process.join()
        ours.close()


def _serve(connection: Connection, request: Request) -> None:
    """What the child does: every call is announced before it is made, so that the parent knows the last one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process

    def leave(report: Report) -> None:
        """Nothing ends the call that goes on, so this process ends."""
        connection.send(("report", report))
        os._exit(0)

    with contextlib.redirect_stdout(io.StringIO()):
        try:
            library_named(request.arrays, request.gradients).load()
            _limit_memory(request.memory_limit)  # beyond what the library takes itself
            report = check(
                function_in(request.path, request.name),
                request.record,
                request.convention,
                request.examples,
                request.seed,
                request.strict,
                range=request.range,
                arrays=request.arrays,
                gradients=request.gradients,
                time_limit=request.time_limit,
                progress=lambda done, total: connection.send(("progress", (done, total))),
                announce=lambda arguments: connection.send(("call", dict(arguments))),
                stuck=leave,
            )
            answer: tuple[str, Any] = ("report", report)
        except (BrokenFileError, UsageError, ValueError, ArithmeticError) as error:
            answer = ("error", error)
    connection.send(answer)


def _limit_memory(limit: int) -> None:
    """Let the process have that much more address space than it has, where the system can limit it."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows has no such limits
        return
    statistics = Path("/proc/self/statm")
    taken = int(statistics.read_text().split()[0]) * resource.getpagesize() if statistics.exists() else 0
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = taken + limit
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))


def _death(status: int | None) -> str:
    if status is not None and status < 0:
        name = signal.Signals(-status).name
        return f"the process was ended by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
    return f"the process ended itself with status {status}"


def _ended(request: Request, arguments: Arguments, kind: str, message: str) -> Report:
    """The report where the child could not make one."""
    convention = convention_named(request.convention, request.record)
    finding = Finding(kind, message, arguments)
    wanted = range_named(request.range, convention)
    origin = origin_in(request.path, request.name)
    library = library_named(request.arrays, request.gradients)
    return cut_short(
        request.name,
        origin,
        request.record,
        convention,
        finding,
        request.seed,
        request.strict,
        wanted,
        library,
    )
