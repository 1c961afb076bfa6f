"""The main job on a copy of the repository, engine and all: green as it is, red after each kind of fault."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SMALL = {
    "squares": ("(a[i] - b[i]) ** 2", "2 * (a[i] - b[i])"),
    "products": ("a[i] * b[i]", "b[i]"),
}
DEFINITION = '''"""A loss of one line."""

from w2v_verified.symbolic import Array, Axis, Claim, Loss

LOSS = Loss(
    name="{name}",
    summary="One line.",
    axes=(Axis("d", letters="i"),),
    arguments=(Array("a", "d"), Array("b", "d")),
    definition="loss = sum(i in d, {term})",
    claims=(Claim("grad_a[i in d] = {gradient}"),),
)
'''


def _run(where: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a copy may have compiled files, whoever runs the tests
    environment["COLUMNS"] = "132"  # pytest-xdist has its own idea
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
    )


def _verify(where: Path) -> tuple[int, list[str]]:
    done = _run(where, "w2v_verified", "verify", "--examples", "30")
    assert done.stderr == ""
    return done.returncode, done.stdout.strip().splitlines()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with two losses of one line in place of its own, enough for every kind of fault."""
    where = tmp_path_factory.mktemp("small")
    for folder in ("w2v_verified", "derivations"):
        shutil.copytree(ROOT / folder, where / folder)  # compiled files too: they are good for a copy
    for path in (where / "derivations").glob("[!_]*.py"):
        path.unlink()
    for name, (term, gradient) in SMALL.items():
        definition = DEFINITION.format(name=name, term=term, gradient=gradient)
        (where / "derivations" / f"{name}.py").write_text(definition, encoding="utf-8")
    made = _run(where, "derivations")
    assert made.returncode == 0, made.stderr
    return where


@pytest.fixture
def copy(small: Path, tmp_path: Path) -> Path:
    where = tmp_path / "copy"
    shutil.copytree(small, where)
    return where


def _plant(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_green_as_it_is(copy: Path) -> None:
    status, lines = _verify(copy)
    assert status == 0, lines
    assert lines[-1].startswith("Verified: 2 functions within the bounds on ")
    assert "generated files are current" in lines[-1]


@pytest.mark.parametrize(
    ("path", "old", "new", "complaints"),
    [
        (
            "w2v_verified/generated/squares.py",
            "grad_a[...] = 2 * a - 2 * b",
            "grad_a[...] = 2 * a + 2 * b",
            ["squares: value: grad_a", "generated files are not what the derivations give"],
        ),
        (
            "w2v_verified/generated/squares.py",
            "grad_a[...] = 2 * a - 2 * b",
            "grad_a[...]) = 2 * a - 2 * b",
            [
                "every function: the function cannot be imported: SyntaxError: ",
                "(squares.py, line ",
                "generated files are not what the derivations give",
            ],
        ),
        (
            "derivations/products.py",
            'Claim("grad_a[i in d] = b[i]")',
            'Claim("grad_a[i in d] = -b[i]")',
            ["products: grad_a", "generated files are not what the derivations give"],
        ),
        (
            "derivations/products.py",
            "LOSS = ",
            "LOSS == ",
            [
                "the definitions cannot be read: NoDefinitionError: products.py: raises NameError: ",
                "generated files could not be compared",
            ],
        ),
        (
            "derivations/squares.md",
            "# ",
            "#  ",
            ["generated files are not what the derivations give"],
        ),
        (
            "w2v_verified/generated/records/squares.json",
            '"definition": [',
            '"definition" [',
            [
                "squares: the record cannot be read: JSONDecodeError: ",
                "generated files are not what",
            ],
        ),
    ],
    ids=[
        "wrong number",
        "broken module",
        "wrong claim",
        "broken definition",
        "changed document",
        "broken record",
    ],
)
def test_red_after(copy: Path, path: str, old: str, new: str, complaints: list[str]) -> None:
    if path.endswith(".md"):
        text = (copy / path).read_text(encoding="utf-8")
        (copy / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    else:
        _plant(copy / path, old, new)
    status, lines = _verify(copy)
    assert status == 1, lines
    told = [line for line in lines if line.startswith("- ")]
    for complaint in complaints:
        assert any(complaint in line for line in told), told
    assert lines[-1].startswith("Not verified: ")
