"""The command line's manners: exit statuses, one clear line for each mistake, never a traceback."""

import argparse
import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from w2v_verified import __main__ as cli
from w2v_verified.errors import UsageError, missing_extra
from w2v_verified.values import Range

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COMMANDS = sorted(path.stem for path in (ROOT / "w2v_verified" / "commands").glob("[!_]*.py"))

Result = tuple[int, str, str]
RunStub = Callable[[Callable[[argparse.Namespace], int]], Result]


@pytest.fixture
def run_stub(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> RunStub:
    """Run ``w2v-verified train --rate 0.5`` with a function in the place of the trainer."""

    def run(function: Callable[[argparse.Namespace], int]) -> Result:
        stub = ModuleType("stub")
        vars(stub).update(
            add_arguments=lambda parser: parser.value("--rate", kind=Range(float, 0)), run=function
        )
        monkeypatch.setitem(sys.modules, "w2v_verified.commands.train", stub)
        status = cli.main(["train", "--rate", "0.5"])
        return status, *capfd.readouterr()

    return run


def raising(error: BaseException) -> Callable[[argparse.Namespace], int]:
    """Make a command that fails."""

    def run(options: argparse.Namespace) -> int:
        raise error

    return run


def outcome(
    *arguments: str, environment: dict[str, str] | None = None, flags: tuple[str, ...] = ()
) -> Result:
    """Run the program in a process of its own."""
    command = [sys.executable, *flags, "-m", "w2v_verified", *arguments]
    run = subprocess.run(
        command, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize("status", [0, 1])
def test_the_status_of_the_command_is_returned(run_stub: RunStub, status: int) -> None:
    assert run_stub(lambda options: print(options.rate) or status) == (status, "0.5\n", "")


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (UsageError("RATE: expected more than 0, got nan"), 2, "RATE: expected more than 0, got nan"),
        (UsageError("a\nb"), 2, "a b"),
        (FileNotFoundError(2, "No such file or directory", "x.txt"), 2, "x.txt: No such file or directory"),
        (ModuleNotFoundError("No module", name="rich.table"), 2, "pip install 'w2v_verified[train]'"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (KeyboardInterrupt(signal.SIGTERM), 143, "interrupted"),
    ],
)
def test_a_failure_is_one_line(run_stub: RunStub, error: BaseException, status: int, message: str) -> None:
    found, out, err = run_stub(raising(error))
    assert (found, out) == (status, "")
    assert re.fullmatch(rf"w2v-verified: .*{re.escape(message)}\n", err)


@pytest.mark.parametrize(
    "error", [ModuleNotFoundError("No module named 'w2v_typo'", name="w2v_typo"), ZeroDivisionError()]
)
def test_a_mistake_of_ours_is_not_hidden(run_stub: RunStub, error: Exception) -> None:
    with pytest.raises(type(error)):
        run_stub(raising(error))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "COMMAND: expected one of verify, check, .*, got nothing"),
        (["frobnicate"], "COMMAND: expected one of .*, got 'frobnicate'"),
        (["chekc"], "COMMAND: expected one of .*, got 'chekc'; did you mean check\\?"),
        (["--frobnicate"], r"--frobnicate: not an option of w2v-verified \(see w2v-verified --help\)"),
        (["--verison"], r"--verison: not an option of w2v-verified; did you mean --version\?"),
        (
            ["train", "--frobnicate"],
            r"--frobnicate: not an option of w2v-verified train \(see w2v-verified train --help\)",
        ),
        (["train", "--rat", "1"], r"--rat: not an option of w2v-verified train; did you mean --rate\?"),
        (["train", "--rate", "fast"], "--rate: expected a finite number from 0, got 'fast'"),
        (["train", "--rate"], "--rate: expected a finite number from 0, got nothing"),
        (["train", "--rate", "--frobnicate"], "--rate: expected a finite number from 0, got '--frobnicate'"),
        (["train", "more"], r"expected no further argument, got 'more' \(see w2v-verified train --help\)"),
    ],
)
def test_wrong_usage_is_one_line(
    run_stub: RunStub, capfd: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    run_stub(lambda options: 0)  # leaves the stub in place
    assert cli.main(arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert re.fullmatch(rf"w2v-verified: {message}\n", err)


def test_every_command_is_listed_and_every_listed_command_exists() -> None:
    status, out, err = outcome("--help")
    assert (status, err) == (0, "")
    assert sorted(re.findall(r"^    (\w+)  ", out, flags=re.MULTILINE)) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    status, out, err = outcome(command, "--help")
    assert (status, err) == (0, "")
    assert out.startswith(f"usage: w2v-verified {command} ")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_an_unknown_option(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    status = cli.main([command, "--frobnicate"])
    out, err = capfd.readouterr()
    assert (status, out, err.count("\n")) == (2, "", 1)


def test_the_status_is_that_of_the_process() -> None:
    status, out, err = outcome("verify", "--frobnicate")
    assert (status, out, err.count("\n")) == (2, "", 1)


def test_the_version_is_that_of_the_project() -> None:
    assert outcome("--version") == (0, f"w2v-verified {version('w2v_verified')}\n", "")


def test_the_script_is_the_module(capfd: pytest.CaptureFixture[str]) -> None:
    script = Path(sys.executable).parent / "w2v-verified"
    assert subprocess.run([script, "--version"], check=True).returncode == 0
    assert capfd.readouterr().out == outcome("--version")[1]


def test_a_closed_pipe_is_quiet() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "w2v_verified", "--help"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    run = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, env=environment, check=False)
    os.close(writer)
    assert (run.returncode, run.stderr) == (141, b"")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Make an environment that holds this package and NumPy, and no extra."""
    site = tmp_path_factory.mktemp("bare")
    packages = Path(np.__file__).parent.parent
    for source in (ROOT / "w2v_verified", packages / "numpy", packages / "numpy.libs"):
        (site / source.name).symlink_to(source)
    return {"PYTHONPATH": str(site)}


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (["verify"], "verify"),
        (["check", "mine.py:loss", "--loss", "naive_softmax"], "verify"),
        (["neighbours", os.devnull, "word"], "train"),
    ],
)
def test_a_missing_extra_is_named(bare: dict[str, str], arguments: list[str], extra: str) -> None:
    status, out, err = outcome(*arguments, environment=bare, flags=("-S",))
    assert (status, out) == (2, "")
    assert re.fullmatch(
        rf"w2v-verified: {arguments[0]}: \S+ is not installed: pip install 'w2v_verified\[{extra}\]'\n", err
    )


def test_help_needs_no_extra(bare: dict[str, str]) -> None:
    assert outcome("--help", environment=bare, flags=("-S",)) == outcome("--help")


def test_every_optional_package_of_the_project_is_known() -> None:
    extras: dict[str, list[str]] = PROJECT["optional-dependencies"]
    wanted = [requirement for extra in ("derive", "verify", "train") for requirement in extras[extra]]
    packages = {re.split(r"[^\w-]", requirement)[0] for requirement in wanted}
    modules = {package: package.removeprefix("python-") for package in packages}
    assert {
        package: missing_extra(ModuleNotFoundError(name=modules[package]), "dev") for package in packages
    } == {package: f"{package} is not installed: pip install 'w2v_verified[dev]'" for package in packages}
