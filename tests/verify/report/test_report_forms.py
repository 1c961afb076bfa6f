"""The report as a page and as data; a pytest test of anybody's function; losses of the user's own."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from mutants import no_shift, right, y_missing

from w2v_verified import naive_softmax
from w2v_verified.__main__ import main
from w2v_verified.verify import (
    check,
    error_bound,
    gradient_test,
    load,
    page,
    properties,
    property_tests,
    reference,
)
from w2v_verified.verify.judging.finding import Worst

KEYS = [
    "function",
    "loss",
    "convention",
    "arrays",
    "gradients",
    "grade",
    "ok",
    "strict",
    "range",
    "limits",
    "findings",
    "laws",
    "remarks",
    "worst",
    "deck",
    "examples",
    "long",
    "largest",
    "together",
    "clauses",
    "seed",
    "seconds",
    "counterexample",
    "advice",
    "points",
    "failed",
    "notation",
]


class _Tags(HTMLParser):
    """Sees that every tag is closed, and collects what would be fetched."""

    VOID = ("meta",)

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "a":
            self.fetched += [str(value) for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("function", [right, y_missing])
def test_page_is_whole_and_needs_nothing_else(function: Any) -> None:
    report = check(function, "naive_softmax", examples=20)
    text = page(report, load("naive_softmax"))
    tags = _Tags()
    tags.feed(text)
    assert not tags.open
    assert not tags.fetched
    assert "<script" not in text
    assert 'derivations/naive_softmax.md">derivations/naive_softmax.md</a>' in text
    assert report.grade in text
    assert text.count("<circle") == len([p for p in report.points if 0 < p.bound < float("inf")])
    if report.counterexample is not None:
        assert "y_missing(v_c, o, U)" in text
        assert "What it looks like" in text


def test_page_shows_what_came_as_it_is() -> None:
    def tricky(v_c: Any, o: Any, U: Any) -> Any:
        raise ValueError("<script>alert(1)</script> & more")

    text = page(check(tricky, "naive_softmax", examples=0), load("naive_softmax"))
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_keys_of_the_data_stay() -> None:
    for function in (right, no_shift):
        data = check(function, "naive_softmax", examples=10).to_dict()
        assert list(data) == KEYS
        json.dumps(data, allow_nan=False)
        for finding in (*data["findings"], *data["remarks"]):
            assert list(finding) == [
                "kind",
                "message",
                "case",
                "apart",
                "diagnosis",
                "arguments",
                "deviation",
                "broken",
            ]


def test_digits_lost_are_named() -> None:
    report = check(right, "naive_softmax", examples=50)
    assert report.ok
    assert report.advice is not None
    assert "comes in steps of 2^-53" in report.advice
    assert re.search(r"loses up to \d+ digits", str(report))
    assert check(naive_softmax, "naive_softmax", examples=10).advice is None


def test_ready_test_passes_for_right_code() -> None:
    gradient_test(right, "naive_softmax", max_examples=20)()
    gradient_test(naive_softmax, "naive_softmax", strict=True, max_examples=20)()


OF_A_USER = """
import numpy as np
from w2v_verified.verify import gradient_test, property_tests

def mine(v_c, o, U):
    e = np.exp(U.T @ v_c - (U.T @ v_c).max())
    yhat = e / e.sum()
    delta = yhat - (np.arange(len(e)) == o)
    return -np.log(yhat[o]), U @ delta, np.outer(v_c, delta)

def careful(v_c, o, U):
    z = U.T @ v_c
    z = z - z.max()
    yhat = np.exp(z) / np.exp(z).sum()
    delta = yhat - (np.arange(len(z)) == o)
    return np.log(np.exp(z).sum()) - z[o], U @ delta, np.outer(v_c, delta)

test_a_function = gradient_test(careful, "naive_softmax", max_examples=15)
test_wrong_at_large_scores = gradient_test(mine, "naive_softmax", max_examples=15)

class TestOfAClass:
    test_a_method = gradient_test(careful, "naive_softmax", max_examples=15)

def writes(v_c, o, U):
    v_c *= 1
    return careful(v_c, o, U)

few = ["read_only_inputs_are_accepted", "surroundings_are_untouched"]
TestWrites = property_tests(writes, "naive_softmax", only=few, max_examples=5)

class TestMore(TestWrites):
    def test_more(self):
        assert TestWrites.__module__ == __name__
"""


@pytest.mark.slow
def test_ready_tests_stand_in_a_file_of_a_user(tmp_path: Path) -> None:
    """With pytest and Hypothesis as they come, as functions and in classes, in several processes."""
    (tmp_path / "test_mine.py").write_text(OF_A_USER)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "test_mine.py"]
    environment = {k: v for k, v in os.environ.items() if k not in ("CI", "HYPOTHESIS_PROFILE")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert "3 failed, 5 passed" in done.stdout
    for owner in ("TestWrites", "TestMore"):
        assert f"FAILED test_mine.py::{owner}::test_read_only_inputs_are_accepted" in done.stdout
    assert "from test_mine import writes" in done.stdout
    assert "FAILED test_mine.py::test_wrong_at_large_scores" in done.stdout


def test_ready_test_runs_again_and_again() -> None:
    made = gradient_test(right, "naive_softmax", max_examples=5)
    made()
    made()


@pytest.mark.parametrize(
    ("function", "examples", "message"), [(None, 5, "function"), (right, 0, "max_examples")]
)
def test_ready_test_refuses_what_it_cannot_use(function: Any, examples: int, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        gradient_test(function, "naive_softmax", max_examples=examples)


def test_ready_test_fails_with_the_report() -> None:
    with pytest.raises(AssertionError, match=r"one-hot y"):
        gradient_test(y_missing, "naive_softmax")()
    with pytest.raises(AssertionError, match=r"not ok: strict asks|is allowed"):
        gradient_test(right, "naive_softmax", strict=True, max_examples=500)()


def test_ready_test_shrinks_what_hypothesis_drew() -> None:
    def wrong_for_odd_words(v_c: Any, o: Any, U: Any) -> Any:
        loss, grad_v_c, grad_U = right(v_c, o, U)
        return loss + (U.shape[1] == 6), grad_v_c, grad_U

    with pytest.raises(AssertionError, match="loss is") as caught:
        gradient_test(wrong_for_odd_words, "naive_softmax", max_examples=300)()
    notes = "\n".join(getattr(caught.value, "__notes__", []))
    assert "Falsifying example" in notes or "wrong_for_odd_words(v_c, o, U)" in notes


RIDGE = '''
from w2v_verified.symbolic import Array, Axis, Loss

LOSS = Loss(
    name="ridge",
    summary="Squared error of a line through the data.",
    axes=(Axis("N", minimum=0), Axis("d")),
    arguments=(Array("w", "d"), Array("X", "N d", gradient=False), Array("y", "N", gradient=False)),
    definition="""
        r[n in N] = sum(i in d, X[n, i] * w[i]) - y[n]
        loss = sum(n in N, r[n] ** 2) / 2
    """,
)
'''

FUNCTIONS = """
def right(w, X, y):
    r = (1.0 * X) @ w - y
    return (r @ r) / 2, r @ X

def doubled(w, X, y):
    r = (1.0 * X) @ w - y
    return (r @ r) / 2, 2 * r @ X
"""


def test_loss_of_the_users_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loss, solution = tmp_path / "ridge.py", tmp_path / "solution_of_ridge.py"
    loss.write_text(RIDGE)
    solution.write_text(FUNCTIONS)
    assert main(["check", f"{solution}:right", "--loss", str(loss)]) == 0
    assert "right as ridge" in capsys.readouterr().out
    assert main(["check", f"{solution}:doubled", "--loss", str(loss)]) == 1
    assert "grad_w: 2 times what it should be" in capsys.readouterr().out

    def solved(w: Any, X: Any, y: Any) -> Any:
        r = (1.0 * X) @ w - y
        return r @ r / 2, r @ X

    assert check(solved, loss).ok
    assert [row.name for row in properties(loss)][1] == "grad_w_is_within_its_bound"
    property_tests(solved, str(loss), max_examples=3)().test_gradients_agree_with_differences_of_the_loss()
    arguments = {"w": [2.0], "X": [[1.0]], "y": [1.0]}
    assert reference(loss, arguments).ball("grad_w", 0) == 1
    assert error_bound(str(loss), arguments, "float64")["loss"] < 1e-14


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "cannot be read"),
        ("x = 1", "LOSS"),
        (RIDGE.replace("r[n] ** 2", "r[n] ** "), "wrong_loss.py"),
    ],
)
def test_wrong_definition_is_one_line(
    tmp_path: Path, text: str | None, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    loss, solution = tmp_path / "wrong_loss.py", tmp_path / "solution_of_wrong_loss.py"
    solution.write_text(FUNCTIONS)
    if text is not None:
        loss.write_text(text)
    assert main(["check", f"{solution}:right", "--loss", str(loss)]) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


def test_command_writes_a_page(tmp_path: Path) -> None:
    solution, written = tmp_path / "solution_for_a_page.py", tmp_path / "report.html"
    solution.write_text(FUNCTIONS)
    assert main(["check", f"{solution}:right", "--loss", "naive_softmax", "--report", str(written)]) == 1
    assert "What is wrong" in written.read_text()
    nowhere = str(tmp_path / "no" / "report.html")
    assert main(["check", f"{solution}:right", "--loss", "naive_softmax", "--report", nowhere]) == 2


def test_error_where_exact_code_makes_none_is_told() -> None:
    """With one word the loss is exactly zero, and next to nothing allowed."""
    report = check(right, "naive_softmax", examples=0)
    report = replace(report, worst=Worst(float("inf"), "loss", "float64, V=1"))
    assert "is not exact where exact code is, in loss on float64, V=1" in str(report)
    assert json.loads(json.dumps(report.to_dict(), allow_nan=False))["worst"]["fraction"] == "inf"
