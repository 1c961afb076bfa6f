"""Who may import whom: down the stair, never back and never round; NumPy alone on import."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# The stair: what lies in each folder, in the order in which it may be imported. A room imports itself and what
# stands before it in its row; "*" are the files that no entry names.
ORDER = {
    "w2v_verified": (
        "errors",
        "files",
        "nearest",
        "values",
        "terminal",
        "runtime",
        "notation",
        "symbolic",
        "generated",
        "__init__",
        "interop",
        "verify",
        "trainer",
        "commands",
        "*",
    ),
    "w2v_verified/symbolic": (
        "language",
        "algebra",
        "proof",
        "definition",
        "calculus",
        "rewrite",
        "plan",
        "printing",
        "page",
        "document",
        "pipeline",
        "*",
    ),
    "w2v_verified/trainer": (
        "settings",
        "memory",
        "text",
        "evaluation",
        "vectors",
        "sampling",
        "team",
        "run",
        "cluster",
        "plots",
        "word2vec_parameters",
        "word2vec",
        "*",
    ),
    "w2v_verified/notation": (
        "syntax",
        "decimals",
        "messages",
        "language",
        "scope",
        "signature",
        "spelling",
        "__init__",
        "*",
    ),
    "w2v_verified/verify": (
        "law",
        "record",
        "engine",
        "evaluation",
        "exact",
        "bounds",
        "cases",
        "judging",
        "arrays",
        "contract",
        "diagnosis",
        "laws",
        "report",
        "asking",
        "trial",
        "check",
        "isolation",
        "pytest_test",
        "pytest_class",
        "suite",
        "__init__",
        "*",
    ),
}
# Whoever lies under the path on the left imports nothing named on the right.
FORBIDDEN = {
    "w2v_verified/generated": (
        "derivations",
        "w2v_verified.symbolic",
        "w2v_verified.verify",
        "w2v_verified.trainer",
        "w2v_verified.commands",
    ),
    "w2v_verified/interop": (
        "derivations",
        "w2v_verified.generated",
        "w2v_verified.symbolic",
        "w2v_verified.verify",
        "w2v_verified.trainer",
        "w2v_verified.commands",
    ),
    "w2v_verified/trainer": ("derivations", "w2v_verified.symbolic", "w2v_verified.verify"),
    "w2v_verified/verify": ("w2v_verified.trainer", "w2v_verified.commands"),
    "w2v_verified/symbolic": (
        "w2v_verified.generated",
        "w2v_verified.verify",
        "w2v_verified.trainer",
        "w2v_verified.commands",
    ),
    "derivations": ("w2v_verified.verify", "w2v_verified.trainer", "w2v_verified.commands"),
}
# What is not NumPy is imported under these paths and nowhere else.
CONFINED = {
    "sympy": ("w2v_verified/symbolic", "derivations"),
    "flint": ("w2v_verified/verify",),
    "hypothesis": ("w2v_verified/verify",),
    "jax": ("w2v_verified/verify/arrays", "w2v_verified/interop"),
    "torch": ("w2v_verified/verify/arrays", "w2v_verified/interop"),
}


def violations(root: Path) -> list[str]:
    """List every import in the package and in derivations/ that goes against the tables above."""
    return [
        f"{path.relative_to(root).as_posix()}:{line} imports {module}"
        for folder in ("w2v_verified", "derivations")
        for path in sorted((root / folder).rglob("*.py"))
        for line, module in imports(path, root)
        if not allowed(path.relative_to(root), module)
    ]


def allowed(path: Path, module: str) -> bool:
    """Tell whether the file may import the module."""
    forbidden = (name for folder, names in FORBIDDEN.items() if path.is_relative_to(folder) for name in names)
    if any(f"{module}.".startswith(f"{name}.") for name in forbidden):
        return False
    homes = CONFINED.get(module.partition(".")[0])
    return homes is None or any(path.is_relative_to(home) for home in homes)


def imports(path: Path, root: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, absolute name) of all that a file imports, be it in a function or through importlib."""
    package = path.relative_to(root).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        match node:
            case ast.Import():
                yield from ((node.lineno, alias.name) for alias in node.names)
            case ast.ImportFrom():
                base = package[: len(package) + 1 - node.level] if node.level else ()
                source = ".".join((*base, *filter(None, [node.module])))
                yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield node.lineno, name


def upward(root: Path) -> list[str]:
    """List every import of a room that stands later in its row of the stair."""
    found = []
    for path, line, target in edges(root):
        for folder, row in ORDER.items():
            both = path.is_relative_to(folder) and target.is_relative_to(folder)
            own = (path.relative_to(folder), target.relative_to(folder)) if both else None
            if own and place(row, own[0]) < place(row, own[1]):
                found.append(f"{path.as_posix()}:{line} imports {target.as_posix()}")
    return found


def place(row: tuple[str, ...], path: Path) -> int:
    """Where a file stands in a row."""
    name = path.parts[0].removesuffix(".py")
    return row.index(name if name in row else "*")


def edges(root: Path) -> Iterator[tuple[Path, int, Path]]:
    """Yield (file, line, imported file) of every import inside the package, types alone included."""
    for path in sorted((root / "w2v_verified").rglob("*.py")):
        for line, module in imports(path, root):
            target = file_of(module, root)
            if target is not None and root / target != path:
                yield path.relative_to(root), line, target


def file_of(module: str, root: Path) -> Path | None:
    """The file that holds what an import names: a module, or a name of one."""
    while module:
        base = Path(*module.split("."))
        for path in (base.with_suffix(".py"), base / "__init__.py"):
            if (root / path).is_file():
                return path
        module = module.rpartition(".")[0]
    return None


def circle(root: Path) -> list[str]:
    """Files that import each other in a circle, the same one at both ends."""
    graph: dict[str, set[str]] = {}
    for path, _, target in edges(root):
        graph.setdefault(path.as_posix(), set()).add(target.as_posix())
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(name) for name in error.args[1]]
    return []


def test_nothing_flows_back() -> None:
    assert violations(ROOT) == []


def test_no_arrow_goes_up_the_stair() -> None:
    assert upward(ROOT) == []


def test_no_imports_go_round() -> None:
    assert circle(ROOT) == []


def test_the_judge_asks_the_engine_through_one_door() -> None:
    judge, engine = "w2v_verified/verify", "w2v_verified/symbolic"
    asked = {
        p.as_posix() for p, _, to in edges(ROOT) if p.is_relative_to(judge) and to.is_relative_to(engine)
    }
    assert asked == {"w2v_verified/verify/engine.py"}


def test_every_room_stands_in_its_row() -> None:
    for folder, row in ORDER.items():
        there = {p.name for p in (ROOT / folder).iterdir() if list(p.glob("*.py"))}
        named = {name for name in row if name not in ("*", "__init__")}
        assert there - named == set(), folder
        assert [n for n in named - there if not (ROOT / folder / f"{n}.py").is_file()] == [], folder


def test_the_folders_of_the_tables_exist() -> None:
    folders = {*FORBIDDEN, *(home for homes in CONFINED.values() for home in homes)}
    assert [folder for folder in sorted(folders) if not list((ROOT / folder).glob("*.py"))] == []


@pytest.mark.parametrize(
    ("path", "statement"),
    [
        ("w2v_verified/generated/a.py", "import sympy"),
        ("w2v_verified/generated/a.py", "from w2v_verified.symbolic import rules"),
        ("w2v_verified/generated/a.py", "from w2v_verified import verify"),
        ("w2v_verified/generated/a.py", "from .. import trainer"),
        ("w2v_verified/generated/deep/a.py", "from ...trainer.sgd import step"),
        ("w2v_verified/generated/a.py", "import derivations.naive_softmax"),
        ("w2v_verified/trainer/a.py", "from w2v_verified.verify.exact.oracle import reference"),
        ("w2v_verified/trainer/a.py", "from w2v_verified import naive_softmax, symbolic"),
        ("w2v_verified/trainer/a.py", "def f():\n    import derivations"),
        ("w2v_verified/verify/a.py", "import w2v_verified.trainer as t"),
        ("w2v_verified/verify/a.py", "from sympy import Symbol"),
        ("w2v_verified/verify/a.py", "import importlib\nimportlib.import_module('w2v_verified.trainer')"),
        ("w2v_verified/symbolic/a.py", "from w2v_verified import generated"),
        ("w2v_verified/symbolic/a.py", "from ..verify import check"),
        ("w2v_verified/symbolic/a.py", "__import__('w2v_verified.trainer')"),
        ("w2v_verified/commands/a.py", "from importlib import import_module\nimport_module('sympy.core')"),
        ("w2v_verified/a.py", "import flint"),
        ("w2v_verified/trainer/a.py", "from hypothesis import given"),
        ("derivations/a.py", "from w2v_verified.verify import check"),
    ],
)
def test_a_planted_import_is_noticed(tmp_path: Path, path: str, statement: str) -> None:
    planted = tmp_path / path
    planted.parent.mkdir(parents=True)
    planted.write_text(statement, encoding="utf-8")
    assert [found.partition(":")[0] for found in violations(tmp_path)] == [path]


@pytest.mark.parametrize(
    ("path", "statement"),
    [
        ("w2v_verified/symbolic/a.py", "import sympy\nfrom sympy import Sum\nfrom . import rules"),
        (
            "w2v_verified/trainer/a.py",
            "from w2v_verified import naive_softmax_batch\nimport w2v_verified.verifying",
        ),
        ("w2v_verified/verify/a.py", "from w2v_verified.generated import records\nimport flint, hypothesis"),
        ("derivations/a.py", "from w2v_verified.symbolic import derive\nimport sympy"),
        ("w2v_verified/commands/a.py", "from w2v_verified import symbolic, trainer, verify"),
    ],
)
def test_what_is_right_is_left_alone(tmp_path: Path, path: str, statement: str) -> None:
    planted = tmp_path / path
    planted.parent.mkdir(parents=True)
    planted.write_text(statement, encoding="utf-8")
    assert violations(tmp_path) == []


@pytest.mark.parametrize("folder", ORDER)
def test_a_planted_arrow_upwards_is_noticed(tmp_path: Path, folder: str) -> None:
    """Each room imports the next one; each of these is found, and the arrows the other way are not."""
    row = [name for name in ORDER[folder] if name not in ("*", "__init__")]
    dotted = folder.replace("/", ".")
    for name, later in pairwise(row):
        plant(tmp_path / folder / name, f"from {dotted}.{later} import inside")
    plant(tmp_path / folder / row[-1], f"from {dotted}.{row[0]} import inside")
    found = [line.partition(":")[0] for line in upward(tmp_path)]
    assert found == sorted(f"{folder}/{name}/inside.py" for name in row[:-1])


def plant(room: Path, statement: str) -> None:
    room.mkdir(parents=True)
    (room / "__init__.py").write_text("", encoding="utf-8")
    (room / "inside.py").write_text(statement, encoding="utf-8")


def test_a_planted_circle_is_noticed(tmp_path: Path) -> None:
    for name, other in ("ab", "bc", "ca"):
        plant(tmp_path / "w2v_verified" / name, f"from w2v_verified.{other}.inside import f")
    assert {Path(path).parent.name for path in circle(tmp_path)} == {"a", "b", "c"}


def loaded_by(statement: str) -> set[str]:
    """Name the modules that a fresh interpreter holds after the statement."""
    script = f"{statement}\nimport sys\nprint(*sys.modules, sep='\\n')"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def beyond_numpy(statement: str) -> set[str]:
    """Name what the statement loads that is neither this package's nor NumPy's own doing."""
    extra = loaded_by(statement) - loaded_by("import numpy")
    return {name for name in extra if name.partition(".")[0] != "w2v_verified"}


def test_the_package_loads_numpy_and_nothing_heavier() -> None:
    assert beyond_numpy("import w2v_verified") == set()
    assert beyond_numpy("import w2v_verified, colorsys") == {"colorsys"}


def test_help_loads_no_command() -> None:
    loaded = loaded_by("from w2v_verified.__main__ import main\nmain(['--help'])")
    assert not {name for name in loaded if name.startswith("w2v_verified.commands.")}
    assert not {"sympy", "flint", "hypothesis", "rich", "importlib.metadata"} & loaded
