"""Evaluating a program over `Approximate` arrays: what its statements are, and how far off they may be computed."""

from collections.abc import Sequence, Set
from fractions import Fraction

import numpy as np

from w2v_verified.notation import LanguageError, syntax
from w2v_verified.notation.decimals import tens
from w2v_verified.notation.syntax import Expression, Module
from w2v_verified.verify.bounds import sums
from w2v_verified.verify.bounds.approximate import Approximate
from w2v_verified.verify.bounds.rounding import Rounding
from w2v_verified.verify.evaluation.batch import together
from w2v_verified.verify.evaluation.frames import Array, Count, Frame, Space
from w2v_verified.verify.evaluation.positions import COMPARE, Pointers, indicator, selection, whole

__all__ = ["Analysis"]

PI = Fraction("3.14159265358979323846264338327950288419716939937510582097494459")
"""As near to it as long doubles need."""


class Analysis:
    """Evaluates programs over `Approximate` arrays.

    `decimals` tells that they were derived from a definition with numbers that code rounds: they say `x / 10`, or
    `10 * x`, where code may well have `0.1 * x` and `x / 0.1`.
    """

    def __init__(
        self, rounding: Rounding, pointers: Pointers, space: Space, *, decimals: bool = False
    ) -> None:
        self.rounding, self.pointers, self.space, self.decimals = rounding, pointers, space, decimals
        self.known: dict[str, Approximate] = {}

    def given(self, name: str, arrays: Sequence[Array], frame: Frame) -> None:
        """Take an argument, one array for each input."""
        parts = [self.rounding.given(array.ravel()) for array in arrays]
        value, error = together([part.value for part in parts]), None
        if any(part.error is not None for part in parts):
            error = together([np.zeros_like(p.value) if p.error is None else p.error for p in parts])
        self.known[name] = Approximate(value, error, frame=frame)

    def run(self, program: Module, wanted: Sequence[str], exact: Set[str]) -> dict[str, Array]:
        """The errors of the statements `wanted`, those named in `exact` taken without error."""
        due = set(wanted)
        for statement in program.statements:
            self.rounding.distributing = statement.target in wanted
            scope = self.space.frame(statement.bounds)
            found = self._over(self.evaluate(statement.expression, scope), scope)
            if statement.target in exact:
                found = Approximate(found.value, frame=scope)
            self.known[statement.target] = found.named
            if self.known.keys() >= due:
                break
        return {name: _errors(self.known[name]) for name in wanted}

    def evaluate(self, node: Expression, scope: Frame) -> Approximate:
        """The value of `node` inside the bound indices of `scope`, over those it depends on."""
        rounding = self.rounding
        match node:
            case syntax.Entry(name, positions):
                return self._entry(self.known[name], positions, scope)
            case syntax.Binary("*", syntax.Indicator() as mask, other) | syntax.Binary(
                "*", other, syntax.Indicator() as mask
            ):
                return self._masked(mask, self.evaluate(other, scope), scope)
            case syntax.Binary("**", left, right):
                return self._power(self.evaluate(left, scope), right, scope)
            case syntax.Binary("/", syntax.Number(p), syntax.Number(q)) if q:
                return self._number(Fraction(p) / q)
            case syntax.Binary("/", left, syntax.Number(int() as n)) if self.decimals and n and n % 5 == 0:
                return self._by_decimal(self.evaluate(left, scope), n, scope)
            case syntax.Binary(operator, left, right):
                a, b = self._joined(scope, self.evaluate(left, scope), self.evaluate(right, scope))
                return self._binary(operator, a, b)
            case syntax.Call(function, argument):
                return rounding.apply(function, self.evaluate(argument, scope))
            case syntax.Sum(bound, body):
                return self._sum(bound, body, scope)
            case syntax.Negative(operand):
                return rounding.negative(self.evaluate(operand, scope))
            case syntax.Maximum(bound, body):
                frame = scope.inner(bound)
                terms = self.evaluate(body, frame)
                frame = frame.joined(_frame(terms), frame.part(frozenset({bound.name})))
                return sums.maximum(self._over(terms, frame), frame.rows, frame.outer)
            case syntax.Number(value):
                return self._number(value)
            case syntax.Name(name) if name in self.space.extents:
                return self._constant(self.space.size(name))
            case syntax.Name(name):
                return self.known[name]
            case syntax.Pi():
                return self._number(PI)
            case syntax.Larger(left, right):
                a, b = self._joined(scope, self.evaluate(left, scope), self.evaluate(right, scope))
                return rounding.larger(a, b)
            case syntax.Indicator():
                where = indicator(node, scope, self.pointers)
                return Approximate(where.array.astype(np.longdouble), frame=where.frame)
            case syntax.Choice(condition, then, otherwise):
                return self._choose(condition, then, otherwise, scope)
            case syntax.Derivative():
                raise LanguageError("diff is for proofs: a program has to do without it")

    def _over(self, found: Approximate, frame: Frame) -> Approximate:
        """`found`, repeated over the other indices of a frame."""
        if found.frame is frame:
            return found
        places = frame.onto(_frame(found))
        return found.select(lambda array: array.take(places), frame)

    def _joined(self, scope: Frame, *found: Approximate) -> list[Approximate]:
        """Each over the indices of all."""
        frame = scope.joined(*(_frame(each) for each in found))
        return [self._over(each, frame) for each in found]

    def _entry(
        self, source: Approximate, positions: tuple[syntax.Position, ...], scope: Frame
    ) -> Approximate:
        frame, places = selection(positions, _frame(source), scope, self.pointers)
        if places is None:
            return source._replace(frame=frame)
        return source.select(lambda array: array.take(places), frame)

    def _constant(self, value: Count) -> Approximate:
        values = np.full(self.space.inputs, value, dtype=np.float64)
        return self.rounding.given(values)._replace(frame=self.space.frame(()))

    def _number(self, value: int | Fraction) -> Approximate:
        made = self.decimals and value.numerator % 5 == 0
        found = self.rounding.constant(value, self.space.inputs, made=made)
        return found._replace(frame=self.space.frame(()))

    def _by_decimal(self, found: Approximate, n: int, scope: Frame) -> Approximate:
        """`found / n` as `0.1 * found` where n is 10, as `0.1 * found / 3` where n is 30."""
        below = tens(n)
        if below != n:
            found = self.rounding.divide(*self._joined(scope, found, self._number(n // below)))
        return self.rounding.multiply(*self._joined(scope, found, self._number(Fraction(1, below))))

    def _masked(self, mask: syntax.Indicator, found: Approximate, scope: Frame) -> Approximate:
        where = indicator(mask, scope, self.pointers)
        frame = scope.joined(where.frame, _frame(found))
        holds = where.array if where.frame is frame else where.array.take(frame.onto(where.frame))
        return self.rounding.masked(holds, self._over(found, frame))

    def _binary(self, operator: str, left: Approximate, right: Approximate) -> Approximate:
        match operator:
            case "+" | "-":
                return self.rounding.add(left, right, subtract=operator == "-")
            case "*":
                return self.rounding.multiply(left, right)
            case "/":
                return self.rounding.divide(left, right)
            case _:
                raise LanguageError(f"{operator}: an operator the judge does not know")

    def _power(self, base: Approximate, exponent: Expression, scope: Frame) -> Approximate:
        n = whole(exponent)
        if n is not None:
            return self.rounding.power(base, n)
        return self.rounding.real_power(*self._joined(scope, base, self.evaluate(exponent, scope)))

    def _sum(self, bound: syntax.Bound, body: Expression, scope: Frame) -> Approximate:
        inner = scope.inner(bound)
        match body:
            case syntax.Binary("*", left, right) if not isinstance(left, syntax.Indicator) and not isinstance(
                right, syntax.Indicator
            ):
                a, b = self._joined(inner, self.evaluate(left, inner), self.evaluate(right, inner))
                along = self._along(bound, _frame(a))
                if along is not None:
                    return sums.contract(self.rounding, a, b, along)
                terms = self.rounding.multiply(a, b)
            case _:
                terms = self.evaluate(body, inner)
                along = self._along(bound, _frame(terms))
                if along is not None:
                    return sums.total(self.rounding, terms, along)
        return sums.copies(self.rounding, terms, self.space.size(bound.axis))

    def _along(self, bound: syntax.Bound, frame: Frame) -> sums.Along | None:
        """The index of a sum, or None where the terms do not depend on it."""
        if bound.name not in frame.names:
            return None
        return sums.Along(self.space.size(bound.axis), frame.rows, frame.outer, frame.counts(bound))

    def _choose(
        self, condition: syntax.Comparison, then: Expression, otherwise: Expression, scope: Frame
    ) -> Approximate:
        nodes = (condition.left, condition.right, then, otherwise)
        left, right, first, second = self._joined(scope, *(self.evaluate(node, scope) for node in nodes))
        return self.rounding.where(COMPARE[condition.operator](left.value, right.value), first, second)


def _frame(found: Approximate) -> Frame:
    assert found.frame is not None
    return found.frame


def _errors(found: Approximate) -> Array:
    error = np.zeros_like(found.value) if found.error is None else found.error
    return np.where(np.isfinite(found.value) & ~np.isnan(error), error, np.inf)
