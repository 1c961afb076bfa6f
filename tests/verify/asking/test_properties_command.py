"""``w2v-verified properties``: everything is printed, at any width, and a mistake is one line."""

import io

import pytest
from rich.console import Console

from w2v_verified.__main__ import main
from w2v_verified.commands.properties import table
from w2v_verified.verify import properties


@pytest.mark.parametrize("width", [50, 80, 100, 132])
def test_nothing_is_cut(width: int) -> None:
    rows = properties("skip_gram_negative_sampling")
    out = io.StringIO()
    console = Console(file=out, width=width)
    for line in table(rows, width):
        console.print(line, highlight=False)
    text = out.getvalue()
    assert max(map(len, text.splitlines())) <= max(width, 60)
    assert "…" not in text
    assert all(row.name in text for row in rows)
    assert width >= 100 or all(row.statement in " ".join(text.split()) for row in rows)


def test_the_command_prints_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["properties", "naive_softmax", "--convention", "cs224n"]) == 0
    printed = capsys.readouterr().out
    assert all(row.name in printed for row in properties("naive_softmax", "cs224n"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope"], "LOSS: expected one of cbow_naive_softmax, "),
        (["missing.py"], "LOSS: missing.py: cannot be read"),
        (["cbow_naive_softmax", "--convention", "cs224n"], "--convention: cs224n knows losses of"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["properties", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"w2v-verified: {message}")
