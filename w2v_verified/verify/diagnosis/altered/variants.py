"""Every expression that differs from another in one place."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Bound, Expression

__all__ = ["Here", "Scope", "variants"]

Scope: TypeAlias = tuple[Bound, ...]
"""The bound indices that run where an expression stands."""

Here: TypeAlias = Callable[[Expression, Scope], Iterator[tuple[str, Expression]]]
"""From an expression to what may stand in its place by mistake, each with the mistake in words."""


def variants(node: Expression, scope: Scope, here: Here) -> Iterator[tuple[str, Expression]]:
    """The mistakes at a node, then those inside it."""
    yield from here(node, scope)
    match node:
        case syntax.Negative(operand):
            for mistake, inner in variants(operand, scope, here):
                yield mistake, syntax.Negative(inner)
        case syntax.Binary(operator, left, right):
            for mistake, inner in variants(left, scope, here):
                yield mistake, syntax.Binary(operator, inner, right)
            for mistake, inner in variants(right, scope, here):
                yield mistake, syntax.Binary(operator, left, inner)
        case syntax.Call(function, argument):
            for mistake, inner in variants(argument, scope, here):
                yield mistake, syntax.Call(function, inner)
        case syntax.Larger(left, right):
            for mistake, inner in variants(left, scope, here):
                yield mistake, syntax.Larger(inner, right)
            for mistake, inner in variants(right, scope, here):
                yield mistake, syntax.Larger(left, inner)
        case syntax.Sum(bound, body):
            for mistake, inner in variants(body, (*scope, bound), here):
                yield mistake, syntax.Sum(bound, inner)
