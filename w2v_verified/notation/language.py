"""Parsing the index notation in which a record states its programs.

The syntax is Python's, so `ast` reads it; `Parser` turns the tree into the nodes of `syntax` and refuses everything
else, naming the statement and the part of it that is not understood.
"""

import ast
import math
from collections.abc import Sequence
from functools import lru_cache

from w2v_verified.notation import decimals, syntax
from w2v_verified.notation.messages import instead_of_call, instead_of_place, shortened, unread
from w2v_verified.notation.syntax import Bound, Expression, Module, Pointing, Position, Relation, Statement

__all__ = ["FUNCTIONS", "PI", "LanguageError", "parse", "parse_bounds", "parse_pointing", "parse_relation"]

FUNCTIONS = frozenset(
    {
        "abs",
        "atan",
        "cos",
        "exp",
        "expm1",
        "heaviside",
        "log",
        "log1p",
        "relu",
        "sigmoid",
        "sign",
        "sin",
        "softplus",
        "sqrt",
        "tanh",
    }
)
PI = "pi"
_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
_ORDER: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_STATED: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.LtE: "<=", ast.GtE: ">="}
_RELATIONS: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.NotEq: "!=", **_ORDER}


class LanguageError(ValueError):
    """A statement that is not in the language; the message names the statement and the part of it."""


def parse(statements: Sequence[str]) -> Module:
    """The program that `statements` spell, one statement a string.

    Raises:
        LanguageError: A statement is not in the language, or its target was assigned before.

    >>> program = parse(["z[w in V] = sum(i in d, U[i, w] * v[i])", "loss = log(sum(w in V, exp(z[w]))) - z[o]"])
    >>> [(statement.target, len(statement.bounds)) for statement in program.statements]
    [('z', 1), ('loss', 0)]
    """
    return _parse(tuple(statements))


@lru_cache(maxsize=1024)
def _parse(statements: tuple[str, ...]) -> Module:
    parsed: list[Statement] = []
    for text in statements:
        try:
            statement = _Parser(text).statement()
        except (RecursionError, MemoryError):
            raise LanguageError(f"{shortened(text)!r}: nested too deeply") from None
        if any(statement.target == earlier.target for earlier in parsed):
            raise LanguageError(f"{shortened(text)!r}: {statement.target} is assigned a second time")
        parsed.append(statement)
    return Module(tuple(parsed))


def parse_bounds(text: str) -> tuple[Bound, ...]:
    """The indices that something holds for, and their axes.

    Raises:
        LanguageError: It is no list of ``index in axis``.

    >>> parse_bounds("i in d, w in V")
    (Bound(name='i', axis='d'), Bound(name='w', axis='V'))
    """
    if not text.strip():
        return ()
    parser = _Parser(text)
    match parser.read(f"({text},)"):
        case [ast.Expr(value=ast.Tuple(elts=parts))]:
            parser.bind(parts)
            return tuple(parser.scope)
        case _:
            raise LanguageError(f"{parser.shown}: expected 'index in axis', separated by commas")


def parse_pointing(text: str) -> Pointing:
    """A statement whose values are indices.

    Raises:
        LanguageError: It is not in the language.

    >>> parse_pointing("pair_o[b in B] = o[b]").position
    Lookup(name='o', positions=(Running(name='b'),))
    """
    parser = _Parser(text)
    target, value = parser.target_and_value()
    return Pointing(target, tuple(parser.scope), parser.position(value), text)


def parse_relation(text: str, bounds: tuple[Bound, ...] = ()) -> Relation:
    """A statement that one expression equals another, or is nowhere above or below it, for all ``bounds``.

    Raises:
        LanguageError: It is not in the language.

    >>> parse_relation("sum(w in V, yhat[w]) == 1").relation
    '=='
    """
    parser = _Parser(text)
    parser.scope += bounds
    try:
        return parser.relation()
    except (RecursionError, MemoryError):
        raise LanguageError(f"{parser.shown}: nested too deeply") from None


class _Parser:
    """Parses one statement; `self.scope` holds the bound indices around the node being read, outermost first."""

    def __init__(self, text: str) -> None:
        self.text, self.shown = text, repr(shortened(text))
        self.scope: list[Bound] = []

    def refuse(self, node: ast.AST, reason: str) -> LanguageError:
        return LanguageError(f"{self.shown}: {shortened(ast.unparse(node))!r}: {reason}")

    def read(self, text: str) -> list[ast.stmt]:
        """The tree of a text.

        Raises:
            LanguageError: It is not Python.
        """
        try:
            return ast.parse(text).body
        except SyntaxError as error:
            raise LanguageError(f"{self.shown}: not Python syntax: {error.msg}") from None
        except UnicodeEncodeError as error:
            raise LanguageError(f"{self.shown}: not Python syntax: {error}") from None

    def statement(self) -> Statement:
        target, value = self.target_and_value()
        return Statement(target, tuple(self.scope), self.expression(value), self.text)

    def target_and_value(self) -> tuple[str, ast.expr]:
        """What is assigned, and to what; the indices of that are in scope from then on."""
        match self.read(self.text):
            case [ast.Assign(targets=[ast.Name(id=target)], value=value)]:
                return target, value
            case [ast.Assign(targets=[ast.Subscript(value=ast.Name(id=target), slice=index)], value=value)]:
                if isinstance(index, ast.Tuple) and not index.elts:
                    raise self.refuse(index, "expected 'index in axis'")
                self.bind(index.elts if isinstance(index, ast.Tuple) else [index])
                return target, value
            case _:
                raise LanguageError(
                    f"{self.shown}: expected 'name = expression' or 'name[index in axis, ...] = expression'"
                )

    def bind(self, parts: list[ast.expr]) -> None:
        """Take indices into scope."""
        for part in parts:
            self.scope.append(self.bound(part))

    def relation(self) -> Relation:
        bounds = tuple(self.scope)
        match self.read(self.text):
            case [ast.Expr(value=ast.Compare(left=left, ops=[operator], comparators=[right]))] if (
                type(operator) in _STATED
            ):
                sides = self.expression(left), self.expression(right)
                return Relation(_STATED[type(operator)], *sides, bounds, self.text)
            case _:
                raise LanguageError(
                    f"{self.shown}: expected 'left == right', 'left <= right' or 'left >= right'"
                )

    def bound(self, node: ast.expr) -> Bound:
        match node:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[ast.Name(id=axis)]):
                if any(name == outer.name for outer in self.scope):
                    raise self.refuse(node, f"the index {name} is bound already")
                return Bound(name, axis)
            case _:
                raise self.refuse(node, "expected 'index in axis'")

    def expression(self, node: ast.expr) -> Expression:
        match node:
            case ast.Constant(value=bool()):
                raise self.refuse(
                    node, "a truth value is no number; write an Iverson bracket such as (w == o)"
                )
            case ast.Constant(value=int() | float()):
                return self.number(node)
            case ast.Name(id=name):
                if any(name == bound.name for bound in self.scope):
                    raise self.refuse(
                        node,
                        "an index can point into an array but has no value of its own; give its numbers as an array",
                    )
                return syntax.Pi() if name == PI else syntax.Name(name)
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                return syntax.Entry(name, self.positions(index))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return syntax.Negative(self.expression(operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.expression(operand)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
                return syntax.Binary(_BINARY[type(operator)], self.expression(left), self.expression(right))
            case ast.Compare(left=left, ops=[relation], comparators=[right]) if type(relation) in _RELATIONS:
                return syntax.Indicator(_RELATIONS[type(relation)], self.place(left), self.place(right))
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                return syntax.Choice(self.comparison(test), self.expression(body), self.expression(otherwise))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self.call(node, name, arguments)
            case _:
                raise self.refuse(node, unread(node))

    def number(self, node: ast.Constant) -> syntax.Number:
        """A decimal is read from its text: the tree has but the float nearest to it."""
        text = ast.get_source_segment(self.text, node)
        assert text is not None
        try:
            if not isinstance(node.value, int):
                return syntax.Number(decimals.read(text))
            if math.isinf(decimals.nearest(node.value)):
                raise ValueError("the nearest float64 is infinite")
        except ValueError as error:
            raise LanguageError(f"{self.shown}: {shortened(text)!r}: {error}") from None
        return syntax.Number(node.value)

    def call(self, node: ast.expr, name: str, arguments: list[ast.expr]) -> Expression:
        if name == "max" and not any(
            isinstance(a, ast.Compare) and isinstance(a.ops[0], ast.In) for a in arguments
        ):
            if len(arguments) != 2:
                raise self.refuse(
                    node, f"expected max(x, y) or max(index in axis, x), got {len(arguments)} parts"
                )
            return syntax.Larger(*map(self.expression, arguments))
        if name in ("sum", "max"):
            if len(arguments) != 2:
                raise self.refuse(node, f"expected {name}(index in axis, expression)")
            bound = self.bound(arguments[0])
            self.scope.append(bound)
            body = self.expression(arguments[1])
            self.scope.pop()
            return syntax.Sum(bound, body) if name == "sum" else syntax.Maximum(bound, body)
        if name == "diff":
            return self.derivative(node, arguments)
        if name not in FUNCTIONS:
            instead = instead_of_call(name)
            known = f"known: {', '.join(sorted(FUNCTIONS))}, sum, max"
            raise self.refuse(
                node, f"unknown function {name}; {f'write {instead}' if instead is not None else known}"
            )
        if len(arguments) != 1:
            raise self.refuse(node, f"{name} takes one argument, got {len(arguments)}")
        return syntax.Call(name, self.expression(arguments[0]))

    def derivative(self, node: ast.expr, arguments: list[ast.expr]) -> Expression:
        parts = [self.expression(argument) for argument in arguments]
        match parts:
            case [operand, syntax.Entry() | syntax.Name() as entry]:
                return syntax.Derivative(operand, entry)
            case _:
                raise self.refuse(node, "expected diff(expression, entry)")

    def comparison(self, node: ast.expr) -> syntax.Comparison:
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _ORDER:
                return syntax.Comparison(
                    _ORDER[type(operator)], self.expression(left), self.expression(right)
                )
            case _:
                raise self.refuse(node, "expected a comparison with < <= > or >=")

    def place(self, node: ast.expr) -> Position:
        """A side of a bracket."""
        try:
            return self.position(node)
        except LanguageError:
            raise self.refuse(
                node,
                "a bracket compares indices, not numbers; give what depends on numbers as an array of 0 and 1",
            ) from None

    def positions(self, node: ast.expr) -> tuple[Position, ...]:
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        if not parts:
            raise self.refuse(node, "expected an index")
        return tuple(self.position(part) for part in parts)

    def position(self, node: ast.expr) -> Position:
        match node:
            case ast.Name(id=name):
                if any(name == bound.name for bound in self.scope):
                    return syntax.Running(name)
                return syntax.Lookup(name, ())
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                return syntax.Lookup(name, self.positions(index))
            case _:
                raise self.refuse(node, instead_of_place(node))
