"""One mistake made in a program (a mutant): every altered program, the mistake in words, the line as it should be."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from w2v_verified.notation import syntax
from w2v_verified.notation.spelling import spell
from w2v_verified.notation.syntax import Bound, Entry, Expression, Module, Running
from w2v_verified.verify.diagnosis.masks import (
    APART,
    FIRST_PLACE,
    LAST,
    LAST_OF_ROW,
    LAST_PLACE,
    ONCE,
    TIED,
)
from w2v_verified.verify.record import Argument

__all__ = ["Alteration", "alterations", "skipping"]


_EPSILONS = tuple(Fraction(1, 10**exponent) for exponent in range(4, 13))
"""What is added where somebody fears a division by zero."""


@dataclass(frozen=True)
class Alteration:
    """A program with one mistake in it."""

    mistake: str
    line: str
    program: Module


def alterations(program: Module) -> Iterator[Alteration]:
    """Every alteration inside a statement, then every statement with its sign flipped."""
    for place, statement in enumerate(program.statements):
        for mistake, expression in _altered(statement.expression):
            yield _with(program, place, mistake, expression)
    for place, statement in enumerate(program.statements):
        total = statement.expression
        if isinstance(total, syntax.Sum) and isinstance(total.body, Entry):
            for epsilon in _EPSILONS:
                added = syntax.Binary("+", total, syntax.Number(epsilon))
                yield _with(program, place, f"{float(epsilon):g} is added to {statement.target}", added)
    for place, statement in enumerate(program.statements):
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


def _altered(node: Expression) -> Iterator[tuple[str, Expression]]:
    """Mistakes at this node, then those inside it."""
    yield from _here(node)
    match node:
        case syntax.Negative(operand):
            for mistake, inner in _altered(operand):
                yield mistake, syntax.Negative(inner)
        case syntax.Binary(operator, left, right):
            for mistake, inner in _altered(left):
                yield mistake, syntax.Binary(operator, inner, right)
            for mistake, inner in _altered(right):
                yield mistake, syntax.Binary(operator, left, inner)
        case syntax.Call(function, argument):
            for mistake, inner in _altered(argument):
                yield mistake, syntax.Call(function, inner)
        case syntax.Larger(left, right):
            for mistake, inner in _altered(left):
                yield mistake, syntax.Larger(inner, right)
            for mistake, inner in _altered(right):
                yield mistake, syntax.Larger(left, inner)
        case syntax.Sum(bound, body):
            for mistake, inner in _altered(body):
                yield mistake, syntax.Sum(bound, inner)


def _here(node: Expression) -> Iterator[tuple[str, Expression]]:
    match node:
        case syntax.Binary("+" | "-" as operator, left, right):
            yield from _terms(operator, left, right)
        case syntax.Binary("*", left, right):
            yield f"the factor {spell(right)} is missing", left
            yield f"the factor {spell(left)} is missing", right
        case syntax.Binary("/", left, right):
            yield f"the division by {spell(right)} is missing", left
        case syntax.Call(function, argument):
            yield from _calls(function, argument)
        case syntax.Larger(left, right):
            yield f"{spell(left)} stands for {spell(node)}", left
            yield f"{spell(right)} stands for {spell(node)}", right
        case syntax.Sum(bound, body):
            yield from _sums(bound, body)
        case syntax.Indicator():
            yield from _indicators(node)


def _terms(operator: str, left: Expression, right: Expression) -> Iterator[tuple[str, Expression]]:
    one_hot = " (the one-hot y)" if isinstance(right, syntax.Indicator) else ""
    yield f"the term {operator} {spell(right)} is missing{one_hot}", left
    lone = syntax.Negative(right) if operator == "-" else right
    yield f"the term {spell(left)} is missing", lone
    other = "-" if operator == "+" else "+"
    yield f"the sign of the term {spell(right)} is flipped", syntax.Binary(other, left, right)


def _calls(function: str, argument: Expression) -> Iterator[tuple[str, Expression]]:
    call = syntax.Call(function, argument)
    yield f"{spell(argument)} stands for {spell(call)}", argument
    turned = syntax.Call(function, syntax.Negative(argument))
    yield f"the sign inside {spell(call)} is flipped", turned
    if function == "sigmoid":
        yield (
            f"{spell(call)} is multiplied by {spell(turned)}, as if sigmoid were differentiated and not its logarithm",
            syntax.Binary("*", call, turned),
        )
    if function == "softplus":
        yield f"the logarithm is missing: sigmoid stands for {spell(call)}", syntax.Call("sigmoid", argument)


def _sums(bound: Bound, body: Expression) -> Iterator[tuple[str, Expression]]:
    size = syntax.Larger(syntax.Name(bound.axis), syntax.Number(1))
    whole = syntax.Sum(bound, body)
    yield f"a mean over {bound.axis} stands for the sum over {bound.axis}", syntax.Binary("/", whole, size)
    match body:
        case syntax.Call("softplus", argument):
            yield _of_sum(bound, "sigmoid", syntax.Negative(argument), negative=True)
        case syntax.Call("log", argument):
            yield _of_sum(bound, "", argument, negative=False)
    for mask, kept in ((LAST_PLACE, "last"), (FIRST_PLACE, "first")):
        only = Entry(mask + bound.axis, (Running(bound.name),))
        yield (
            f"only the {kept} of the terms summed over {bound.axis} counts",
            syntax.Sum(bound, syntax.Binary("*", only, body)),
        )


def _of_sum(bound: Bound, function: str, argument: Expression, *, negative: bool) -> tuple[str, Expression]:
    """The logarithm of a sum for the sum of logarithms."""
    inside = syntax.Sum(bound, syntax.Call(function, argument) if function else argument)
    logarithm = syntax.Call("log", inside)
    mistake = f"{spell(logarithm)}, the logarithm of a sum, stands for a sum of logarithms"
    return mistake, syntax.Negative(logarithm) if negative else logarithm


def _indicators(node: syntax.Indicator) -> Iterator[tuple[str, Expression]]:
    match node:
        case syntax.Indicator("==", Running() as left, syntax.Lookup(name, positions)):
            yield (
                f"every slice equal to that of {name} is taken for {name}: equal vectors are still different words",
                Entry(TIED + name, (left, *positions)),
            )
            for mask in (LAST, LAST_OF_ROW) if len(positions) > 1 else (LAST,) if positions else ():
                yield (
                    f"where {name} repeats an index, one of the repeats counts instead of their sum",
                    syntax.Binary("*", node, Entry(mask + name, positions)),
                )
            kept = Entry(APART + name, positions) if positions else syntax.Name(APART + name)
            yield (
                f"where {name} collides with another index, its part is overwritten instead of added",
                syntax.Binary("*", node, kept),
            )
        case syntax.Indicator("<" | "<=" | ">" | ">=" as relation, left, right):
            other = replace(node, relation=relation[0] if len(relation) > 1 else f"{relation}=")
            yield f"{spell(other)} stands for {spell(node)}", other
            turned = replace(node, left=right, right=left)
            yield f"{spell(turned)} stands for {spell(node)}: the other way round", turned


def skipping(program: Module, sampled: Argument) -> Iterator[Alteration]:
    """The program without those entries of an index argument that repeat, or that collide with another argument's."""
    for mask, mistake in (
        (APART, f"entries of {sampled.name} that collide with another index are skipped"),
        (ONCE, f"entries of {sampled.name} that repeat count once"),
    ):
        statements = tuple(
            replace(statement, expression=_masked(statement.expression, statement.bounds, mask, sampled))
            for statement in program.statements
        )
        yield Alteration(mistake, program.statements[-1].text, Module(statements))


def _masked(node: Expression, scope: tuple[Bound, ...], mask: str, sampled: Argument) -> Expression:
    """The expression with the mask in every sum that completes the axes of the argument."""
    match node:
        case syntax.Negative(operand):
            return syntax.Negative(_masked(operand, scope, mask, sampled))
        case syntax.Binary(operator, left, right):
            return syntax.Binary(
                operator, _masked(left, scope, mask, sampled), _masked(right, scope, mask, sampled)
            )
        case syntax.Sum(bound, body):
            inner = (*scope, bound)
            masked = _masked(body, inner, mask, sampled)
            names = {each.axis: each.name for each in inner}
            if bound.axis in sampled.axes and all(axis in names for axis in sampled.axes):
                kept = Entry(mask + sampled.name, tuple(Running(names[axis]) for axis in sampled.axes))
                masked = syntax.Binary("*", kept, masked)
            return syntax.Sum(bound, masked)
        case _:
            return node
