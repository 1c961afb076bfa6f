"""A-priori bounds on the rounding error of correct code, from the arguments and the floating format alone.

Three tiers, each admitting more algorithms than the one before:

* `strict`: componentwise accurate ones, which compute as the record's `stable` program does;
* `textbook`: also those that compute from the same contractions as its `textbook` program does, which forms p - 1 by
  subtraction, or the loss as its `definition` does. The error of the contractions reaches the result through the real
  function, whoever computes it, so the strict bound covers it; what is added is the rounding of the steps after them;
* `lax`: also division-free softmax exp(x - log Z), contractions computed anew where they are used, sums of exponentials
  rescaled on the way, and results below the smallest normal number flushed to zero, as XLA and GPUs do.
"""

from collections.abc import Mapping, Set
from functools import lru_cache

import numpy as np
from numpy.typing import DTypeLike, NDArray

from w2v_verified.notation import LanguageError, parse, syntax
from w2v_verified.notation.syntax import Expression, Program
from w2v_verified.verify.indexing import (
    COMPARE,
    NOT_FOLDED,
    Array,
    Counts,
    Scope,
    gather,
    indicator,
    integers,
    result_shape,
    size_of,
    whole,
)
from w2v_verified.verify.record import Record, sizes
from w2v_verified.verify.rounding import Approximate, Rounding

__all__ = ["TIERS", "Analysis", "error_bound", "upwards"]

TIERS = ("strict", "textbook", "lax")


def error_bound(
    record: Record,
    arguments: Mapping[str, object],
    dtype: DTypeLike,
    tier: str = "strict",
    *,
    strict: Mapping[str, NDArray[np.float64]] | None = None,
    counts: Counts = NOT_FOLDED,
) -> dict[str, NDArray[np.float64]]:
    """For every result, a bound on |computed - exact| that holds for any algorithm of the tier computing in `dtype`.

    The bound of the tier `strict`, where it is known, need not be computed once more for another. Where places of an
    axis stand for several each, `counts` says for how many.

    Infinite where nothing can be promised. Assumes exp within 3 ulp, log within 4 and, but for the tier `lax`, gradual
    underflow.

    Raises:
        ValueError: An argument has a wrong shape, or the tier is none of `TIERS`.

    >>> from w2v_verified.verify.record import load
    >>> arguments = {"v_c": [1.0], "o": 0, "U": [[1.0, 2.0]]}
    >>> bool(0 < error_bound(load("naive_softmax"), arguments, np.float64)["loss"] < 1e-14)
    True
    """
    if tier not in TIERS:
        raise ValueError(f"tier: expected one of {', '.join(TIERS)}, got {tier!r}")
    extents = sizes(record, arguments)
    pointers = integers(record, arguments, extents)
    arrays = {
        each.name: np.asarray(arguments[each.name]) for each in record.arguments if each.kind == "array"
    }
    results = [result.name for result in record.results]

    def analyse(which: str, rounding: Rounding, wanted: list[str], exact: Set[str]) -> dict[str, Array]:
        given = {name: rounding.given(array) for name, array in arrays.items()}
        return Analysis(rounding, given, pointers, extents, counts).run(record.programs[which], wanted, exact)

    with np.errstate(all="ignore"):
        bound: dict[str, Array] = dict(strict or analyse("stable", Rounding(dtype), results, frozenset()))
        if tier != "strict":
            shared = _contractions(record.definition, record.textbook, record.stable)
            local = analyse("textbook", Rounding(dtype, elementary=True), results, shared)
            bound = {name: bound[name] + local[name] for name in results}
            plain = Rounding(dtype, elementary=True, underflow=False)
            literal = analyse("definition", plain, ["loss"], shared)["loss"]
            if np.isfinite(
                literal
            ):  # where it overflows, computing the definition as it stands is no algorithm
                bound["loss"] = bound["loss"] + literal
        if tier == "lax":
            anyhow = Rounding(dtype, elementary=True, reassociated=True, gradual=False)
            loose = analyse("textbook", anyhow, results, frozenset())
            bound = {name: np.maximum(bound[name], loose[name]) for name in results}
        return {name: upwards(bound[name]) for name in results}


def upwards(error: Array) -> NDArray[np.float64]:
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
        case syntax.Number() | syntax.AtLeast() | syntax.Indicator():
            return True
        case _:
            return False


class Analysis:
    """Evaluates programs over `Approximate` arrays."""

    def __init__(
        self,
        rounding: Rounding,
        known: dict[str, Approximate],
        pointers: Mapping[str, NDArray[np.intp]],
        extents: Mapping[str, int],
        counts: Counts = NOT_FOLDED,
    ) -> None:
        self.rounding, self.known, self.pointers, self.extents = rounding, known, pointers, extents
        self.counts = counts

    def run(self, program: Program, wanted: list[str], exact: Set[str]) -> dict[str, Array]:
        """The errors of the statements `wanted`, those named in `exact` taken without error."""
        for statement in program.statements:
            self.rounding.distributing = statement.target in wanted
            found = self.evaluate(statement.expression, statement.bounds)
            if statement.target in exact:
                found = Approximate(found.value)
            found = found.named
            shape = result_shape(statement.bounds, self.extents)
            self.known[statement.target] = found if found.value.shape == shape else found.broadcast(shape)
        return {name: _errors(self.known[name]) for name in wanted}

    def evaluate(self, node: Expression, scope: Scope) -> Approximate:
        """The value of `node` inside the bound indices `scope`."""
        rounding = self.rounding
        match node:
            case syntax.Entry(name, _):
                return self.known[name].select(
                    lambda array: gather(array, node, scope, self.extents, self.pointers)
                )
            case syntax.Number(value):
                return rounding.given(np.full((1,) * len(scope), value, dtype=np.float64))
            case syntax.Name(name) if name in self.extents:
                return rounding.given(np.full((1,) * len(scope), self._size(name), dtype=np.float64))
            case syntax.AtLeast(axis, least):
                size = max(self._size(axis), least)
                return rounding.given(np.full((1,) * len(scope), size, dtype=np.float64))
            case syntax.Name(name):
                return self.known[name].select(lambda array: array.reshape((1,) * len(scope)))
            case syntax.Negative(operand):
                return rounding.negative(self.evaluate(operand, scope))
            case syntax.Binary("*", syntax.Indicator() as mask, other) | syntax.Binary(
                "*", other, syntax.Indicator() as mask
            ):
                return rounding.masked(self._indicator(mask, scope), self.evaluate(other, scope))
            case syntax.Binary("**", left, right):
                return self._power(self.evaluate(left, scope), right, scope)
            case syntax.Binary(operator, left, right):
                return self._binary(operator, self.evaluate(left, scope), self.evaluate(right, scope))
            case syntax.Call(function, argument):
                return rounding.apply(function, self.evaluate(argument, scope))
            case syntax.Sum(bound, body):
                return self._sum(bound, body, scope)
            case syntax.Maximum(bound, body):
                return rounding.maximum(self.evaluate(body, (*scope, bound)))
            case syntax.Indicator():
                return Approximate(self._indicator(node, scope).astype(np.longdouble))
            case syntax.Derivative():
                raise LanguageError("diff is for proofs: a program has to do without it")
            case syntax.Choice(condition, then, otherwise):
                return self._choose(
                    condition, self.evaluate(then, scope), self.evaluate(otherwise, scope), scope
                )

    def _size(self, axis: str) -> int:
        return size_of(axis, self.extents, self.counts)

    def _indicator(self, node: syntax.Indicator, scope: Scope) -> NDArray[np.bool_]:
        return indicator(node, scope, self.extents, self.pointers)

    def _binary(self, operator: str, left: Approximate, right: Approximate) -> Approximate:
        if operator == "*":
            return self.rounding.multiply(left, right)
        if operator == "/":
            return self.rounding.divide(left, right)
        return self.rounding.add(left, right, subtract=operator == "-")

    def _power(self, base: Approximate, exponent: Expression, scope: Scope) -> Approximate:
        n = whole(exponent)
        if n is not None:
            return self.rounding.power(base, n)
        return self.rounding.real_power(base, self.evaluate(exponent, scope))

    def _sum(self, bound: syntax.Bound, body: Expression, scope: Scope) -> Approximate:
        inner, size, counts = (*scope, bound), self.extents[bound.axis], self.counts.get(bound.axis)
        match body:
            case syntax.Binary("*", left, right) if not isinstance(left, syntax.Indicator) and not isinstance(
                right, syntax.Indicator
            ):
                return self.rounding.contract(
                    self.evaluate(left, inner), self.evaluate(right, inner), size, counts
                )
            case _:
                return self.rounding.sum(self.evaluate(body, inner), size, counts)

    def _choose(
        self, condition: syntax.Comparison, then: Approximate, otherwise: Approximate, scope: Scope
    ) -> Approximate:
        left, right = (self.evaluate(side, scope).value for side in (condition.left, condition.right))
        return self.rounding.where(COMPARE[condition.operator](left, right), then, otherwise)


def _errors(found: Approximate) -> Array:
    error = np.zeros_like(found.value) if found.error is None else found.error
    return np.where(np.isfinite(found.value) & ~np.isnan(error), error, np.inf)
