"""Expressions of laws have the values that NumPy gives them, exactly where they are rational."""

import numpy as np
import pytest

from w2v_verified.notation import parse
from w2v_verified.notation.language import parse_pointing
from w2v_verified.verify.evaluation.balls import fmpq
from w2v_verified.verify.laws.evaluating import Known
from w2v_verified.verify.laws.numbers import as_numbers, floats, in_format

A = np.array([[1.0, -2.0, 0.5], [4.0, 0.25, -3.0]])
B = np.array([0.5, 2.0])
P = np.array([2, 0, 1])
KNOWN = Known(
    {"d": 2, "V": 3, "K": 0},
    {"A": as_numbers(A), "b": as_numbers(B), "t": as_numbers(np.array(0.75))},
    {"p": P, "o": np.array(1)},
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x[i in d, w in V] = A[i, w] + b[i]", A + B[:, None]),
        ("x[w in V, i in d] = A[i, w] * t", A.T * 0.75),
        ("x[w in V] = sum(i in d, A[i, p[w]] * b[i])", B @ A[:, P]),
        ("x[i in d] = max(w in V, A[i, w]) - max(A[i, o], 1)", A.max(axis=1) - np.maximum(A[:, 1], 1)),
        ("x[w in V, k in V] = (w == k) - (p[w] > o)", np.eye(3) - (P > 1)[:, None]),
        ("x = sum(k in K, t) + V", 3.0),
        ("x[i in d] = sum(w in V, 1) / 4 - t**2 + b[i]**-1", 0.75 - 0.5625 + 1 / B),
        ("x[i in d] = -b[i] if t < 1 else b[i]", -B),
        ("x[i in d, w in V] = exp(A[i, w]) / pi", np.exp(A) / np.pi),
        ("x[i in d] = b[i]**t", B**0.75),
    ],
)
def test_values_are_those_of_numpy(text: str, value: object) -> None:
    statement = parse([text]).statements[0]
    found = KNOWN.value(statement.expression, statement.bounds)
    assert np.allclose(floats(found), np.asarray(value), rtol=1e-15)
    assert found.shape == np.shape(np.asarray(value))


def test_rational_values_are_exact() -> None:
    statement = parse(["x[i in d] = (b[i] + 1/3) / 7"]).statements[0]
    found = KNOWN.value(statement.expression, statement.bounds)
    assert found.tolist() == [fmpq(5, 42), fmpq(1, 3)]
    assert in_format(found, np.dtype(np.float64)) is None


def test_indices_are_integers() -> None:
    pointing = parse_pointing("q[w in V] = p[p[w]]")
    assert KNOWN.position(pointing.position, pointing.bounds).tolist() == P[P].tolist()
    assert KNOWN.position(parse_pointing("q = o").position, ()).item() == 1


def test_a_number_is_in_a_format_or_not() -> None:
    third = np.array([fmpq(1, 3)], dtype=object)
    fine = np.array([fmpq(2**24 + 1)], dtype=object)
    assert in_format(third, np.dtype(np.float64)) is None
    assert in_format(fine, np.dtype(np.float32)) is None
    assert in_format(fine, np.dtype(np.float64)) is not None
