"""A-priori bounds on the rounding error of correct code, from the arguments and the floating format alone.

Three tiers, each admitting more algorithms than the one before:

* `strict`: componentwise accurate ones, which compute as the record's `stable` program does, with its numbers rounded;
* `textbook`: also those that compute from the same contractions as its `textbook` program does, which forms p - 1 by
  subtraction, or the loss as its `definition` does. The error of the contractions reaches the result through the real
  function, whoever computes it, so the strict bound covers it; what is added is the rounding of the steps after them;
* `lax`: also division-free softmax exp(x - log Z), contractions computed anew where they are used, sums of exponentials
  rescaled on the way, and results below the smallest normal number flushed to zero, as XLA and GPUs do.
"""

from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from w2v_verified.nearest import one_of
from w2v_verified.notation import parse, syntax
from w2v_verified.notation.syntax import Expression
from w2v_verified.verify.bounds.analysis import Analysis
from w2v_verified.verify.bounds.rounding import Rounding
from w2v_verified.verify.engine import record_of
from w2v_verified.verify.evaluation.batch import Batch, together
from w2v_verified.verify.evaluation.frames import NOT_FOLDED, Array, Fold
from w2v_verified.verify.record import Record

__all__ = ["TIERS", "Bounds", "error_bound", "error_bounds"]

TIERS = ("strict", "textbook", "lax")

Bounds: TypeAlias = Mapping[str, NDArray[np.float64]]
"""For every result, a bound for each entry."""


def error_bound(
    loss: str | Path | Record,
    arguments: Mapping[str, object],
    dtype: DTypeLike,
    tier: str = "strict",
    *,
    strict: Bounds | None = None,
    fold: Fold = NOT_FOLDED,
) -> Bounds:
    """For every result, a bound on |computed - exact| that holds for any algorithm of the tier computing in `dtype`.

    The loss is a registered one, the path of a definition, or a record.

    The bound of the tier `strict`, where it is known, need not be computed once more for another. Where places of an
    axis stand for several each, `fold` says for how many.

    Infinite where nothing can be promised. Assumes exp within 3 ulp, log within 4 and, but for the tier `lax`, gradual
    underflow.

    Raises:
        ValueError: An argument has a wrong shape, the tier is none of `TIERS`, or there is no such loss.

    >>> arguments = {"v_c": [1.0], "o": 0, "U": [[1.0, 2.0]]}
    >>> bool(0 < error_bound("naive_softmax", arguments, np.float64)["loss"] < 1e-14)
    True
    """
    if tier not in TIERS:
        raise ValueError(f"tier: {one_of(tier, TIERS)}")
    return error_bounds(
        record_of(loss), [arguments], dtype, tier, stricts=None if strict is None else [strict], folds=[fold]
    )[0]


def error_bounds(
    record: Record,
    calls: Sequence[Mapping[str, object]],
    dtype: DTypeLike,
    tier: str = "strict",
    *,
    stricts: Sequence[Bounds] | None = None,
    folds: Sequence[Fold] = (),
    gradual: bool = True,
) -> list[Bounds]:
    """`error_bound` for several calls at little more than the cost of one; underflow may be abrupt in any tier."""
    batch = Batch(record, calls, folds)
    results = [result.name for result in record.results]

    def analyse(which: str, rounding: Rounding, wanted: list[str], exact: Set[str]) -> dict[str, Array]:
        analysis = Analysis(rounding, batch.pointers, batch.space, decimals=record.decimals)
        for name, arrays in batch.arrays.items():
            analysis.given(name, arrays, batch.frames[name])
        return analysis.run(record.programs[which], wanted, exact)

    with np.errstate(all="ignore"):
        if stricts is None:
            bound = analyse("stable", Rounding(dtype, gradual=gradual), results, frozenset())
        else:
            bound = {name: together([strict[name] for strict in stricts]) for name in results}
        if tier != "strict":
            shared = _contractions(record.definition, record.textbook, record.stable)
            local = analyse("textbook", Rounding(dtype, elementary=True, gradual=gradual), results, shared)
            bound = {name: bound[name] + local[name] for name in results}
            plain = Rounding(dtype, elementary=True, underflow=False)
            literal = analyse("definition", plain, ["loss"], shared)["loss"]
            # Where it overflows, computing the definition as it stands is no algorithm.
            bound["loss"] = np.where(np.isfinite(literal), bound["loss"] + literal, bound["loss"])
        if tier == "lax":
            anyhow = Rounding(dtype, elementary=True, reassociated=True, gradual=False)
            loose = analyse("textbook", anyhow, results, frozenset())
            bound = {name: np.maximum(bound[name], loose[name]) for name in results}
    frames = {
        each.name: batch.frames[each.of] if each.of else batch.space.frame(()) for each in record.results
    }
    apart = {name: frames[name].split(_upwards(bound[name])) for name in results}
    return [{name: arrays[number] for name, arrays in apart.items()} for number in range(len(calls))]


def _upwards(error: Array) -> NDArray[np.float64]:
    """`error` in float64, rounded up."""
    with np.errstate(over="ignore", under="ignore"):
        return np.nextafter(error.astype(np.float64), np.inf)


@lru_cache(maxsize=256)
def _contractions(*programs: tuple[str, ...]) -> frozenset[str]:
    """The targets of statements that all programs share, made from arguments by the four operations alone."""
    first, *others = (parse(program).statements for program in programs)
    excluded = {statement.target for statement in first}
    for statement in first:
        if all(statement in other for other in others) and _polynomial(statement.expression, excluded):
            excluded.remove(statement.target)
    return frozenset(statement.target for statement in first) - excluded


def _polynomial(node: Expression, excluded: Set[str]) -> bool:
    match node:
        case syntax.Name(name) | syntax.Entry(name, _):
            return name not in excluded
        case syntax.Negative(body) | syntax.Sum(_, body):
            return _polynomial(body, excluded)
        case syntax.Binary("+" | "-" | "*" | "/", left, right):
            return _polynomial(left, excluded) and _polynomial(right, excluded)
        case syntax.Larger(left, right):
            return _polynomial(left, excluded) and _polynomial(right, excluded)
        case syntax.Number() | syntax.Indicator():
            return True
        case _:
            return False
