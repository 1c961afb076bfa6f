"""``w2v-verified derive FILE.py -o generated.py``: derive and generate for a loss of the user's own."""

import argparse
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path

from w2v_verified.commands._derived_tests import module_of_tests
from w2v_verified.commands._doing import Doing
from w2v_verified.commands._outputs import apart, write_all
from w2v_verified.commands._quiet import add_quiet
from w2v_verified.errors import UsageError
from w2v_verified.symbolic import (
    SAMPLED,
    Derivation,
    NoDefinitionError,
    Replay,
    read_definition,
    record,
    replay,
    watched,
)
from w2v_verified.terminal.options import Parser
from w2v_verified.terminal.outcome import PROGRAM, say
from w2v_verified.values import NewFile, OldFile

__all__ = ["add_arguments", "run"]

_NEEDED = ("flint", "hypothesis")
_DOCUMENTS: Mapping[str, Callable[[Derivation, str], str]] = {
    ".md": Derivation.document,
    ".tex": Derivation.typeset,
}
"""In what a document is written, by how the name of its file ends."""
_TRY = "make parts of it statements of their own, or derive without --strict"


def add_arguments(parser: Parser) -> None:
    """Declare the options."""
    parser.value("definition", kind=OldFile(), metavar="FILE.py", help="a definition: a Loss called LOSS")
    parser.value(
        "-o",
        "--output",
        kind=NewFile(endings=(".py",)),
        required=True,
        metavar="MODULE.py",
        help="the module to write",
    )
    parser.value(
        "--document",
        kind=NewFile(endings=tuple(_DOCUMENTS)),
        metavar="FILE.md",
        help="also write the derivation for people to read: in Markdown, or in LaTeX as FILE.tex",
    )
    parser.value(
        "--tests",
        kind=NewFile(endings=(".py",)),
        metavar="TEST.py",
        help="also write a test module that runs its properties on what is generated",
    )
    parser.flag("--strict", meaning="refuse what is checked at sampled points, and not proved")
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Derive, check every step, write, judge; 0 if all is well, 1 if the definition is refused."""
    path = Path(options.definition)
    outputs = {"--output": options.output, "--document": options.document, "--tests": options.tests}
    apart({"FILE.py": options.definition, **outputs})
    try:
        with Doing(f"w2v-verified derive: {path.name}", quiet=options.quiet) as doing, watched(doing):
            derivation = Derivation(read_definition(path))
            found = replay(derivation)
            if found.problems:
                return _refused(path, found.problems[0])
            if options.strict and found.unproved:
                return _refused(path, f"{found.unproved[0]}; {_TRY}")
            texts = _texts(derivation, path, options)
    except OSError as error:
        raise UsageError(f"FILE.py: cannot read {options.definition!r}: {error.strerror or error}") from None
    except NoDefinitionError as error:
        raise UsageError(f"FILE.py: {_line(str(error))}") from None
    except RecursionError:
        return _refused(path, "it is nested too deeply, or too long, a limit of the engine")
    except ValueError as error:
        return _refused(path, str(error))
    write_all(texts)
    judged = _judged(derivation, Path(options.output))
    if not options.quiet:
        for output, _ in texts.values():
            print(f"written    {output}")
        for step in found.unproved:
            print(f"not proved {_line(step)}")
        for program in found.dropped:
            print(f"not used   {_line(program)}")
    gradients = ", ".join(a.name for a in derivation.problem.differentiated)
    sampled = f", {len(found.unproved)} {SAMPLED}" if found.unproved else ""
    print(f"{derivation.loss.name}: gradients by {gradients} derived, {found.proved} steps proved{sampled}")
    if not options.quiet:
        print(f"laws: {_counted(found)}")
    print(judged)
    return 0


def _texts(derivation: Derivation, path: Path, options: argparse.Namespace) -> dict[str, tuple[str, str]]:
    """What is to be written where, by option."""
    texts = {"--output": (options.output, derivation.standalone(path.name))}
    if options.document is not None:
        write = next(w for ending, w in _DOCUMENTS.items() if options.document.lower().endswith(ending))
        texts["--document"] = options.document, write(derivation, path.name)
    if options.tests is not None:
        tests = module_of_tests(derivation, path, Path(options.output), Path(options.tests))
        texts["--tests"] = options.tests, tests
    return texts


def _counted(found: Replay) -> str:
    """How much of what laws state is proved."""
    argued = f", {len(found.argued)} argued and tried out at sampled points" if found.argued else ""
    return f"{found.laws} statements beside the claims proved{argued}"


def _judged(derivation: Derivation, path: Path) -> str:
    """What the judge says of the written function, by a short trial."""
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        return "not judged: that takes pip install 'w2v_verified[verify]'"
    from w2v_verified.verify import OracleError, Record, check  # which only those have who installed it
    from w2v_verified.verify.judging.user_file import BrokenFileError, function_in

    judged = Record.from_json(record(derivation))
    try:
        report = check(function_in(path, judged.name), judged)
    except (OracleError, ValueError, BrokenFileError) as error:
        return f"not judged: {_line(str(error))}"
    beyond = ", ".join((*report.ends, *(str(finding) for finding in report.findings[:1])))
    return f"judged: {report.grade}, {report.inputs} inputs{f'; {_line(beyond)}' if beyond else ''}"


def _refused(path: Path, reason: str) -> int:
    line = _line(reason)
    return say(PROGRAM, line if line.startswith(path.name) else f"{path.name}: {line}", 1)


def _line(text: str) -> str:
    return " ".join(text.split())
