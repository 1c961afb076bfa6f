"""The form of a definition: statements over several lines, comments, and what is no definition at all."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic import (
    Array,
    Axis,
    Chain,
    Claim,
    Derivation,
    Loss,
    Position,
    Section,
    Step,
    read_definition,
)
from w2v_verified.symbolic.definition.loss import lines

SQUARE = Loss(
    name="square",
    summary="Half a square.",
    axes=(Axis("d"),),
    arguments=(Array("x", "d"),),
    definition="loss = sum(i in d, x[i] ** 2) / 2",
)

WRONG: dict[str, Any] = {"axes": ("d",)}
ANY: tuple[Any, ...] = (None, 1, Step("SQUARE", "loss"))


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
    assert lines("a = 1\n        b = 2\n            + 3\n    # no\n        c = (a ==\n b)") == (
        "a = 1",
        "b = 2 + 3",
        "c = (a == b)",
    )
    assert lines("a = 1\nb = 2\n    + 3\n\n# no\nc = a") == ("a = 1", "b = 2 + 3", "c = a")


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
        ({"claims": None}, "claims: expected a tuple of Claim, got None"),
        ({"name": None}, "name: expected text, got None"),
        ({"definition": 3}, "definition: expected text, got int"),
        (
            {"arguments": (replace(Array("x", "d"), **WRONG),)},
            "arguments: Array: axes: expected text, got tuple",
        ),
        ({"optional": 1}, "optional: expected True or False, got int"),
        ({"axes": (Axis("d", minimum=ANY[0]),)}, "axes: Axis: minimum: expected a whole number, got None"),
        ({"axes": (Axis("d", minimum=6),)}, "axis d: expected a minimum from 0 to 5, got 6"),
        (
            {"arguments": (Array("x", "d", positive=ANY[1]),)},
            "arguments: Array: positive: expected True or False, got int",
        ),
        ({"arguments": (Array("x", " "),)}, "argument x: expected names of axes or no text, got ' '"),
        ({"latex": ("x", "y")}, "latex: expected a dictionary of texts, got tuple"),
        ({"latex": {"x": 1}}, "latex: x: expected text, got int"),
        ({"latex": {1: "x"}}, "latex: a key: expected text, got int"),
        ({"latex": {"x": ""}}, "latex: x: expected LaTeX, got ''"),
        ({"axes": (Axis("d", latex="a}{"),)}, "axes: Axis: latex: expected braces in pairs, got 'a}{'"),
        ({"latex": {"x": "|x|"}}, "latex: x: expected LaTeX without '|', got '|x|'"),
        ({"name": "x"}, "name x: an axis or an argument has this name; choose another"),
        (
            {"sections": Section("A", "b")},
            "sections: expected a tuple, got one Section; write a comma behind it",
        ),
        (
            {"sections": (Section("A", "[0]", (Chain("loss", ANY[2]),)),)},
            "sections: Section: chains: Chain: steps: expected a tuple, got one Step; write a comma behind it",
        ),
        (
            {"sections": (Section("A", "[0]", (Chain("loss", (), letting={"s": ANY[1]}),)),)},
            "sections: Section: chains: Chain: letting: s: expected text, got int",
        ),
    ],
)
def test_what_is_no_definition_is_refused_in_one_line(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(LanguageError) as error:
        Derivation(replace(SQUARE, **changed)).module()
    assert str(error.value) == message


@pytest.mark.parametrize("text", ["\0", "\x1b[31m", "\ud800", "\r"])
def test_a_text_that_no_file_can_hold_is_refused(text: str) -> None:
    with pytest.raises(LanguageError, match="summary: expected text without control characters"):
        Derivation(replace(SQUARE, summary=f"a{text}")).module()


TEXTS = ['says "this"', 'three """ quotes', "a back\\slash", 'ends with "', "two\nlines", "\\"]


@pytest.mark.parametrize("text", TEXTS)
def test_what_people_write_is_what_the_docstring_says(text: str) -> None:
    made = replace(SQUARE, summary=text, source=text, arguments=(Array("x", "d", text),))
    namespace: dict[str, Any] = {}
    exec(compile(Derivation(made).standalone("square.py"), "generated.py", "exec"), namespace)
    assert namespace["square"].__doc__.startswith(text)
    indented = text.replace("\n", "\n    ")
    assert f"Source: {indented}\n" in namespace["square"].__doc__
    assert namespace["__doc__"].startswith(text)


def test_a_definition_that_ends_the_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("raise SystemExit(3)", encoding="utf-8")
    with pytest.raises(LanguageError, match=r"own\.py: raises SystemExit: 3"):
        read_definition(tmp_path / "own.py")


def docstring_of(loss: Loss) -> str:
    namespace: dict[str, Any] = {}
    exec(compile(Derivation(loss).standalone("own.py"), "generated.py", "exec"), namespace)
    return str(namespace[loss.name].__doc__)


def test_a_docstring_shows_claims_without_their_comments() -> None:
    stated = 'grad_x[i in d] = (  # what """ is \\\n x[i])'
    assert "    grad_x[i in d] = ( x[i])\n" in docstring_of(replace(SQUARE, claims=(Claim(stated),)))


def test_a_docstring_says_what_holds_of_its_function_alone() -> None:
    plain = docstring_of(SQUARE)
    assert "The loss (a Python float)" in plain
    assert "index" not in plain
    gathered = replace(SQUARE, arguments=(*SQUARE.arguments, Position("o", "d")), definition="loss = x[o]")
    told = docstring_of(replace(gathered, unit="bits"))
    assert "The loss in bits (a Python float)" in told
    assert "IndexError: An index is negative or too large." in told


@pytest.mark.parametrize(
    ("definition", "shown"),
    [
        ("loss = 1e30 * sum(i in d, x[i])", "'5.000000e+30'"),
        ("loss = sum(i in d, exp(exp(exp(exp(exp(x[i]))))))", None),
        ("loss = sum(i in d, exp(1000 * x[i]))", None),
    ],
)
def test_the_example_shows_what_a_double_holds_and_axes_of_their_least_size(
    definition: str, shown: str | None
) -> None:
    written = docstring_of(replace(SQUARE, axes=(Axis("d", minimum=5),), definition=definition))
    assert ">>> x = np.array([1.0, -1.0, 2.0, 0.0, 3.0])" in written
    assert ("result.loss" in written) == (shown is not None)
    assert shown is None or shown in written
