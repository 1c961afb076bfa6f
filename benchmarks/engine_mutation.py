"""Mutants of the engine that derives and proves: one line changed, drawn by seed from all there are.

Documentation, annotations, decorators, imports, the messages of exceptions and ``strict=`` are left as they are.
"""

import ast
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice, takewhile
from pathlib import Path

from benchmarks.mutation import Change, changes

__all__ = ["ENGINE", "FILES", "EngineMutation", "drawn"]

ENGINE = Path("w2v_verified", "symbolic")
FILES = (
    "algebra/normal",
    "algebra/powers",
    "algebra/terms",
    "algebra/brackets",
    "algebra/sums",
    "algebra/division",
    "algebra/ranges",
    "algebra/domain",
    "algebra/context",
    "language/indices",
    "language/equation",
    "language/masks",
    "proof/step",
    "proof/drawing",
    "proof/program",
    "proof/softmax",
    "proof/sampling",
    "proof/interpret",
    "language/functions",
    "language/intervals",
    "language/naming",
    "calculus/adjoints",
    "rewrite/scale",
    "rewrite/squares",
    "rewrite/multiples",
    "rewrite/large",
    "definition/recognise",
    "definition/prepare",
    "algebra/rules",
    "proof/driver",
    "rewrite/shift",
    "rewrite/set_aside",
    "rewrite/singled_out",
    "rewrite/others",
    "rewrite/complement",
    "rewrite/moderate",
    "rewrite/splitting",
    "rewrite/arrange",
    "language/translate",
    "definition/problem",
    "calculus/steps",
    "calculus/stated",
    "pipeline",
)
"""The modules on whose lines it depends what is proved."""

_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
}
_COMPARISONS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}
_MEMBERS = {
    "Add": "Mul",
    "Mul": "Add",
    "sin": "cos",
    "cos": "sin",
    "floor": "ceiling",
    "ceiling": "floor",
    "is_Integer": "is_Rational",
    "is_Rational": "is_Integer",
    "low": "high",
    "high": "low",
    "low_open": "high_open",
    "high_open": "low_open",
    "positive": "nonnegative",
    "nonnegative": "positive",
}
_UNCHANGED = (ast.JoinedStr, ast.Raise, ast.Import, ast.ImportFrom)
_OF_TYPES = ("annotation", "returns", "decorator_list", "bases")


@dataclass(frozen=True)
class EngineMutation:
    """A change at one of the places of a file of the engine that stands under ``root``."""

    root: Path
    file: str
    line: int
    place: int
    which: int

    @cached_property
    def source(self) -> str:
        """The changed module."""
        tree = ast.parse(_text(self.root, self.file))
        _, change = _changes(next(islice(_places(tree), self.place, None)))[self.which]
        change()
        return ast.unparse(ast.fix_missing_locations(tree))

    @cached_property
    def lines(self) -> tuple[str, str]:
        """The line that is changed, before and after, each statement on one line."""
        one, two = _statements(_text(self.root, self.file)), self.source.splitlines()
        front = _alike(one, two)
        back = _alike(one[front:][::-1], two[front:][::-1])
        before, after = (" ".join(map(str.strip, part[front : len(part) - back])) for part in (one, two))
        return before, after


def drawn(root: Path, count: int, seed: int) -> list[EngineMutation]:
    """So many different mutants of the engine under ``root``, in the order of its files; the same for a seed.

    Raises:
        FileNotFoundError: A file of the engine is not there.
    """
    every = [mutation for file in FILES for mutation in _every(root, file)]
    random.Random(seed).shuffle(every)
    chosen: dict[tuple[str, str], EngineMutation] = {}
    for mutation in every:
        if len(chosen) == count:
            break
        if mutation.lines[0] != mutation.lines[1]:
            chosen.setdefault((mutation.file, mutation.source), mutation)
    return sorted(chosen.values(), key=lambda m: (FILES.index(m.file), m.line, m.lines))


def _every(root: Path, file: str) -> Iterator[EngineMutation]:
    line = 0
    for place, node in enumerate(_places(ast.parse(_text(root, file)))):
        line = getattr(node, "lineno", line)
        for which in range(len(_changes(node))):
            yield EngineMutation(root, file, line, place, which)


def _alike(one: Sequence[str], two: Sequence[str]) -> int:
    """How many lines are the same at the front."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))


@cache
def _statements(text: str) -> list[str]:
    return ast.unparse(ast.parse(text)).splitlines()


def _text(root: Path, file: str) -> str:
    return (root / ENGINE / f"{file}.py").read_text(encoding="utf-8")


def _places(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what is in it, in the order of its text."""
    yield node
    for name, value in ast.iter_fields(node):
        if name not in _OF_TYPES:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not isinstance(child, _UNCHANGED) and not _is_said(child):
                    yield from _places(child)


def _is_said(node: ast.AST) -> bool:
    """Whether a node documents what is there, says what a module gives away or asserts that lengths are the same."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.keyword(arg="strict"):
            return True
        case _:
            return False


def _changes(node: ast.AST) -> list[Change]:
    return [*changes(node, (), _MEMBERS), *_of_conditions(node), *_of_values(node)]


def _of_conditions(node: ast.AST) -> list[Change]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARISONS:
            other = _COMPARISONS[type(operator)]()
            return [("a comparison changed", lambda: setattr(node, "ops", [other]))]
        case ast.BoolOp(op=operator, values=values):
            junction = ast.Or() if isinstance(operator, ast.And) else ast.And()
            return [
                ("and for or", lambda: setattr(node, "op", junction)),
                *_without_one(node, "values", values),
            ]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [("a not undone", lambda: setattr(node, "operand", ast.UnaryOp(ast.Not(), operand)))]
        case ast.If(body=[ast.Return() | ast.Continue() | ast.Break() | ast.Raise()], orelse=[]):
            return [("a guard dropped", lambda: setattr(node, "body", [ast.Pass()]))]
        case ast.comprehension(ifs=conditions):
            return _without_one(node, "ifs", conditions)
        case _:
            return []


def _of_values(node: ast.AST) -> list[Change]:
    match node:
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return [
                ("the second dropped", lambda: setattr(node, "right", left)),
                ("the first dropped", lambda: setattr(node, "left", right)),
            ]
        case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
            other = _OPERATORS[type(operator)]()
            return [("an operator changed", lambda: setattr(node, "op", other))]
        case ast.Constant(value=bool() as value):
            return [("the other truth", lambda: setattr(node, "value", not value))]
        case ast.Name(id=name, ctx=ast.Load()) if name in _CALLED:
            return [(f"{name} to {_CALLED[name]}", lambda: setattr(node, "id", _CALLED[name]))]
        case _:
            return []


def _without_one(node: ast.AST, name: str, conditions: list[ast.expr]) -> list[Change]:
    """Each of some conditions dropped."""

    def dropping(left: list[ast.expr]) -> Change:
        return "a condition dropped", lambda: setattr(node, name, left)

    return [dropping(conditions[:n] + conditions[n + 1 :]) for n in range(len(conditions))]
