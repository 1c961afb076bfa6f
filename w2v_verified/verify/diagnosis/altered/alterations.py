"""One mistake made in a program (a mutant): every altered program, the mistake in words, the line as it should be."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from w2v_verified.notation import syntax
from w2v_verified.notation.spelling import spell
from w2v_verified.notation.syntax import Entry, Expression, Lookup, Module, Position, Running
from w2v_verified.verify.diagnosis.altered.variants import Here, Scope, variants
from w2v_verified.verify.record import Argument, Record

__all__ = ["Alteration", "alterations", "equal_scores", "other_pointers", "within_statements"]

_EPSILONS = tuple(Fraction(1, 10**exponent) for exponent in range(4, 13))
"""What is added where somebody fears a division by zero."""


@dataclass(frozen=True)
class Alteration:
    """A program with one mistake in it; `line` is the right one, "" where the mistake is in several."""

    mistake: str
    line: str
    program: Module


def within_statements(program: Module, here: Here, since: int = 0) -> Iterator[Alteration]:
    """Every alteration inside one statement, of those from some place on."""
    for place, statement in enumerate(program.statements[since:], since):
        for mistake, expression in variants(statement.expression, statement.bounds, here):
            yield _with(program, place, mistake, expression)


def alterations(program: Module, here: Here) -> Iterator[Alteration]:
    """Every alteration inside a statement, then every statement with something added, or with its sign flipped."""
    yield from within_statements(program, here)
    for place, statement in enumerate(program.statements):
        total = statement.expression
        if isinstance(total, syntax.Sum) and isinstance(total.body, Entry):
            for epsilon in _EPSILONS:
                added = syntax.Binary("+", total, syntax.Number(epsilon))
                yield _with(program, place, f"{float(epsilon):g} is added to {statement.target}", added)
    positive = frozenset(name for each in program.statements for name in _taken_as_positive(each.expression))
    for place, statement in enumerate(program.statements):
        if statement.target not in positive:
            yield _with(
                program,
                place,
                f"the sign of {statement.target} is flipped",
                syntax.Negative(statement.expression),
            )


def _with(program: Module, place: int, mistake: str, expression: Expression) -> Alteration:
    """The program with another right-hand side in one place."""
    statement = program.statements[place]
    changed = replace(statement, expression=expression)
    statements = (*program.statements[:place], changed, *program.statements[place + 1 :])
    return Alteration(mistake, statement.text, Module(statements))


def _taken_as_positive(node: Expression) -> Iterator[str]:
    """What a logarithm is taken of: a sum of exponentials, whose sign nobody flips."""
    match node:
        case syntax.Call("log", syntax.Entry(name) | syntax.Name(name)):
            yield name
        case syntax.Negative(inner) | syntax.Call(_, inner) | syntax.Sum(_, inner):
            yield from _taken_as_positive(inner)
        case syntax.Binary(_, left, right):
            yield from _taken_as_positive(left)
            yield from _taken_as_positive(right)


def other_pointers(record: Record) -> Here:
    """Entries that another index argument points at: the vector of the one word where that of the other is due."""
    pointers = {a.name: a for a in record.arguments if a.into is not None}

    def here(node: Expression, scope: Scope) -> Iterator[tuple[str, Expression]]:
        match node:
            case Entry(name, positions):
                for place, position in enumerate(positions):
                    for other in _others(pointers, position, scope):
                        moved = Entry(name, (*positions[:place], other, *positions[place + 1 :]))
                        yield f"{spell(moved)} stands for {spell(node)}", moved
            case syntax.Indicator("==", _, right):
                for other in _others(pointers, right, scope):
                    turned = replace(node, right=other)
                    yield f"{spell(turned)} stands for {spell(node)}", turned

    return here


def _others(pointers: dict[str, Argument], position: Position, scope: Scope) -> Iterator[Lookup]:
    """Entries of other index arguments into the same axis that are defined where a position stands."""
    if not isinstance(position, Lookup):
        return
    running = {bound.axis: Running(bound.name) for bound in scope}
    for other in pointers.values():
        fits = other.into == pointers[position.name].into and all(axis in running for axis in other.axes)
        if fits and other.name != position.name:
            yield Lookup(other.name, tuple(running[axis] for axis in other.axes))


def equal_scores(record: Record) -> Iterator[Alteration]:
    """Every word whose score equals that of the one that is pointed at, taken for it once the scores are known."""
    program = record.programs["textbook"]
    into = {a.name: a.into for a in record.arguments}
    place, scores = next(((n, each) for n, each in enumerate(program.statements) if each.bounds), (0, None))
    if scores is None:
        return
    axes = [bound.axis for bound in scores.bounds]

    def here(node: Expression, scope: Scope) -> Iterator[tuple[str, Expression]]:
        match node:
            case syntax.Indicator("==", Running(), Lookup(name)):
                running = {bound.axis: Running(bound.name) for bound in scope}
                if into[name] not in axes or not all(axis in running for axis in axes):
                    return
                one, other = (
                    Entry(scores.target, tuple(at if axis == into[name] else running[axis] for axis in axes))
                    for at in (node.left, node.right)
                )
                equal = f"every {spell(one)} equal to {spell(other)} is taken for it"
                yield f"{equal}: words with equal scores are still different words", _equal(one, other)

    yield from within_statements(program, here, since=place + 1)


def _equal(one: Expression, other: Expression) -> Expression:
    zero, no_more = syntax.Number(0), syntax.Comparison("<=", one, other)
    return syntax.Choice(
        syntax.Comparison("<", one, other), zero, syntax.Choice(no_more, syntax.Number(1), zero)
    )
