"""Naive softmax, loss and both gradients: one pair of words, and batches of pairs."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from benchmarks.agreement import differs, out_of_bound
from benchmarks.case import Case, Plan
from benchmarks.floor import Floor
from benchmarks.peers import installed, textbook
from w2v_verified import naive_softmax, naive_softmax_batch, naive_softmax_factored

__all__ = ["plans"]

_PAIR = ((10, 100, "f8"), (50, 1_000, "f8"), (100, 10_000, "f8"), (300, 100_000, "f8"), (300, 100_000, "f4"))
_BATCH = ((50, 1_000, 32), (50, 1_000, 512), (100, 10_000, 32), (100, 10_000, 512), (300, 100_000, 32))
_QUICK_PAIR = ((10, 100, "f8"), (10, 100, "f4"))
_QUICK_BATCH = ((10, 100, 4),)
_AFFORDABLE = 100_000


def plans(quick: bool) -> list[Plan]:
    """The tables, small where it is for a smoke run."""
    pairs, batches = (_QUICK_PAIR, _QUICK_BATCH) if quick else (_PAIR, _BATCH)
    return [
        Plan(
            "naive softmax, one pair (d x V)",
            "textbook NumPy",
            [partial(_pair, d, V, np.dtype(kind)) for d, V, kind in pairs],
        ),
        Plan(
            "naive softmax, batch of B pairs (d x V)",
            "textbook NumPy",
            [partial(_batch, d, V, B) for d, V, B in batches],
        ),
        Plan(
            "naive softmax, a step of gradient descent on U and v_c for one pair (d x V)",
            "textbook NumPy",
            [partial(_step, d, V, np.dtype(kind)) for d, V, kind in pairs],
        ),
    ]


def _pair(d: int, V: int, dtype: np.dtype[Any]) -> Case:
    random = np.random.default_rng(0)
    U = random.standard_normal((d, V), dtype.type)
    v_c = random.standard_normal(d, dtype.type) / dtype.type(d**0.5)
    o, out = V // 3, (np.empty_like(v_c), np.empty_like(U))
    rows = np.ascontiguousarray(U.T)
    out_rows = (np.empty_like(v_c), np.empty_like(rows).T)
    return Case(
        f"{d}x{_thousands(V)} {dtype.name}",
        {
            "w2v_verified": lambda: naive_softmax(v_c, o, U),
            "w2v_verified, out=": lambda: naive_softmax(v_c, o, U, out=out),
            "w2v_verified, out=, W.T": lambda: naive_softmax(v_c, o, rows.T, out=out_rows),
            "textbook NumPy": lambda: textbook.naive_softmax(v_c, o, U),
            **installed("naive_softmax", v_c, o, U),
        },
        Floor(U, out[1], 3 * d * V),
        _objection("naive_softmax", {"v_c": v_c, "o": o, "U": U}, d * V, lambda: naive_softmax(v_c, o, U)),
    )


def _step(d: int, V: int, dtype: np.dtype[Any]) -> Case:
    random = np.random.default_rng(0)
    U = random.standard_normal((d, V), dtype.type)
    v_c = random.standard_normal(d, dtype.type) / dtype.type(d**0.5)
    o, rate = V // 3, 1e-13  # so small that thousands of steps leave the loss as it is
    rows = np.ascontiguousarray(U.T)
    expected = naive_softmax(v_c, o, U)[:2]

    def factored(table: Any) -> tuple[Any, ...]:
        result = naive_softmax_factored(v_c, o, table)
        result.add_to(table, -rate)
        v_c[...] -= rate * result.grad_v_c
        return result.loss, result.grad_v_c

    def stepped() -> tuple[Any, ...]:
        loss, grad_v_c, grad_U = textbook.naive_softmax(v_c, o, U)
        U[...] -= rate * grad_U
        v_c[...] -= rate * grad_v_c
        return loss, grad_v_c

    return Case(
        f"{d}x{_thousands(V)} {dtype.name}",
        {
            "w2v_verified, factored": lambda: factored(U),
            "w2v_verified, factored, W.T": lambda: factored(rows.T),
            "textbook NumPy": stepped,
        },
        Floor(U, np.empty_like(U), 3 * d * V),
        lambda result: differs(("loss", "gradient of the centre"), result, expected),
    )


def _batch(d: int, V: int, B: int) -> Case:
    random = np.random.default_rng(0)
    U = random.standard_normal((d, V))
    V_c = random.standard_normal((d, B)) / d**0.5
    o, out = random.integers(0, V, B), (np.empty_like(V_c), np.empty_like(U))
    return Case(
        f"{d}x{_thousands(V)} B{B}",
        {
            "w2v_verified": lambda: naive_softmax_batch(V_c, o, U),
            "w2v_verified, out=": lambda: naive_softmax_batch(V_c, o, U, out=out),
            "textbook NumPy": lambda: textbook.naive_softmax_batch(V_c, o, U),
            **installed("naive_softmax_batch", V_c, o, U),
        },
        Floor(U, out[1], 3 * d * V * B),
        _objection(
            "naive_softmax_batch",
            {"V_c": V_c, "o": o, "U": U},
            d * V * B,
            lambda: naive_softmax_batch(V_c, o, U),
        ),
    )


def _objection(
    loss: str, arguments: dict[str, object], size: int, ours: Callable[[], Sequence[Any]]
) -> Callable[[Sequence[Any]], str | None]:
    if size <= _AFFORDABLE:
        return lambda result: out_of_bound(loss, arguments, [np.asarray(each) for each in result])
    return lambda result: differs(("loss", "gradient of the centre", "gradient of U"), result, ours())


def _thousands(V: int) -> str:
    return f"{V // 1000}k" if V >= 1000 else str(V)
