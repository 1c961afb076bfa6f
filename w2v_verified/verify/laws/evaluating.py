"""The value of an expression for every choice of its indices: exact where it is rational in exact numbers, else balls.

An array over bound indices has one axis for each of them, of length 1 where it does not depend on it, behind one more
of length 1, so that there always is an axis.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from w2v_verified.notation import LanguageError, syntax
from w2v_verified.notation.syntax import Bound, Expression, Position
from w2v_verified.verify.evaluation.balls import arb, fmpq, where
from w2v_verified.verify.evaluation.frames import Array
from w2v_verified.verify.evaluation.positions import COMPARE, whole
from w2v_verified.verify.evaluation.primitives import primitive
from w2v_verified.verify.laws.numbers import floats

__all__ = ["PRECISION", "Known", "ball"]

PRECISION = 256
"""Bits in which balls of laws are computed with: far beyond what any format holds."""

ball = np.frompyfunc(arb, 1, 1)
"""Numbers as balls, entry by entry."""

_EQUAL: Mapping[str, np.ufunc] = {"==": np.equal, "!=": np.not_equal, **COMPARE}


@dataclass(frozen=True)
class Known:
    """What names stand for: the sizes of axes, numbers (rational ones, or balls) and indices."""

    sizes: dict[str, int]
    numbers: dict[str, Array]
    indices: dict[str, Array]

    def value(self, node: Expression, bounds: tuple[Bound, ...]) -> Array:
        """An expression for all ``bounds``: an array with an axis for each."""
        return self._whole(self._value(node, bounds), bounds)

    def position(self, node: Position, bounds: tuple[Bound, ...]) -> Array:
        """A position for all ``bounds``: an array of integers with an axis for each."""
        return self._whole(self._position(node, bounds), bounds)

    def _whole(self, array: Array, bounds: tuple[Bound, ...]) -> Array:
        shape = tuple(self.sizes[bound.axis] for bound in bounds)
        found: Array = np.broadcast_to(array, (1, *shape)).copy().reshape(shape)
        return found

    def _value(self, node: Expression, scope: tuple[Bound, ...]) -> Array:
        def of(part: Expression) -> Array:
            return self._value(part, scope)

        match node:
            case syntax.Number(value):
                return _alone(fmpq(value.numerator, value.denominator), scope)
            case syntax.Pi():
                return _alone(arb.pi(), scope)
            case syntax.Name(name):
                return _alone(
                    fmpq(self.sizes[name]) if name in self.sizes else self.numbers[name].item(), scope
                )
            case syntax.Entry(name, positions):
                places = [self._position(each, scope) for each in positions]
                return self._taken(self.numbers[name], places)
            case syntax.Negative(operand):
                return _objects(-of(operand))
            case syntax.Binary("**", base, exponent):
                n = whole(exponent)
                return _objects(_power(of(base), n) if n is not None else _real_power(of(base), of(exponent)))
            case syntax.Binary(operator, left, right):
                return _objects(_OPERATIONS[operator](of(left), of(right)))
            case syntax.Call(function, argument):
                return _objects(primitive(function).ball(_objects(ball(of(argument)))))
            case syntax.Larger(left, right):
                return _objects(_larger(of(left), of(right)))
            case syntax.Sum(bound, body):
                terms = self._along(body, scope, bound)
                return _objects(np.add.reduce(terms, axis=-1, initial=fmpq(0)))
            case syntax.Maximum(bound, body):
                terms = self._along(body, scope, bound)
                return _objects(_larger.reduce(terms, axis=-1))
            case syntax.Indicator(relation, first, second):
                sides = self._position(first, scope), self._position(second, scope)
                return where(_EQUAL[relation](*sides), fmpq(1), fmpq(0))
            case syntax.Choice(test, then, otherwise):
                sides = (floats(of(test.left)), floats(of(test.right)))
                return where(COMPARE[test.operator](*sides), of(then), of(otherwise))
            case syntax.Derivative():
                raise LanguageError("diff is for proofs: a law has to do without it")

    def _along(self, body: Expression, scope: tuple[Bound, ...], bound: Bound) -> Array:
        """What is added up, or compared, along a further index."""
        terms = self._value(body, (*scope, bound))
        return np.broadcast_to(terms, (*terms.shape[:-1], self.sizes[bound.axis]))

    def _taken(self, array: Array, places: list[Array]) -> Array:
        return _objects(array[tuple(np.broadcast_arrays(*places))])

    def _position(self, node: Position, scope: tuple[Bound, ...]) -> Array:
        match node:
            case syntax.Running(name):
                at = next(place for place, bound in enumerate(scope) if bound.name == name)
                shape = [1] * (len(scope) + 1)
                shape[at + 1] = self.sizes[scope[at].axis]
                return np.arange(self.sizes[scope[at].axis]).reshape(shape)
            case syntax.Lookup(name, positions):
                held = np.asarray(self.indices[name])
                if not positions:
                    return held.reshape((1,) * (len(scope) + 1))
                places = [self._position(each, scope) for each in positions]
                found: Array = held[tuple(np.broadcast_arrays(*places))]
                return found


def _alone(value: object, scope: tuple[Bound, ...]) -> Array:
    array = np.empty((1,) * (len(scope) + 1), dtype=object)
    array.fill(value)
    return array


def _objects(values: Any) -> Array:
    return np.asarray(values, dtype=object)


def _quotient(left: Any, right: Any) -> Any:
    if right == 0:
        return arb("nan")
    return left / right


def _larger_of(left: Any, right: Any) -> Any:
    if isinstance(left, fmpq) and isinstance(right, fmpq):
        return max(left, right)
    return arb(left).max(arb(right))


def _whole_power(base: Any, exponent: int) -> Any:
    if exponent < 0:
        return _quotient(fmpq(1), _whole_power(base, -exponent))
    found: Any = fmpq(1)
    for _ in range(exponent):  # that of the library is NaN for every ball around 0
        found = found * base
    return found


_larger = np.frompyfunc(_larger_of, 2, 1)
_power = np.frompyfunc(_whole_power, 2, 1)
_real_power = np.frompyfunc(lambda left, right: arb(left) ** arb(right), 2, 1)
_OPERATIONS: Mapping[str, Callable[[Array, Array], object]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.frompyfunc(_quotient, 2, 1),
}
