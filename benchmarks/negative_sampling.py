"""Negative sampling, loss and gradients: dense and sparse for one pair, batches, and blocks."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

import w2v_verified
from benchmarks.agreement import differs
from benchmarks.case import Case, Plan
from benchmarks.floor import Floor
from benchmarks.peers import installed, textbook
from benchmarks.timing import Run
from w2v_verified import negative_sampling, negative_sampling_batch, negative_sampling_block

__all__ = ["plans"]

_NAMES = ("loss", "gradient of the centre", "gradient of U")
_SIZES = (1_000, 10_000, 100_000)


def plans(quick: bool) -> list[Plan]:
    """The tables, small where it is for a smoke run."""
    d, K = 100, 5
    sizes, batches = ((100,), (4,)) if quick else (_SIZES, (32, 512))
    blocks = ((4, 6),) if quick else ((64, 138), (256, 320))
    return [
        Plan(
            f"negative sampling, one pair, dense (d = {d}, K = {K})",
            "textbook, add.at",
            [partial(_dense, d, V, K) for V in sizes],
        ),
        Plan(
            f"negative sampling, one pair, sparse (d = {d}, K = {K})",
            "textbook, unique",
            [partial(_sparse, d, V, K) for V in sizes],
        ),
        Plan(
            f"negative sampling, batch of B pairs (d = {d}, V = {sizes[len(sizes) // 2]:,}, K = {K})",
            "textbook, unique",
            [partial(_batch, d, sizes[len(sizes) // 2], K, B) for B in batches],
        ),
        Plan(
            f"negative sampling, block of L centres and M outside words (d = {d})",
            "textbook NumPy",
            [partial(_block, d, L, M) for L, M in blocks],
        ),
    ]


def _dense(d: int, V: int, K: int) -> Case:
    v_c, o, U, negatives = _pair(d, V, K)
    out = (np.empty_like(v_c), np.empty_like(U))
    return Case(
        f"V = {V:,}",
        {
            "w2v_verified": lambda: negative_sampling(v_c, o, U, negatives),
            "w2v_verified, out=": lambda: negative_sampling(v_c, o, U, negatives, out=out),
            "textbook, add.at": lambda: textbook.negative_sampling(v_c, o, U, negatives),
            **installed("negative_sampling", v_c, o, U, negatives),
        },
        Floor(U[:, : K + 1], out[1], 3 * d * (K + 1)),
        _like(lambda: negative_sampling(v_c, o, U, negatives)),
    )


def _sparse(d: int, V: int, K: int) -> Case:
    v_c, o, U, negatives = _pair(d, V, K)

    def objection(result: Sequence[Any]) -> str | None:
        dense = negative_sampling(v_c, o, U, negatives)
        columns = np.unique(np.append(negatives, o))
        ours = (dense.loss, dense.grad_v_c, columns, dense.grad_U[:, columns])
        return differs(("loss", "gradient of the centre", "columns", "gradient of the columns"), result, ours)

    return Case(
        f"V = {V:,}",
        {
            **_own("negative_sampling_sparse", v_c, o, U, negatives),
            "textbook, unique": lambda: textbook.negative_sampling_sparse(v_c, o, U, negatives),
            **installed("negative_sampling_sparse", v_c, o, U, negatives),
        },
        Floor(U[:, : K + 1], np.ones((d, K + 1)), 3 * d * (K + 1)),
        objection,
    )


def _batch(d: int, V: int, K: int, B: int) -> Case:
    random = np.random.default_rng(0)
    U = random.standard_normal((d, V))
    V_c = random.standard_normal((d, B)) / d**0.5
    o, negatives = random.integers(0, V, B), _frequent(random, V, (B, K))
    out = (np.empty_like(V_c), np.empty_like(U))
    return Case(
        f"B = {B}",
        {
            "w2v_verified": lambda: negative_sampling_batch(V_c, o, U, negatives),
            "w2v_verified, out=": lambda: negative_sampling_batch(V_c, o, U, negatives, out=out),
            "textbook, add.at": lambda: textbook.negative_sampling_batch(V_c, o, U, negatives),
            "textbook, unique": lambda: textbook.negative_sampling_compacted(V_c, o, U, negatives),
            **installed("negative_sampling_batch", V_c, o, U, negatives),
        },
        Floor(np.ones((d, B * (K + 1))), out[1], 3 * d * B * (K + 1)),
        _like(lambda: negative_sampling_batch(V_c, o, U, negatives)),
    )


def _block(d: int, L: int, M: int) -> Case:
    random = np.random.default_rng(0)
    V_c, U = random.standard_normal((d, L)) / d**0.5, random.standard_normal((d, M))
    positive = (random.random((L, M)) < 0.05).astype(np.float64)
    negative = np.full((L, M), 5 / 64)
    out = (np.empty_like(V_c), np.empty_like(U))
    return Case(
        f"L = {L}, M = {M}",
        {
            "w2v_verified": lambda: negative_sampling_block(V_c, U, positive, negative),
            "w2v_verified, out=": lambda: negative_sampling_block(V_c, U, positive, negative, out=out),
            "textbook NumPy": lambda: textbook.negative_sampling_block(V_c, U, positive, negative),
            **installed("negative_sampling_block", V_c, U, positive, negative),
        },
        Floor(U, out[1], 3 * d * L * M),
        _like(lambda: negative_sampling_block(V_c, U, positive, negative)),
    )


def _own(name: str, *arguments: Any) -> dict[str, Run]:
    """Our function of that name, where this version has it."""
    function = getattr(w2v_verified, name, None)
    return {} if function is None else {"w2v_verified": lambda: function(*arguments)}


def _pair(d: int, V: int, K: int) -> tuple[Any, int, Any, Any]:
    random = np.random.default_rng(0)
    U = random.standard_normal((d, V))
    return random.standard_normal(d) / d**0.5, V // 3, U, _frequent(random, V, (K,))


def _frequent(random: np.random.Generator, V: int, shape: tuple[int, ...]) -> Any:
    """Word indices as text has them: a few come up again and again."""
    return (random.zipf(1.3, shape) - 1) % V


def _like(ours: Callable[[], Sequence[Any]]) -> Callable[[Sequence[Any]], str | None]:
    return lambda result: differs(_NAMES, result, ours())
