"""Files that are in the way, and runs that cannot keep what they would: nothing of the user's is lost."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from w2v_verified.__main__ import main
from w2v_verified.trainer import Training, WordVectors

DEFINITION = """
from w2v_verified.symbolic import Array, Axis, Loss
LOSS = Loss("squares", "Squares.", (Axis("d"),), (Array("x", "d"),), "loss = sum(i in d, x[i] ** 2)")
"""
FUNCTION = "import numpy as np\n\n\ndef f(x):\n    return float(x @ x), 2.0 * x\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("squares.py").write_text(DEFINITION, encoding="utf-8")
    Path("mine.py").write_text(FUNCTION, encoding="utf-8")
    Path("text.txt").write_text("a cat purrs and a dog barks\n" * 40, encoding="utf-8")


def one_line(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    return said


TRAIN = ("train", "text.txt", "--min-count", "1", "--sample", "0", "--learning-rate", "1", "-q")


@pytest.mark.parametrize("option", ["--output", "--checkpoint", "--plot"])
def test_a_link_to_itself_is_refused_before_training(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("loop.png").symlink_to("loop.png")
    others = () if option == "--output" else ("-o", "v.txt")
    assert f"{option}: cannot write 'loop.png'" in one_line(capsys, *TRAIN, *others, option, "loop.png")


def test_a_checkpoint_that_fails_costs_no_vectors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(training: Training[Any], path: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Training, "save", full)
    said = one_line(capsys, *TRAIN, "-o", "v.txt", "--checkpoint", "c", "--checkpoint-every", "0")
    assert "--checkpoint: cannot write 'c': No space left on device" in said
    assert len(WordVectors.load("v.txt")) == 6


def test_vectors_that_cannot_be_written_are_kept_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    save = WordVectors.save_text

    def full(vectors: WordVectors[Any], path: str) -> None:
        if path == "v.txt":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        save(vectors, path)

    monkeypatch.setattr(WordVectors, "save_text", full)
    said = one_line(capsys, *TRAIN, "-o", "v.txt")
    assert "--output: cannot write 'v.txt': No space left on device; the vectors are in '" in said
    kept = said.partition("the vectors are in '")[2].partition("'")[0]
    assert len(WordVectors.load(kept)) == 6


def test_room_is_looked_for_before_training(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("Usage", (), {"free": 1000}))
    said = one_line(capsys, *TRAIN, "-o", "v.txt")
    assert "--output: expected 5.4 kB free in" in said
    assert not Path("v.txt").exists()


@pytest.mark.parametrize("name", ["mine.py", "squares.py"])
def test_a_report_replaces_nothing_that_is_judged(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("linked.html").symlink_to(name)
    before = Path(name).read_bytes()
    judged = ("check", "mine.py:f", "--loss", "squares.py", "--report")
    assert "--report: expected the name of a file that ends in .html" in one_line(capsys, *judged, name)
    assert "--report: expected another file than" in one_line(capsys, *judged, "linked.html")
    assert Path(name).read_bytes() == before


def test_a_report_lies_where_it_was_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other").mkdir()
    Path("moving.py").write_text(
        f"import os\nos.chdir({str(tmp_path / 'other')!r})\n{FUNCTION}", encoding="utf-8"
    )
    assert main(["check", "moving.py:f", "--loss", "squares.py", "--report", "r.html", "-q"]) == 0
    assert (tmp_path / "r.html").is_file()


@pytest.mark.parametrize(
    "error", ["BaseException('no')", "GeneratorExit()", "SystemExit(3)", "MemoryError()"]
)
def test_a_file_may_raise_anything(error: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.py").write_text(f"raise {error}\n", encoding="utf-8")
    assert main(["check", "bad.py:f", "--loss", "squares.py"]) == 1
    assert "bad.py cannot be imported: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("derive", "squares.py", "-o", "g"),
            "--output: expected the name of a file that ends in .py, got 'g'",
        ),
        (("derive", "squares.py", "-o", ""), "--output: expected a file to write, got ''"),
        (
            ("derive", "squares.py", "-o", "class.py", "--tests", "t.py"),
            "expected a name that Python can import",
        ),
        (("--", "train"), "COMMAND: expected one of verify"),
        (
            ("check", "mine.py:f", "--loss", "squares.py", "--time-limit", "1e10"),
            "--time-limit: expected a finite",
        ),
        (
            ("check", "mine.py:f", "--loss", "squares.py", "--examples", "9" * 20),
            "--examples: expected a whole",
        ),
        (("check", "", "--loss", "squares.py"), "FILE.py:FUNCTION: expected a file and a name, got ''"),
    ],
)
def test_what_cannot_be_meant_is_said(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in one_line(capsys, *arguments)


def test_names_that_are_no_text_are_written_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    odd = os.fsdecode(b"bad\xff.py")
    Path(odd).write_text(DEFINITION, encoding="utf-8")
    assert main(["derive", odd, "-o", "g.py", "--document", "g.md", "--tests", "t.py", "-q"]) == 0
    assert "bad\\udcff.py" in Path("g.py").read_text(encoding="utf-8")
    compile(Path("t.py").read_text(encoding="utf-8"), "t.py", "exec")
