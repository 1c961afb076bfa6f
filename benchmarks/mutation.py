"""One change at a time in the source of a module: an operator, a constant, an index, a statement.

The changes are made on trees; `Mutation` makes those of the generated modules.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from inspect import getsource
from itertools import islice
from typing import Any, TypeAlias

__all__ = ["Change", "Mutation", "changes", "mutations"]

Change: TypeAlias = tuple[str, Callable[[], None]]
"""What is changed, in words, and the deed."""

_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_NAMES = {
    "max": "min",
    "sum": "max",
    "exp": "expm1",
    "log": "log1p",
    "log1p": "log",
    "add": "subtract",
    "subtract": "add",
    "multiply": "divide",
    "divide": "multiply",
    "all": "any",
    "zeros": "ones",
    "tanh": "sin",
    "negative": "positive",
    "maximum": "minimum",
    "minimum": "maximum",
}


@dataclass(frozen=True)
class Mutation:
    """A changed module: where, and what, of the changes at one of the places.

    On the road for a table that is ``large``, so that inputs of any size get there, every table is.
    """

    loss: str
    line: int
    words: str
    place: int
    which: int
    large: bool

    @cached_property
    def tree(self) -> ast.Module:
        """The tree of the changed module."""
        changed = _tree(self.loss)
        node = next(islice(_places(changed), self.place, None))
        _, change = changes(node, _locals(changed))[self.which]
        change()
        return ast.fix_missing_locations(changed)

    def function(self) -> Callable[..., Any]:
        """The changed function."""
        return _made(self.loss, self.tree, self.large)

    def original(self) -> Callable[..., Any]:
        """The function as it is, made in the same way."""
        return _made(self.loss, _tree(self.loss), self.large)


def mutations(loss: str) -> Iterator[Mutation]:
    """Every change of the function of a loss."""
    tree = _tree(loss)
    names = _locals(tree)
    roads = [node for node in _places(tree) if isinstance(node, ast.If) and "MANY" in ast.unparse(node.test)]
    large = {id(node) for road in roads for statement in road.body for node in ast.walk(statement)}
    for place, node in enumerate(_places(tree)):
        for which, (words, _) in enumerate(changes(node, names)):
            yield Mutation(loss, getattr(node, "lineno", 0), words, place, which, id(node) in large)


def _tree(loss: str) -> ast.Module:
    return ast.parse(getsource(import_module(f"w2v_verified.generated.{loss}")))


def _locals(tree: ast.Module) -> list[str]:
    """The names that the function assigns, in order."""
    names = (n.id for n in _places(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return list(dict.fromkeys(names))


def _places(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes of the bodies of functions, documentation and annotations left out."""
    for top in tree.body:
        if isinstance(top, ast.FunctionDef):
            for statement in top.body[1:]:
                yield from ast.walk(statement)


def changes(node: ast.AST, names: Sequence[str], members: Mapping[str, str] = _NAMES) -> list[Change]:
    """What can be changed at a node, each with the deed; at most one is done to a tree.

    Names are taken for the one before among ``names``, and ``members`` of things for another.
    """
    match node:
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in _OPERATORS:
            other = _OPERATORS[type(operator)]()
            return [
                (f"{type(operator).__name__} to {type(other).__name__}", lambda: setattr(node, "op", other))
            ]
        case ast.Compare(ops=[operator]) if type(operator) in _OPERATORS:
            other = _OPERATORS[type(operator)]()
            return [
                (
                    f"{type(operator).__name__} to {type(other).__name__}",
                    lambda: setattr(node, "ops", [other]),
                )
            ]
        case ast.UnaryOp(op=ast.USub()):
            return [("a sign dropped", lambda: setattr(node, "op", ast.UAdd()))]
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return [
                (f"{value} to {value + 1}", lambda: setattr(node, "value", value + 1)),
                (f"{value} to {value - 1}", lambda: setattr(node, "value", value - 1)),
            ]
        case ast.Name(id=name, ctx=ast.Load()) if names.index(name) if name in names else 0:
            other_name = names[names.index(name) - 1]
            return [(f"{name} to {other_name}", lambda: setattr(node, "id", other_name))]
        case ast.Call(func=ast.Attribute(), args=[one, two]):
            return [("arguments swapped", lambda: setattr(node, "args", [two, one]))]
        case ast.Attribute(attr=name) if name in members:
            return [(f"{name} to {members[name]}", lambda: setattr(node, "attr", members[name]))]
        case ast.IfExp(body=body, orelse=otherwise):
            return [
                ("always the second branch", lambda: setattr(node, "body", otherwise)),
                ("always the first branch", lambda: setattr(node, "orelse", body)),
            ]
        case ast.If():
            return [("a condition negated", lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test)))]
        case ast.Expr():
            return [("a statement dropped", lambda: setattr(node, "value", ast.Constant(None)))]
        case ast.AugAssign():
            return []
        case ast.keyword(arg="out"):
            return [("out dropped", lambda: setattr(node, "value", ast.Constant(None)))]
        case _:
            return []


def _made(loss: str, tree: ast.Module, large: bool) -> Callable[..., Any]:
    space: dict[str, Any] = {"__name__": f"mutant_of_{loss}"}
    exec(compile(tree, f"mutant_of_{loss}", "exec"), space)
    space |= {"FEW": -1, "MANY": 0} if large else {}
    function: Callable[..., Any] = space[loss]
    return function
