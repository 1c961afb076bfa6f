"""``w2v-verified check FILE.py:FUNCTION --loss NAME``: judge somebody's own implementation."""

import argparse
import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path

from w2v_verified.commands._progress import Waiting
from w2v_verified.errors import UsageError
from w2v_verified.verify import CONVENTIONS, check, names

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("target", metavar="FILE.py:FUNCTION", help="the implementation to judge")
    parser.add_argument(
        "--loss", required=True, metavar="NAME", help=f"what it computes: {', '.join(names())}"
    )
    parser.add_argument(
        "--convention",
        default="columns",
        choices=sorted(CONVENTIONS),
        help="; ".join(f"{c.name}: {c.signature}" for c in CONVENTIONS.values()),
    )
    parser.add_argument(
        "--examples", type=int, default=200, metavar="N", help="random examples (default 200)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="replays the same examples (default 0)"
    )
    parser.add_argument("--strict", action="store_true", help="ask for componentwise accuracy")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def run(options: argparse.Namespace) -> int:
    """Judge, print the report; 0 if the implementation is right, 1 if not."""
    try:
        function = _load(options.target)
    except _BrokenFileError as error:
        print(error)
        return 1
    try:
        with Waiting("judging") as progress:
            report = check(
                function,
                options.loss,
                options.convention,
                options.examples,
                options.seed,
                options.strict,
                progress=progress,
            )
    except ValueError as error:
        raise UsageError(str(error)) from None
    print(json.dumps(report.to_dict(), indent=2, allow_nan=False) if options.json else report)
    return 0 if report.ok else 1


class _BrokenFileError(Exception):
    """The user's file cannot be imported."""


def _load(target: str) -> Callable[..., object]:
    path, colon, name = target.rpartition(":")
    if not colon or not path.endswith(".py") or not name:
        raise UsageError(f"expected FILE.py:FUNCTION, got {target}")
    file = Path(path)
    if not file.is_file():
        raise UsageError(f"{path}: no such file")
    spec = importlib.util.spec_from_file_location(file.stem, file.resolve())
    if spec is None or spec.loader is None:
        raise UsageError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    sys.path.insert(0, str(file.resolve().parent))
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise _BrokenFileError(f"{path} cannot be imported: {type(error).__name__}: {error}") from None
    function = getattr(module, name, None)
    if not callable(function):
        known = sorted(n for n, v in vars(module).items() if callable(v) and not n.startswith("_"))
        raise UsageError(f"{path}: no function {name}; it has {', '.join(known) or 'none'}")
    checked: Callable[..., object] = function
    return checked
