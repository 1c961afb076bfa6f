"""Sums and maxima over another axis than the one that is due: probabilities that add up to 1 the wrong way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from w2v_verified.notation import syntax
from w2v_verified.notation.spelling import spell
from w2v_verified.notation.syntax import Bound, Entry, Expression, Module, Position, Running, Statement
from w2v_verified.verify.diagnosis.altered.alterations import Alteration

__all__ = ["over_another_axis"]


@dataclass(frozen=True)
class _Turn:
    """What is taken over `due` is taken over `over` instead, or over nothing where that is None."""

    due: str
    over: Bound | None
    axes: Mapping[str, tuple[str, ...]]
    reduced: Mapping[str, tuple[Bound, ...]]
    """Of what is taken so, the bounds that are right."""


def over_another_axis(program: Module) -> Iterator[Alteration]:
    """The program with all that is taken over one axis of an array (its largest entry, its sum) taken over another.

    Where there is no other, it is an axis of length 1 that they are taken over: each entry is its own sum.
    """
    reduced = [each for each in program.statements if _taken_over(each) is not None]
    axes = {each.target: tuple(bound.axis for bound in each.bounds) for each in program.statements}
    if len({_taken_over(each) for each in reduced}) != 1:
        return
    last = reduced[-1]
    due = str(_taken_over(last))
    for over in last.bounds or (None,):
        turn = _Turn(due, over, axes, {each.target: each.bounds for each in reduced})
        statements = tuple(_turned(each, turn) for each in program.statements)
        wrong = next(each for each in statements if each.target == last.target)
        where = "an axis of length 1" if over is None else over.axis
        mistake = f"{last.target} is taken over {where}, and not over {due}"
        if over is not None:
            mistake += f": {spell(wrong.expression)} stands for {spell(last.expression)}"
        yield Alteration(mistake, last.text, Module(statements))


def _taken_over(statement: Statement) -> str | None:
    """The axis over which the entries of an array are added up, or the largest is taken."""
    match statement.expression:
        case syntax.Sum(bound, Entry(_, positions)) | syntax.Maximum(bound, Entry(_, positions)):
            lone = len(positions) == len(statement.bounds) + 1
            return bound.axis if lone and all(isinstance(each, Running) for each in positions) else None
    return None


def _turned(statement: Statement, turn: _Turn) -> Statement:
    match statement.expression:
        case syntax.Sum(bound, body) | syntax.Maximum(bound, body) if statement.target in turn.reduced:
            if turn.over is None:
                return replace(statement, bounds=(*statement.bounds, bound), expression=body)
            bounds = tuple(bound if each.axis == turn.over.axis else each for each in statement.bounds)
            gone = next(each for each in statement.bounds if each.axis == turn.over.axis)
            return replace(statement, bounds=bounds, expression=replace(statement.expression, bound=gone))
    place = next(_places(statement.expression, turn), None)
    if place is None:
        return statement
    return replace(statement, expression=_moved(statement.expression, place, turn))


def _places(node: Expression, turn: _Turn) -> Iterator[Position]:
    """Where arrays with the axis stand on it in an expression."""
    match node:
        case Entry(name, positions) if turn.due in turn.axes.get(name, ()):
            yield positions[turn.axes[name].index(turn.due)]
        case syntax.Negative(inner) | syntax.Call(_, inner) | syntax.Sum(_, inner):
            yield from _places(inner, turn)
        case syntax.Binary(_, left, right):
            yield from _places(left, turn)
            yield from _places(right, turn)


def _moved(node: Expression, place: Position, turn: _Turn) -> Expression:
    """The expression with what is taken over the other axis standing at that place."""
    match node:
        case syntax.Name(name) if name in turn.reduced:
            return Entry(name, (place,))
        case Entry(name, positions) if name in turn.reduced and turn.over is not None:
            bounds = turn.reduced[name]
            return Entry(
                name,
                tuple(
                    place if bound.axis == turn.over.axis else position
                    for bound, position in zip(bounds, positions, strict=True)
                ),
            )
        case syntax.Negative(inner):
            return syntax.Negative(_moved(inner, place, turn))
        case syntax.Call(function, inner):
            return syntax.Call(function, _moved(inner, place, turn))
        case syntax.Sum(bound, inner):
            return syntax.Sum(bound, _moved(inner, place, turn))
        case syntax.Binary(operator, left, right):
            return syntax.Binary(operator, _moved(left, place, turn), _moved(right, place, turn))
        case _:
            return node
