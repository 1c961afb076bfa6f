"""`python -m derivations`: the files are what the definitions give, byte for byte, and a change is noticed.

Where nothing about the process is tested, the command runs in this one, on a folder with one small loss.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
import sympy
from tex_pages import tex_faults

from derivations import __main__ as command

ROOT = Path(__file__).parents[2]
GENERATED = "w2v_verified/generated/naive_softmax.py"
RECORD = "w2v_verified/generated/records/naive_softmax.json"
DOCUMENT = "derivations/naive_softmax.md"
SHORTENED = """
from dataclasses import replace

globals().update(LOSS=replace(LOSS, sections=LOSS.sections[:2]))
"""
SMALL = '''"""Squared distances."""

from w2v_verified.symbolic import Array, Axis, Claim, Loss

LOSS = Loss(
    name="squares",
    summary="The squared distance of two vectors.",
    axes=(Axis("d", letters="i"),),
    arguments=(Array("a", "d"), Array("b", "d")),
    definition="loss = sum(i in d, (a[i] - b[i]) ** 2)",
    claims=(Claim("grad_a[i in d] = 2 * (a[i] - b[i])"),),
)
'''
MADE = (
    "w2v_verified/generated/squares.py",
    "w2v_verified/generated/records/squares.json",
    "derivations/squares.md",
)


class Outcome(NamedTuple):
    """What the command says and returns."""

    returncode: int
    stdout: str
    stderr: str


Here = Callable[..., Outcome]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """Run the command in this process, on a folder of one's own."""
    monkeypatch.setattr(command, "ProcessPoolExecutor", ThreadPoolExecutor)

    def outcome(where: Path, *arguments: str) -> Outcome:
        monkeypatch.setattr(command, "ROOT", where)
        return Outcome(command.main(arguments), *capsys.readouterr())

    return outcome


@pytest.fixture
def small(here: Here, tmp_path: Path) -> Path:
    """A folder with one small definition, and what follows from it."""
    folder = tmp_path / "small"
    (folder / "w2v_verified/generated/records").mkdir(parents=True)
    (folder / "w2v_verified/generated/records/__init__.py").touch()
    (folder / "derivations").mkdir()
    (folder / "derivations/squares.py").write_text(SMALL, encoding="utf-8")
    done = here(folder)
    assert done.returncode == 0, done.stderr
    assert all((folder / path).is_file() for path in MADE)
    return folder


def run(where: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **environment}
    if where != ROOT:  # a copy may have compiled files, whoever runs the tests
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(
        [sys.executable, "-m", "derivations", *arguments],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engine and one definition, shortened, in a folder of their own, with what follows from it."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(ROOT / "w2v_verified", folder / "w2v_verified")
    shutil.copytree(ROOT / "derivations", folder / "derivations")
    for path in (folder / "derivations").glob("[!_]*.py"):
        if path.stem != "naive_softmax":
            path.unlink()
        else:
            path.write_text(path.read_text(encoding="utf-8") + SHORTENED, encoding="utf-8")
    done = run(folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    shutil.copytree(made, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.slow
def test_the_files_here_are_current_and_do_not_depend_on_the_hash_seed() -> None:
    """`verify`, which `.ci/run` runs, makes them once more, with a seed that nobody chose."""
    done = run(ROOT, "--check", PYTHONHASHSEED="42")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.slow
def test_nothing_of_the_machine_gets_into_the_files(copy: Path) -> None:
    for path in (GENERATED, RECORD, DOCUMENT):
        text = (copy / path).read_text(encoding="utf-8")
        assert str(copy) not in text
        assert "@" not in text.replace("@quiet", "").replace(" @ ", "")
        assert "#1" not in text
        assert "Dummy" not in text


def test_one_changed_byte_is_reported_and_mended(here: Here, small: Path) -> None:
    """Whatever the byte: one that breaks the syntax, one that is no UTF-8, one at the very end."""
    places = dict(zip(MADE, ((0.5, b"("), (0.3, b"\xff"), (1, b"x")), strict=True))
    before = {path: (small / path).read_bytes() for path in places}
    for path, (share, byte) in places.items():
        at = int(share * (len(before[path]) - 1))
        (small / path).write_bytes(before[path][:at] + byte + before[path][at + 1 :])
    checked = here(small, "--check")
    assert checked.returncode == 1, checked.stderr
    assert checked.stdout.endswith("To mend them: python -m derivations\n")
    mended = here(small)
    for path in places:
        assert f"{path} (now)" in checked.stdout
        assert f"written    {path}" in mended.stdout
        assert (small / path).read_bytes() == before[path]


def test_one_loss_can_be_looked_at_alone(here: Here, small: Path) -> None:
    """Neither the other files nor those that follow from nothing are looked at."""
    (small / "w2v_verified/generated/__init__.py").write_text("", encoding="utf-8")
    (small / "w2v_verified/generated/old_loss.py").touch()
    assert here(small, "--check", "--loss", "squares") == (0, "", "")
    document = small / MADE[2]
    before = document.read_bytes()
    document.write_bytes(before + b"x")
    assert here(small, "--check", "--loss", "squares").returncode == 1
    done = here(small, "--loss", "squares")
    assert done.stdout.count("\n") == 3
    assert document.read_bytes() == before
    assert here(small, "--check").returncode == 1


def test_a_file_that_does_not_run_is_misuse(here: Here, small: Path) -> None:
    (small / "derivations/squares.py").write_text("1 / 0", encoding="utf-8")
    done = here(small, "--check")
    assert done.returncode == 2
    assert (
        done.stderr
        == "python -m derivations: squares.py: raises ZeroDivisionError: division by zero (line 1)\n"
    )


def test_a_file_that_cannot_be_written_is_named(
    here: Here, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (small / MADE[0]).write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "fsync", full)
    done = here(small)
    assert done.returncode == 2
    assert done.stderr.endswith("squares.py': No space left on device\n")
    assert (small / MADE[0]).read_text(encoding="utf-8") == "old"


def test_line_ends_count(here: Here, small: Path) -> None:
    path = small / MADE[0]
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    checked = here(small, "--check")
    assert checked.returncode == 1
    assert "the line ends differ" in checked.stdout


def test_a_missing_and_a_superfluous_file_are_reported_and_mended(here: Here, small: Path) -> None:
    (small / MADE[0]).unlink()
    extra = small / "w2v_verified/generated/old_loss.py"
    extra.write_text("", encoding="utf-8")
    checked = here(small, "--check")
    assert checked.returncode == 1
    assert "w2v_verified/generated/old_loss.py: follows from no definition" in checked.stdout
    mended = here(small)
    assert "removed    w2v_verified/generated/old_loss.py" in mended.stdout
    assert here(small, "--check") == (0, "", "")


@pytest.mark.slow
def test_a_new_loss_is_one_new_file(copy: Path) -> None:
    own = copy / "derivations/naive_softmax.py"
    text = (
        own.read_text(encoding="utf-8").partition("    laws=(")[0] + ")\n"
    )  # they are about other losses too
    own.write_text(text, encoding="utf-8")
    (copy / "derivations/another.py").write_text(
        text.replace('name="naive_softmax"', 'name="another"'), encoding="utf-8"
    )
    done = run(copy)
    assert "written    w2v_verified/generated/another.py" in done.stdout
    assert "written    derivations/another.md" in done.stdout
    code = (
        "from w2v_verified import another; from w2v_verified.verify import names; print('another' in names())"
    )
    used = subprocess.run([sys.executable, "-c", code], cwd=copy, capture_output=True, text=True, check=True)
    assert used.stdout == "True\n"


def test_a_wrong_claim_stops_the_command_before_anything_is_written(here: Here, small: Path) -> None:
    path = small / "derivations/squares.py"
    text = path.read_text(encoding="utf-8")
    wrong = text.replace("2 * (a[i] - b[i])", "2 * (a[i] + b[i])", 1)
    assert wrong != text
    path.write_text(wrong, encoding="utf-8")
    before = (small / MADE[0]).read_bytes()
    done = here(small)
    assert done.returncode == 1
    assert done.stderr.startswith("python -m derivations: ")
    assert "does not follow" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert (small / MADE[0]).read_bytes() == before


def test_another_sympy_is_refused(here: Here, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes are promised for one version of SymPy; with another the command says so and exits with 2."""
    monkeypatch.setattr(sympy, "__version__", "1.99.0")
    done = here(small, "--check")
    assert done.returncode == 2
    assert "promised for SymPy 1.14, and this is 1.99.0" in done.stderr


def test_list_and_explain(here: Here) -> None:
    listed = here(ROOT, "--list")
    assert listed.returncode == 0
    assert {"naive_softmax", "naive_softmax_batch"} <= {
        line.split()[0] for line in listed.stdout.splitlines()
    }
    explained = here(ROOT, "--explain", "naive_softmax")
    assert explained.returncode == 0
    assert "  = sum(w in V, U[a, w] * (yhat[w] - y[w]))\n        [ALGEBRA - one sum]" in explained.stdout
    unknown = here(ROOT, "--explain", "nothing")
    assert unknown.returncode == 2
    assert "--explain: expected one of cbow_naive_softmax" in unknown.stderr
    assert here(ROOT, "--explain", "naive_sofmax").stderr.endswith("; did you mean naive_softmax?\n")


def test_a_derivation_is_explained_in_markdown_and_in_latex(here: Here, small: Path) -> None:
    plain = here(small, "--explain", "squares")
    assert here(small, "--explain", "squares", "--format", "text") == plain
    assert here(small, "--format", "markdown", "--explain", "squares") == (
        0,
        (small / "derivations/squares.md").read_text(encoding="utf-8"),
        "",
    )
    status, latex, said = here(small, "--explain", "squares", "--format", "latex")
    assert (status, said, tex_faults(latex)) == (0, "", [])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--format", "latex"), "--format: has no effect without --explain"),
        (("--check", "--format", "text"), "--format: has no effect without --explain"),
        (("--list", "--format", "text"), "--format: has no effect without --explain"),
        (
            ("--explain", "squares", "--format", "html"),
            "--format: expected one of text, markdown, latex, got 'html'",
        ),
    ],
)
def test_a_format_that_says_nothing_is_refused(
    here: Here, small: Path, arguments: tuple[str, ...], reason: str
) -> None:
    status, printed, said = here(small, *arguments)
    assert (status, printed, len(said.splitlines())) == (2, "", 1)
    assert reason in said


def test_the_command_for_latex_in_the_text_about_derivations_prints_a_page(here: Here) -> None:
    text = (ROOT / "derivations/README.md").read_text(encoding="utf-8")
    (command_line,) = re.findall(
        r"^\S+python -m derivations (.*) > naive_softmax\.tex && pdflatex", text, re.M
    )
    status, latex, said = here(ROOT, *command_line.split())
    assert (status, said, tex_faults(latex)) == (0, "", [])
    assert latex.endswith("\\end{document}\n")
