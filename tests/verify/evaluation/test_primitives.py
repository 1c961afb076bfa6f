"""The judge's table of functions: a row for each function of the notation, and no way past it."""

from typing import Any

import numpy as np
import pytest
from flint import arb, ctx

from w2v_verified.notation import FUNCTIONS, LanguageError, syntax
from w2v_verified.notation.syntax import Module, Statement
from w2v_verified.verify import Record, error_bound, reference
from w2v_verified.verify.bounds.analysis import Analysis
from w2v_verified.verify.bounds.rounding import Rounding
from w2v_verified.verify.evaluation import primitives
from w2v_verified.verify.evaluation.frames import space_of
from w2v_verified.verify.evaluation.primitives import PRIMITIVES
from w2v_verified.verify.exact.reverse import Reverse
from w2v_verified.verify.record import Argument, NamedAxis, Result

V = {"v": np.array([0.5, 2.0])}


def loss_of(function: str) -> Record:
    """The sum of a function of every entry, without a gradient program of its own."""
    program = (f"loss = sum(i in d, {function}(v[i]))",)
    axes, arguments = (NamedAxis("d", "", 1),), (Argument("v", "array", ("d",), ""),)
    return Record(
        function, "", axes, arguments, (Result("loss", None),), program, program, program, program, False
    )


def test_the_rows_are_the_functions_of_the_notation() -> None:
    assert set(PRIMITIVES) == FUNCTIONS


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_row_says_the_same_in_each_of_its_columns(name: str) -> None:
    """The ball is the approximate value, the derivative is the slope between two balls, an exact argument is near."""
    row, x, step = PRIMITIVES[name], 0.7, 2.0**-40
    with ctx.workprec(200):
        value: arb = row.ball(arb(x))
        slope = (row.ball(arb(x) + step) - row.ball(arb(x) - step)) / (2 * step)
        assert abs(row.derivative(arb(x), value) - slope) < 1e-20
    near = np.array([x], np.longdouble)
    approximate = row.approximate(near)
    assert abs(float(approximate[0]) - float(value)) <= 4e-16
    error = row.error(Rounding(np.float64), near, approximate, np.zeros(1, np.longdouble))
    assert 0 <= error[0] <= 1e-14


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_without_its_row_a_function_is_unknown(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    record = loss_of(name)
    assert np.isfinite(reference(record, V).split["loss"][0])
    assert np.isfinite(error_bound(record, V, np.float64)["loss"])
    others = {other: row for other, row in PRIMITIVES.items() if other != name}
    monkeypatch.setattr(primitives, "PRIMITIVES", others)
    judges: tuple[Any, ...] = (lambda: reference(record, V), lambda: error_bound(record, V, np.float64))
    for judge in judges:
        with pytest.raises(LanguageError, match=f"^{name}: a function the judge does not know; it knows "):
            judge()


def test_an_operator_that_is_unknown_is_not_taken_for_another() -> None:
    number = syntax.Number(1)
    program = Module((Statement("loss", (), syntax.Binary("//", number, number), ""),))
    space = space_of([{"d": 1}])
    with pytest.raises(LanguageError, match=r"^//: an operator the judge does not know$"):
        Reverse({}, {}, space, []).run(program)
    with pytest.raises(LanguageError, match=r"^//: an operator the judge does not know$"):
        Analysis(Rounding(np.float64), {}, space).run(program, ["loss"], frozenset())
