"""What a report says is in the words of the caller's code: its entries can be typed, its snippets run as they are."""

import contextlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from course_solutions import FURTHER, WRONG
from mutants import Implementation, name_of, one_vector_a_row

from w2v_verified import negative_sampling_sparse
from w2v_verified.__main__ import main
from w2v_verified.verify import CONVENTIONS, Finding, Report, check, deck, load
from w2v_verified.verify.judging.judge import judge
from w2v_verified.verify.report.origin import Origin, origin_of
from w2v_verified.verify.report.snippet import snippet

SOLUTIONS = [*((function, loss) for function, loss, _ in WRONG), *FURTHER]
OF_THE_RECORD = re.compile(r"\b(v_c|o|U|grad_v_c|grad_U|negatives)\b")
ENTRY = re.compile(r"\b[A-Za-z]\w*\[\d+(?:, \d+)*\]")


@cache
def verdict(function: Implementation, loss: str) -> Report:
    return check(function, loss, "cs224n", examples=0)


def entries(text: str) -> list[str]:
    return [found.group() for found in ENTRY.finditer(text)]


def shown(function: Implementation, report: Report, finding: Finding) -> tuple[dict[str, Any], str]:
    """The names that a snippet of a finding leaves behind, and what it prints."""
    source = snippet(report.reworded, CONVENTIONS[report.convention], origin_of(function), finding)
    scope: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), np.errstate(all="ignore"):
        if "raises" in finding.message:
            with pytest.raises(Exception, match=re.escape(finding.message.partition(": ")[2])):
                exec(source, scope)
        else:
            exec(source, scope)
    return scope, printed.getvalue()


@pytest.mark.parametrize(("function", "loss"), SOLUTIONS, ids=[name_of(f) for f, _ in SOLUTIONS])
def test_every_entry_that_is_named_can_be_typed(function: Implementation, loss: str) -> None:
    report = verdict(function, loss)
    assert report.findings
    named = 0
    for finding in report.findings:
        scope, printed = shown(function, report, finding)
        for entry in entries(str(finding)):
            assert np.isscalar(eval(entry, scope))
            named += 1
        if finding.deviation is not None and finding is report.findings[0]:
            seen = float(eval(finding.deviation.entry, scope))
            assert seen == finding.deviation.computed or np.isnan(seen)
            assert f"{finding.deviation.entry} is" in printed
            assert f"should be {finding.deviation.exact!r}" in printed
    assert named == len(entries(" ".join(map(str, report.findings))))
    assert set(entries(" ".join(map(str, report.findings)))) <= set(entries(report.text(60)))


@pytest.mark.parametrize(("function", "loss"), SOLUTIONS, ids=[name_of(f) for f, _ in SOLUTIONS])
def test_nothing_is_said_in_the_words_of_the_record(function: Implementation, loss: str) -> None:
    report = verdict(function, loss)
    assert not OF_THE_RECORD.search(str(report))
    data = json.dumps({k: v for k, v in report.to_dict().items() if k not in ("counterexample", "points")})
    assert not OF_THE_RECORD.search(data)
    arguments = report.to_dict()["findings"][0]["arguments"]
    assert list(arguments)[:3] == ["centerWordVec", "outsideWordIdx", "outsideVectors"]
    assert len(arguments["outsideVectors"][0]) == len(arguments["centerWordVec"])


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize(("function", "loss"), SOLUTIONS, ids=[name_of(f) for f, _ in SOLUTIONS])
def test_lines_are_as_wide_as_the_terminal(function: Implementation, loss: str, width: int) -> None:
    text = verdict(function, loss).text(width)
    assert "..." not in text
    long = [line for line in text.splitlines() if len(line) > width and " " in line.strip()]
    assert all(line.lstrip().startswith("sys.path.insert(") for line in long), long


def test_entries_of_rows_are_those_of_rows() -> None:
    def wrong(v: Any, o: Any, W: Any) -> Any:
        loss, gradient, rows = one_vector_a_row(v, o, W)
        return loss, gradient, rows + (np.indices(rows.shape)[0] == 4) * (np.indices(rows.shape)[1] == 0)

    record = CONVENTIONS["rows"].reworded(load("naive_softmax"))
    finding = judge(wrong, record, deck(record)[0].arguments).finding
    assert finding is not None
    assert finding.message.startswith("grad_U[4, 0] is ")
    assert finding.deviation is not None
    assert finding.deviation.position == (4, 0)
    assert "grad_U[w in V, i in d] = v_c[i] * delta[w]" in record.textbook


def test_every_name_in_a_quoted_line_is_explained() -> None:
    report = verdict(*next(each for each in SOLUTIONS if name_of(each[0]) == "sampling_without_the_centre"))
    assert "delta_z[k]" in str(report.findings[0].diagnosis)
    assert {line.partition("[")[0].partition(" ")[0] for line in report.notation} >= {
        "x",
        "z",
        "delta_x",
        "delta_z",
    }
    assert all(line.partition(" = ")[0] in " ".join(str(report).split()) for line in report.notation)


def test_the_plainest_finding_comes_first() -> None:
    report = verdict(*FURTHER[0])
    assert report.findings[0].kind == "value"
    assert np.size(np.asarray(report.findings[0].arguments["outsideVectors"])) <= 2


def test_columns_of_a_sparse_gradient_are_named_as_they_came() -> None:
    def wrong(*arguments: Any) -> Any:
        loss, gradient, columns, values = negative_sampling_sparse(*arguments)
        return loss, gradient, columns, values + 1

    record = load("negative_sampling_sparse")
    given = deck(record)[0].arguments
    finding = judge(wrong, record, given).finding
    assert finding is not None
    assert finding.deviation is not None
    (entry,) = entries(finding.message)
    returned = dict(zip(record.fields, wrong(*given.values()), strict=True))
    assert entry.startswith("grad_columns[")
    assert float(eval(entry, returned)) == finding.deviation.computed


def test_a_column_that_is_left_out_is_named() -> None:
    def short(*arguments: Any) -> Any:
        loss, gradient, columns, values = negative_sampling_sparse(*arguments)
        return loss, gradient, columns[1:], values[:, 1:]

    record = load("negative_sampling_sparse")
    finding = judge(short, record, deck(record)[0].arguments).finding
    assert finding is not None
    assert ", whose column is left out, is 0 and should be " in finding.message
    scope: dict[str, Any] = {"short": short}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(snippet(record, CONVENTIONS["columns"], Origin("short"), finding), scope)
    assert printed.getvalue().startswith("columns is [")
    assert re.search(r"grad_U\[\d, \d\] should be -?\d", printed.getvalue())


# ------------------------------------------------------------------------------------ command line

MINE = """
import numpy as np

def my_loss(centerWordVec, outsideWordIdx, outsideVectors, dataset):
    y = np.exp(outsideVectors @ centerWordVec)
    y = y / y.sum()
    loss = -np.log(y[outsideWordIdx])
    return loss, outsideVectors.T @ y, np.outer(y, centerWordVec)
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "mine_of_a_caller.py").write_text(MINE)
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)
    yield tmp_path / "mine_of_a_caller.py"
    sys.path[:] = path
    sys.modules.pop("mine_of_a_caller", None)


def test_the_snippet_of_the_command_runs_in_a_fresh_process(
    mine: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    command = ["check", f"{mine.name}:my_loss", "--loss", "naive_softmax", "--convention", "cs224n"]
    assert main([*command, "--examples", "0"]) == 1
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 60
    assert main([*command, "--examples", "0", "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    source = data["counterexample"]
    assert "from mine_of_a_caller import my_loss\n" in source
    assert all(f"    {line}" in out.splitlines() for line in source.splitlines())
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    deviation = data["findings"][0]["deviation"]
    assert (
        done.stdout
        == f"{deviation['entry']} is {deviation['computed']}\nand should be {deviation['exact']}\n"
    )
