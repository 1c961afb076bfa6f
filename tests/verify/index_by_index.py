"""A slow second evaluator of programs, one number at a time, for comparison with those that work on whole arrays."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from flint import arb

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Expression, Module, Position
from w2v_verified.verify.record import Record, axis_sizes

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
_RELATE: dict[str, Callable[[Any, Any], bool]] = {"==": operator.eq, "!=": operator.ne, **_ORDER}


class IndexByIndex:
    """Runs programs on the numbers that `number` makes: balls, or floats of a format."""

    def __init__(
        self,
        record: Record,
        arguments: Mapping[str, object],
        number: Callable[[Any], Any] | None = None,
        call: Callable[[str, Any], Any] | None = None,
    ) -> None:
        self.number = number or as_ball
        self.call = call or _call
        self.sizes = axis_sizes(record, arguments)
        self.pointers = {
            each.name: np.asarray(arguments[each.name]) for each in record.arguments if each.kind == "index"
        }
        self.known: dict[str, dict[tuple[int, ...], Any]] = {}
        for each in record.arguments:
            if each.kind == "array":
                array = np.asarray(arguments[each.name])
                self.known[each.name] = {
                    place: self.number(array[place]) for place in np.ndindex(array.shape)
                }

    def run(self, program: Module) -> dict[str, dict[tuple[int, ...], Any]]:
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

    def value(self, node: Expression, at: Mapping[str, int]) -> Any:
        match node:
            case syntax.Number(value):
                return self.number(value)
            case syntax.Name(name):
                return self.number(self.sizes[name]) if name in self.sizes else self.known[name][()]
            case syntax.Entry(name, positions):
                return self.known[name][tuple(self.position(each, at) for each in positions)]
            case syntax.Negative(operand):
                return -self.value(operand, at)
            case syntax.Binary(symbol, left, right):
                return _BINARY[symbol](self.value(left, at), self.value(right, at))
            case syntax.Call(function, argument):
                return self.call(function, self.value(argument, at))
            case syntax.Sum(bound, body):
                terms = (self.value(body, {**at, bound.name: n}) for n in range(self.sizes[bound.axis]))
                return sum(terms, self.number(0))
            case syntax.Maximum(bound, body):
                values = [self.value(body, {**at, bound.name: n}) for n in range(self.sizes[bound.axis])]
                return max(values, key=float)
            case syntax.Larger(left, right):
                return max(self.value(left, at), self.value(right, at), key=float)
            case syntax.Indicator(relation, left, right):
                return self.number(int(_RELATE[relation](self.position(left, at), self.position(right, at))))
            case syntax.Derivative():
                raise NotImplementedError("diff is for proofs")
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


def call_float(function: str, x: Any) -> Any:
    """The functions as good code computes them in the format of `x`."""
    one = type(x)(1)
    if function == "softplus":
        return max(x, 0 * one) + np.log1p(np.exp(-abs(x)))
    if function == "sigmoid":
        return one / (one + np.exp(-x)) if x > 0 else np.exp(x) / (one + np.exp(x))
    return getattr(np, function)(x)


def run_float(
    record: Record, which: str, arguments: Mapping[str, object], dtype: type[np.floating[Any]]
) -> tuple[Any, ...]:
    """The results of a program of the record, computed by naive loops in `dtype`."""
    evaluator = IndexByIndex(record, arguments, dtype, call_float)
    known = evaluator.run(record.programs[which])
    axes = {argument.name: argument.axes for argument in record.arguments}
    results = []
    for result in record.results:
        shape = tuple(evaluator.sizes[axis] for axis in axes[result.of]) if result.of else ()
        array = np.zeros(shape, dtype)
        for place in np.ndindex(shape):
            array[place] = known[result.name][place]
        results.append(array)
    return tuple(results)
