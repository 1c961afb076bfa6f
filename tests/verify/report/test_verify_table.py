"""The table of ``w2v-verified verify``: legible at any width, and nothing is cut."""

import io
from dataclasses import replace

import pytest
from mutants import right
from rich.console import Console

from w2v_verified.commands._verify_table import table
from w2v_verified.verify import check
from w2v_verified.verify.engine import Identities
from w2v_verified.verify.suite import Row


@pytest.mark.parametrize("width", [60, 80, 120, 132])
def test_nothing_is_cut(width: int) -> None:
    report = check(right, "naive_softmax", examples=0)
    assert report.worst is not None
    where = "float64/float32, d=300, V=70001, K=20, |v_c| <= 1e+15, |U| <= 1e-310"
    report = replace(report, worst=replace(report.worst, fraction=0.97, where=where))
    rows = {
        "skip_gram_negative_sampling": Row(report, 23, 23, 0.1, ()),
        "naive_softmax": Row(report, 22, 23, 0.1, ("value: wrong",)),
        "unread": Row(None, 0, 0, 0.0, ("the record cannot be read",)),
    }
    proved = {"skip_gram_negative_sampling": Identities(71, ()), "naive_softmax": Identities(3, ("x", "y"))}
    out = io.StringIO()
    console = Console(file=out, width=width)
    for line in table(rows, proved, width):
        console.print(line, highlight=False)
    text = out.getvalue()
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    words = " ".join(text.split())
    for said in (
        "skip_gram_negative_sampling",
        "yes (71 steps)",
        "no, 2 to mend",
        "22 of 23",
        "right",
        "wrong",
    ):
        assert said in words
    assert "0.97" in words
    assert "1e-310" in words
