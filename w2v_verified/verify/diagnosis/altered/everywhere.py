"""One mistake made in all lines of a program: entries of an index argument left out, or summed twice; another axis."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Bound, Entry, Expression, Module, Running
from w2v_verified.verify.diagnosis.altered.alterations import Alteration
from w2v_verified.verify.diagnosis.altered.variants import Scope
from w2v_verified.verify.diagnosis.evidence.masks import APART, ONCE
from w2v_verified.verify.record import Argument

__all__ = ["in_every_sum"]

_Factor: TypeAlias = Callable[[tuple[Running, ...]], Expression]


def in_every_sum(program: Module, sampled: Argument) -> Iterator[Alteration]:
    """The program without entries of an index argument that repeat or collide, and with each of them counted twice."""
    name = sampled.name
    for mistake, factor in (
        (f"entries of {name} that collide with another index are skipped", _mask(APART + name)),
        (f"entries of {name} that repeat count once", _mask(ONCE + name)),
        (f"what is summed over {sampled.axes[-1]} is added twice", lambda _: syntax.Number(2)),
    ):
        statements = tuple(
            replace(each, expression=_multiplied(each.expression, each.bounds, factor, sampled))
            for each in program.statements
        )
        yield Alteration(mistake, "", Module(statements))


def _mask(name: str) -> _Factor:
    return lambda positions: Entry(name, positions)


def _multiplied(node: Expression, scope: Scope, factor: _Factor, sampled: Argument) -> Expression:
    """The expression with the factor in every sum that completes the axes of the argument."""
    match node:
        case syntax.Negative(operand):
            return syntax.Negative(_multiplied(operand, scope, factor, sampled))
        case syntax.Binary(operator, left, right):
            both = (_multiplied(each, scope, factor, sampled) for each in (left, right))
            return syntax.Binary(operator, *both)
        case syntax.Sum(bound, body):
            return syntax.Sum(bound, _within(bound, body, scope, factor, sampled))
        case _:
            return node


def _within(bound: Bound, body: Expression, scope: Scope, factor: _Factor, sampled: Argument) -> Expression:
    inner = (*scope, bound)
    changed = _multiplied(body, inner, factor, sampled)
    names = {each.axis: each.name for each in inner}
    if bound.axis in sampled.axes and all(axis in names for axis in sampled.axes):
        positions = tuple(Running(names[axis]) for axis in sampled.axes)
        return syntax.Binary("*", factor(positions), changed)
    return changed
