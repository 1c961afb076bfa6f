"""Regenerate, check, list or explain what follows from the definitions: ``python -m derivations``."""

import argparse
import difflib
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from w2v_verified.errors import missing_extra
from w2v_verified.files import replacing

if TYPE_CHECKING:
    from w2v_verified.symbolic import Loss

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "python -m derivations"
PROMISED_SYMPY = "1.14"
FINE, WRONG, MISUSED = 0, 1, 2
FORMATS = ("text", "markdown", "latex")
MADE = (
    ("w2v_verified/generated", "*.py"),
    ("w2v_verified/generated/records", "*.json"),
    ("w2v_verified/generated/records", "*.py"),
    ("derivations", "*.md"),
)
KEPT = {PurePosixPath("w2v_verified/generated/records/__init__.py"), PurePosixPath("derivations/README.md")}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 fine, 1 out of date or wrong, 2 used wrongly."""
    parser = argparse.ArgumentParser(
        prog=COMMAND, description="Regenerate what follows from the definitions."
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--check", action="store_true", help="compare with the files there are; write nothing"
    )
    choice.add_argument("--list", action="store_true", help="list the losses")
    choice.add_argument("--explain", metavar="LOSS", help="print the steps of a derivation")
    parser.add_argument(
        "--format",
        metavar=f"{{{','.join(FORMATS)}}}",
        help="how --explain prints it: as plain text (the default), or the whole document in Markdown or LaTeX",
    )
    options = parser.parse_args(argv)
    try:
        return _run(options)
    except ModuleNotFoundError as error:
        message = missing_extra(error, "derive")
        if message is None:
            raise
        return _say(message, MISUSED)
    except ValueError as error:
        return _say(str(error), WRONG)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WRONG


def _say(message: str, status: int) -> int:
    print(f"{COMMAND}: {message}", file=sys.stderr)
    return status


def _run(options: argparse.Namespace) -> int:
    if options.format is not None and options.explain is None:
        return _say(
            f"--format: expected --explain LOSS beside it, got --format {options.format} alone", MISUSED
        )
    if options.format not in (None, *FORMATS):
        return _say(f"--format: expected one of {', '.join(FORMATS)}, got {options.format!r}", MISUSED)
    from w2v_verified.symbolic import load

    losses = load(ROOT / "derivations")
    if options.list:
        for loss in losses.values():
            print(f"{loss.name:28} {loss.summary}")
        return FINE
    if options.explain is not None:
        if options.explain not in losses:
            return _say(f"--explain: expected one of {', '.join(losses)}, got {options.explain!r}", MISUSED)
        return _explain(losses, options.explain, options.format)
    import sympy

    if not sympy.__version__.startswith(f"{PROMISED_SYMPY}."):
        return _say(
            f"the files are promised for SymPy {PROMISED_SYMPY}, and this is {sympy.__version__}: "
            "pip install 'w2v_verified[derive]'",
            MISUSED,
        )
    expected = _expected()
    return _check(expected) if options.check else _write(expected)


def _explain(losses: "Mapping[str, Loss]", name: str, form: str | None) -> int:
    """Print the derivation of a loss in one of the `FORMATS`."""
    from w2v_verified.symbolic import Derivation

    derivation = Derivation(losses[name], losses)
    if form == "markdown":
        print(derivation.document(), end="")
    elif form == "latex":
        print(derivation.typeset(), end="")
    else:
        for line in derivation.explained():
            print(line)
    return FINE


def _expected() -> dict[PurePosixPath, str]:
    """The text of every file there should be."""
    from w2v_verified.symbolic import files, index_file, load

    losses = load(ROOT / "derivations")
    texts = index_file(losses.values())
    with ProcessPoolExecutor(min(len(losses), os.cpu_count() or 1)) as pool:
        for made in pool.map(partial(files, beside=losses), losses.values()):
            texts |= made
    return dict(sorted(texts.items()))


def _superfluous(expected: dict[PurePosixPath, str]) -> list[PurePosixPath]:
    """Files where generated ones live that no definition accounts for."""
    there = {
        PurePosixPath(path.relative_to(ROOT).as_posix())
        for folder, pattern in MADE
        for path in (ROOT / folder).glob(pattern)
    }
    return sorted(there - set(expected) - KEPT)


def _write(expected: dict[PurePosixPath, str]) -> int:
    for path, text in expected.items():
        target = ROOT / path
        if target.is_file() and target.read_bytes() == text.encode():
            print(f"unchanged  {path}")
            continue
        with replacing(target) as file:
            file.write(text)
        print(f"written    {path}")
    for path in _superfluous(expected):
        (ROOT / path).unlink()
        print(f"removed    {path}")
    return FINE


def _check(expected: dict[PurePosixPath, str]) -> int:
    status = FINE
    for path, text in expected.items():
        target = ROOT / path
        current = target.read_bytes() if target.is_file() else b""
        if current == text.encode():
            continue
        status = WRONG
        shown = current.decode("utf-8", "backslashreplace")
        sys.stdout.writelines(
            difflib.unified_diff(
                shown.splitlines(keepends=True),
                text.splitlines(keepends=True),
                f"{path} (now)",
                f"{path} (derived)",
            )
        )
        if shown.splitlines() == text.splitlines():
            print(f"{path}: the line ends differ")
    for path in _superfluous(expected):
        status = WRONG
        print(f"{path}: follows from no definition")
    if status:
        print(f"The generated files are out of date or were edited. To mend them: {COMMAND}")
    return status


if __name__ == "__main__":
    sys.exit(main())
