"""What one meets at the prompt: the version, the help, short representations, and which extra is missing."""

import pydoc
import subprocess
import sys
import tomllib
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import w2v_verified
from w2v_verified.symbolic import Derivation, load
from w2v_verified.trainer import Word2Vec, WordVectors
from w2v_verified.verify import load as record

ROOT = Path(__file__).parent.parent
LOWEST = ROOT / ".ci" / "lowest"


def test_the_version_is_written_once() -> None:
    assert w2v_verified.__version__ == version("w2v_verified")


def test_the_help_opens_with_what_it_is_for() -> None:
    page = pydoc.plain(pydoc.render_doc(w2v_verified))
    opening = page.partition("PACKAGE CONTENTS")[0]
    for word in ("naive_softmax", "one column for each word", "check(", "for_torch", "Word2Vec"):
        assert word in opening


def test_the_package_says_what_it_is() -> None:
    said: Any = metadata("w2v_verified")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {f"Programming Language :: Python :: 3.{n}" for n in (11, 12, 13, 14)} <= set(
        project["classifiers"]
    )
    assert said["Author"]
    assert said["Keywords"]
    assert said.get_all("Project-URL")


@pytest.mark.parametrize(
    ("module", "absent", "message"),
    [
        ("symbolic", "sympy", "sympy is not installed: pip install 'w2v_verified[derive]'"),
        ("verify", "flint", "python-flint is not installed: pip install 'w2v_verified[verify]'"),
    ],
)
def test_what_lacks_a_package_names_the_extra(module: str, absent: str, message: str) -> None:
    program = f"import sys; sys.modules[{absent!r}] = None; import w2v_verified.{module}"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == f"ModuleNotFoundError: {message}"


def test_what_is_shown_at_the_prompt_is_short() -> None:
    losses = load(ROOT / "derivations")
    loss = losses["naive_softmax"]
    assert repr(loss) == "Loss<naive_softmax(v_c, o, U)>"
    assert repr(Derivation(loss, losses)) == "Derivation<Loss<naive_softmax(v_c, o, U)>>"
    assert repr(record("naive_softmax")) == "Record<naive_softmax(v_c, o, U)>"
    assert repr(WordVectors(("a", "b"), np.ones((2, 3)))) == "WordVectors<vector_size=3, 2 keys>"
    model = Word2Vec([["a", "b", "c"]] * 20, vector_size=4, min_count=1, epochs=1, workers=1)
    assert repr(model) == "Word2Vec<vocab=3, vector_size=4, alpha=0.15>"


def test_the_lowest_versions_are_read_off_the_project(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text(
        '[project]\ndependencies = ["numpy>=2.0"]\n[project.optional-dependencies]\n'
        'derive = ["sympy>=1.14,<2"]\nverify = ["rich>=14.1"]\ntrain = []\n',
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, str(LOWEST), str(project)], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["numpy==2.0", "sympy==1.14", "rich==14.1"]
