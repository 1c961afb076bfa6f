"""What a user's definition gives: a module of its own, with what it uses of this package written out in it."""

import ast
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from importlib import import_module

from w2v_verified.runtime import RUNTIME
from w2v_verified.symbolic.printing.module import Module

__all__ = ["standalone"]


class _Kind(Enum):
    TYPE = auto()
    CONSTANT = auto()
    FUNCTION = auto()


@dataclass(frozen=True)
class _Definition:
    """A definition of the runtime: its name, its text, and the names it uses."""

    name: str
    kind: _Kind
    text: str
    uses: frozenset[str]


def standalone(module: Module) -> str:
    """The module with definitions in place of imports from this package, so that NumPy is all it needs."""
    wanted = {"arrays": module.arrays}
    wanted |= {name: tuple(n for n in names if n in module.uses.names) for name, names in RUNTIME.items()}
    definitions: dict[str, _Definition] = {}
    imported: dict[str, tuple[str, str]] = {}
    for name, names in wanted.items():
        found, available = _closure(name, names)
        for definition in found:
            if definitions.setdefault(definition.name, definition).text != definition.text:
                raise ValueError(
                    f"{definition.name}: two parts of the runtime define it, each in its own way"
                )
        imported |= available
    used = {n for d in definitions.values() for n in d.uses}
    needed = {n: source for n, source in imported.items() if n in used}
    needed |= {n: ("typing", n) for n in module.typing} | {"np": ("numpy", "")}
    needed |= {"math": ("math", "")} if "math" in module.uses.names else {}
    return _assembled(module, _imports(needed), list(definitions.values()))


def _closure(name: str, wanted: Iterable[str]) -> tuple[list[_Definition], Mapping[str, tuple[str, str]]]:
    """The definitions that names of a part of the runtime need, in its order, and all that it imports."""
    found, imported = _read(name)
    needed: set[str] = set()
    waiting = list(wanted)
    while waiting:
        each = waiting.pop()
        if each in found and each not in needed:
            needed.add(each)
            waiting += found[each].uses
    return [d for d in found.values() if d.name in needed], imported


@cache
def _read(name: str) -> tuple[Mapping[str, _Definition], Mapping[str, tuple[str, str]]]:
    """All that a part of the runtime defines, and all that it imports."""
    text = inspect.getsource(import_module(f"w2v_verified.runtime.{name}"))
    tree, lines = ast.parse(text), text.splitlines()
    found = {d.name: d for node in tree.body for d in _defined(node, lines)}
    imported: dict[str, tuple[str, str]] = {}
    for node in tree.body:
        if isinstance(node, ast.Import):
            imported |= {a.asname or a.name: (a.name, "") for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {a.name: (str(node.module), a.name) for a in node.names}
    return found, imported


def _defined(node: ast.stmt, lines: list[str]) -> list[_Definition]:
    text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
    uses = frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
    match node:
        case ast.FunctionDef(name=name):
            return [_Definition(name, _Kind.FUNCTION, text, uses)]
        case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias")):
            return [_Definition(name, _Kind.TYPE, text, uses)]
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="TypeVar"))):
            return [_Definition(name, _Kind.TYPE, text, uses)]
        # One for type checkers, and one for Python.
        case ast.If(orelse=[ast.Assign(targets=[ast.Name(id=name)])]):
            return [_Definition(name, _Kind.TYPE, text, uses)]
        case ast.Assign(targets=[ast.Name(id=name)]) if name != "__all__":
            return [_Definition(name, _Kind.CONSTANT, text, uses)]
        case _:
            return []


def _assembled(module: Module, header: list[str], definitions: list[_Definition]) -> str:
    """Types and constants in front, with the functions that make some of these; all others at the end."""
    constants = [d for d in definitions if d.kind is _Kind.CONSTANT]
    called = {n for d in constants for n in d.uses}
    makers = [d for d in definitions if d.kind is _Kind.FUNCTION and d.name in called]
    made = [d for d in constants if d.uses & {m.name for m in makers}]
    types = [d for d in definitions if d.kind is _Kind.TYPE]
    plain = [*types, *(d for d in constants if d not in made)]
    front = ["\n".join(d.text for d in plain), *(m.text for m in makers), "\n".join(d.text for d in made)]
    rest = [d.text for d in definitions if d.kind is _Kind.FUNCTION and d not in makers]
    body = "\n".join(module.body)
    return (
        "\n\n\n".join(
            [
                "\n".join(
                    [*module.head, "", *header, "", *module.exported, "", "\n\n\n".join(filter(None, front))]
                ),
                body,
                *rest,
            ]
        )
        + "\n"
    )


def _imports(needed: dict[str, tuple[str, str]]) -> list[str]:
    """The imports of names from their sources, sorted as ruff would."""
    plain = {
        f"import {m}" if m == name else f"import {m} as {name}": m
        for name, (m, own) in needed.items()
        if not own
    }
    froms: dict[str, list[str]] = {}
    for name, (source, own) in needed.items():
        if own:
            froms.setdefault(source, []).append(name)
    lines = [(m, line) for line, m in sorted(plain.items())]
    lines += [
        (m, f"from {m} import {', '.join(sorted(names, key=_case))}") for m, names in sorted(froms.items())
    ]
    third = [line for m, line in lines if m.partition(".")[0] == "numpy"]
    return [*(line for m, line in lines if m.partition(".")[0] != "numpy"), "", *third]


def _case(name: str) -> tuple[bool, str]:
    return (not name.isupper(), name)
