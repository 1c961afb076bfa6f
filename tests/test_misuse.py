"""Every option of every command, given wrongly: status 2, one line that names it as it is typed, nothing written."""

import argparse
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

from derivations import __main__ as derivations
from w2v_verified.__main__ import main
from w2v_verified.terminal.options import Parser
from w2v_verified.values import Choice, Kind, NameOrFile, NewFile, Range

# What is right of each command, beside which one option is wrong.
RIGHT = {
    "verify": [],
    "check": ["mine.py:f", "--loss", "naive_softmax"],
    "properties": ["naive_softmax"],
    "derive": ["mine.py", "-o", "out.py"],
    "train": ["text.txt", "-o", "out.txt"],
    "neighbours": ["vectors.txt", "king"],
    "evaluate": ["vectors.txt", "--pairs", "pairs.txt"],
    "derivations": [],
}


class Option(NamedTuple):
    """An option or argument of a command."""

    command: str
    action: argparse.Action
    kind: Kind | None

    @property
    def typed(self) -> str:
        """How it is typed, or called in the help."""
        return (
            self.action.option_strings[-1]
            if self.action.option_strings
            else f"{self.action.metavar or 'LOSS'}"
        )


def parser_of(command: str) -> Parser:
    parser = Parser(command)
    module = derivations if command == "derivations" else import_module(f"w2v_verified.commands.{command}")
    module.add_arguments(parser)
    return parser


def options() -> Iterator[Option]:
    for command in RIGHT:
        parser = parser_of(command)
        kinds = {action.dest: kind for action, kind in parser.kinds()}
        for action in parser._actions:
            if action.dest != "help":
                yield Option(command, action, kinds.get(action.dest))


OPTIONS = list(options())
VALUED = [option for option in OPTIONS if option.kind is not None]


def wrong_values(kind: Kind | None) -> list[str]:
    """What is none of the kind; any text is a text, and files are read by whoever knows what they hold."""
    match kind:
        case Range(number, minimum, maximum):
            beyond = [] if maximum is None else [str(maximum + 1)]
            return [
                "fast",
                "",
                "nan",
                "inf",
                "1,5",
                str(minimum - 1),
                *beyond,
                *(["1.5"] if number is int else []),
            ]
        case Choice(names) | NameOrFile(names):
            return ["", "qqq", names[0].upper(), f"{names[0]}_"]
        case NewFile():
            return ["", ".", "absent/x.svg", os.devnull]
        case _:
            return []


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of one's own, in which nothing is to change."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("def f(): ...\n")
    (tmp_path / "text.txt").write_text("a b c d " * 30)
    (tmp_path / "vectors.txt").write_text("2 2\nking 1 2\nqueen 2 1\n")
    (tmp_path / "pairs.txt").write_text("king queen 5\n")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    yield
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def refused(command: str, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The line that a misuse gets, without the program's name."""
    own = command == "derivations"
    status = derivations.main(arguments) if own else main([command, *arguments])
    printed, said = capsys.readouterr()
    assert (status, printed, said.count("\n")) == (2, "", 1), (arguments, said)
    assert "Traceback" not in said
    program = "python -m derivations" if own else "w2v-verified"
    assert said.startswith(f"{program}: "), said
    return said.removeprefix(f"{program}: ").rstrip("\n")


def given(option: Option, *values: str) -> list[str]:
    """The right arguments, and the option with these values; for an argument, these instead of it."""
    right = RIGHT[option.command]
    if option.action.option_strings:
        return [*right, option.action.option_strings[-1], *values]
    place = {"VECTORS": 0, "WORD": 1}.get(option.typed, 0)
    return [*right[:place], *values, *right[place + 1 :]]


@pytest.mark.parametrize("option", VALUED, ids=lambda option: f"{option.command} {option.typed}")
def test_a_wrong_value_is_refused(option: Option, capsys: pytest.CaptureFixture[str]) -> None:
    for value in wrong_values(option.kind):
        said = refused(option.command, given(option, value), capsys)
        assert said.startswith(f"{option.typed}: expected ") or "cannot write" in said, said
        assert said.startswith(f"{option.typed}: "), said
    if option.action.nargs != "?":
        said = refused(option.command, given(option), capsys)
        missing = "WORD" if option.typed == "VECTORS" and option.command == "neighbours" else option.typed
        assert said.startswith(f"{missing}: expected "), said
        assert said.endswith(", got nothing")


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: f"{option.command} {option.typed}")
def test_every_name_is_typed_as_it_is_said(option: Option, capsys: pytest.CaptureFixture[str]) -> None:
    """No Python name, a flag takes no value, and what is nearly the name gets the name."""
    if not option.action.option_strings:
        return
    assert "_" not in option.typed
    if option.kind is None:
        said = refused(option.command, [*RIGHT[option.command], f"{option.typed}=1"], capsys)
        assert said == f"{option.typed}: expected no value, got '1'"
    said = refused(option.command, [*RIGHT[option.command], f"{option.typed}x"], capsys)
    assert said.endswith(f"; did you mean {option.typed}?")


@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        ("check", ["--memory-limit", "4"], "--memory-limit: has no effect without --isolate"),
        ("check", ["--range", "ordinary", "--strict"], "--range: has no effect with --strict"),
        (
            "check",
            ["--range", "all", "--convention", "cs224n"],
            "--range: has no effect with --convention cs224n",
        ),
        ("check", ["--quiet", "--json"], "--quiet: has no effect with --json"),
        ("check", ["--gradients", "automatic"], "--gradients: expected returned, for NumPy does not differ"),
        ("train", ["--resume"], "--resume: has no effect without --checkpoint"),
        ("train", ["--checkpoint-every", "10"], "--checkpoint-every: has no effect without --checkpoint"),
        ("train", ["--patience", "2"], "--patience: has no effect without --held-out"),
        *(
            (
                "train",
                ["--loss", "naive_softmax", option, value],
                f"{option}: has no effect with --loss naive_s",
            )
            for option, value in (
                ("--negative", "5"),
                ("--shared-negatives", "32"),
                ("--noise-exponent", "1"),
                ("--workers", "1"),
                ("--updates", "deterministic"),
            )
        ),
        ("derivations", ["--list", "--check"], "--check: has no effect with --list"),
        (
            "derivations",
            ["--explain", "naive_softmax", "--loss", "x"],
            "--loss: has no effect with --explain",
        ),
    ],
)
def test_an_option_without_effect_is_refused(
    command: str, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(command, [*RIGHT[command], *arguments], capsys).startswith(said)


@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        ("train", ["-o", "out.txt", "--errors", "replace"], "--errors: has no effect without CORPUS"),
        (
            "train",
            ["text.txt", "-o", "text.txt"],
            "--output: expected another file than CORPUS, got 'text.txt'",
        ),
        (
            "train",
            ["text.txt", "-o", "out", "--checkpoint", "out"],
            "--checkpoint: expected another file than --output, got 'out' for both",
        ),
        (
            "train",
            ["text.txt", "-o", "out", "--held-out", "0.5"],
            "--held-out: expected 0 for a text as short as this one, got 0.5",
        ),
        (
            "train",
            ["text.txt", "-o", "out", "--min-count", "90"],
            "CORPUS 'text.txt': expected at least two different words that reach the --min-count of 90, got 0",
        ),
        (
            "train",
            ["text.txt", "-o", "out", "--loss", "naive_softmax", "--model", "cbow"],
            "--loss: expected negative_sampling with --model cbow, got naive_softmax",
        ),
        (
            "train",
            ["text.txt", "-o", "out", "--neighbours", "aa"],
            "--neighbours: expected words among the 4 of ",
        ),
        (
            "derive",
            ["mine.py", "-o", "mine.py"],
            "--output: expected another file than FILE.py, got 'mine.py'",
        ),
        (
            "derive",
            ["mine.py", "-o", "out.py"],
            "FILE.py: mine.py: expected a w2v_verified.symbolic.Loss called",
        ),
        (
            "check",
            ["mine.py:g", "--loss", "naive_softmax"],
            "FILE.py:FUNCTION: expected a function of mine.py, ",
        ),
        ("check", ["mine.py:f", "--loss", "naive_sofmax"], "--loss: expected one of "),
        (
            "check",
            ["mine.py:f", "--loss", "mine.py"],
            "--loss: mine.py: expected a w2v_verified.symbolic.Loss",
        ),
        ("derivations", ["--explain", "naive_sofmax"], "--explain: expected one of "),
        ("derivations", ["--loss", "naive_sofmax"], "--loss: expected one of "),
    ],
)
def test_what_does_not_go_together_is_named(
    command: str, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(command, arguments, capsys)
    assert line.startswith(said)
    assert "sofmax" not in line or line.endswith("did you mean naive_softmax?")


@pytest.mark.parametrize("kind", [Range(int, 1), Range(float, 0, 1), Choice(("a", "b")), NewFile()])
def test_every_wrong_value_is_wrong(kind: Kind) -> None:
    for value in wrong_values(kind):
        with pytest.raises(ValueError, match=r"expected|cannot write"):
            kind.read(value)
