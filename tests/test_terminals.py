"""What commands print: on terminals that cannot show it, in 60 columns, without colour, and on full disks."""

import io
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from derivations import __main__ as derivations
from w2v_verified.__main__ import main
from w2v_verified.trainer import WordVectors

TEXT = "Die süße Katze schläft. Der große Hund läuft. Die Straße ist naß. " * 30
SOLUTION = """
from w2v_verified import naive_softmax


def größer(v_c, o, U):
    print("läuft")
    loss, grad_v_c, grad_U = naive_softmax(v_c, o, U)
    return loss, grad_v_c * 2, grad_U
"""
SQUARES = """
from w2v_verified.symbolic import Array, Axis, Claim, Loss

LOSS = Loss(
    name="squares",
    summary="Squares.",
    axes=(Axis("d", letters="i"),),
    arguments=(Array("x", "d"),),
    definition="loss = sum(i in d, x[i] ** 2)",
    claims=(Claim("grad_x[i in d] = 2 * x[i]"),),
)
"""
QUICK = ["--epochs", "5", "--sample", "0", "--dimension", "4", "--learning-rate", "1"]
COMMANDS = {
    "check": ["check", "mine.py:größer", "--loss", "naive_softmax", "--examples", "0"],
    "properties": ["properties", "naive_softmax"],
    "derive": ["derive", "süß.py", "-o", "größer.py"],
    "train": ["train", "text.txt", "-o", "out.txt", *QUICK],
    "neighbours": ["neighbours", "vectors.txt", "süße", "straße", "--topn", "3"],
    "evaluate": ["evaluate", "vectors.txt", "--pairs", "süß.txt"],
}
Printed = Callable[..., tuple[int, str, str]]
full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "text.txt").write_text(TEXT, encoding="utf-8")
    (folder / "mine.py").write_text(SOLUTION, encoding="utf-8")
    (folder / "süß.py").write_text(SQUARES, encoding="utf-8")
    (folder / "süß.txt").write_text("katze hund 7\nstraße süße 2\nläuft schläft 8\n", encoding="utf-8")
    arguments = [str(folder / "text.txt"), "-o", str(folder / "vectors.txt"), *QUICK, "--quiet"]
    assert main(["train", *arguments]) == 0
    return folder


@pytest.fixture(autouse=True)
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Printed:
    """Status, output and messages of a command, where both streams take an encoding."""

    def run(
        *arguments: str, encoding: str = "utf-8", command: Callable[..., int] = main
    ) -> tuple[int, str, str]:
        buffers = io.BytesIO(), io.BytesIO()
        streams = [io.TextIOWrapper(buffer, encoding=encoding) for buffer in buffers]
        with monkeypatch.context() as changed:
            changed.setattr(sys, "stdout", streams[0])
            changed.setattr(sys, "stderr", streams[1])
            status = command(arguments)
        out, err = (buffer.getvalue().decode(encoding) for buffer in buffers)
        return status, out, err

    return run


@pytest.mark.parametrize(
    ("command", "encoding"),
    [
        *((command, "ascii") for command in COMMANDS),
        *(("neighbours", encoding) for encoding in ("cp437", "cp1252", "shift_jis")),
    ],
)
def test_any_terminal_shows_something(printed: Printed, folder: Path, command: str, encoding: str) -> None:
    status, out, err = printed(*COMMANDS[command], encoding=encoding)
    assert status == (1 if command == "check" else 0), err
    assert out
    if command in ("neighbours", "train") and encoding in ("ascii", "shift_jis"):
        assert "stra\\xdfe" in out
    if command == "train":
        assert len(WordVectors.load(folder / "out.txt")) == 11


def test_what_is_escaped_stands_in_its_column(printed: Printed) -> None:
    _, out, _ = printed(*COMMANDS["neighbours"], encoding="ascii")
    places = {line.rfind("|") for line in out.splitlines() if "|" in line}
    assert len(places) == 1, out


def test_a_derivation_is_explained_on_any_terminal(printed: Printed) -> None:
    for arguments in (["--list"], ["--explain", "naïve"], ["--süß"]):
        status, out, err = printed(*arguments, encoding="ascii", command=derivations.main)
        assert (status, bool(out), bool(err)) == (
            (0, True, False) if arguments == ["--list"] else (2, False, True)
        )


@pytest.mark.parametrize("command", ["properties", "neighbours", "evaluate"])
def test_sixty_columns_are_enough(printed: Printed, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for arguments in (COMMANDS[command], [command, "--help"]):
        status, out, err = printed(*arguments)
        assert (status, err) == (0, "")
        assert max(map(len, out.splitlines())) <= 60, out
        assert "\x1b" not in out
        assert "…" not in out


@pytest.mark.parametrize("command", ["verify", "check", "derive", "train"])
def test_sixty_columns_are_enough_for_help(
    printed: Printed, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    status, out, err = printed(command, "--help")
    assert (status, err) == (0, "")
    assert "-q, --quiet" in out
    assert max(map(len, out.splitlines())) <= 60, out


def test_a_terminal_gets_colours_unless_it_wants_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def coloured() -> set[str]:
        terminal, end = pty.openpty()
        with (
            open(terminal, "rb", buffering=0) as shown,
            open(end, "w") as stdout,
            monkeypatch.context() as changed,
        ):
            changed.setattr(sys, "stdout", stdout)
            changed.setenv("TERM", "xterm-256color")
            assert main(COMMANDS["properties"]) == 0
            return set(re.findall(r"\x1b\[([\d;]+)m", shown.read(1 << 16).decode()))

    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert coloured()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not {code for code in coloured() if re.fullmatch(r"(3|4|9)\d.*", code)}


@full
@pytest.mark.parametrize("command", ["properties", "train"])
def test_a_full_standard_output_is_named(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was trained is there all the same."""
    with open("/dev/full", "w") as stdout, monkeypatch.context() as changed:
        changed.setattr(sys, "stdout", stdout)
        status = main(
            [*COMMANDS[command], *(["--quiet", "--neighbours", "katze"] if command == "train" else [])]
        )
    assert status == 2
    said = capsys.readouterr().err
    assert said == "w2v-verified: standard output: cannot write: No space left on device\n"
    assert command != "train" or len(WordVectors.load(folder / "out.txt")) == 11


@full
def test_a_full_standard_error_stops_no_training(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/full", "w") as stderr, monkeypatch.context() as changed:
        changed.setattr(sys, "stderr", stderr)
        assert main(COMMANDS["train"]) == 0
    assert len(WordVectors.load(folder / "out.txt")) == 11


def test_a_closed_standard_output_takes_everything(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as changed:
        changed.setattr(sys, "stdout", None)
        assert main(COMMANDS["neighbours"]) == 0
        assert main(["neighbours", "absent", "a"]) == 2
    assert "cannot read 'absent'" in capsys.readouterr().err


# One process each, where the streams are the system's: what is written, to what, and with which status.
PROCESSES = {
    "verify": ("verify --loss süß", "2>&1 >/dev/null | cat", 0, "got 's\\xfc\\xdf'"),
    "check": ("check mine.py:f --loss naive_softmax", "2>&1 >&-", 2, "which has gr\\xf6\\xdfer"),
    "properties": (
        "properties naive_softmax",
        "| head -n 1; exit ${PIPESTATUS[0]}",
        141,
        "the_loss_is_within",
    ),
    "derive": ("derive süß.py -o /dev/full", "2>&1", 2, "--output: cannot write '/dev/full': "),
    "train": ("train text.txt -o /dev/full", "2>&1", 2, "--output: cannot write '/dev/full': "),
    "neighbours": ("neighbours vectors.txt süße", "", 0, "s\\xfc\\xdfe"),
    "evaluate": (
        "evaluate vectors.txt --pairs süß.txt",
        "2>&1 >/dev/full",
        2,
        "standard output: cannot write: ",
    ),
}


@full
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize("command", PROCESSES)
def test_a_process_ends_as_it_should(command: str) -> None:
    arguments, redirected, status, said = PROCESSES[command]
    environment = {"PYTHONIOENCODING": "ascii", "NO_COLOR": "1", "COLUMNS": "60"}
    run = subprocess.run(
        ["bash", "-c", f"{sys.executable} -O -m w2v_verified {arguments} {redirected}"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert run.returncode == status, run
    assert said in run.stdout, run
    assert run.stderr == ""
    assert "Traceback" not in run.stdout


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ("check", ["größer as naive_softmax, called in columns: wrong", "  value: "]),
        ("derive", ["squares: gradients by x derived, ", "judged: componentwise accurate, "]),
        ("train", []),
    ],
)
def test_quiet_is_the_result_alone(printed: Printed, command: str, lines: list[str]) -> None:
    status, out, err = printed(*COMMANDS[command], "--quiet")
    assert status == (1 if command == "check" else 0)
    assert err == ""
    assert len(out.splitlines()) == len(lines)
    assert all(said.startswith(line) for said, line in zip(out.splitlines(), lines, strict=True)), out


def test_quiet_training_prints_the_neighbours_that_are_asked_for(printed: Printed) -> None:
    status, out, err = printed(*COMMANDS["train"], "--quiet", "--neighbours", "Hund")
    assert (status, out.count("\n"), err) == (0, 1, "")
    assert out.startswith("hund: ")
