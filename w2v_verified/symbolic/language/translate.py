"""Between the index notation people write and SymPy."""

import sys
from collections.abc import Mapping
from typing import Any

import sympy as sp

from w2v_verified.notation import syntax
from w2v_verified.notation.language import LanguageError
from w2v_verified.notation.messages import shortened
from w2v_verified.notation.spelling import spell
from w2v_verified.symbolic.language.functions import Abs, named
from w2v_verified.symbolic.language.indices import (
    array,
    canonical,
    index,
    largest,
    pointer,
    scalar,
    size,
    table,
    total,
)
from w2v_verified.symbolic.language.intervals import REALS, Range
from w2v_verified.symbolic.language.operators import Choose, Larger, Slope, compared

_MOST_DIGITS = 10_000


class Translator:
    """Translates expressions that use certain axes, arrays and pointers.

    ``pointers`` maps an index argument to the axis it points into, ``ranges`` an array to where its entries lie, if
    that is not anywhere.
    """

    def __init__(
        self, axes: frozenset[str], pointers: Mapping[str, str], ranges: Mapping[str, Range]
    ) -> None:
        self.axes, self.pointers, self._ranges = axes, pointers, ranges

    def expression(self, node: syntax.Expression, bounds: tuple[syntax.Bound, ...] = ()) -> Any:
        """The SymPy expression of ``node`` within the scope of ``bounds``."""
        made = self._expression(node, {b.name: b.axis for b in bounds})
        return canonical(made.replace(sp.Abs, Abs))  # which SymPy makes of the root of a square

    def base(self, name: str) -> Any:
        """The array called ``name``."""
        return array(name, self._ranges.get(name, REALS))

    def scalar(self, name: str) -> Any:
        """The scalar called ``name``, or the size of the axis of that name."""
        if name in self.axes:
            return size(name)
        return scalar(name, self._ranges.get(name, REALS))

    def _expression(self, node: syntax.Expression, scope: Mapping[str, str]) -> Any:
        match node:
            case syntax.Number(value):
                return sp.Rational(value.numerator, value.denominator)
            case syntax.Name(name):
                return self.scalar(name)
            case syntax.Pi():
                return sp.pi
            case syntax.Larger(left, right):
                return Larger(self._expression(left, scope), self._expression(right, scope))
            case syntax.Entry(name, positions):
                return self.base(name)[tuple(self.position(p, scope) for p in positions)]
            case syntax.Negative(operand):
                return -self._expression(operand, scope)
            case syntax.Binary("*"):
                # All at once: SymPy multiplies 3 * (1 - [k = n]) out where nothing else is a factor yet.
                return _held(node, sp.Mul(*(self._expression(f, scope) for f in _factors(node))))
            case syntax.Binary(operator, left, right):
                return _held(
                    node,
                    self._binary(operator, self._expression(left, scope), self._expression(right, scope)),
                )
            case syntax.Call(function, argument):
                return _held(node, named(function).of(self._expression(argument, scope)))
            case syntax.Derivative(operand, entry):
                return Slope(self._expression(operand, scope), self._expression(entry, scope))
            case syntax.Sum(bound, body):
                return total(
                    index(bound.name, bound.axis), self._expression(body, {**scope, bound.name: bound.axis})
                )
            case syntax.Maximum(bound, body):
                return largest(
                    index(bound.name, bound.axis), self._expression(body, {**scope, bound.name: bound.axis})
                )
            case syntax.Indicator(relation, left, right):
                return compared(relation, self.position(left, scope), self.position(right, scope))
            case syntax.Choice(syntax.Comparison(operator, left, right), then, otherwise):
                low, high = (left, right) if operator in ("<", ">=") else (right, left)
                one, other = (then, otherwise) if operator in ("<", ">") else (otherwise, then)
                return Choose(*(self._expression(part, scope) for part in (low, high, one, other)))

    def _binary(self, operator: str, left: Any, right: Any) -> Any:
        match operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "/":
                return left / right
            case "**":
                return _power(left, right)
            case _:
                raise LanguageError(f"{operator}: no operator of the notation")

    def position(self, node: syntax.Position, scope: Mapping[str, str]) -> Any:
        """The SymPy index of a position."""
        match node:
            case syntax.Running(name):
                return index(name, scope[name])
            case syntax.Lookup(name, ()):
                return pointer(name, self.pointers[name])
            case syntax.Lookup(name, positions):
                return table(name, self.pointers[name])[tuple(self.position(p, scope) for p in positions)]


def _factors(node: syntax.Expression) -> list[syntax.Expression]:
    match node:
        case syntax.Binary("*", left, right):
            return [*_factors(left), *_factors(right)]
        case _:
            return [node]


def _held(node: syntax.Expression, e: Any) -> Any:
    """``e``; if it is a number, one that a float64 is near to, so that what is made of it can be evaluated.

    Raises:
        LanguageError: It is larger.
    """
    near = abs(sp.N(e)) if e.is_number and e.is_finite else None
    if near is not None and near.is_Float and near > sys.float_info.max:
        raise LanguageError(f"{shortened(spell(node))}: the nearest float64 is infinite")
    return e


def _power(base: Any, exponent: Any) -> Any:
    """A power; one of a number is computed.

    Raises:
        LanguageError: It is a number with more digits than anybody could write.
    """
    if base.is_Rational and exponent.is_Rational and base not in (0, 1, -1):
        digits = max(abs(base.p), base.q).bit_length()
        if abs(exponent) * digits > _MOST_DIGITS:
            written = shortened(f"{base} ** {exponent}")
            raise LanguageError(f"{written}: expected a power of at most {_MOST_DIGITS} binary digits")
    return base**exponent
