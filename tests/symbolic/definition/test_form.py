"""The form of a definition: statements over several lines, comments, and what is no definition at all."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic import Array, Axis, Claim, Derivation, Loss, read_definition

SQUARE = Loss(
    name="square",
    summary="Half a square.",
    axes=(Axis("d"),),
    arguments=(Array("x", "d"),),
    definition="loss = sum(i in d, x[i] ** 2) / 2",
)

WRONG: dict[str, Any] = {"axes": ("d",)}


@pytest.mark.parametrize(
    "definition",
    [
        "loss = sum(i in d,\n    x[i] ** 2) / 2",
        "loss = sum(i in d,\nx[i] ** 2) / 2",
        "loss = sum(\n    i in d,\n    x[i] ** 2\n) / 2",
        "# half the square\n\nloss = sum(i in d, x[i] ** 2)  # of the length\n    / 2",
        "# far left\n    loss = sum(i in d,\n  x[i] ** 2\n)\n# in between\n        / 2",
        "loss = sum(i in d, x[i] ** 2)\n    / 2",
        """loss = sum(i in d,
                   x[i] ** 2) / 2""",
    ],
)
def test_a_statement_may_go_on_and_have_comments(definition: str) -> None:
    made = Derivation(replace(SQUARE, definition=definition))
    assert made.problem.stages == Derivation(SQUARE).problem.stages


def test_lines_that_are_not_indented_are_statements_of_their_own() -> None:
    assert SQUARE.statements("a = 1\n        b = 2\n            + 3\n    # no\n        c = (a ==\n b)") == (
        "a = 1",
        "b = 2 + 3",
        "c = (a == b)",
    )
    assert SQUARE.statements("a = 1\nb = 2\n    + 3\n\n# no\nc = a") == ("a = 1", "b = 2 + 3", "c = a")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"axes": Axis("d")}, "axes: expected a tuple, got one Axis; write a comma behind it"),
        (
            {"arguments": Array("x", "d")},
            "arguments: expected a tuple, got one Array; write a comma behind it",
        ),
        ({"claims": Claim("loss = 1")}, "claims: expected a tuple, got one Claim; write a comma behind it"),
        ({"axes": "d"}, "axes: expected a tuple of Axis, got str"),
        ({"arguments": ("x",)}, "arguments: expected Array or Position, got str"),
        ({"claims": None}, "claims: expected a tuple of Claim, got NoneType"),
        ({"name": None}, "name: expected text, got NoneType"),
        ({"definition": 3}, "definition: expected text, got int"),
        (
            {"arguments": (replace(Array("x", "d"), **WRONG),)},
            "arguments: Array: axes: expected text, got tuple",
        ),
    ],
)
def test_what_is_no_definition_is_refused_in_one_line(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(LanguageError) as error:
        Derivation(replace(SQUARE, **changed)).module()
    assert str(error.value) == message


TEXTS = ['says "this"', 'three """ quotes', "a back\\slash", 'ends with "', "two\nlines", "\\"]


@pytest.mark.parametrize("text", TEXTS)
def test_what_people_write_is_what_the_docstring_says(text: str) -> None:
    made = replace(SQUARE, summary=text, source=text, arguments=(Array("x", "d", text),))
    namespace: dict[str, Any] = {}
    exec(compile(Derivation(made).standalone("square.py"), "generated.py", "exec"), namespace)
    assert namespace["square"].__doc__.startswith(text)
    assert f"Source: {text}\n" in namespace["square"].__doc__
    assert namespace["__doc__"].startswith(text)


def test_a_definition_that_ends_the_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("raise SystemExit(3)", encoding="utf-8")
    with pytest.raises(LanguageError, match=r"own\.py: raises SystemExit: 3"):
        read_definition(tmp_path / "own.py")
