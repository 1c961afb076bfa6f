"""Losses nobody here has named: each is derived, judged from its definition, or refused with a reason."""

import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from documents import faults
from user_losses import DERIVED, REFUSED, A, P, loss

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic import Derivation, record, replay
from w2v_verified.verify import OracleError, Record, check


@cache
def derived(name: str) -> Derivation:
    """What follows from a loss, followed once."""
    return Derivation(DERIVED[name])


def generated(derivation: Derivation) -> Any:
    namespace: dict[str, Any] = {}
    exec(compile(derivation.standalone("user_loss.py"), "user_loss_generated.py", "exec"), namespace)
    return namespace["user_loss"]


QUICK = (
    "glove",
    "several gathered tables",
    "bpr",
)


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n in QUICK else pytest.mark.slow) for n in DERIVED]
)
def test_a_loss_is_derived_and_its_code_judged_from_the_definition(name: str) -> None:
    derivation = derived(name)
    report = check(generated(derivation), Record.from_json(record(derivation)), examples=20, strict=True)
    assert report.ok, str(report)
    assert {remark.kind for remark in report.remarks} <= {"infinity_reaches_loss"}, str(report)


@pytest.mark.parametrize("name", QUICK)
def test_a_derivation_can_be_read_whatever_letters_its_axes_have(name: str) -> None:
    document = derived(name).document("user_loss.py")
    assert document.count("## ") >= 4
    assert faults(document) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", list(DERIVED)[::3])
def test_every_step_of_the_derivation_holds(name: str) -> None:
    assert replay(derived(name)).shortcomings == ()


@pytest.mark.parametrize(
    "name",
    [
        "logistic regression",
        *(
            pytest.param(n, marks=pytest.mark.slow)
            for n in ("glove", "several gathered tables", "a hidden layer")
        ),
    ],
)
def test_central_differences_agree_with_the_generated_gradient(name: str) -> None:
    """A witness that needs neither the oracle nor the bounds: central differences of the generated loss."""
    derivation = derived(name)
    function = generated(derivation)
    random = np.random.default_rng(0)
    sizes = {axis.name: 3 + n for n, axis in enumerate(derivation.loss.axes)}
    arguments: dict[str, Any] = {}
    for a in derivation.problem.arrays:
        value = random.uniform(0.5, 1.5, [sizes[x] for x in a.axes.split()])
        arguments[a.name] = np.asarray(value if a.positive else value - 1)
    for p in derivation.problem.pointers:
        arguments[p.name] = random.integers(0, sizes[p.into], [sizes[x] for x in p.axes.split()])
    arguments = {a.name: arguments[a.name] for a in derivation.loss.arguments}
    result = function(**arguments)
    for a in derivation.problem.differentiated:
        gradient = getattr(result, f"grad_{a.name}")
        for at in np.ndindex(gradient.shape):
            moved = {s: {**arguments, a.name: arguments[a.name].copy()} for s in (1, -1)}
            for s in (1, -1):
                moved[s][a.name][at] += s * 2.0**-17
            slope = (function(**moved[1]).loss - function(**moved[-1]).loss) / 2.0**-16
            assert abs(slope - gradient[at]) < 2.0**-24 * (1 + abs(gradient[at]))


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_derived_is_refused_with_a_reason(name: str) -> None:
    loss, reason = REFUSED[name]
    with pytest.raises(ValueError, match=re.escape(reason)):
        Derivation(loss).standalone("user_loss.py")


def broken(derivation: Derivation, old: str, new: str) -> Any:
    text = derivation.standalone("user_loss.py")
    assert old in text
    namespace: dict[str, Any] = {}
    exec(text.replace(old, new), namespace)
    return namespace["user_loss"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("glove", "delta = 2 * f * r", "delta = f * r"),
        ("ridge", "2 * w * lam", "w * lam"),
        ("several gathered tables", "np.add.at(grad_b, t,", "np.add.at(grad_b, t[:1],"),
        ("logistic regression", "sigmoid(z) - t", "sigmoid(z) + t"),
    ],
)
def test_a_bug_planted_in_generated_code_is_called_wrong(name: str, old: str, new: str) -> None:
    derivation = derived(name)
    function = broken(derivation, old, new)
    assert not check(function, Record.from_json(record(derivation)), examples=20).ok


@pytest.mark.parametrize("letter", ["np", "float", "product", "total", "columns", "i"])
def test_an_index_may_be_called_as_generated_code_calls_something(letter: str) -> None:
    """Where its positions are needed as an array, that has another name."""
    made = loss(
        f"loss = sum({letter} in B, z[{letter}, o[{letter}]] ** 2)", A("z", "B V"), P("o", "V", axes="B")
    )
    function = generated(Derivation(made))
    z, o = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1, 0])
    assert function(z, o).loss == 4 + 9


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"name": "Own"}, "begin with a small letter"),
        ({"name": "own", "arguments": (A("Own", "d"),)}, "choose another"),
        (
            {"name": "own", "arguments": (A("scale", "d V"), A("x", "V")), "factored": "scale"},
            "choose another",
        ),
    ],
)
def test_a_name_that_the_module_needs_is_refused(named: dict[str, Any], message: str) -> None:
    made = loss("loss = 1", A("x", "d V"))
    with pytest.raises(LanguageError, match=message):
        Derivation(replace(made, **named)).module()


def test_a_finding_about_positions_into_their_own_axis_is_explained_or_not_but_reported() -> None:
    made = loss("loss = log(exp(x[g]) + x[m[g]] ** 2)", A("x", "K"), P("m", "K", axes="K"), P("g", "K"))
    right = generated(Derivation(made))

    def off(*arguments: Any) -> Any:
        value, *gradients = right(*arguments)
        return value * 1.001, *gradients

    report = check(off, Record.from_json(record(Derivation(made))), examples=5)
    assert report.grade == "wrong"
    assert any("loss is" in finding.message for finding in report.findings)


OVERFLOWING = {
    "inside a sum": loss("loss = sum(i in d, exp(exp(x[i])))", A("x", "d")),
    "below the line": loss("loss = c / exp(a - exp(x))", A("c", ""), A("a", ""), A("x", "")),
    "in an exponent": loss("loss = sum(i in d, p[i] ** exp(x[i]))", A("x", "d"), A("p", "d", positive=True)),
}


@pytest.mark.parametrize("name", OVERFLOWING)
def test_a_loss_with_overflow_inside_is_judged(name: str) -> None:
    made = Derivation(OVERFLOWING[name])
    right, judge = generated(made), Record.from_json(record(made))
    assert check(right, judge, examples=5).ok

    def off(*arguments: Any) -> Any:
        value, *gradients = right(*arguments)
        return value, *(np.asarray(g) * 1.001 for g in gradients)

    report = check(off, judge, examples=5)
    assert report.findings[0].kind == "value"
    assert "1.001 times" in str(report)


@pytest.mark.slow
def test_where_no_input_can_be_judged_the_reason_is_said() -> None:
    made = Derivation(loss(f"loss = sin({'exp(' * 6}x{')' * 6})", A("x", "")))
    with pytest.raises(
        OracleError, match=r"could not be judged: none of \d+ inputs could be enclosed at 16384 bits"
    ):
        check(generated(made), Record.from_json(record(made)), examples=5)


LOGS = loss(
    "loss = log(c) * sum(i in V, sum(j in V, log(X[i, j]) * x[i]))",
    *(A("X", "V V", positive=True), A("x", "V"), A("c", "", positive=True)),
)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"X": np.array([[1.0, 0.0], [1.0, 1.0]])}, "X: expected positive, got 0.0 at (0, 1)"),
        ({"X": np.array([[1, 2], [-3, 4]])}, "X: expected positive, got -3.0 at (1, 0)"),
        ({"c": -0.5}, "c: expected positive, got -0.5"),
    ],
)
def test_what_is_declared_positive_is_looked_at_when_the_function_is_called(
    changed: dict[str, Any], message: str
) -> None:
    fit = {"X": np.full((2, 2), 2.0), "x": np.ones(2), "c": 3.0}
    function = generated(Derivation(LOGS))
    assert np.isfinite(function(**fit).loss)
    with pytest.raises(ValueError, match=re.escape(message)):
        function(**{**fit, **changed})
    assert np.isnan(function(**{**fit, "X": np.full((2, 2), np.nan)}).loss)


def test_a_number_of_python_leaves_single_precision_as_it_is() -> None:
    function = generated(Derivation(LOGS))
    result = function(np.full((2, 2), 2, np.float32), np.ones(2, np.float32), 3.0)
    assert [np.asarray(gradient).dtype for gradient in result[1:]] == [np.float32] * 3
    assert (
        function(np.full((2, 2), 2, np.float32), np.ones(2, np.float32), np.float64(3)).grad_x.dtype
        == np.float64
    )
