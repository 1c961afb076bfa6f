"""A quick evaluator of programs: every expression an array over the bound indices in scope, by NumPy's broadcasting."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Bound, Expression, Module, Position
from w2v_verified.verify import Record
from w2v_verified.verify.record import axis_sizes

_CALLS: dict[str, Callable[[Any], Any]] = {
    "softplus": lambda x: np.logaddexp(0, x),
    "sigmoid": lambda x: np.exp(-np.logaddexp(0, -x)),
}
_BINARY = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
_RELATE = {"==": np.equal, "!=": np.not_equal}

_Known = dict[str, Any]
_Value = Callable[[_Known], Any]


class Broadcast:
    """A program, made ready to be run on one input after another."""

    def __init__(self, record: Record, program: Module) -> None:
        self._record = record
        self._statements = [(each, self._value(each.expression, each.bounds)) for each in program.statements]

    def __call__(self, given: Mapping[str, Any], dtype: np.dtype[Any]) -> _Known:
        sizes = axis_sizes(self._record, given)
        known: _Known = {axis: np.array(size, dtype) for axis, size in sizes.items()}
        for argument in self._record.arguments:
            array = np.asarray(given[argument.name])
            known[argument.name] = array.astype(dtype) if argument.kind == "array" else array
        with np.errstate(all="ignore"):
            for statement, value in self._statements:
                shape = tuple(sizes[bound.axis] for bound in statement.bounds)
                known[statement.target] = np.broadcast_to(value(known), shape).astype(dtype)
        return known

    def _value(self, node: Expression, scope: tuple[Bound, ...]) -> _Value:
        match node:
            case syntax.Number(number):
                return lambda known: float(number)
            case syntax.Name(name):
                return lambda known: known[name]
            case syntax.Entry(name, positions):
                places = [self._place(each, scope) for each in positions]
                return lambda known: known[name][tuple(place(known) for place in places)]
            case syntax.Negative(operand):
                inner = self._value(operand, scope)
                return lambda known: -inner(known)
            case syntax.Binary(symbol, left, right):
                return self._joined(_BINARY[symbol], left, right, scope)
            case syntax.Larger(left, right):
                return self._joined(np.maximum, left, right, scope)
            case syntax.Call(function, argument):
                made = _CALLS[function] if function in _CALLS else getattr(np, function)
                inner = self._value(argument, scope)
                return lambda known: made(inner(known))
            case syntax.Sum(bound, body):
                terms = self._terms(bound, body, scope)
                return lambda known: terms(known).sum(axis=-1)
            case syntax.Maximum(bound, body):
                terms = self._terms(bound, body, scope)
                return lambda known: terms(known).max(axis=-1)
            case syntax.Indicator(relation, left, right):
                one, other = self._place(left, scope), self._place(right, scope)
                return lambda known: _RELATE[relation](one(known), other(known)).astype(float)
        raise NotImplementedError(type(node).__name__)

    def _joined(
        self, join: Callable[[Any, Any], Any], left: Expression, right: Expression, scope: tuple[Bound, ...]
    ) -> _Value:
        one, other = self._value(left, scope), self._value(right, scope)
        return lambda known: join(one(known), other(known))

    def _terms(self, bound: Bound, body: Expression, scope: tuple[Bound, ...]) -> _Value:
        """The terms of a sum along the last axis, as many as there are, though they be the same."""
        inner, value = len(scope) + 1, self._value(body, (*scope, bound))

        def terms(known: _Known) -> Any:
            found = np.asarray(value(known))
            found = found.reshape((1,) * (inner - found.ndim) + found.shape)
            return np.broadcast_to(found, (*found.shape[:-1], int(known[bound.axis])))

        return terms

    def _place(self, node: Position, scope: tuple[Bound, ...]) -> _Value:
        if isinstance(node, syntax.Lookup):
            name, places = node.name, [self._place(each, scope) for each in node.positions]
            return lambda known: known[name][tuple(place(known) for place in places)]
        at = next(place for place, bound in enumerate(scope) if bound.name == node.name)
        shape = tuple(-1 if place == at else 1 for place in range(len(scope)))
        axis = scope[at].axis
        return lambda known: np.arange(int(known[axis])).reshape(shape)
