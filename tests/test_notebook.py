"""A notebook that is executed: reports and derivations are shown as pages, progress as a bar, the rest in a line."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
CELLS = {
    "report": """
from w2v_verified import naive_softmax
from w2v_verified.verify import check
check(naive_softmax, "naive_softmax", examples=5)""",
    "derivation": f"""
from pathlib import Path
from w2v_verified.symbolic import Derivation, load
losses = load(Path({str(ROOT / "derivations")!r}))
Derivation(losses["naive_softmax"], losses)""",
    "bar": """
import time
from w2v_verified.terminal.progress import Waiting
with Waiting("waiting") as bar:
    for done in range(3):
        time.sleep(0.6)
        bar(done + 1, 3)
print("done")""",
    "model": """
from w2v_verified.trainer import Word2Vec
told = []
model = Word2Vec([["a", "b", "c"]] * 50, min_count=1, epochs=2, workers=1, progress=lambda *far: told.append(far))
assert told[-1] == (1.0, 1.0)
model""",
    "vectors": "model.wv",
    "command": "import sys\n!{sys.executable} -m w2v_verified properties naive_softmax",
}


@pytest.fixture(scope="module")
def outputs() -> dict[str, list[Any]]:
    """What each cell shows."""
    write: Any = nbformat.v4
    notebook = write.new_notebook(cells=[write.new_code_cell(source) for source in CELLS.values()])
    NotebookClient(notebook, timeout=300).execute()
    return {name: cell.outputs for name, cell in zip(CELLS, notebook.cells, strict=True)}


def shown(outputs: list[Any]) -> dict[str, str]:
    """What the last line of a cell gives, by MIME type."""
    (result,) = (dict(each.data) for each in outputs if each.output_type == "execute_result")
    return result


def printed(outputs: list[Any]) -> str:
    return "".join(each.text for each in outputs if each.output_type == "stream")


pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings(
        "ignore::DeprecationWarning", "ignore:Proactor", "ignore:unclosed:ResourceWarning"
    ),
]


def test_a_report_is_a_page(outputs: dict[str, list[Any]]) -> None:
    of = shown(outputs["report"])
    assert of["text/plain"].endswith(": componentwise accurate")
    assert '<main class="w2v-verified">' in of["text/html"]


def test_a_derivation_is_a_page_with_formulas(outputs: dict[str, list[Any]]) -> None:
    of = shown(outputs["derivation"])
    assert of["text/plain"] == "Derivation<Loss<naive_softmax(v_c, o, U)>>"
    page = of["text/markdown"]
    assert page.startswith("# Naive softmax")
    assert "$$\nJ = " in page
    assert "```math" not in page
    assert "$`" not in page


def test_what_is_no_page_is_a_line(outputs: dict[str, list[Any]]) -> None:
    assert shown(outputs["model"]) == {"text/plain": "Word2Vec<vocab=3, vector_size=100, alpha=0.15>"}
    assert shown(outputs["vectors"]) == {"text/plain": "WordVectors<vector_size=100, 3 keys>"}


def test_progress_is_a_bar_and_no_warning(outputs: dict[str, list[Any]]) -> None:
    text = printed(outputs["bar"])
    assert "waiting" in text
    assert "100%" in text
    assert text.endswith("done\n")
    assert "ipywidgets" not in text


def test_a_command_prints_what_it_prints_elsewhere(outputs: dict[str, list[Any]]) -> None:
    assert "grad_v_c_is_within_its_bound" in printed(outputs["command"])
