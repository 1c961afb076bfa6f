"""Expressions of the index notation back to text, for sentences about them."""

from w2v_verified.notation import syntax
from w2v_verified.notation.decimals import written
from w2v_verified.notation.language import PI
from w2v_verified.notation.syntax import Expression, Position

__all__ = ["spell"]

_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}
_NEGATIVE = 3
_ATOM = 5


def spell(node: Expression) -> str:
    """The source of an expression.

    >>> from w2v_verified.notation import parse
    >>> spell(parse(["x = a * (b - c) / sum(i in d, -v[i])"]).statements[0].expression)
    'a * (b - c) / sum(i in d, -v[i])'
    >>> spell(parse(["x = (a ** b) ** c ** d"]).statements[0].expression)
    '(a ** b) ** c ** d'
    """
    return _spell(node)[0]


def _spell(node: Expression) -> tuple[str, int]:
    """The source, and how tightly its outermost operator binds."""
    match node:
        case syntax.Number(value):
            return written(value), _ATOM
        case syntax.Name(name):
            return name, _ATOM
        case syntax.Pi():
            return PI, _ATOM
        case syntax.Entry(name, positions):
            return f"{name}[{', '.join(map(_position, positions))}]", _ATOM
        case syntax.Negative(operand):
            return f"-{_within(operand, _NEGATIVE)}", _NEGATIVE
        case syntax.Binary(operator, left, right):
            strength = _STRENGTH[operator]
            on_the_left, on_the_right = (1, 0) if operator == "**" else (0, operator in ("-", "/"))
            parts = _within(left, strength + on_the_left), _within(right, strength + on_the_right)
            return f" {operator} ".join(parts), strength
        case syntax.Call(function, argument):
            return f"{function}({spell(argument)})", _ATOM
        case syntax.Larger(left, right):
            return f"max({spell(left)}, {spell(right)})", _ATOM
        case syntax.Derivative(operand, entry):
            return f"diff({spell(operand)}, {spell(entry)})", _ATOM
        case syntax.Sum(bound, body):
            return f"sum({bound.name} in {bound.axis}, {spell(body)})", _ATOM
        case syntax.Maximum(bound, body):
            return f"max({bound.name} in {bound.axis}, {spell(body)})", _ATOM
        case syntax.Indicator(relation, left, right):
            return f"({_position(left)} {relation} {_position(right)})", _ATOM
        case syntax.Choice(test, then, otherwise):
            condition = f"{spell(test.left)} {test.operator} {spell(test.right)}"
            return f"{_within(then, 1)} if {condition} else {_within(otherwise, 1)}", 0


def _within(node: Expression, strength: int) -> str:
    text, own = _spell(node)
    return text if own >= strength else f"({text})"


def _position(position: Position) -> str:
    match position:
        case syntax.Running(name) | syntax.Lookup(name, ()):
            return name
        case syntax.Lookup(name, positions):
            return f"{name}[{', '.join(map(_position, positions))}]"
