"""Each kind of statement: the NumPy lines against the slow interpreter of the same expression, on random sizes."""

import re
from functools import cache
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinds import PROBLEM, RUNTIME, values

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import UnsupportedError
from w2v_verified.symbolic.plan.plan import Plan
from w2v_verified.symbolic.plan.planner import Planner
from w2v_verified.symbolic.printing.operations import OperationPrinter
from w2v_verified.symbolic.printing.uses import Uses
from w2v_verified.symbolic.proof.interpret import Setting

KINDS = {
    "contraction": [
        "t[b in V] = sum(i in d, A[i, b] * u[i])",
        "t[i in d] = sum(b in V, A[i, b] * x[b])",
        "t = sum(i in d, u[i] * v[i])",
        "t = sum(i in d, u[i] ** 2)",
        "t[i in d, b in B] = sum(j in V, A[i, j] * S[b, j])",
        "t[b in B, j in V] = sum(i in d, C[i, b] * A[i, j])",
        "t[b in B] = sum(i in d, C[i, b] * A[i, o] * 2) / 3",
        "t[b in B] = sum(i in d, C[i, b] * C[i, b])",
        "t = sum(i in d, sum(j in d, u[i] * M[i, j] * v[j]))",
        "t[b in B, k in K] = sum(i in d, L[i, b, k] * C[i, b])",
        "t[i in d, j in V] = u[i] * x[j]",
        "t[j in V, i in d] = u[i] * x[j]",
    ],
    "reduction": [
        "t = sum(j in V, exp(x[j]))",
        "t[b in B] = sum(j in V, S[b, j])",
        "t[j in V] = sum(b in B, S[b, j] * w[b] ** 2)",
        "t[b in B] = max(j in V, S[b, j])",
        "t = sum(b in B, sum(j in V, tanh(S[b, j])))",
        "t = sum(b in B, log1p(p[o] / 2) if w[b] < c else 2 * w[b])",
    ],
    "map": [
        "t[b in B, j in V] = S[b, j] - w[b] * x[j] + c",
        "t[i in d] = exp(u[i]) / (1 + v[i] ** 2)",
        "t[j in V] = sigmoid(x[j]) - softplus(-x[j]) * sqrt(p[j])",
        "t = sigmoid(c) * 3 / 4",
        "t[b in B, j in V] = atan(S[b, j] * w[b]) * atan(c)",
        "t[i in d, b in B, k in K] = L[i, b, k] * C[i, b] - h[k]",
        "t[j in V, b in B] = S[b, j] + 1",
        "t[b in B, j in V] = x[j]",
    ],
    "gather": [
        "t = x[o]",
        "t[i in d] = A[i, o] + u[i]",
        "t[k in K] = x[n[k]] * h[k]",
        "t[b in B] = S[b, q[b]] - w[b]",
        "t[i in d, k in K] = A[i, n[k]]",
        "t[b in B, k in K] = x[r[b, k]] + T[b, k]",
        "t[i in d, b in B, k in K] = A[i, r[b, k]]",
        "t[b in B, k in K] = S[b, r[b, k]] * T[b, k]",
    ],
    "masking": [
        "t[j in V] = (j != o) * x[j]",
        "t[b in B, j in V] = (j != q[b]) * S[b, j]",
        "t[k in K] = sum(j in V, (j != n[k]) * x[j])",
    ],
    "scatter-add": [
        "t[j in V] = x[j] - (j == o) * c",
        "t[b in B, j in V] = S[b, j] + (j == q[b]) * w[b]",
        "t[j in V] = sum(k in K, (j == n[k]) * h[k])",
        "t[j in V] = x[j] - sum(k in K, (j == n[k]) * h[k]) + (j == o) * c",
        "t[b in B, j in V] = sum(k in K, (j == r[b, k]) * T[b, k])",
        "t[i in d, j in V] = sum(b in B, (j == q[b]) * C[i, b])",
        "t[j in V] = sum(b in B, sum(k in K, (j == r[b, k]) * T[b, k]))",
        "t[j in V] = sum(b in B, sum(k in K, (j == r[b, k]) * h[k]))",
        "t[j in V] = sum(b in B, sum(k in K, (j == r[b, k]) * w[b]))",
    ],
}
KINDS["differences"] = [
    "t[i in d, l in d] = sum(j in V, (A[i, j] - A[l, j]) ** 2)",
    "t[i in V, j in B] = sum(l in d, (C[l, j] - A[l, i]) ** 2) * c",
    "t[b in B, j in V] = sum(i in d, x[o] - S[b, j]) - 2 * sum(k in d, (C[k, b] - A[k, j]) ** 2)",
    "t[i in d, j in d] = sum(l in d, M[i, l] * (M[i, j] - M[l, j]))",
    "t[b in B, j in V] = S[b, j] - sum(i in d, C[i, b] * (S[b, j] - A[i, j]))",
    "t[j in V, b in B] = sum(i in d, C[i, b] * (A[i, j] - S[b, j])) * c",
]
KINDS["last resort"] = [
    "t[i in d] = M[i, i]",
    "t = sum(i in d, M[i, i] * u[i])",
    "t[b in B] = sum(j in V, w[b] * exp(c))",
    "t = sum(j in V, sum(b in B, exp(c)))",
    "t[b in B] = max(j in V, w[b] * c)",
    "t[i in d, b in B] = w[b] - sum(j in V, u[i] / 2) * c",
    "t[j in V] = sum(b in B, (j == o) * w[b])",
    "t[i in d, l in d] = (i == l) * M[i, l] + (i != l) * u[i] * 2",
    "t[i in d] = sum(l in d, (i != l) * M[i, l] ** 2)",
    "t[i in d] = sum(l in d, (i != l) * 1)",
    "t[b in B, k in K] = (r[b, k] == q[b]) * T[b, k] - (r[b, k] != o) * 3",
    "t[i in d, b in B, k in K] = A[i, r[b, k]] * L[i, b, k] + M[i, i]",
    "t[i in d, k in K] = sum(b in B, exp(L[i, b, k]) * (r[b, k] == n[k]))",
    "t[i in d, l in d] = sum(b in B, exp(A[i, q[b]] - A[l, q[b]]))",
    "t[b in B, k in K] = S[b, n[k]]",
    "t[k in K, b in B] = S[b, n[k]] * S[b, q[b]]",
    "t[b in B, j in V] = sum(k in K, (j == n[k]) * T[b, k] * (j != q[b]))",
    "t[j in V, l in V] = sum(k in K, (j == n[k]) * (l == n[k]) * h[k])",
]
_MANY = settings().max_examples
SOME = settings(max_examples=_MANY if _MANY > 1000 else max(10, _MANY // 5))
"""Some 40 of each statement in `ci`, all in `thorough`."""
QUICK = ("differences", "last resort", "contraction", "scatter-add")
REFUSED = {"a sum inside another expression": "t = sum(j in V, x[j]) ** 2"}


@cache
def statement(text: str) -> Equation:
    return PROBLEM.definitions(text)[0]


@cache
def lowered(text: str) -> tuple[str, ...]:
    operations = Planner(PROBLEM.letters, PROBLEM.taken).operations(statement(text))
    uses = Uses()
    lines = OperationPrinter(Plan(PROBLEM, PROBLEM.taken, None, False, (), operations), uses).block(
        operations
    )
    return (*uses.positions_needed, *lines)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param(kind, text, marks=() if kind in QUICK else pytest.mark.slow)
        for kind, texts in KINDS.items()
        for text in texts
    ],
)
@SOME
@given(
    sizes=st.fixed_dictionaries({axis: st.integers(1, 4) for axis in "dVBK"}),
    seed=st.integers(0, 10**6),
)
def test_lines_compute_what_the_interpreter_does(
    kind: str, text: str, sizes: dict[str, int], seed: int
) -> None:
    arguments = values(sizes, seed)
    before = {name: value.tobytes() for name, value in arguments.items() if isinstance(value, np.ndarray)}
    scope: dict[str, Any] = {"np": np, **RUNTIME, **sizes, **arguments}
    exec("\n".join(lowered(text)), scope)
    with mp.workdps(30):
        setting = Setting(sizes, {n: _entries(v) for n, v in arguments.items()})
        setting.run([statement(text)])
        exact = setting.values["t"]
    got = np.asarray(scope["t"])
    assert got.dtype == np.float64
    assert got.shape == tuple(sizes[i.name.partition(":")[2]] for i in statement(text).indices)
    for at in np.ndindex(got.shape):
        value = exact[at] if at else exact
        assert abs(float(value) - got[at]) <= 64 * np.finfo(float).eps * (1 + abs(float(value)))
    assert before == {name: arguments[name].tobytes() for name in before}


def _entries(value: Any) -> Any:
    array = np.asarray(value)
    return (
        {at: mp.mpf(array[at].item()) for at in np.ndindex(array.shape)}
        if array.ndim
        else mp.mpf(array.item())
    )


@pytest.mark.parametrize(("reason", "text"), REFUSED.items())
def test_what_is_not_recognised_is_refused_by_name(reason: str, text: str) -> None:
    with pytest.raises(UnsupportedError, match=re.escape(reason)):
        lowered(text)


def test_a_bug_planted_in_a_kind_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "t[j in V] = sum(k in K, (j == n[k]) * h[k])"
    lines = [line.replace("np.add.at(t, n, h)", "t[n] = h") for line in lowered(text)]
    assert "t[n] = h" in lines
    sizes = {"d": 1, "V": 2, "B": 1, "K": 4}
    arguments = values(sizes, 0)
    scope: dict[str, Any] = {"np": np, **sizes, **arguments}
    exec("\n".join(lines), scope)
    with mp.workdps(30):
        setting = Setting(sizes, {n: _entries(v) for n, v in arguments.items()})
        setting.run([statement(text)])
    assert any(abs(float(setting.values["t"][j,]) - scope["t"][j]) > 0.01 for j in range(2))
