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

from w2v_verified.errors import UsageError, missing_extra
from w2v_verified.files import not_written, replacing
from w2v_verified.nearest import one_of
from w2v_verified.terminal.options import Parser
from w2v_verified.terminal.outcome import ended, say
from w2v_verified.values import AnyText, Choice

if TYPE_CHECKING:
    from w2v_verified.symbolic import Loss

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "python -m derivations"
PROMISED_SYMPY = "1.14"
FINE, WRONG = 0, 1
FORMATS = Choice(("text", "markdown", "latex"))
MADE = (
    ("w2v_verified/generated", "*.py"),
    ("w2v_verified/generated/records", "*.json"),
    ("w2v_verified/generated/records", "*.py"),
    ("derivations", "*.md"),
)
KEPT = {PurePosixPath("w2v_verified/generated/records/__init__.py"), PurePosixPath("derivations/README.md")}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 fine, 1 out of date or wrong, 2 used wrongly, and what else `ended` says."""
    arguments = sys.argv[1:] if argv is None else argv
    return ended(COMMAND, lambda: _asked(arguments))


def add_arguments(parser: Parser) -> None:
    """Declare the options."""
    parser.flag("--check", meaning="compare with the files there are; write nothing")
    parser.flag("--list", meaning="list the losses")
    parser.value(
        "--explain",
        kind=AnyText("the name of a loss"),
        metavar="LOSS",
        help="print the steps of a derivation",
    )
    parser.value(
        "--loss",
        kind=AnyText("the name of a loss"),
        metavar="LOSS",
        help="look at the files of this one alone",
    )
    parser.value(
        "--format",
        kind=FORMATS,
        metavar=f"{{{','.join(FORMATS.names)}}}",
        help="how --explain prints it: as plain text (the default), or the whole document in Markdown or LaTeX",
    )
    parser.idle("--format", reason="without --explain", when=lambda options: options.explain is None)
    parser.idle("--check", "--loss", "--explain", reason="with --list", when=lambda options: options.list)
    parser.idle(
        "--check", "--loss", reason="with --explain", when=lambda options: options.explain is not None
    )


def _asked(arguments: Sequence[str]) -> int:
    parser = Parser(COMMAND, description="Regenerate what follows from the definitions.")
    add_arguments(parser)
    try:
        return _run(parser.read(arguments))
    except SystemExit as printed:  # --help
        return int(printed.code or FINE)
    except ModuleNotFoundError as error:
        message = missing_extra(error, "derive")
        if message is None:
            raise
        raise UsageError(message) from None


def _run(options: argparse.Namespace) -> int:
    from w2v_verified.symbolic import NoDefinitionError, load

    try:
        losses = load(ROOT / "derivations")
        for option, name in (("--explain", options.explain), ("--loss", options.loss)):
            if name is not None and name not in losses:
                raise UsageError(f"{option}: {one_of(name, losses)}")
        if options.list:
            for loss in losses.values():
                print(f"{loss.name:28} {loss.summary}")
            return FINE
        if options.explain is not None:
            return _explain(losses, options.explain, options.format)
        import sympy

        if not sympy.__version__.startswith(f"{PROMISED_SYMPY}."):
            raise UsageError(
                f"the files are promised for SymPy {PROMISED_SYMPY}, and this is {sympy.__version__}: "
                f"pip install 'sympy=={PROMISED_SYMPY}.*'"
            )
        expected = _expected(losses, options.loss)
        superfluous = _superfluous(expected) if options.loss is None else []
    except NoDefinitionError as error:
        raise UsageError(str(error)) from None
    except ValueError as error:
        return say(COMMAND, str(error), WRONG)
    return _check(expected, superfluous) if options.check else _write(expected, superfluous)


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


def _expected(losses: "Mapping[str, Loss]", alone: str | None) -> dict[PurePosixPath, str]:
    """The text of every file there should be, or of those of one loss."""
    from w2v_verified.symbolic import files, index_file

    if alone is not None:
        return files(losses[alone], losses)
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


def _write(expected: dict[PurePosixPath, str], superfluous: Sequence[PurePosixPath]) -> int:
    for path, text in expected.items():
        target = ROOT / path
        if target.is_file() and target.read_bytes() == text.encode():
            print(f"unchanged  {path}")
            continue
        try:
            with replacing(target) as file:
                file.write(text)
        except OSError as error:
            raise UsageError(not_written(target, error)) from None
        print(f"written    {path}")
    for path in superfluous:
        (ROOT / path).unlink()
        print(f"removed    {path}")
    return FINE


def _check(expected: dict[PurePosixPath, str], superfluous: Sequence[PurePosixPath]) -> int:
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
    for path in superfluous:
        status = WRONG
        print(f"{path}: follows from no definition")
    if status:
        print(f"The generated files are out of date or were edited. To mend them: {COMMAND}")
    return status


if __name__ == "__main__":
    sys.exit(main())
