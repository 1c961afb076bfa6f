"""Judging many inputs of one shape at the cost of a few: exact values and strict bounds of all of them in one pass.

A program is given one more index, over the inputs, in front of every array; nothing else in it changes. What one pass
does not know well enough, because an input needs more digits than the others, is left to be found out by itself.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Bound, Expression, Position, Program, Running, Statement
from w2v_verified.verify import balls
from w2v_verified.verify.accuracy import Standard, standard_of
from w2v_verified.verify.arguments import Arguments
from w2v_verified.verify.balls import ctx
from w2v_verified.verify.bounds import Analysis, upwards
from w2v_verified.verify.oracle import FIRST_PRECISION, Reference, evaluate, missing_bits
from w2v_verified.verify.record import Record, sizes
from w2v_verified.verify.rounding import Rounding

__all__ = ["standards_of"]

_INPUTS, _INPUT = "(inputs)", "(input)"  # no name in a program is in brackets
_FEW = 3


def standards_of(record: Record, inputs: Sequence[Arguments]) -> list[Standard]:
    """``standard_of`` for every input, those of one shape and format prepared together."""
    standards = [standard_of(record, arguments) for arguments in inputs]
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, arguments in enumerate(inputs):
        held = [np.asarray(value) for value in arguments.values()]
        alike.setdefault(tuple((v.shape, v.dtype if v.dtype.kind == "f" else "") for v in held), []).append(
            number
        )
    for numbers in alike.values():
        unknown = [standards[number] for number in numbers if not standards[number].known]
        if len(unknown) >= _FEW:
            _prepare(record, [inputs[n] for n in numbers if not standards[n].known], unknown)
    return standards


def _prepare(record: Record, inputs: Sequence[Arguments], standards: Sequence[Standard]) -> None:
    dtype = standards[0].dtype
    extents = sizes(record, inputs[0]) | {_INPUTS: len(inputs)}
    given = {a.name: np.stack([np.asarray(each[a.name]) for each in inputs]) for a in record.arguments}
    pointers = {a.name: given[a.name].astype(np.intp) for a in record.arguments if a.kind == "index"}
    arrays = {a.name: given[a.name] for a in record.arguments if a.kind == "array"}
    results = [result.name for result in record.results]
    with np.errstate(all="ignore"):
        rounding = Rounding(dtype)
        known = {name: rounding.given(array) for name, array in arrays.items()}
        analysis = Analysis(rounding, known, pointers, extents)
        errors = analysis.run(_stacked(record, "stable"), results, frozenset())
        bounds = {name: upwards(error) for name, error in errors.items()}
    with ctx.workprec(FIRST_PRECISION):
        exact = {name: balls.exact(array) for name, array in arrays.items()}
        values = evaluate(record, _stacked(record, "definition"), exact, pointers, extents)
        for number, standard in enumerate(standards):
            bound = {name: whole[number] for name, whole in bounds.items()}
            value = {name: np.asarray(whole[number], dtype=object) for name, whole in values.items()}
            enough = all(missing_bits(each, bound[name]) <= 0 for name, each in value.items())
            standard.prepare(bound, Reference(value, FIRST_PRECISION) if enough else None)


@lru_cache(maxsize=64)
def _stacked(record: Record, which: str) -> Program:
    axes = frozenset(axis.name for axis in record.axes)
    front = Bound(_INPUT, _INPUTS)
    return Program(
        tuple(
            Statement(each.target, (front, *each.bounds), _in_front(each.expression, axes), each.text)
            for each in record.programs[which].statements
        )
    )


def _in_front(node: Expression, axes: frozenset[str]) -> Expression:
    match node:
        case syntax.Entry(name, positions):
            return syntax.Entry(name, _places(positions))
        case syntax.Name(name) if name not in axes:
            return syntax.Entry(name, (Running(_INPUT),))
        case syntax.Negative(operand):
            return syntax.Negative(_in_front(operand, axes))
        case syntax.Binary(operator, left, right):
            return syntax.Binary(operator, _in_front(left, axes), _in_front(right, axes))
        case syntax.Call(function, argument):
            return syntax.Call(function, _in_front(argument, axes))
        case syntax.Sum(bound, body):
            return syntax.Sum(bound, _in_front(body, axes))
        case syntax.Maximum(bound, body):
            return syntax.Maximum(bound, _in_front(body, axes))
        case syntax.Indicator(equal, left, right):
            return syntax.Indicator(equal, *_pointing((left, right)))
        case syntax.Choice(condition, then, otherwise):
            sides = (_in_front(side, axes) for side in (condition.left, condition.right))
            asked = syntax.Comparison(condition.operator, *sides)
            return syntax.Choice(asked, _in_front(then, axes), _in_front(otherwise, axes))
        case _:
            return node


def _places(positions: Iterable[Position]) -> tuple[Position, ...]:
    return (Running(_INPUT), *_pointing(positions))


def _pointing(positions: Iterable[Position]) -> tuple[Position, ...]:
    return tuple(
        syntax.Lookup(each.name, _places(each.positions)) if isinstance(each, syntax.Lookup) else each
        for each in positions
    )
