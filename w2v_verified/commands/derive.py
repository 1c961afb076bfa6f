"""``w2v-verified derive FILE.py -o generated.py``: derive and generate for a loss of the user's own."""

import argparse
import sys
from pathlib import Path

from w2v_verified.errors import UsageError
from w2v_verified.files import check_writable, replacing
from w2v_verified.symbolic import Derivation, read_definition, replay

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("definition", metavar="FILE.py", help="a definition: a Loss called LOSS")
    parser.add_argument("-o", "--output", required=True, metavar="MODULE.py", help="the module to write")
    parser.add_argument("--document", metavar="FILE.md", help="also write the derivation for people to read")


def run(options: argparse.Namespace) -> int:
    """Derive, check every step, write; 0 if all is well, 1 if the definition is refused."""
    path = Path(options.definition)
    outputs = [o for o in (options.output, options.document) if o is not None]
    for output in outputs:
        if Path(output).resolve() == path.resolve():
            raise UsageError(f"{output}: expected another file than the definition itself")
        try:
            check_writable(output)
        except OSError as error:
            raise UsageError(f"{output}: cannot be written: {error.strerror or error}") from None
    try:
        derivation = Derivation(read_definition(path))
        steps, problems = replay(derivation)
        if problems:
            return _refused(path, problems[0])
        texts = [derivation.standalone(path.name)]
        if options.document is not None:
            texts.append(derivation.document(path.name))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        return _refused(path, str(error))
    for output, text in zip(outputs, texts, strict=True):
        with replacing(output) as file:
            file.write(text)
        print(f"written    {output}")
    gradients = ", ".join(a.name for a in derivation.problem.differentiated)
    print(f"{derivation.loss.name}: gradients by {gradients} derived, {steps} steps checked")
    return 0


def _refused(path: Path, reason: str) -> int:
    line = " ".join(reason.split())
    print(
        f"w2v-verified derive: {line if line.startswith(path.name) else f'{path.name}: {line}'}",
        file=sys.stderr,
    )
    return 1
