"""Whatever a definition's file says, ``derive`` answers in one line that names it, or writes what is right."""

import ast
import io
import re
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from documents import INTERNAL, faults
from hypothesis import given, settings
from odd_definitions import files, of

from w2v_verified.__main__ import main
from w2v_verified.notation import language
from w2v_verified.symbolic.definition import validate

_MANY = settings().max_examples
SOME = settings(max_examples=_MANY if _MANY > 1000 else max(20, _MANY // 3))
INNER = re.compile(
    "|".join(
        [*(re.escape(word) for word in INTERNAL if word != "@"), r"@\d", "object at 0x", r"[A-Z]\w*\(\w+="]
    )
)
"""What no message says: words of the engine, and what Python makes of an object that has no words."""


def answered(text: str) -> list[str]:
    """What is wrong with the answer of ``derive`` to a file of this text."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mine.py").write_text(text, encoding="utf-8")
        said = io.StringIO()
        with redirect_stderr(said), redirect_stdout(io.StringIO()):
            try:
                status = main(
                    [
                        "derive",
                        f"{folder}/mine.py",
                        "-o",
                        f"{folder}/out.py",
                        "--document",
                        f"{folder}/out.md",
                    ]
                )
            except Exception as error:
                return [f"raises {error!r}"]
        if status == 0:
            return _written(folder)
        message = said.getvalue()
        runs = "raises" not in message and "LOSS" not in message and "not Python" not in message
        found = [] if status == 1 or (status == 2 and not runs) else [f"status {status}"]
        found += (
            []
            if len(message.splitlines()) == 1 and "mine.py: " in message
            else ["not one line about the file"]
        )
        found += [] if len(message) < 700 else ["a long line"]
        found += [f"says {inner}" for inner in INNER.findall(message)]
        found += [] if [p.name for p in folder.iterdir()] == ["mine.py"] else ["wrote something"]
        return [f"{each}: {message}" for each in found]


def _written(folder: Path) -> list[str]:
    namespace: dict[str, Any] = {"__name__": "out"}
    exec(compile((folder / "out.py").read_text(encoding="utf-8"), "out.py", "exec"), namespace)
    return faults((folder / "out.md").read_text(encoding="utf-8"))


@SOME
@given(text=files())
def test_an_odd_file_gets_one_line_or_what_is_right(text: str) -> None:
    assert answered(text) == []


def test_an_answer_that_is_no_line_about_the_file_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    comma, text = of(claims="(Claim('grad_c = 0'))"), of(definition="'loss = None'")
    assert answered(comma) == answered(text) == []
    monkeypatch.setattr(validate, "check_form", lambda loss: None)
    assert answered(comma)[0].startswith("raises TypeError")
    monkeypatch.setattr(language, "unread", lambda node: ast.dump(node))
    assert answered(text)[0].startswith("says Constant(value=")
