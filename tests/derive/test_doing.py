"""What a job that takes long is at: said in time, once where there is no terminal, and taken away at the end."""

import io

import pytest

from w2v_verified.commands._doing import Doing


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_over_soon_says_nothing() -> None:
    to = io.StringIO()
    with Doing("job", to, patience=600) as doing:
        doing("one")
    doing.show()
    assert to.getvalue() == ""


def test_where_there_is_no_terminal_one_line_says_what_it_is_at() -> None:
    to = io.StringIO()
    with Doing("job", to, patience=600) as doing:
        doing("one\n  step")
        doing.show()
        doing("another")
        doing.show()
    assert to.getvalue() == "job: this takes a while; now at one step\n"


@pytest.mark.parametrize(("columns", "longest"), [("60", 59), ("132", 100)])
def test_on_a_terminal_the_line_changes_and_goes(
    monkeypatch: pytest.MonkeyPatch, columns: str, longest: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    to = Terminal()
    with Doing("job", to, patience=600) as doing:
        doing("the first of all steps")
        doing.show()
        doing("x" * 200)
    first, second, gone = to.getvalue().lstrip("\r").split("\r")[:3]
    assert first == "job: this takes a while; now at the first of all steps"
    assert second.startswith("job: this takes a while; now at xxx")
    assert second.endswith("...")
    assert len(second) == longest
    assert gone == " " * longest


def test_it_is_said_without_being_asked_for() -> None:
    to = io.StringIO()
    with Doing("job", to, patience=0) as doing:
        doing._timer.join()
        assert to.getvalue().startswith("job: ")
