"""The types keep their promises downstream: mypy checks users' modules against the installed package."""

import re
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

TYPING = Path(__file__).parent / "typing"

pytestmark = pytest.mark.slow


def expected(source: str) -> Counter[tuple[int, str]]:
    """Count (line, code) as the comments announce them."""
    return Counter(
        (number, code)
        for number, line in enumerate(source.splitlines(), start=1)
        if (comment := re.search(r"# E: ([\w -]+)$", line))
        for code in comment[1].split()
    )


def found(module: Path, folder: Path) -> Counter[tuple[int, str]]:
    """Count (line, code) as mypy reports them, run where it finds the installed package alone."""
    options = ["--strict", "--config-file=", f"--cache-dir={folder / 'cache'}"]
    command = [sys.executable, "-m", "mypy", *options, str(module)]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode in (0, 1), run.stdout + run.stderr
    errors = [line for line in run.stdout.splitlines() if ": error: " in line]
    pattern = rf"(?:.*/)?{re.escape(module.name)}:(\d+): error: .* \[([\w-]+)\]"
    located = [re.fullmatch(pattern, line) for line in errors]
    assert all(located), run.stdout
    assert bool(errors) == bool(run.returncode), run.stdout + run.stderr
    return Counter((int(match[1]), match[2]) for match in located if match)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give all tests one folder, so that mypy reads NumPy once."""
    return tmp_path_factory.mktemp("downstream")


@pytest.mark.parametrize("module", ["downstream_ok.py", "trainer_ok.py"])
def test_a_typed_user_has_no_errors(folder: Path, module: str) -> None:
    assert not found(TYPING / module, folder)


def test_the_typed_user_also_runs() -> None:
    module = runpy.run_path(str(TYPING / "downstream_ok.py"))
    single, double = module["single"](), module["double"]()
    assert single.grad_v_c.dtype == single.grad_U.dtype == np.float32
    assert double.grad_V_c.dtype == double.grad_U.dtype == np.float64


def test_the_typed_user_of_the_trainer_also_runs(tmp_path: Path) -> None:
    module = runpy.run_path(str(TYPING / "trainer_ok.py"))
    (tmp_path / "text.txt").write_text("a cat purrs " * 20, encoding="utf-8")
    assert module["single"]().vectors.dtype == np.float32
    for vectors in (module["double"](iter(module["TEXT"])), module["by_hand"](tmp_path / "text.txt")):
        assert vectors.vectors.dtype == np.float64
        assert module["nearest"](vectors, "cat") in vectors.words
    module["files"](tmp_path)


@pytest.mark.parametrize("name", ["downstream_errors.py", "trainer_errors.py"])
def test_every_mistake_is_found_and_nothing_else(folder: Path, name: str) -> None:
    module = TYPING / name
    assert found(module, folder) == expected(module.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("naive_softmax(U, 1, v_c)", "naive_softmax(v_c, 1, U)", id="mistake mended"),
        pytest.param("# E: arg-type arg-type", "# E: arg-type", id="one expectation of two removed"),
        pytest.param("# E: attr-defined", "# E: arg-type", id="other code expected"),
        pytest.param(
            "of_matrix(one.grad_v_c)  #",
            "of_matrix(many.grad_V_c)\n    #",
            id="expected where nothing is wrong",
        ),
    ],
)
def test_a_wrong_expectation_is_noticed(folder: Path, before: str, after: str) -> None:
    source = (TYPING / "downstream_errors.py").read_text(encoding="utf-8")
    assert before in source
    changed = folder / "changed.py"
    changed.write_text(source.replace(before, after, 1), encoding="utf-8")
    assert found(changed, folder) != expected(changed.read_text(encoding="utf-8"))
