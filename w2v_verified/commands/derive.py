"""``w2v-verified derive FILE.py -o generated.py``: derive and generate for a loss of the user's own."""

import argparse
import importlib.util
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from w2v_verified.commands._derived_tests import module_of_tests
from w2v_verified.commands._doing import Doing
from w2v_verified.errors import UsageError
from w2v_verified.files import check_writable, replacing
from w2v_verified.symbolic import SAMPLED, Derivation, Replay, read_definition, record, replay, watched

__all__ = ["add_arguments", "run"]

_NEEDED = ("flint", "hypothesis")
_DOCUMENTS: Mapping[str, Callable[[Derivation, str], str]] = {
    ".md": Derivation.document,
    ".tex": Derivation.typeset,
}
"""In what a document is written, by how the name of its file ends."""
_EXAMPLES = 20
_TRY = "make parts of it statements of their own, or derive without --strict"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("definition", metavar="FILE.py", help="a definition: a Loss called LOSS")
    parser.add_argument("-o", "--output", required=True, metavar="MODULE.py", help="the module to write")
    parser.add_argument(
        "--document",
        metavar="FILE.md",
        help="also write the derivation for people to read: in Markdown, or in LaTeX as FILE.tex",
    )
    parser.add_argument(
        "--tests",
        metavar="TEST.py",
        help="also write a test module that runs its properties on what is generated",
    )
    parser.add_argument(
        "--strict", action="store_true", help="refuse what is checked at sampled points, and not proved"
    )


def run(options: argparse.Namespace) -> int:
    """Derive, check every step, write, judge; 0 if all is well, 1 if the definition is refused."""
    path = Path(options.definition)
    _check_document(options.document)
    outputs = [o for o in (options.output, options.document, options.tests) if o is not None]
    for n, output in enumerate(outputs):
        if Path(output).resolve() in {Path(earlier).resolve() for earlier in outputs[:n]}:
            raise UsageError(f"{output}: expected another file than those that are written beside it")
    for output in outputs:
        if Path(output).resolve() == path.resolve():
            raise UsageError(f"{output}: expected another file than the definition itself")
        try:
            check_writable(output)
        except OSError as error:
            raise UsageError(f"{output}: cannot be written: {error.strerror or error}") from None
    try:
        with Doing(f"w2v-verified derive: {path.name}") as doing, watched(doing):
            derivation = Derivation(read_definition(path))
            found = replay(derivation)
            if found.problems:
                return _refused(path, found.problems[0])
            if options.strict and found.unproved:
                return _refused(path, f"{found.unproved[0]}; {_TRY}")
            texts = [derivation.standalone(path.name)]
            if options.document is not None:
                texts.append(_DOCUMENTS[Path(options.document).suffix.lower()](derivation, path.name))
            if options.tests is not None:
                texts.append(module_of_tests(derivation, path, Path(options.output), Path(options.tests)))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except RecursionError:
        return _refused(path, "it is nested too deeply, or too long, a limit of the engine")
    except ValueError as error:
        return _refused(path, str(error))
    for output, text in zip(outputs, texts, strict=True):
        with replacing(output) as file:
            file.write(text)
        print(f"written    {output}")
    for step in found.unproved:
        print(f"not proved {_line(step)}")
    for program in found.dropped:
        print(f"not used   {_line(program)}")
    gradients = ", ".join(a.name for a in derivation.problem.differentiated)
    sampled = f", {len(found.unproved)} {SAMPLED}" if found.unproved else ""
    print(f"{derivation.loss.name}: gradients by {gradients} derived, {found.proved} steps proved{sampled}")
    print(f"laws: {_counted(found)}")
    print(_judged(derivation, Path(options.output)))
    return 0


def _check_document(name: str | None) -> None:
    """Refuse the name of a document that does not say in what it is to be written.

    Raises:
        UsageError: It does not.
    """
    if name is not None and Path(name).suffix.lower() not in _DOCUMENTS:
        endings = " or ".join(_DOCUMENTS)
        raise UsageError(f"--document: expected the name of a file that ends in {endings}, got {name!r}")


def _counted(found: Replay) -> str:
    """How much of what laws state is proved."""
    argued = f", {len(found.argued)} argued and tried out at sampled points" if found.argued else ""
    return f"{found.laws} statements beside the claims proved{argued}"


def _judged(derivation: Derivation, path: Path) -> str:
    """What the judge says of the written function, by a short trial."""
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        return "not judged: that takes pip install 'w2v_verified[verify]'"
    from w2v_verified.verify import OracleError, Record, check  # which only those have who installed it
    from w2v_verified.verify.judging.user_file import function_in

    judged = Record.from_json(record(derivation))
    try:
        report = check(function_in(path, judged.name), judged, examples=_EXAMPLES)
    except (OracleError, ValueError) as error:
        return f"not judged: {_line(str(error))}"
    beyond = ", ".join((*report.ends, *(str(finding) for finding in report.findings[:1])))
    return f"judged: {report.grade}, {report.inputs} inputs{f'; {_line(beyond)}' if beyond else ''}"


def _refused(path: Path, reason: str) -> int:
    line = _line(reason)
    print(
        f"w2v-verified derive: {line if line.startswith(path.name) else f'{path.name}: {line}'}",
        file=sys.stderr,
    )
    return 1


def _line(text: str) -> str:
    return " ".join(text.split())
