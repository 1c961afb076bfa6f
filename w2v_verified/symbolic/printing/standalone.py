"""What a user's definition gives: a module of its own."""

import ast
import inspect
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType

from w2v_verified.runtime import RUNTIME
from w2v_verified.symbolic.plan.plan import Plan
from w2v_verified.symbolic.printing.module import module

__all__ = ["standalone"]

_INLINED = tuple(f"w2v_verified.runtime.{m}" for m in ("arrays", *RUNTIME))


def standalone(plan: Plan, source: str) -> str:
    """The generated module with what it uses of this package written out in it, so that NumPy is all it needs."""
    text = module(plan, source)
    tree = ast.parse(text)
    wanted: dict[str, list[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module in _INLINED:
            wanted[node.module] = [alias.name for alias in node.names]
    lines = [line for line in text.splitlines() if not line.startswith("from w2v_verified.")]
    imports: set[str] = set()
    blocks: list[str] = []
    for name, names in wanted.items():
        needed, definitions = _closure(import_module(name), names)
        imports |= needed
        blocks += definitions
    return _assembled(lines, imports, blocks)


def _closure(module: ModuleType, names: Iterable[str]) -> tuple[set[str], list[str]]:
    """The imports of a module, and the definitions ``names`` need, in the module's order."""
    text = inspect.getsource(module)
    tree = ast.parse(text)
    defined = {name: node for node in tree.body for name in _assigned(node)}
    needed: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in defined and name not in needed:
            needed.add(name)
            waiting += [n.id for n in ast.walk(defined[name]) if isinstance(n, ast.Name)]
    imports = {ast.unparse(n) for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)}
    kept = [n for n in tree.body if any(name in needed for name in _assigned(n))]
    lines = text.splitlines()
    return imports, ["\n".join(lines[n.lineno - 1 : n.end_lineno]) for n in kept]


def _assigned(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, ast.Assign):
        return [t.id for t in node.targets if isinstance(t, ast.Name) and t.id != "__all__"]
    return []


def _assembled(lines: list[str], imports: set[str], blocks: list[str]) -> str:
    """The module: its imports joined with those of the parts, types and constants in front, checks at the end."""
    kept = [line for line in lines if not line.startswith(("from typing import", "import "))]
    own = {line for line in lines if line.startswith(("from typing import", "import "))}
    used = "\n".join([*kept, *blocks])
    header = _imports(imports | own, used)
    at = next(n for n, line in enumerate(kept) if line.startswith("__all__"))
    types = [b for b in blocks if (not b.startswith("def ") and "TypeAlias" in b) or b.startswith("F =")]
    functions = [b for b in blocks if b not in types]
    head = "\n".join(kept[:at]).rstrip()
    rest = "\n".join(kept[at + 1 :]).strip("\n")
    constants = [b for b in functions if not b.startswith("def ")]
    called = {n.id for n in ast.walk(ast.parse("\n".join(constants))) if isinstance(n, ast.Name)}
    makers = [b for b in functions if b.startswith("def ") and b[4 : b.index("(")] in called]
    bodies = [b for b in functions if b not in (*constants, *makers)]
    plain = [b for b in constants if not any(f"{m[4 : m.index('(')]}(" in b for m in makers)]
    front = ["\n".join([*types, *plain]), *makers, "\n".join(b for b in constants if b not in plain)]
    front = [part for part in front if part]
    parts = [head, "", header, "", kept[at], "", "\n\n\n".join(front), "", "", rest, "", ""]
    return "\n".join(parts) + "\n" + "\n\n\n".join(bodies) + "\n"


def _imports(imports: set[str], used: str) -> str:
    """The imports that are used, sorted as ruff would."""
    plain: set[str] = set()
    names: dict[str, set[str]] = {}
    words = {n.id for n in ast.walk(ast.parse(used)) if isinstance(n, ast.Name)}
    for line in imports:
        node = ast.parse(line).body[0]
        if isinstance(node, ast.Import):
            plain |= {ast.unparse(node) for a in node.names if (a.asname or a.name) in words}
        elif isinstance(node, ast.ImportFrom):
            names.setdefault(str(node.module), set()).update(a.name for a in node.names if a.name in words)
    froms = {f"from {m} import {', '.join(sorted(n, key=_case))}" for m, n in names.items() if n}
    third = sorted(p for p in plain if "numpy" in p) + sorted(f for f in froms if f.startswith("from numpy"))
    first = sorted(p for p in plain if "numpy" not in p) + sorted(
        f for f in froms if not f.startswith("from numpy")
    )
    return "\n".join([*first, "", *third])


def _case(name: str) -> tuple[bool, str]:
    return (not name.isupper(), name)
