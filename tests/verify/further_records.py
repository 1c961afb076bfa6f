"""Records of losses that have none in the package: what judges must need nothing but the record."""

from collections.abc import Callable
from typing import Any

import numpy as np

from w2v_verified.verify.record import Record

Draw = Callable[[np.random.Generator, type[np.floating[Any]]], dict[str, object]]


def _axes(*names: str) -> list[dict[str, object]]:
    return [{"name": name, "meaning": "a size", "minimum": 0 if name in "BKMP" else 1} for name in names]


def _array(name: str, *axes: str, gradient: bool = True, domain: str = "real") -> dict[str, object]:
    return {
        "name": name,
        "kind": "array",
        "axes": axes,
        "domain": domain,
        "gradient": gradient,
        "meaning": name,
    }


def _index(name: str, into: str, *axes: str) -> dict[str, object]:
    return {"name": name, "kind": "index", "axes": axes, "into": into, "meaning": name}


def _record(
    name: str,
    axes: list[dict[str, object]],
    arguments: list[dict[str, object]],
    definition: list[str],
    textbook: list[str],
    stable: list[str] | None = None,
    **optional: object,
) -> Record:
    of = [str(each["name"]) for each in arguments if each.get("gradient")]
    results = [{"name": "loss", "of": None}, *({"name": f"grad_{each}", "of": each} for each in of)]
    return Record.from_json(
        {
            "name": name,
            "summary": name,
            "axes": axes,
            "arguments": arguments,
            "results": results,
            "definition": definition,
            "textbook": textbook,
            "stable": textbook if stable is None else stable,
            **optional,
        }
    )


_LOGITS = "z[w in V] = sum(i in d, U[i, w] * v_c[i])"
_OUTER = [
    "grad_v_c[i in d] = sum(w in V, U[i, w] * delta[w])",
    "grad_U[i in d, w in V] = v_c[i] * delta[w]",
]
_EXPONENTIALS = ["top = max(w in V, z[w])", "s[w in V] = z[w] - top", "e[w in V] = exp(s[w])"]
_NEGATIVES = "sum(k in K, (w == negatives[k]) * sigmoid(z[negatives[k]]))"
_SAMPLED_LOSS = "loss = softplus(-z[o]) + sum(k in K, softplus(z[negatives[k]]))"

NEGATIVE_SAMPLING = _record(
    "sampled",
    _axes("d", "V", "K"),
    [_array("v_c", "d"), _index("o", "V"), _array("U", "d", "V"), _index("negatives", "V", "K")],
    [_LOGITS, _SAMPLED_LOSS],
    [_LOGITS, _SAMPLED_LOSS, f"delta[w in V] = {_NEGATIVES} + (w == o) * (sigmoid(z[o]) - 1)", *_OUTER],
    [_LOGITS, _SAMPLED_LOSS, f"delta[w in V] = {_NEGATIVES} - (w == o) * sigmoid(-z[o])", *_OUTER],
)

WINDOW = _record(
    "window",
    _axes("d", "V", "M"),
    [_array("v_c", "d"), _index("outside", "V", "M"), _array("U", "d", "V")],
    [_LOGITS, "loss = sum(j in M, log(sum(w in V, exp(z[w]))) - z[outside[j]])"],
    [
        _LOGITS,
        *_EXPONENTIALS,
        "Z = sum(w in V, e[w])",
        "loss = sum(j in M, log(Z) - s[outside[j]])",
        "delta[w in V] = sum(j in M, e[w] / Z - (w == outside[j]))",
        *_OUTER,
    ],
    [
        _LOGITS,
        *_EXPONENTIALS,
        "Z = sum(w in V, e[w])",
        "R[j in M] = sum(w in V, (w != outside[j]) * e[w])",
        "loss = sum(j in M, log1p(R[j] / e[outside[j]]) if R[j] < e[outside[j]] else log(Z) - s[outside[j]])",
        "delta[w in V] = sum(j in M, (w != outside[j]) * e[w] / Z - (w == outside[j]) * R[j] / Z)",
        *_OUTER,
    ],
)

SQUARES = _record(
    "squares",
    _axes("d"),
    [_array("x", "d")],
    ["loss = sum(i in d, x[i] ** 2)"],
    ["loss = sum(i in d, x[i] ** 2)", "grad_x[i in d] = 2 * x[i]"],
)


def powers_of_a_sum(power: int) -> Record:
    """A sum to a whole power, as that many sums over the same axis, one inside the other; an index points into it.

    A bracket tells equal places apart, as far as anybody can see who reads it.
    """
    sums = "".join(f"sum(w{n} in V, " for n in range(power))
    factors = " * ".join(f"x[w{n}]" for n in range(power))
    loss = f"loss = {sums}(w0 == w0) * {factors}{')' * power} - x[o]"
    total = f"{power} * sum(k in V, x[k]) ** {power - 1}"
    return _record(
        f"power_{power}",
        _axes("V"),
        [_array("x", "V"), _index("o", "V")],
        [loss],
        [loss, f"grad_x[w in V] = {total} - (w == o)"],
    )


APART = (
    _record(
        "other_pairs",  # of different places
        _axes("N"),
        [_array("x", "N")],
        ["loss = sum(n in N, sum(k in N, (n != k) * x[n] * x[k]))"],
        [
            "loss = sum(n in N, sum(k in N, (n != k) * x[n] * x[k]))",
            "grad_x[n in N] = 2 * sum(k in N, (n != k) * x[k])",
        ],
    ),
    _record(
        "diagonal",
        _axes("N"),
        [_array("Q", "N", "N")],
        ["loss = sum(n in N, Q[n, n] ** 2)"],
        ["loss = sum(n in N, Q[n, n] ** 2)", "grad_Q[n in N, k in N] = 2 * (n == k) * Q[n, k]"],
    ),
    _record(
        "up_to_a_place",
        _axes("T"),
        [_array("x", "T"), _index("o", "T")],
        ["loss = sum(t in T, (t <= o) * x[t] ** 2)"],
        ["loss = sum(t in T, (t <= o) * x[t] ** 2)", "grad_x[t in T] = 2 * (t <= o) * x[t]"],
    ),
    _record(
        "up_to_each",
        _axes("T"),
        [_array("x", "T")],
        ["loss = sum(t in T, sum(k in T, (k <= t) * x[k]) ** 2)"],
        [
            "S[t in T] = sum(k in T, (k <= t) * x[k])",
            "loss = sum(t in T, S[t] ** 2)",
            "grad_x[k in T] = 2 * sum(t in T, (k <= t) * S[t])",
        ],
    ),
)
"""Losses whose equal places brackets, or repeated indices, tell apart."""

REGRESSION = _record(
    "regression",  # masked logistic regression with soft labels t, a ridge and a penalty on the offset
    _axes("N", "d"),
    [
        _array("X", "N", "d", gradient=False),
        _array("t", "N", gradient=False),
        _array("mask", "N", gradient=False),
        _array("c", "d"),
        _array("offset"),
        _array("ridge"),
    ],
    [
        "s[n in N] = sum(i in d, X[n, i] * c[i]) + offset",
        "data = sum(n in N, mask[n] * (softplus(s[n]) - t[n] * s[n])) / N",
        "loss = data + ridge * sum(i in d, c[i] ** 2) + sqrt(1 + offset ** 2) / 4",
    ],
    [
        "s[n in N] = sum(i in d, X[n, i] * c[i]) + offset",
        "data = sum(n in N, mask[n] * (softplus(s[n]) - t[n] * s[n])) / N",
        "loss = data + ridge * sum(i in d, c[i] ** 2) + sqrt(1 + offset ** 2) / 4",
        "g[n in N] = mask[n] * (sigmoid(s[n]) - t[n]) / N",
        "grad_c[i in d] = sum(n in N, X[n, i] * g[n]) + 2 * ridge * c[i]",
        "grad_offset = sum(n in N, g[n]) + offset / (4 * sqrt(1 + offset ** 2))",
        "grad_ridge = sum(i in d, c[i] ** 2)",
    ],
)

_SCORES = "s[n in N] = sum(i in d, X[n, i] * c[i])"
_PREPARED = [_SCORES, "loss = sum(n in N, t[n] * softplus(-s[n]) + (1 - t[n]) * softplus(s[n]))"]

PROBABILITIES = _record(
    "probabilities",  # logistic regression as it is often written: 1 - p loses every digit where p is close to 1
    _axes("N", "d"),
    [_array("X", "N", "d", gradient=False), _array("t", "N", gradient=False), _array("c", "d")],
    [
        _SCORES,
        "p[n in N] = 1 / (1 + exp(-s[n]))",
        "loss = -sum(n in N, t[n] * log(p[n]) + (1 - t[n]) * log(1 - p[n]))",
    ],
    [
        *_PREPARED,
        "g[n in N] = sigmoid(s[n]) - t[n]",
        "grad_c[i in d] = sum(n in N, X[n, i] * g[n])",
    ],
    prepared=_PREPARED,
)

COUNTS = _record(
    "counts",  # weighted least squares on logarithms of co-occurrence counts, P pairs gathered from four tables
    _axes("d", "V", "P"),
    [
        _array("W", "d", "V"),
        _array("C", "d", "V"),
        _array("a", "V"),
        _array("b", "V"),
        _array("x", "P", gradient=False, domain="positive"),
        _index("rows", "V", "P"),
        _index("columns", "V", "P"),
    ],
    [
        "r[p in P] = sum(i in d, W[i, rows[p]] * C[i, columns[p]]) + a[rows[p]] + b[columns[p]] - log(x[p])",
        "loss = sum(p in P, (x[p] / 100) ** 0.75 * r[p] ** 2)",
    ],
    [
        "r[p in P] = sum(i in d, W[i, rows[p]] * C[i, columns[p]]) + a[rows[p]] + b[columns[p]] - log(x[p])",
        "f[p in P] = (x[p] / 100) ** 0.75",
        "loss = sum(p in P, f[p] * r[p] ** 2)",
        "g[p in P] = 2 * f[p] * r[p]",
        "grad_W[i in d, w in V] = sum(p in P, (w == rows[p]) * (g[p] * C[i, columns[p]]))",
        "grad_C[i in d, w in V] = sum(p in P, (w == columns[p]) * (g[p] * W[i, rows[p]]))",
        "grad_a[w in V] = sum(p in P, (w == rows[p]) * g[p])",
        "grad_b[w in V] = sum(p in P, (w == columns[p]) * g[p])",
    ],
)

BILINEAR = _record(
    "bilinear",
    _axes("d", "f"),
    [_array("a", "d"), _array("M", "d", "f"), _array("b", "f")],
    [
        "q = sum(i in d, sum(j in f, a[i] * M[i, j] * b[j]))",
        "loss = 2 / (1 + exp(-q)) + tanh(q) - expm1(-q ** 2)",
    ],
    [
        "q = sum(i in d, sum(j in f, a[i] * M[i, j] * b[j]))",
        "loss = 2 * sigmoid(q) + tanh(q) - expm1(-q ** 2)",
        "g = 2 * sigmoid(q) * sigmoid(-q) + (1 - tanh(q) ** 2) + 2 * q * exp(-q ** 2)",
        "grad_a[i in d] = sum(j in f, g * M[i, j] * b[j])",
        "grad_M[i in d, j in f] = g * a[i] * b[j]",
        "grad_b[j in f] = sum(i in d, g * M[i, j] * a[i])",
    ],
)


def _normal(rng: np.random.Generator, dtype: type[np.floating[Any]], *shape: int) -> Any:
    return rng.normal(size=shape).astype(dtype)


def draw(
    record: Record, rng: np.random.Generator, dtype: type[np.floating[Any]] = np.float64
) -> dict[str, object]:
    """Arguments of small random shapes; indices repeat."""
    size = {axis.name: int(rng.integers(axis.minimum, 6)) for axis in record.axes}
    arguments: dict[str, object] = {}
    for each in record.arguments:
        shape = tuple(size[axis] for axis in each.axes)
        if each.kind == "index":
            pointer = rng.integers(0, size[str(each.into)], shape)
            arguments[each.name] = pointer if shape else int(pointer)
        else:
            values = _normal(rng, dtype, *shape)
            arguments[each.name] = np.exp(values) if each.domain == "positive" else values
    return arguments


RECORDS = (NEGATIVE_SAMPLING, WINDOW, REGRESSION, PROBABILITIES, COUNTS, BILINEAR)
