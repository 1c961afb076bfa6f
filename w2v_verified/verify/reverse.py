"""Reverse-mode differentiation of a program over arrays of balls.

Every operation adds a `Node` to a tape, with pullbacks that turn the adjoint of its value into contributions to the
adjoints of what it was made from; `gradients` walks the tape backwards. Nothing here knows the derivation.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from w2v_verified.notation import LanguageError, syntax
from w2v_verified.notation.syntax import Expression, Program
from w2v_verified.verify import balls
from w2v_verified.verify.functions import FUNCTIONS, derivative
from w2v_verified.verify.indexing import (
    COMPARE,
    NOT_FOLDED,
    Array,
    Counts,
    Pointers,
    Scope,
    gather,
    index_arrays,
    indicator,
    plain_places,
    result_shape,
    size_of,
    whole,
)

__all__ = ["Node", "Reverse"]


@dataclass(slots=True, eq=False)
class Node:
    """An array, and what its adjoint means for the arrays it was made from; constants have no pullbacks."""

    value: Array
    pullbacks: list[tuple["Node", Callable[[Array], Array]]] = field(default_factory=list)
    adjoint: Array | None = None
    varies: bool = False


def _sum(array: Array, axis: int) -> Array:
    if array.shape[axis] == 0:
        return np.full(np.delete(array.shape, axis), balls.ZERO, dtype=object)
    return np.asarray(np.add.reduce(array, axis=axis), dtype=object)


def _reduce_to(adjoint: Array, shape: tuple[int, ...]) -> Array:
    """Undo broadcasting: sum over the dimensions where `shape` has 1."""
    array = np.asarray(adjoint, dtype=object)
    for axis, size in enumerate(shape):
        if size == 1 and array.shape[axis] != 1:
            array = np.expand_dims(_sum(array, axis), axis)
    return array


class Reverse:
    """Evaluates programs at given arguments and keeps the tape."""

    def __init__(
        self,
        arrays: Mapping[str, Array],
        pointers: Pointers,
        sizes: Mapping[str, int],
        of: Iterable[str],
        counts: Counts = NOT_FOLDED,
    ) -> None:
        self.sizes, self.pointers, self.counts = sizes, pointers, counts
        self.tape: list[Node] = []
        wanted = frozenset(of)
        self.known = {name: Node(array, varies=name in wanted) for name, array in arrays.items()}

    def run(self, program: Program) -> Node:
        """The value of the last statement of `program`."""
        for statement in program.statements:
            node = self.evaluate(statement.expression, statement.bounds)
            shape = result_shape(statement.bounds, self.sizes)
            if node.value.shape != shape:
                node = self._broadcast(node, shape)
            self.known[statement.target] = node
        return node

    def _broadcast(self, node: Node, shape: tuple[int, ...]) -> Node:
        before = node.value.shape
        return self._make(np.broadcast_to(node.value, shape), (node, lambda g: _reduce_to(g, before)))

    def gradients(self, loss: Node) -> None:
        """Leave in every node's `adjoint` the derivative by it of the `loss`, or of the sum of its entries."""
        loss.adjoint = balls.exact(np.ones(loss.value.shape, np.int64))
        for node in reversed(self.tape):
            if node.adjoint is None:
                continue
            for source, pull in node.pullbacks:
                part = np.asarray(pull(node.adjoint), dtype=object)  # NumPy unwraps objects of rank 0
                source.adjoint = (
                    part if source.adjoint is None else np.asarray(source.adjoint + part, dtype=object)
                )
            node.adjoint = None

    def _make(self, value: object, *pullbacks: tuple[Node, Callable[[Array], Array]]) -> Node:
        array = np.asarray(value, dtype=object)
        live = [(source, pull) for source, pull in pullbacks if source.varies]
        node = Node(array, live, varies=bool(live))
        if live:
            self.tape.append(node)
        return node

    def _constant(self, value: float, scope: Scope) -> Node:
        return Node(balls.exact(np.full((1,) * len(scope), value)))

    def evaluate(self, node: Expression, scope: Scope) -> Node:
        """The value of `node` inside the bound indices `scope`."""
        match node:
            case syntax.Entry():
                return self._gather(node, scope)
            case syntax.Number(value):
                return self._constant(value, scope)
            case syntax.Name(name):
                return (
                    self._constant(size_of(name, self.sizes, self.counts), scope)
                    if name in self.sizes
                    else self._scalar(name, scope)
                )
            case syntax.AtLeast(axis, least):
                return self._constant(max(size_of(axis, self.sizes, self.counts), least), scope)
            case syntax.Negative(operand):
                inner = self.evaluate(operand, scope)
                return self._make(-inner.value, (inner, lambda g: -g))
            case syntax.Binary("**", left, right):
                return self._power(self.evaluate(left, scope), right, scope)
            case syntax.Binary(operator, left, right):
                return self._binary(operator, self.evaluate(left, scope), self.evaluate(right, scope))
            case syntax.Call(function, argument):
                return self._call(function, self.evaluate(argument, scope))
            case syntax.Sum(bound, body):
                return self._sum(self.evaluate(body, (*scope, bound)), bound.axis)
            case syntax.Indicator():
                return Node(balls.constants(indicator(node, scope, self.sizes, self.pointers)))
            case syntax.Choice(condition, then, otherwise):
                return self._choose(condition, then, otherwise, scope)
            case syntax.Maximum():
                raise LanguageError("max is not differentiable: a definition has to do without it")
            case syntax.Derivative():
                raise LanguageError("diff is for proofs: a definition has to do without it")

    def _gather(self, entry: syntax.Entry, scope: Scope) -> Node:
        source, sizes, pointers = self.known[entry.name], self.sizes, self.pointers
        shape, places = source.value.shape, plain_places(entry, scope)

        def pull(adjoint: Array) -> Array:
            if places is not None:
                order = sorted(range(len(places)), key=places.__getitem__)
                ordered = adjoint.reshape([shape[axis] for axis in order])
                return ordered.transpose([order.index(axis) for axis in range(len(order))])
            total = np.full(shape, balls.ZERO, dtype=object)
            np.add.at(total, index_arrays(entry, scope, sizes, pointers), adjoint)
            return total

        return self._make(gather(source.value, entry, scope, sizes, pointers), (source, pull))

    def _scalar(self, name: str, scope: Scope) -> Node:
        source = self.known[name]
        return self._make(source.value.reshape((1,) * len(scope)), (source, lambda g: g.reshape(())))

    def _binary(self, operator: str, left: Node, right: Node) -> Node:
        a, b = left.value, right.value
        into_left: Callable[[Array], Array]
        into_right: Callable[[Array], Array]
        if operator == "+":
            value, into_left, into_right = a + b, lambda g: g, lambda g: g
        elif operator == "-":
            value, into_left, into_right = a - b, lambda g: g, lambda g: -g
        elif operator == "*":
            value, into_left, into_right = a * b, lambda g: g * b, lambda g: g * a
        else:
            value, into_left, into_right = a / b, lambda g: g / b, lambda g: -g * value / b
        return self._make(
            value,
            (left, lambda g: _reduce_to(into_left(g), a.shape)),
            (right, lambda g: _reduce_to(into_right(g), b.shape)),
        )

    def _power(self, base: Node, exponent: Expression, scope: Scope) -> Node:
        x = base.value
        n = whole(exponent)
        if n is not None:
            return self._make(x**n, (base, lambda g: g * n * x ** (n - 1) if n else g * 0))
        power = self.evaluate(exponent, scope)
        y = power.value
        value = x**y
        return self._make(
            value,
            (base, lambda g: _reduce_to(g * y * x ** (y - 1), x.shape)),
            (power, lambda g: _reduce_to(g * value * FUNCTIONS["log"](x), y.shape)),
        )

    def _call(self, function: str, argument: Node) -> Node:
        x = argument.value
        value = np.asarray(FUNCTIONS[function](x), dtype=object)
        return self._make(value, (argument, lambda g: g * derivative(function, x, value)))

    def _sum(self, body: Node, axis: str) -> Node:
        shape, counts = body.value.shape, self.counts.get(axis)
        size = size_of(axis, self.sizes, self.counts)
        if shape[-1] == self.sizes[axis] and counts is None:
            return self._make(
                _sum(body.value, -1), (body, lambda g: np.broadcast_to(g[..., np.newaxis], shape))
            )
        if shape[-1] == self.sizes[axis]:
            weights = balls.exact(np.asarray(counts))
            return self._make(_sum(body.value * weights, -1), (body, lambda g: g[..., np.newaxis] * weights))
        return self._make(body.value[..., 0] * size, (body, lambda g: g[..., np.newaxis] * size))

    def _choose(
        self, condition: syntax.Comparison, then: Expression, otherwise: Expression, scope: Scope
    ) -> Node:
        a = self.evaluate(condition.left, scope).value.astype(np.float64)
        b = self.evaluate(condition.right, scope).value.astype(np.float64)
        mask = COMPARE[condition.operator](a, b)
        first, second = self.evaluate(then, scope), self.evaluate(otherwise, scope)
        value = np.where(mask, first.value, second.value)
        return self._make(
            value,
            (first, lambda g: _reduce_to(balls.where(mask, g, balls.ZERO), first.value.shape)),
            (second, lambda g: _reduce_to(balls.where(mask, balls.ZERO, g), second.value.shape)),
        )
