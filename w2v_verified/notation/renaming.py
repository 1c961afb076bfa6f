"""A program in other words: arrays and results under other names, the two indices of a table the other way round."""

from collections.abc import Collection, Mapping

from w2v_verified.notation import syntax
from w2v_verified.notation.spelling import spell
from w2v_verified.notation.syntax import Bound, Expression, Module, Position, Statement

__all__ = ["renamed", "written_out"]


def renamed(program: Module, names: Mapping[str, str], turned: Collection[str] = ()) -> Module:
    """The same program with other names, and with the two indices of some tables exchanged.

    Args:
        program: What is written anew; its texts are too.
        names: The new names of arguments and results. What is called so already makes way for them.
        turned: The tables, by their old names: arguments, or what statements compute.

    >>> from w2v_verified.notation import parse
    >>> program = parse(["z[w in V] = sum(i in d, U[i, w] * v[i])"])
    >>> [each.text for each in renamed(program, {"U": "table"}, {"U"}).statements]
    ['z[w in V] = sum(i in d, table[w, i] * v[i])']
    """
    writer = _Writer(names, turned)
    return Module(tuple(map(writer.statement, program.statements)))


def written_out(target: str, bounds: tuple[Bound, ...], expression: Expression) -> str:
    """The source of a statement."""
    over = ", ".join(f"{bound.name} in {bound.axis}" for bound in bounds)
    return f"{target}{f'[{over}]' if over else ''} = {spell(expression)}"


class _Writer:
    def __init__(self, names: Mapping[str, str], turned: Collection[str]) -> None:
        self.names, self.turned = names, turned
        self.taken = frozenset(names.values())

    def name(self, name: str) -> str:
        return self.names.get(name, f"{name}_" if name in self.taken else name)

    def statement(self, statement: Statement) -> Statement:
        bounds = tuple(map(self.bound, statement.bounds))
        if statement.target in self.turned:
            bounds = bounds[::-1]
        target, expression = self.name(statement.target), self.expression(statement.expression)
        return Statement(target, bounds, expression, written_out(target, bounds, expression))

    def bound(self, bound: Bound) -> Bound:
        return Bound(self.name(bound.name), bound.axis)

    def position(self, position: Position) -> Position:
        match position:
            case syntax.Running(name):
                return syntax.Running(self.name(name))
            case syntax.Lookup(name, positions):
                return syntax.Lookup(self.name(name), tuple(map(self.position, positions)))

    def entry(self, name: str, positions: tuple[Position, ...]) -> syntax.Entry:
        order = positions[::-1] if name in self.turned else positions
        return syntax.Entry(self.name(name), tuple(map(self.position, order)))

    def expression(self, node: Expression) -> Expression:
        match node:
            case syntax.Number() | syntax.Pi():
                return node
            case syntax.Name(name):
                return syntax.Name(self.name(name))
            case syntax.Entry(name, positions):
                return self.entry(name, positions)
            case syntax.Negative(operand):
                return syntax.Negative(self.expression(operand))
            case syntax.Binary(operator, left, right):
                return syntax.Binary(operator, self.expression(left), self.expression(right))
            case syntax.Call(function, argument):
                return syntax.Call(function, self.expression(argument))
            case syntax.Larger(left, right):
                return syntax.Larger(self.expression(left), self.expression(right))
            case syntax.Derivative(operand, syntax.Name(name)):
                return syntax.Derivative(self.expression(operand), syntax.Name(self.name(name)))
            case syntax.Derivative(operand, syntax.Entry(name, positions)):
                return syntax.Derivative(self.expression(operand), self.entry(name, positions))
            case syntax.Sum(bound, body):
                return syntax.Sum(self.bound(bound), self.expression(body))
            case syntax.Maximum(bound, body):
                return syntax.Maximum(self.bound(bound), self.expression(body))
            case syntax.Indicator(relation, left, right):
                return syntax.Indicator(relation, self.position(left), self.position(right))
            case syntax.Choice(test, then, otherwise):
                condition = syntax.Comparison(
                    test.operator, self.expression(test.left), self.expression(test.right)
                )
                return syntax.Choice(condition, self.expression(then), self.expression(otherwise))
        raise TypeError(f"no expression: {node!r}")
