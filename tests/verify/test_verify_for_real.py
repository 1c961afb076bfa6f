"""The main job on a copy of the repository, engine and all: green as it is, red after each kind of fault."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
KEPT = ("naive_softmax_batch", "naive_softmax_counts")
SHORTENED = """
from dataclasses import replace

globals().update(LOSS=replace(LOSS, sections=LOSS.sections[:1]))
"""


def _run(where: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a copy may have compiled files, whoever runs the tests
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
    )


def _verify(where: Path) -> tuple[int, list[str]]:
    done = _run(where, "w2v_verified", "verify", "--examples", "30")
    assert done.stderr == ""
    return done.returncode, done.stdout.strip().splitlines()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with two of its losses and a part of what is derived of them, enough for every kind of fault."""
    where = tmp_path_factory.mktemp("small")
    for folder in ("w2v_verified", "derivations"):
        shutil.copytree(ROOT / folder, where / folder)  # compiled files too: they are good for a copy
    for path in (where / "derivations").glob("[!_]*.py"):
        if path.stem not in KEPT:
            path.unlink()
        else:
            path.write_text(path.read_text(encoding="utf-8") + SHORTENED, encoding="utf-8")
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
            "w2v_verified/generated/naive_softmax_counts.py",
            "\n        delta = e * counts",
            "\n        delta = -e * counts",
            ["naive_softmax_counts: value: grad_", "generated files are not what the derivations give"],
        ),
        (
            "w2v_verified/generated/naive_softmax_counts.py",
            "\n        delta = e * counts",
            "\n        delta) = e * counts",
            [
                "every function: the function cannot be imported: SyntaxError: ",
                "(naive_softmax_counts.py, line ",
                "generated files are not what the derivations give",
            ],
        ),
        (
            "derivations/naive_softmax_batch.py",
            'Claim("grad_V_c[i in d, b in B] = sum(w in V, U[i, w] * (yhat[b, w] - y[b, w]))")',
            'Claim("grad_V_c[i in d, b in B] = sum(w in V, U[i, w] * (yhat[b, w] + y[b, w]))")',
            ["naive_softmax_batch: grad_V_c", "generated files are not what the derivations give"],
        ),
        (
            "derivations/naive_softmax_batch.py",
            "LOSS = ",
            "LOSS == ",
            [
                "the definitions cannot be read: LanguageError: naive_softmax_batch.py: raises NameError: ",
                "generated files are not what",
            ],
        ),
        (
            "derivations/naive_softmax_counts.md",
            "# ",
            "#  ",
            ["generated files are not what the derivations give"],
        ),
        (
            "w2v_verified/generated/records/naive_softmax_counts.json",
            '"definition": [',
            '"definition" [',
            [
                "naive_softmax_counts: the record cannot be read: JSONDecodeError: ",
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
