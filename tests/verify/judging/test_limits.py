"""Hangs, exits, crashes, memory, broken files: findings in clear words, in this process and in one of its own."""

import contextlib
import io
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mutants import right

from w2v_verified.__main__ import main
from w2v_verified.verify import Report, check

pytestmark = pytest.mark.slow

SOLUTION = """
import os
import sys
import time

import numpy as np

print("printed while importing")

def right(v_c, o, U):
    print("printed in a call")
    s = v_c @ U - (v_c @ U).max()
    e = np.exp(s)
    delta = e / e.sum()
    loss = np.log(e.sum()) - s[o]
    delta[o] -= 1
    return loss, U @ delta, np.outer(v_c, delta)

def hangs(v_c, o, U):
    while U.shape[1] == 1:
        try:
            time.sleep(0.01)
        except Exception:
            pass
    return right(v_c, o, U)

def swallows(v_c, o, U):
    while U.shape[1] == 1:
        try:
            sum(range(1000))
        except BaseException:
            pass
    return right(v_c, o, U)

def exits(v_c, o, U):
    if U.shape[1] == 1:
        sys.exit(3)
    return right(v_c, o, U)

def dies(v_c, o, U):
    if U.shape[1] == 1:
        os.abort()
    return right(v_c, o, U)

def leaves(v_c, o, U):
    if U.shape[1] == 1:
        os._exit(0)
    return right(v_c, o, U)

def eats(v_c, o, U):
    if U.shape[1] == 1:
        np.ones(2**34)
    return right(v_c, o, U)
"""


@pytest.fixture
def solution(tmp_path: Path) -> Path:
    file = tmp_path / "limits_of_a_solution.py"
    file.write_text(SOLUTION)
    return file


def _hangs(v_c: Any, o: Any, U: Any) -> Any:
    while U.shape[1] > 20:
        time.sleep(0.01)
    return right(v_c, o, U)


def test_hang_is_found_in_this_process() -> None:
    hung = []

    def hangs(v_c: Any, o: Any, U: Any) -> Any:
        if U.shape[1] > 20:
            hung.append(U.shape)
        return _hangs(v_c, o, U)

    report = check(hangs, "naive_softmax", time_limit=0.2)
    assert report.grade == "could not be judged"
    assert [finding.kind for finding in report.findings] == ["hang"]
    assert "did not return within 0.2 s" in str(report)
    assert report.counterexample is not None
    assert len(report.counterexample) < 300
    assert len(hung) <= 2  # each time costs the whole limit


def test_the_limit_is_time_of_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("w2v_verified.verify.judging.guard._WAITING", 100)

    def busy(v_c: Any, o: Any, U: Any) -> Any:
        while U.shape[1] > 20:
            pass
        return right(v_c, o, U)

    before = time.process_time()
    assert check(busy, "naive_softmax", time_limit=0.1).grade == "could not be judged"
    assert time.process_time() - before < 8  # where it is the clock's, it is 10


def test_alarm_that_is_swallowed_rings_again() -> None:
    def stubborn(v_c: Any, o: Any, U: Any) -> Any:
        try:
            return _hangs(v_c, o, U)
        except BaseException:
            return _hangs(v_c, o, U)

    assert check(stubborn, "naive_softmax", time_limit=0.1).findings[0].kind == "hang"


def test_no_time_limit_outside_the_main_thread() -> None:
    found = []
    thread = threading.Thread(target=lambda: found.append(check(right, "naive_softmax", examples=5).ok))
    thread.start()
    thread.join()
    assert found == [True]


def test_exit_is_a_finding() -> None:
    def leaves(v_c: Any, o: Any, U: Any) -> Any:
        raise SystemExit("enough")

    report = check(leaves, "naive_softmax")
    assert report.findings[0].kind == "exit"
    assert "tries to end the program: exit('enough')" in report.findings[0].message


def test_time_limit_must_be_positive() -> None:
    with pytest.raises(ValueError, match="time_limit: expected more than 0 seconds, got 0"):
        check(right, "naive_softmax", time_limit=0)


@pytest.mark.parametrize(
    ("function", "seconds", "status", "kind", "words"),
    [
        ("hangs", "1", 2, "hang", "did not return within 1 s"),
        ("exits", "900", 1, "exit", "tries to end the program: exit(3)"),
        ("dies", "900", 1, "crash", "the process was ended by SIGABRT"),
        ("leaves", "900", 1, "crash", "the process ended itself with status 0"),
        ("eats", "900", 2, "memory", "runs out of memory: "),
    ],
)
def test_isolated_misdeeds_are_findings(
    solution: Path,
    function: str,
    seconds: str,
    status: int,
    kind: str,
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    target = f"{solution}:{function}"
    limits = ["--isolate", "--time-limit", seconds, "--memory-limit", "1", "--json"]
    assert main(["check", target, "--loss", "naive_softmax", *limits]) == status
    found = json.loads(capsys.readouterr().out)["findings"][0]
    assert found["kind"] == kind
    assert words in found["message"]
    assert np.shape(found["arguments"]["U"])[1] == 1


@pytest.mark.long_inputs
def test_isolated_verdict_is_the_same(solution: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = []
    for isolated in ([], ["--isolate"]):
        assert main(["check", f"{solution}:right", "--loss", "naive_softmax", "--json", *isolated]) == 0
        reports.append(json.loads(capsys.readouterr().out) | {"seconds": 0})
    assert reports[0] == reports[1]


@pytest.mark.parametrize("isolated", [[], ["--isolate"]])
def test_broken_file_is_told_with_its_line(
    tmp_path: Path, isolated: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "divides_by_zero.py"
    file.write_text("x = 1\n\n1 / 0\n")
    assert main(["check", f"{file}:f", "--loss", "naive_softmax", *isolated]) == 1
    assert "cannot be imported: ZeroDivisionError: division by zero (line 3)" in capsys.readouterr().out


def test_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", f"{tmp_path}", "--loss", "naive_softmax"]) == 2
    assert "FILE.py:FUNCTION: expected a file, got the folder" in capsys.readouterr().err


def _swallows(v_c: Any, o: Any, U: Any) -> Any:
    while not _swallows_no_more:
        with contextlib.suppress(BaseException):
            time.sleep(0.01)
    return right(v_c, o, U)


_swallows_no_more: list[str] = []


class _Heard(io.StringIO):
    """Standard error that ends the call once something is said there."""

    def write(self, text: str) -> int:
        _swallows_no_more.append(text)
        return super().write(text)


def test_call_that_cannot_be_ended_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever calls is told from within the call; nothing else can be done about it in one process."""
    monkeypatch.setattr("w2v_verified.verify.judging.guard._AGAIN", 0.02)

    def stuck(report: Report) -> None:
        _swallows_no_more.append(str(report))

    check(_swallows, "naive_softmax", examples=0, time_limit=0.05, stuck=stuck)
    assert "hang: did not return within 0.15 s, and swallows every exception" in _swallows_no_more.pop()
    monkeypatch.setattr(sys, "stderr", _Heard())
    check(_swallows, "naive_softmax", examples=0, time_limit=0.05)
    assert "_swallows did not return within 0.15 s" in "".join(_swallows_no_more)
    _swallows_no_more.clear()


@pytest.mark.parametrize("isolated", [[], ["--isolate"]])
def test_command_ends_itself_where_it_cannot_end_a_call(solution: Path, isolated: list[str]) -> None:
    limits = ["--time-limit", "0.3", "--json", *isolated]
    command = [
        sys.executable,
        "-m",
        "w2v_verified",
        "check",
        f"{solution}:swallows",
        "--loss",
        "naive_softmax",
    ]
    done = subprocess.run([*command, *limits], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert [each["kind"] for each in json.loads(done.stdout)["findings"]] == ["hang"]
