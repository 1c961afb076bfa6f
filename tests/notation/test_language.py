"""The language of programs: what is read, what is refused and with which words; names and ranges of a record."""

import json
import re
from fractions import Fraction
from importlib import resources
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_verified.notation import LanguageError, decimals, parse, syntax
from w2v_verified.notation.messages import shortened
from w2v_verified.verify.record import Record, axis_sizes, load, names


def test_reads_every_kind_of_expression() -> None:
    text = "a[b in B] = sum(w in V, (w != o[b]) * -exp(z[b, w]) ** 2 / V) + 1.5 if m < 0 else max(w in V, z[b, w])"
    (statement,) = parse([text]).statements
    assert statement.target == "a"
    assert statement.bounds == (syntax.Bound("b", "B"),)
    assert statement.text == text
    choice = statement.expression
    assert isinstance(choice, syntax.Choice)
    assert choice.condition == syntax.Comparison("<", syntax.Name("m"), syntax.Number(0))
    entry = syntax.Entry("z", (syntax.Running("b"), syntax.Running("w")))
    assert choice.otherwise == syntax.Maximum(syntax.Bound("w", "V"), entry)
    assert isinstance(choice.then, syntax.Binary)
    total = choice.then.left
    assert isinstance(total, syntax.Sum)
    quotient = total.body
    assert isinstance(quotient, syntax.Binary)
    assert quotient.operator == "/"
    assert quotient.right == syntax.Name("V")
    product = quotient.left
    assert isinstance(product, syntax.Binary)
    assert product.left == syntax.Indicator(
        "!=", syntax.Running("w"), syntax.Lookup("o", (syntax.Running("b"),))
    )
    assert product.right == syntax.Negative(syntax.Binary("**", syntax.Call("exp", entry), syntax.Number(2)))


def number(text: str) -> int | Fraction:
    (statement,) = parse([f"a = {text}"]).statements
    assert isinstance(statement.expression, syntax.Number)
    return statement.expression.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Fraction(1, 10)),
        ("0.12345678901234567891", Fraction(12345678901234567891, 10**20)),
        ("1.5e-3", Fraction(15, 10**4)),
        ("1_000.5", Fraction(2001, 2)),
        (".5", Fraction(1, 2)),
        ("5e-324", Fraction(5, 10**324)),
        ("2.0", 2),
        ("3.", 3),
        ("1e23", 10**23),
        ("0x10", 16),
        ("0.0", 0),
        ("0e999999999", 0),
    ],
)
def test_a_literal_is_the_number_it_spells(text: str, value: int | Fraction) -> None:
    found = number(text)
    assert found == value
    assert isinstance(found, int) == (value == int(value))


def test_a_decimal_is_found_behind_letters_of_several_bytes() -> None:
    (statement,) = parse(["ä = é * 0.1"]).statements
    assert statement.expression == syntax.Binary("*", syntax.Name("é"), syntax.Number(Fraction(1, 10)))


DIGITS = st.text("0123456789", min_size=1, max_size=40)


@given(DIGITS, DIGITS, st.integers(-280, 280))
def test_no_digit_of_a_decimal_is_lost(whole: str, part: str, exponent: int) -> None:
    exact = Fraction(int(whole + part), 10 ** len(part)) * Fraction(10) ** exponent
    if 1e-300 < exact < 1e300:
        assert number(f"{int(whole)}.{part}e{exponent}") == exact


@given(st.integers(-(10**30), 10**30), st.integers(0, 40), st.integers(0, 120))
def test_what_is_written_is_read_as_the_same_number(digits: int, places: int, halvings: int) -> None:
    exact = Fraction(digits, 10**places * 2**halvings)
    if exact > 0:
        assert number(decimals.written(exact)) == exact
        assert decimals.written(-exact) == f"-{decimals.written(exact)}"


def test_a_program_is_parsed_once() -> None:
    assert parse(["a = 1"]) is parse(("a = 1",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a =", "'a =': not Python syntax"),
        ("a + b", "expected 'name = expression'"),
        ("a = b = 1", "expected 'name = expression'"),
        ("a[w] = 1", "'w': expected 'index in axis'"),
        ("a[w in V, w in V] = 1", "the index w is bound already"),
        ("a[w in V] = sum(w in V, z[w])", "'w in V': the index w is bound already"),
        ("a[w in V] = w", "'w': an index can point into an array but has no value"),
        ("a = sum(z[w])", r"'sum\(z\[w\]\)': expected sum\(index in axis, expression\)"),
        ("a = erf(x)", r"'erf\(x\)': unknown function erf; known: abs, "),
        ("a = max(x, y, z)", r"expected max\(x, y\) or max\(index in axis, x\), got 3 parts"),
        ("a = max(x)", "got 1 parts"),
        ("a = min(x, y)", r"unknown function min; write -max\(-x, -y\)"),
        ("a[w in V] = (w < 3)", "'3': a bracket compares indices, not numbers"),
        ("a[w in V] = (x[w] + 1 < w)", "a bracket compares indices, not numbers"),
        ("a = exp(x, y)", "exp takes one argument, got 2"),
        ("a = exp(x=1)", "not an expression of this language"),
        ("a = x // y", "'x // y': not an expression of this language"),
        ("a = 'x'", "not an expression of this language"),
        ("a = True", "a truth value is no number"),
        ("a = x if y else z", "'y': expected a comparison"),
        ("a = x if y == z else z", "'y == z': expected a comparison"),
        ("a = z[w + 1]", r"'w \+ 1': expected an index"),
        ("a = z[0]", "'0': expected an index"),
        ("a = lambda: 1", "not an expression of this language"),
        ("a = 1j", "'1j': not an expression of this language"),
        ("a = x * 1e999", "'1e999': the nearest float64 is infinite"),
        ("a = 1e999999999999", "'1e999999999999': the nearest float64 is infinite"),
        (f"a = 1{'0' * 400}", "000': the nearest float64 is infinite"),
        ("a = x + 0.1e-399", "'0.1e-399': the nearest float64 is 0"),
        (f"a = 0.{'1' * 5000}", "111': more digits than can be read"),
    ],
)
def test_refuses_what_is_not_in_the_language(text: str, message: str) -> None:
    with pytest.raises(LanguageError, match=message) as caught:
        parse(["b = 1", text])
    assert repr(shortened(text)) in str(caught.value)


def test_refuses_a_second_assignment() -> None:
    with pytest.raises(LanguageError, match="'a = 2': a is assigned a second time"):
        parse(["a = 1", "a = 2"])


def softmax(**programs: list[str]) -> Record:
    folder = resources.files("w2v_verified.generated.records")
    data: dict[str, Any] = json.loads(folder.joinpath("naive_softmax.json").read_text(encoding="utf-8"))
    return Record.from_json({**data, **programs})


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        (["loss = z[o]"], "z: not a floating argument or an earlier statement"),
        (["loss = v_c[o]"], "v_c: index 1 runs over d, got one into V: write an index bound by 'in d'"),
        (["loss = sum(w in V, U[w, w])"], "U: index 1 runs over d, got one into V"),
        (["loss = U[o]"], "U: expected 2 indices, got 1"),
        (["loss = v_c"], r"v_c: neither a scalar nor an axis, but an array: write an entry, v_c\[i\]"),
        (["loss = o"], "o: neither a scalar nor an axis; an index has no value of its own"),
        (["loss = sum(w in W, 1)"], "w in W: there is no axis W"),
        (["z[w in W] = 1", "loss = 1"], "w in W: there is no axis W"),
        (["loss = sum(i in d, (i == o) * 1)"], "compares an index into d with one into V"),
        (
            ["loss = sum(w in V, (w == q) * 1)"],
            "q: neither a bound index nor an index argument: write it inside of sum.q in axis",
        ),
        (
            ["loss = v_c[i]"],
            "i: neither a bound index nor an index argument: write it inside of sum.i in d, ",
        ),
        (["U = 1", "loss = 1"], "U is the name of something else"),
        (["V = 1", "loss = 1"], "V is the name of something else"),
        (["value = 1"], "loss: no statement computes it"),
        (["loss = 1 if q < 1 else 2"], "q: neither a scalar nor an axis"),
        (["loss = 1 / -exp(q) ** 2"], "q: neither a scalar nor an axis"),
    ],
)
def test_refuses_names_and_ranges_a_record_does_not_have(definition: list[str], message: str) -> None:
    record = softmax(definition=definition)
    with pytest.raises(LanguageError, match=message):
        _ = record.programs


def test_refuses_a_program_without_all_gradients() -> None:
    record = softmax(stable=["loss = 1"])
    with pytest.raises(LanguageError, match="grad_v_c: no statement computes it"):
        _ = record.programs


def test_every_record_of_the_package_loads() -> None:
    assert {"naive_softmax", "naive_softmax_batch"} <= set(names())
    for name in names():
        record = load(name)
        assert record.name == name
        assert set(record.programs) == {"definition", "prepared", "textbook", "stable"}
        assert [result.of for result in record.results] == [
            None,
            *(each.name for each in record.arguments if each.gradient),
        ]


def test_unknown_loss_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"loss: expected one of .*naive_softmax.*, got 'softmx'"):
        load("softmx")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"v_c": np.ones((2, 1))}, r"v_c: expected shape \(d,\), got \(2, 1\)"),
        (
            {"U": np.ones((3, 2))},
            r"U: expected shape \(d, V\) with d = 2 as in v_c, got \(3, 2\)",
        ),
        ({"U": np.ones((2, 0))}, "U: expected V >= 1, got 0"),
        ({"o": [1, 2]}, r"o: expected shape \(\), got \(2,\)"),
    ],
)
def test_sizes_name_the_argument_that_disagrees(change: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"v_c": np.ones(2), "o": 0, "U": np.ones((2, 4))}
    assert axis_sizes(load("naive_softmax"), arguments) == {"d": 2, "V": 4}
    with pytest.raises(ValueError, match=message):
        axis_sizes(load("naive_softmax"), {**arguments, **change})


def test_sizes_name_the_argument_that_is_missing() -> None:
    with pytest.raises(ValueError, match="U: missing"):
        axis_sizes(load("naive_softmax"), {"v_c": np.ones(2), "o": 0})


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("x[i] ^ 2", "write x ** 2"),
        ("x @ x", "write sum(i in d, x[i] * y[i])"),
        ("mean(i in d, x[i])", "write sum(i in d, x[i]) / d"),
        ("where(x[i], 1, 2)", "write a product with a bracket"),
        ("maximum(x[i], y[i])", "write max(x, y)"),
        ("np.exp(x[i])", "a function has no dot: write exp(...)"),
        ("x.mean()", "a function has no dot: write sum(i in d, x[i]) / d"),
        ("sum(x, axis=0)", "a function takes no keywords"),
        ("U.T", "write the indices in the other order"),
        ("U[i][w]", "write all indices in one pair of brackets, x[i, j]"),
        ("i == j == k", "write a product of brackets"),
        ("(i == j) and (j == k)", "write a product of brackets"),
        ("not x[i]", "(i != j)"),
        ("x[i],", "a comma makes several of it"),
        ("f'{x}'", "brackets (i == j) and functions of one expression"),
        ("x[i + 1]", "an index argument with axes, x[next[i]]"),
        ("x[1:]", "write the entry, x[i] within sum(i in d, ...)"),
        ("x[0]", "an index argument, Position"),
        ("i * x[i]", "give its numbers as an array"),
    ],
)
def test_what_is_written_elsewhere_is_told_how_to_be_written_here(written: str, instead: str) -> None:
    with pytest.raises(LanguageError, match=re.escape(instead)):
        parse([f"s[i in d] = {written}"])
