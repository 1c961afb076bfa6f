"""Functions with mistakes drawn at random, in the program, in the results or in the call; most of them have no name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from broadcast import Broadcast
from hypothesis import strategies as st

from w2v_verified.notation import syntax
from w2v_verified.notation.syntax import Expression, Module
from w2v_verified.verify import Record, load
from w2v_verified.verify.diagnosis.altered.variants import Scope, variants

LOSSES = (
    "naive_softmax",
    "negative_sampling",
    "naive_softmax_batch",
    "cbow_naive_softmax",
    "negative_sampling_batch",
)

Change = Callable[[list[Any]], list[Any]]


@dataclass(frozen=True)
class Made:
    """A function with mistakes, as it is called, and the names of those in its results."""

    record: Record
    function: Callable[..., Any]
    mistakes: tuple[str, ...]


@st.composite
def made(draw: st.DrawFn, losses: tuple[str, ...]) -> Made:
    record = load(draw(st.sampled_from(losses)))
    program, changes, moves = record.programs["textbook"], list[str](), list[int]()
    kinds = draw(st.lists(st.sampled_from(("program", "program", "results", "call")), min_size=1, max_size=2))
    for kind in kinds:
        if kind == "program":
            program = draw(st.sampled_from(list(_mutated(program))))
        elif kind == "results":
            changes.append(draw(st.sampled_from(sorted(CHANGES))))
        else:
            moves.append(draw(st.sampled_from((-1, 1, 2))))
    which = draw(st.integers(0, len(record.results) - 1))

    run = Broadcast(record, program)

    def function(*arguments: Any) -> Any:
        given = dict(zip((a.name for a in record.arguments), arguments, strict=True))
        for move in moves:
            given = _moved(record, given, move)
        results = evaluated(record, run, given)
        for change in changes:
            results = CHANGES[change](results, which)
        return tuple(results)

    return Made(record, function, tuple(changes))


def _mutated(program: Module) -> Iterator[Module]:
    """The program with something else in one place of one statement."""
    for place, statement in enumerate(program.statements):
        for _, expression in variants(statement.expression, statement.bounds, _instead):
            changed = replace(statement, expression=expression)
            yield Module((*program.statements[:place], changed, *program.statements[place + 1 :]))


def _instead(node: Expression, scope: Scope) -> Iterator[tuple[str, Expression]]:
    """What may stand in the place of an expression; much of it is in no list of mistakes."""
    one, two = syntax.Number(1), syntax.Number(2)
    instead: list[Expression] = [
        syntax.Negative(node),
        syntax.Binary("*", two, node),
        syntax.Binary("+", node, one),
        syntax.Binary("*", node, node),
        syntax.Call("sigmoid", node),
    ]
    match node:
        case syntax.Binary(operator, left, right):
            instead += [left, right, syntax.Binary(operator, right, left)]
            instead += [syntax.Binary(other, left, right) for other in "+-*" if other != operator]
        case syntax.Call(function, argument):
            instead += [argument, syntax.Call(function, syntax.Negative(argument))]
            instead += [syntax.Call(function, syntax.Binary("-", argument, one))]
        case syntax.Sum(bound, body):
            instead += [syntax.Binary("/", node, syntax.Larger(syntax.Name(bound.axis), one))]
            instead += [syntax.Sum(bound, syntax.Binary("*", body, body))]
        case syntax.Indicator(_, left, right):
            instead += [one, syntax.Indicator("!=", left, right)]
        case syntax.Entry(name, (first, *rest)) if len(rest) == 1:
            instead += [syntax.Binary("*", node, syntax.Entry(name, (first, *rest)))]
    return (("", each) for each in instead)


def evaluated(record: Record, run: Broadcast, given: Mapping[str, Any]) -> list[Any]:
    """The results of a program, in the format of the arguments."""
    floating = [np.asarray(given[a.name]).dtype for a in record.arguments if a.kind == "array"]
    dtype = np.result_type(*floating) if any(each.kind == "f" for each in floating) else np.dtype(np.float64)
    known = run(given, dtype)
    return [known[each.name] if each.of else known[each.name].item() for each in record.results]


def _moved(record: Record, given: Mapping[str, Any], step: int) -> dict[str, Any]:
    """The next words, the ones before, or for 2 the words that are there, each once."""
    pointer = next(a for a in reversed(record.arguments) if a.into is not None)
    table = next(a for a in record.arguments if pointer.into in a.axes)
    size = np.shape(np.asarray(given[table.name]))[table.axes.index(str(pointer.into))]
    value = np.asarray(given[pointer.name])
    moved = np.minimum(value, value.min(initial=0) + 1) if step == 2 else (value + step) % size
    return {**given, pointer.name: moved if value.ndim else int(moved)}


def _each(results: list[Any], which: int, change: Callable[[Any], Any]) -> list[Any]:
    return [change(value) if place == which else value for place, value in enumerate(results)]


CHANGES: dict[str, Callable[[list[Any], int], list[Any]]] = {
    "doubled": lambda results, which: _each(results, which, lambda value: 2 * value),
    "turned": lambda results, which: _each(results, which, lambda value: -value),
    "a third": lambda results, which: _each(results, which, lambda value: value / 3),
    "squared": lambda results, which: _each(results, which, lambda value: value * value),
    "zero": lambda results, which: _each(results, which, lambda value: 0 * value),
    "more": lambda results, which: _each(results, which, lambda value: value + 0.25),
    "rounded": lambda results, which: _each(results, which, lambda value: np.round(value, 3)),
    "in another order": lambda results, which: results[::-1] if which else [results[0], *results[:0:-1]],
    "is transposed": lambda results, which: [*results[:-1], results[-1].T],
    "an axis of length 1 too many": lambda results, which: _each(
        results, which, lambda value: np.asarray(value)[..., None]
    ),
}
"""What is done to results, by what is said of it where a name has to be given for the form alone."""
