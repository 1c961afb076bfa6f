"""Arguments whose entries are declared: looked at in every call, used by the domain check, kept to by the judge."""

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_verified.notation import LanguageError
from w2v_verified.runtime import checks
from w2v_verified.symbolic import Array, Axis, Derivation, Loss, record, replay
from w2v_verified.verify import Record, check
from w2v_verified.verify.cases.arguments import cast
from w2v_verified.verify.record import Argument

LOSS = Loss(
    name="declared",
    summary="Of arguments of every range.",
    axes=(Axis("n"), Axis("m")),
    arguments=(
        Array("x", "n"),
        Array("W", "n m", gradient=False, nonnegative=True),
        Array("p", "m", between=(0, 1)),
        Array("q", "", gradient=False, between=(2, math.inf)),
        Array("t", "", positive=True, default=0.5),
    ),
    definition="""
        loss = sum(i in n, sum(j in m, (log(1 + W[i, j]) + sqrt(W[i, j])) * x[i] ** 2 * t))
            - sum(j in m, log(p[j]) + log(1 - p[j])) + log(q - 1)
    """,
)
DERIVATION = Derivation(LOSS)
FINE: dict[str, Any] = {
    "x": np.array([1.0, -2.0]),
    "W": np.array([[0.0, 2.0], [1.0, 0.5]]),
    "p": np.array([0.5, 0.25]),
    "q": 3.0,
}


@pytest.fixture(scope="module")
def declared() -> Any:
    namespace: dict[str, Any] = {}
    exec(DERIVATION.standalone("declared.py"), namespace)
    return namespace["declared"]


def test_it_is_proved_and_judged_right(declared: Any) -> None:
    assert replay(DERIVATION).shortcomings == ()
    report = check(declared, Record.from_json(record(DERIVATION)), examples=40)
    assert report.ok, str(report)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("W", np.array([[0.0, 2.0], [-1.0, 0.5]]), r"W: expected nonnegative, got -1.0 at \(1, 0\)"),
        ("p", np.array([0.5, 1.0]), "p: expected between 0 and 1, got 1.0 at 1"),
        ("p", np.array([0.0, 0.5]), "p: expected between 0 and 1, got 0.0 at 0"),
        ("q", 2.0, "q: expected above 2, got 2.0"),
        ("t", 0.0, "t: expected positive, got 0.0"),
    ],
)
def test_what_is_outside_is_refused_by_name(declared: Any, name: str, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        declared(**FINE | {name: value})


@pytest.mark.parametrize("name", ["W", "p", "q", "t"])
def test_nan_goes_through(declared: Any, name: str) -> None:
    value = np.full_like(np.asarray(FINE.get(name, 1.0)), np.nan)
    assert math.isnan(declared(**FINE | {name: value}).loss)


def test_a_default_is_what_is_used(declared: Any) -> None:
    assert declared(**FINE).loss == declared(**FINE, t=0.5).loss != declared(**FINE, t=0.25).loss
    single = declared(**{k: np.asarray(v, np.float32) for k, v in FINE.items()})
    assert single.grad_x.dtype == single.grad_t.dtype == np.float32


def test_without_the_check_the_judge_would_be_handed_nan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_refuse", lambda *_: None)
    checks.check_between(0, 1, p=np.array([2.0]))  # says nothing now
    monkeypatch.undo()
    with pytest.raises(ValueError, match="p: expected between 0 and 1"):
        checks.check_between(0, 1, p=np.array([2.0]))


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        (Array("x", "n", positive=True, between=(0, 1)), "argument x: expected one of positive and between"),
        (Array("x", "n", between=(1, 0)), r"between: expected two numbers, the smaller one in front"),
        (Array("x", "n", default=1.0), "argument x: expected no default for an array with axes"),
        (Array("x", "", positive=True, default=0.0), "argument x: default: expected positive, got 0.0"),
        (Array("x", "", default=math.inf), "argument x: default: expected a number, got inf"),
        (Array("pi", ""), "argument pi: this is the number pi where it has no index"),
    ],
)
def test_what_is_declared_twice_or_wrong_is_refused(argument: Array, message: str) -> None:
    loss = Loss("bad", "", (Axis("n"),), (Array("y", "n"), argument), "loss = sum(i in n, y[i])")
    with pytest.raises(LanguageError, match=message):
        _ = Derivation(loss).problem


def test_what_has_no_default_stands_in_front() -> None:
    arguments = (Array("x", "n", gradient=True), Array("t", "", default=1.0), Array("u", ""))
    with pytest.raises(LanguageError, match="argument u: expected a default, or a place in front of t"):
        _ = Derivation(Loss("bad", "", (Axis("n"),), arguments, "loss = sum(i in n, x[i] * t * u)")).problem


RANGES = [
    Array("a", "n", positive=True),
    Array("a", "n", nonnegative=True),
    Array("a", "n", between=(0, 1)),
    Array("a", "n", between=(-math.inf, 3)),
    Array("a", "n", between=(1, math.inf)),
    Array("a", "n", between=(0.1, 0.3)),
]


@cache
def recorded(array: Array) -> Argument:
    loss = Loss("any", "", (Axis("n"),), (array,), "loss = sum(i in n, a[i])")
    (argument,) = Record.from_json(record(Derivation(loss))).arguments
    return argument


@pytest.mark.parametrize("array", RANGES, ids=lambda a: a.admitted)
@given(
    values=st.lists(st.floats(-1e15, 1e15), min_size=1, max_size=5),
    dtype=st.sampled_from(["float64", "float32", "int64"]),
)
def test_the_judge_draws_numbers_within_the_range(array: Array, values: list[float], dtype: str) -> None:
    """What is drawn is admitted by the check that generated code makes, in its own format."""
    drawn = cast(np.array(values), np.dtype(dtype), recorded(array))
    if array.between is not None:
        checks.check_between(*array.between, a=drawn)
    else:
        (checks.check_positive if array.positive else checks.check_nonnegative)(a=drawn)
