"""A slow second evaluator of programs, one number at a time, for comparison with those that work on whole arrays."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from flint import arb

from w2v_verified.verify import syntax
from w2v_verified.verify.record import Record, sizes
from w2v_verified.verify.syntax import Expression, Position, Program

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class IndexByIndex:
    def __init__(self, record: Record, arguments: Mapping[str, object]) -> None:
        self.sizes = sizes(record, arguments)
        self.pointers = {
            each.name: np.asarray(arguments[each.name]) for each in record.arguments if each.kind == "index"
        }
        self.known: dict[str, dict[tuple[int, ...], arb]] = {}
        for each in record.arguments:
            if each.kind == "array":
                array = np.asarray(arguments[each.name])
                self.known[each.name] = {place: as_ball(array[place]) for place in np.ndindex(array.shape)}

    def run(self, program: Program) -> dict[str, dict[tuple[int, ...], arb]]:
        for statement in program.statements:
            shape = [self.sizes[bound.axis] for bound in statement.bounds]
            names = [bound.name for bound in statement.bounds]
            self.known[statement.target] = {
                place: self.value(statement.expression, dict(zip(names, place, strict=True)))
                for place in np.ndindex(*shape)
            }
        return self.known

    def position(self, node: Position, at: Mapping[str, int]) -> int:
        if isinstance(node, syntax.Running):
            return at[node.name]
        return int(self.pointers[node.name][tuple(self.position(each, at) for each in node.positions)])

    def value(self, node: Expression, at: Mapping[str, int]) -> arb:
        match node:
            case syntax.Number(value):
                return arb(value)
            case syntax.Name(name):
                return arb(self.sizes[name]) if name in self.sizes else self.known[name][()]
            case syntax.Entry(name, positions):
                return self.known[name][tuple(self.position(each, at) for each in positions)]
            case syntax.Negative(operand):
                return -self.value(operand, at)
            case syntax.Binary(symbol, left, right):
                result: arb = _BINARY[symbol](self.value(left, at), self.value(right, at))
                return result
            case syntax.Call(function, argument):
                return _call(function, self.value(argument, at))
            case syntax.Sum(bound, body):
                terms = (self.value(body, {**at, bound.name: n}) for n in range(self.sizes[bound.axis]))
                return sum(terms, arb(0))
            case syntax.Maximum(bound, body):
                values = [self.value(body, {**at, bound.name: n}) for n in range(self.sizes[bound.axis])]
                return max(values, key=lambda each: float(each.mid()))
            case syntax.Indicator(equal, left, right):
                return arb((self.position(left, at) == self.position(right, at)) == equal)
            case syntax.Choice(condition, then, otherwise):
                sides = (float(self.value(each, at)) for each in (condition.left, condition.right))
                return self.value(then if _ORDER[condition.operator](*sides) else otherwise, at)


def as_ball(value: Any) -> arb:
    numerator, denominator = value.as_integer_ratio()
    return arb(numerator) / arb(denominator)


def _call(function: str, x: arb) -> arb:
    if function == "softplus":
        return (1 + x.exp()).log()
    if function == "sigmoid":
        return 1 / (1 + (-x).exp())
    result: arb = abs(x) if function == "abs" else getattr(x, function)()
    return result
