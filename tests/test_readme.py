"""The READMEs are true: their examples print what they say, .ci/run runs the commands, what is quoted is current."""

import ast
import doctest
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from w2v_verified.__main__ import main

ROOT = Path(__file__).parent.parent
GENERATED = "w2v_verified/generated/naive_softmax.py"
OPTIONAL = ("jax", "optax", "torch")  # which examples are about, and no test needs
README = (ROOT / "README.md").read_text(encoding="utf-8")
FOLDERS = (
    ".",
    "derivations",
    "benchmarks",
    "w2v_verified/interop",
    "w2v_verified/verify",
    "w2v_verified/trainer",
)
TEXTS = {folder: (ROOT / folder / "README.md").read_text(encoding="utf-8") for folder in FOLDERS}


class Block(NamedTuple):
    """A fenced block."""

    language: str
    text: str
    quoted: str | None


def blocks(readme: str) -> list[Block]:
    """Cut out the fenced blocks, each with the file that the comment above it says it is quoted from."""
    pattern = r"(?:^<!-- quoted: (?P<quoted>\S+) -->\n+)?^```(?P<language>\w*)\n(?P<text>.*?)^```$"
    found = re.finditer(pattern, readme, flags=re.MULTILINE | re.DOTALL)
    return [Block(match["language"], match["text"], match["quoted"]) for match in found]


def examples(readme: str) -> list[tuple[str, str]]:
    """Pair each Python program with the output that the block after it promises."""
    found = blocks(readme)
    return [
        (block.text, following.text if following.language == "text" else "")
        for block, following in zip(found, [*found, Block("", "", None)][1:], strict=True)
        if block.language == "python" and block.quoted is None and "LOSS = Loss(" not in block.text
        if not file_named(block.text)
    ]


def file_named(program: str) -> str | None:
    """The name of the file that a program is, where its first line says so."""
    named = re.match(r"# (\w+\.py)$", program.partition("\n")[0])
    return named and named[1]


def doors(readme: str) -> list[tuple[str, str]]:
    """Pair each command on a console with what it prints; ``...`` stands for lines that are left out."""
    consoles = (block.text for block in blocks(readme) if block.language == "console")
    return [(text.partition("\n")[0].removeprefix("$ "), text.partition("\n")[2]) for text in consoles]


def plain(command: str, printed: str) -> str:
    """What a command prints, without what is another time every time, or of another Python's documentation."""
    numbers = r"[\d,.]*\d" if command.startswith("w2v-verified train") else r"\d+\.\d+(?= ?s\b)"
    return re.sub(numbers, "N", printed)


def is_printed(command: str, promised: str, printed: str) -> bool:
    """Whether a command prints what is promised."""
    want, got = (plain(command, text) for text in (promised, printed))
    return doctest.OutputChecker().check_output(want, got, doctest.ELLIPSIS)


def output(program: str) -> str:
    """Run a program in a fresh interpreter."""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def fresh_machine_commands(readme: str) -> list[str]:
    """List the commands that start from nothing."""
    lines = "".join(block.text for block in blocks(readme) if block.language == "sh").splitlines()
    return [line for line in lines if line.startswith("python3 -m venv ")]


def not_in_ci(command: str, ci: str) -> list[str]:
    """List the parts of a command that .ci/run does not run, but for where the environment lies."""
    steps = [re.sub(r"^(step )?", "", line.strip()).replace('"', "") for line in ci.splitlines()]
    return [
        part
        for part in command.split(" && ")
        if part.replace("python3 ", "$python ").replace(".venv", "$venv") not in steps
    ]


def function_in(path: str) -> ast.FunctionDef:
    """Find the function of a generated file that computes, the last in it."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)][-1]


def stale(path: str, quote: str) -> bool:
    """Tell whether a quote is not a run of its function's lines that computes all results and returns them."""
    function = function_in(path)
    lines, quoted = (ROOT / path).read_text(encoding="utf-8").splitlines(), quote.splitlines()
    own = lines[function.lineno - 1 : function.end_lineno]
    found = any(own[n : n + len(quoted)] == quoted for n in range(len(own)))
    returned = quoted[-1].partition("return ")[2].strip()
    names = (
        {node.id for node in ast.walk(ast.parse(returned)) if isinstance(node, ast.Name)}
        if returned
        else set()
    )
    computed = {
        name for name in names if any(f"{name} =" in line or f"out={name})" in line for line in quoted)
    }
    return not found or not {"loss", "grad_v_c", "grad_U"} <= computed


@pytest.mark.parametrize(
    ("program", "promised"),
    [
        pytest.param(*pair, marks=[pytest.mark.slow] if "jax" in pair[0] else [])
        for text in TEXTS.values()
        for pair in examples(text)
    ],
)
def test_the_examples_print_what_the_readme_says(program: str, promised: str) -> None:
    missing = [name for name in OPTIONAL if f"import {name}\n" in program and find_spec(name) is None]
    if missing:
        pytest.skip(f"{missing[0]} is not installed")
    assert output(program) == promised


def test_the_front_page_is_short_and_opens_with_five_lines() -> None:
    assert len(README.splitlines()) <= 150
    program, promised = examples(README)[0]
    assert len([line for line in program.splitlines() if line]) == 5
    assert promised


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the front page shows, and ``mine.py`` from the judge's page."""
    folder = tmp_path_factory.mktemp("desk")
    for block in blocks(README):
        name = file_named(block.text) if block.language == "python" else None
        if name:
            (folder / name).write_text(block.text, encoding="utf-8")
    (own,) = (b.text for b in blocks(TEXTS["w2v_verified/verify"]) if "class TestMine:" in b.text)
    (folder / "mine.py").write_text(own.partition("\n\n\ntest_my_loss")[0] + "\n", encoding="utf-8")
    return folder


def test_there_are_four_doors() -> None:
    assert [command.rpartition("w2v-verified ")[2].split()[0] for command, _ in doors(README)] == [
        "check",
        "python",
        "derive",
        "train",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("door", doors(README), ids=lambda door: door[0].split()[1])
def test_each_door_prints_what_the_front_page_says(desk: Path, door: tuple[str, str]) -> None:
    command, promised = door
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run = subprocess.run(
        command.split(),
        cwd=desk,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == ("homework" in command), run.stdout
    assert is_printed(command, promised, run.stdout), run.stdout


def test_another_output_is_noticed() -> None:
    (check, promised), *_, (train, epochs) = doors(README)
    assert is_printed(check, promised, promised)
    assert not is_printed(check, promised, promised.replace("should be 0", "should be 1"))
    assert not is_printed(check, promised, promised.replace(": wrong", ": right"))
    assert is_printed(train, epochs, epochs.replace("64,771", "70,000"))
    assert not is_printed(train, epochs, epochs.replace("nats", "bits"))


def test_two_commands_start_from_nothing_and_ci_runs_them() -> None:
    commands = fresh_machine_commands(README)
    assert [command.rpartition("bin/")[2] for command in commands] == [
        "w2v-verified verify",
        "python -m pytest",
    ]
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [part for command in commands for part in not_in_ci(command, ci)] == []


def test_the_generated_function_is_quoted_as_it_is() -> None:
    ((path, quote),) = ((b.quoted, b.text) for b in blocks(TEXTS["derivations"]) if b.quoted)
    assert path == GENERATED
    assert not stale(path, quote)


def named_in(tree: str) -> list[Path]:
    """The files and folders that a layout names, by how far each line is indented."""
    found: list[Path] = []
    above: dict[int, Path] = {-1: Path()}
    for line in tree.splitlines():
        depth = len(line) - len(line.lstrip())
        inside = max(d for d in above if d < depth)
        above = {d: path for d, path in above.items() if d < depth} | {depth: above[inside] / line.split()[0]}
        found.append(above[depth])
    return found


def layout() -> list[Path]:
    (tree,) = (block.text for block in blocks(README) if block.text.startswith("derivations/"))
    return named_in(tree)


def test_the_layout_is_that_of_the_repository() -> None:
    assert [path for path in layout() if not (ROOT / path).exists()] == []


def rooms() -> set[Path]:
    """The folders of the package, but for the one that holds data alone."""
    package = ROOT / "w2v_verified"
    return {p.parent.relative_to(ROOT) for p in package.rglob("__init__.py")} - {
        Path("w2v_verified/generated/records")
    }


def unnamed(tree: str) -> list[Path]:
    """The rooms that a layout names neither in a line of their own nor in that of the room they are in.

    Rooms within rooms of rooms are not looked for.
    """
    lines = dict(zip(named_in(tree), tree.splitlines(), strict=True))
    said = {path: set(re.findall(r"\w+", line)) for path, line in lines.items()}
    depth = len(Path("w2v_verified/verify/diagnosis").parts)
    return sorted(
        room
        for room in rooms()
        if len(room.parts) <= depth and room not in said and room.name not in said.get(room.parent, ())
    )


def test_every_room_stands_in_the_layout() -> None:
    (tree,) = (block.text for block in blocks(README) if block.text.startswith("derivations/"))
    assert unnamed(tree) == []
    assert unnamed(tree.replace("contract, ", "")) == [Path("w2v_verified/verify/contract")]


def test_a_layout_is_read_by_its_indentation() -> None:
    tree = "a/   one\n  b/   two\n    c.py three\n  d/\ne.py"
    assert [str(path) for path in named_in(tree)] == ["a", "a/b", "a/b/c.py", "a/d", "e.py"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_files_that_are_linked_exist(folder: str) -> None:
    links = re.findall(r"\]\(([^):]+)\)", TEXTS[folder])
    assert [link for link in links if not (ROOT / folder / link).exists()] == []


def test_the_texts_of_the_folders_are_linked_from_the_front() -> None:
    assert {f"{folder}/README.md" for folder in FOLDERS[1:]} <= set(re.findall(r"\]\(([^):]+)\)", README))


def test_a_changed_example_is_noticed() -> None:
    ((program, promised), *_) = examples(README.replace("[1.0, 2.0]", "[1.0, 2.5]"))
    assert output(program) != promised


def test_a_changed_command_is_noticed() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    command = fresh_machine_commands(README)[0]
    assert not_in_ci(command.replace("[dev]", "[verify]"), ci) == [".venv/bin/pip install -q -e '.[verify]'"]
    assert not_in_ci(command, ci.replace("verify", "check")) == [".venv/bin/w2v-verified verify"]


@pytest.mark.parametrize(
    ("first", "before", "after", "expected"),
    [
        pytest.param(0, "", "", False, id="whole"),
        pytest.param(0, "return N", "return  N", True, id="a space more"),
        pytest.param(0, "def _loss_and_gradients(", "def _gradients(", True, id="another name"),
        pytest.param(-2, "", "", True, id="the end alone"),
    ],
)
def test_a_stale_quote_is_noticed(first: int, before: str, after: str, expected: bool) -> None:
    function = function_in(GENERATED)
    lines = (ROOT / GENERATED).read_text(encoding="utf-8").splitlines()
    quote = "\n".join(lines[function.lineno - 1 : function.end_lineno][first:])
    assert before in quote
    assert stale(GENERATED, quote.replace(before, after) if before else quote) is expected


@pytest.mark.slow
def test_the_definition_in_the_readme_is_derived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (definition,) = (block.text for block in blocks(TEXTS["derivations"]) if "LOSS = Loss(" in block.text)
    assert len(definition.splitlines()) <= 25
    (tmp_path / "glove.py").write_text(definition, encoding="utf-8")
    (command,) = re.findall(
        r"^\S+w2v-verified (derive glove.py .*)$", TEXTS["derivations"], flags=re.MULTILINE
    )
    monkeypatch.chdir(tmp_path)
    assert main(command.split()) == 0, capfd.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {
        "glove.py",
        "glove_generated.py",
        "glove.md",
        "test_glove.py",
    }
