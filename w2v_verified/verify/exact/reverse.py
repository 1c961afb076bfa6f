"""Reverse-mode differentiation of a program over arrays of balls.

Every operation adds a `Node` to a tape, with pullbacks that turn the adjoint of its value into contributions to the
adjoints of what it was made from; `gradients` walks the tape backwards. Nothing here knows the derivation.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from w2v_verified.notation import LanguageError, syntax
from w2v_verified.notation.syntax import Expression, Module
from w2v_verified.verify.evaluation import balls
from w2v_verified.verify.evaluation.balls import whole_power
from w2v_verified.verify.evaluation.frames import Array, Count, Frame, Placed, Space
from w2v_verified.verify.evaluation.positions import COMPARE, Pointers, indicator, selection, whole
from w2v_verified.verify.evaluation.primitives import primitive

__all__ = ["Node", "Reverse"]


@dataclass(slots=True, eq=False)
class Node:
    """An array over a frame, and what its adjoint means for what it was made from; constants have no pullbacks."""

    value: Array
    frame: Frame
    pullbacks: list[tuple["Node", Callable[[Array], Array]]] = field(default_factory=list)
    adjoint: Array | None = None
    varies: bool = False


class Reverse:
    """Evaluates programs at given arguments and keeps the tape."""

    def __init__(
        self, arrays: Mapping[str, Placed], pointers: Pointers, space: Space, of: Iterable[str]
    ) -> None:
        self.pointers, self.space = pointers, space
        self.tape: list[Node] = []
        wanted = frozenset(of)
        self.known = {
            name: Node(array, frame, varies=name in wanted) for name, (array, frame) in arrays.items()
        }

    def run(self, program: Module) -> Node:
        """The value of the last statement of `program`."""
        for statement in program.statements:
            scope = self.space.frame(statement.bounds)
            node = self._over(self.evaluate(statement.expression, scope), scope)
            self.known[statement.target] = node
        return node

    def gradients(self, loss: Node) -> None:
        """Leave in every node's `adjoint` the derivative by it of the `loss`, or of the sum of its entries."""
        loss.adjoint = np.full(loss.value.shape, balls.ONE, dtype=object)
        for node in reversed(self.tape):
            if node.adjoint is None:
                continue
            for source, pull in node.pullbacks:
                part = pull(node.adjoint)
                source.adjoint = part if source.adjoint is None else source.adjoint + part
            node.adjoint = None

    def _make(self, value: Array, frame: Frame, *pullbacks: tuple[Node, Callable[[Array], Array]]) -> Node:
        live = [(source, pull) for source, pull in pullbacks if source.varies]
        node = Node(value, frame, live, varies=bool(live))
        if live:
            self.tape.append(node)
        return node

    def _constant(self, value: Count) -> Node:
        return Node(balls.exact(np.full(self.space.inputs, value)), self.space.frame(()))

    def _number(self, value: int | Fraction) -> Node:
        ball = balls.rational(value)
        return Node(np.full(self.space.inputs, ball, dtype=object), self.space.frame(()))

    def evaluate(self, node: Expression, scope: Frame) -> Node:
        """The value of `node` inside the bound indices of `scope`, over those it depends on."""
        match node:
            case syntax.Entry(name, positions):
                source = self.known[name]
                frame, places = selection(positions, source.frame, scope, self.pointers)
                return self._taken(source, frame, places)
            case syntax.Number(value):
                return self._number(value)
            case syntax.Name(name):
                sizes = self.space.extents
                return self._constant(self.space.size(name)) if name in sizes else self.known[name]
            case syntax.Pi():
                return Node(np.full(self.space.inputs, balls.arb.pi(), dtype=object), self.space.frame(()))
            case syntax.Larger(left, right):
                return self._larger(
                    *self._joined(scope, self.evaluate(left, scope), self.evaluate(right, scope))
                )
            case syntax.Negative(operand):
                inner = self.evaluate(operand, scope)
                return self._make(-inner.value, inner.frame, (inner, lambda g: -g))
            case syntax.Binary("**", left, right):
                return self._power(self.evaluate(left, scope), right, scope)
            case syntax.Binary(operator, left, right):
                a, b = self._joined(scope, self.evaluate(left, scope), self.evaluate(right, scope))
                return self._binary(operator, a, b)
            case syntax.Call(function, argument):
                return self._call(function, self.evaluate(argument, scope))
            case syntax.Sum(bound, body):
                return self._sum(self.evaluate(body, scope.inner(bound)), bound)
            case syntax.Indicator():
                mask, frame = indicator(node, scope, self.pointers)
                return Node(balls.constants(mask), frame)
            case syntax.Choice(condition, then, otherwise):
                return self._choose(condition, then, otherwise, scope)
            case syntax.Maximum():
                raise LanguageError("max is not differentiable: a definition has to do without it")
            case syntax.Derivative():
                raise LanguageError("diff is for proofs: a definition has to do without it")

    def _taken(self, source: Node, frame: Frame, places: Array | None) -> Node:
        """Entries of a node over another frame; None stands for all of them in their order."""
        if places is None:
            return self._make(source.value, frame, (source, lambda g: g))

        def pull(adjoint: Array) -> Array:
            total = np.full(source.frame.total, balls.ZERO, dtype=object)
            np.add.at(total, places, adjoint)
            return total

        return self._make(source.value.take(places), frame, (source, pull))

    def _over(self, node: Node, frame: Frame) -> Node:
        """The node, repeated over the other indices of a frame."""
        return node if node.frame is frame else self._taken(node, frame, frame.onto(node.frame))

    def _joined(self, scope: Frame, *nodes: Node) -> list[Node]:
        """Each over the indices of all."""
        frame = scope.joined(*(node.frame for node in nodes))
        return [self._over(node, frame) for node in nodes]

    def _binary(self, operator: str, left: Node, right: Node) -> Node:
        a, b, frame = left.value, right.value, left.frame
        match operator:
            case "+":
                return self._make(a + b, frame, (left, lambda g: g), (right, lambda g: g))
            case "-":
                return self._make(a - b, frame, (left, lambda g: g), (right, lambda g: -g))
            case "*":
                return self._make(a * b, frame, (left, lambda g: g * b), (right, lambda g: g * a))
            case "/":
                value = a / b
                return self._make(value, frame, (left, lambda g: g / b), (right, lambda g: -g * value / b))
            case _:
                raise LanguageError(f"{operator}: an operator the judge does not know")

    def _larger(self, left: Node, right: Node) -> Node:
        a, b = left.value, right.value
        share = primitive("heaviside").ball(a - b)
        return self._make(
            b + primitive("relu").ball(a - b),
            left.frame,
            (left, lambda g: g * share),
            (right, lambda g: g * (1 - share)),
        )

    def _power(self, base: Node, exponent: Expression, scope: Frame) -> Node:
        n = whole(exponent)
        if n is not None:
            x = base.value
            return self._make(
                whole_power(x, n), base.frame, (base, lambda g: g * n * whole_power(x, n - 1) if n else g * 0)
            )
        base, power = self._joined(scope, base, self.evaluate(exponent, scope))
        x, y = base.value, power.value
        value = x**y
        return self._make(
            value,
            base.frame,
            (base, lambda g: g * y * x ** (y - 1)),
            (power, lambda g: g * value * primitive("log").ball(x)),
        )

    def _call(self, function: str, argument: Node) -> Node:
        row, x = primitive(function), argument.value
        value = row.ball(x)
        return self._make(value, argument.frame, (argument, lambda g: g * row.derivative(x, value)))

    def _sum(self, body: Node, bound: syntax.Bound) -> Node:
        frame = body.frame
        if bound.name not in frame.names:
            size = balls.exact(np.asarray(frame.each(self.space.size(bound.axis))))
            return self._make(body.value * size, frame, (body, lambda g: g * size))
        rows, outer, counts = frame.rows, frame.outer, frame.counts(bound)
        if counts is None:
            value = rows.reduced(np.add, body.value, balls.ZERO)
            return self._make(value, outer, (body, rows.repeat))
        weights = balls.exact(counts)
        value = rows.reduced(np.add, body.value * weights, balls.ZERO)
        return self._make(value, outer, (body, lambda g: rows.repeat(g) * weights))

    def _choose(
        self, condition: syntax.Comparison, then: Expression, otherwise: Expression, scope: Frame
    ) -> Node:
        nodes = (condition.left, condition.right, then, otherwise)
        a, b, first, second = self._joined(scope, *(self.evaluate(node, scope) for node in nodes))
        mask = COMPARE[condition.operator](a.value.astype(np.float64), b.value.astype(np.float64))
        return self._make(
            np.where(mask, first.value, second.value),
            first.frame,
            (first, lambda g: balls.where(mask, g, balls.ZERO)),
            (second, lambda g: balls.where(mask, balls.ZERO, g)),
        )
