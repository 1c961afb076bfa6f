"""``w2v-verified derive`` on a file of the user's: what is written, what is refused, and with which status."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tex_pages import tex_faults

from w2v_verified.__main__ import main

GLOVE = '''
from w2v_verified.symbolic import Array, Axis, Claim, Loss

LOSS = Loss(
    name="glove",
    summary="GloVe's weighted least squares.",
    axes=(Axis("d", letters="i"), Axis("V", letters="w k")),
    arguments=(
        Array("W", "d V"),
        Array("C", "d V"),
        Array("b", "V"),
        Array("c", "V"),
        Array("X", "V V", gradient=False, positive=True),
        Array("f", "V V", gradient=False),
    ),
    definition="""
        r[w in V, k in V] = sum(i in d, W[i, w] * C[i, k]) + b[w] + c[k] - log(X[w, k])
        loss = sum(w in V, sum(k in V, f[w, k] * r[w, k] ** 2))
    """,
    claims=(Claim("grad_b[w in V] = sum(k in V, 2 * f[w, k] * r[w, k])"),),
)
'''


WAVES = """
from w2v_verified.symbolic import Array, Axis, Claim, Loss

LOSS = Loss(
    name="waves",
    summary="Waves.",
    axes=(Axis("d", letters="i"),),
    arguments=(Array("x", "d"),),
    definition="loss = sum(i in d, sin(2 * x[i]))",
    claims=(Claim("grad_x[i in d] = 2 - 4 * sin(x[i]) ** 2"),),
)
"""


def run(where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "w2v_verified", "derive", *arguments]
    return subprocess.run(command, cwd=where, capture_output=True, text=True)


Outcome = Callable[..., tuple[int, str]]


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Outcome:
    """The status and the message of the command in this process, which has SymPy at hand.

    What a busy machine adds to it, that it takes a while, is left out.
    """
    monkeypatch.chdir(folder)

    def outcome(*arguments: str) -> tuple[int, str]:
        status = main(["derive", *arguments])
        lines = capfd.readouterr().err.splitlines(keepends=True)
        return status, "".join(line for line in lines if "this takes a while" not in line)

    return outcome


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "glove.py").write_text(GLOVE, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_a_module_of_its_own_and_a_document_are_written(here: Outcome, folder: Path) -> None:
    done = run(folder, "glove.py", "-o", "glove_generated.py", "--document", "glove.md")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("written    glove_generated.py\nwritten    glove.md\n")
    module = (folder / "glove_generated.py").read_text(encoding="utf-8")
    assert "w2v_verified" not in module.replace("w2v-verified", "")
    document = (folder / "glove.md").read_text(encoding="utf-8")
    assert "## The gradients, stage by stage" in document
    assert here("glove.py", "-o", "again.py") == (0, "")  # in this process, whatever was derived here before
    assert (folder / "again.py").read_text(encoding="utf-8") == module


@pytest.mark.slow
def test_the_module_passes_mypy_and_its_doctest_and_needs_numpy_alone(here: Outcome, folder: Path) -> None:
    assert here("glove.py", "-o", "glove_generated.py") == (0, "")
    cache = f"--cache-dir={folder / 'cache'}"
    mypy = [sys.executable, "-m", "mypy", "--strict", cache, "glove_generated.py"]
    assert subprocess.run(mypy, cwd=folder, capture_output=True, text=True).returncode == 0
    doctest = [sys.executable, "-m", "doctest", "glove_generated.py"]
    assert subprocess.run(doctest, cwd=folder, capture_output=True, text=True).stdout == ""
    code = (
        "import sys, glove_generated; "
        "print(sorted(m for m in sys.modules if m.partition('.')[0] in ('sympy', 'w2v_verified')))"
    )
    used = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert used.stdout == "[]\n"


LAW = """
    laws=(
        Law(
            "words and contexts may change places",
            over="i in d, w in V",
            calls=(
                Call(
                    "swapped",
                    '''
                    swapped_W[i in d, w in V] = C[i, w]
                    swapped_C[i in d, w in V] = W[i, w]
                    swapped_b[w in V] = c[w]
                    swapped_c[w in V] = b[w]
                    swapped_X[w in V, k in V] = X[k, w]
                    swapped_f[w in V, k in V] = f[k, w]
                    ''',
                ),
            ),
            holds=("swapped_loss == loss", "swapped_grad_W[i, w] == grad_C[i, w]"),
        ),
    ),
)
"""


@pytest.mark.slow
def test_tests_are_written_that_find_a_wrong_function(folder: Path) -> None:
    """In another folder; one import is changed to point them at a function by hand."""
    definition = GLOVE.rstrip().removesuffix(")").replace(
        "import Array", "import Array, Call, Law"
    ) + LAW.lstrip("\n")
    (folder / "glove.py").write_text(definition, encoding="utf-8")
    (folder / "tests").mkdir()
    written = folder / "tests" / "test_glove.py"
    done = run(folder, "glove.py", "-o", "glove_generated.py", "--tests", "tests/test_glove.py")
    assert done.returncode == 0, done.stderr
    assert "laws: 12 statements beside the claims proved" in done.stdout
    text = written.read_text(encoding="utf-8")
    assert "* words and contexts may change places:\n    swapped_loss == loss\n" in text
    only = "-k", "change_places or grad_b_is"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *only, str(written)]
    right = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert right.returncode == 0, right.stdout
    by_hand = (
        "import glove_generated\n\n\n"
        "def glove(W, C, b, c, X, f):\n"
        "    loss, *gradients = glove_generated.glove(W, C, b, c, X, f)\n"
        "    gradients[0] = gradients[0] * 2\n"
        "    return loss, *gradients\n"
    )
    (folder / "by_hand.py").write_text(by_hand, encoding="utf-8")
    written.write_text(text.replace("from glove_generated import", "from by_hand import"), encoding="utf-8")
    wrong = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert wrong.returncode == 1
    assert "1 failed, 1 passed" in wrong.stdout
    assert "words and contexts may change places" in wrong.stdout


def test_a_module_that_tests_cannot_import_is_refused(here: Outcome, folder: Path) -> None:
    status, message = here("glove.py", "-o", "glove-generated.py", "--tests", "test_glove.py")
    assert status == 2
    assert "--output: expected a name that Python can import" in message
    assert not (folder / "glove-generated.py").exists()


def test_a_claim_that_cannot_be_decided_is_said_to_be_checked_at_sampled_points(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    (folder / "waves.py").write_text(WAVES, encoding="utf-8")
    assert main(["derive", "waves.py", "-o", "out.py", "--document", "waves.md"]) == 0
    _, _, claim, last, _, judged = capsys.readouterr().out.splitlines()
    assert judged.startswith("judged: componentwise accurate, ")
    assert claim.startswith(
        "not proved grad_x[i] = 2 - 4 * sin(x[i]) ** 2: checked at sampled points, not proved: the prover cannot decide"
    )
    assert claim.endswith("; derived is grad_x[i in d] = 2 * cos(2 * x[i])")
    assert last == "waves: gradients by x derived, 3 steps proved, 1 checked at sampled points, not proved"
    document = (folder / "waves.md").read_text(encoding="utf-8")
    assert "3 of 4 steps are proved, and 1 marked as checked at sampled points, not proved." in document
    assert document.count("| **checked at sampled points, not proved** |") == 1
    assert main(["derive", "waves.py", "-o", "out.py", "--document", "waves.TEX"]) == 0
    capsys.readouterr()
    typeset = (folder / "waves.TEX").read_text(encoding="utf-8")
    assert tex_faults(typeset) == []
    assert "\\rules{\\textbf{checked at sampled points, not proved}}" in typeset

    assert main(["derive", "waves.py", "-o", "out.py", "--strict"]) == 1
    out, message = capsys.readouterr()
    assert out == ""
    assert len(message.splitlines()) == 1
    assert "waves.py: grad_x[i] = 2 - 4 * sin(x[i]) ** 2: checked at sampled points, not proved" in message
    assert "derived is grad_x[i in d] = 2 * cos(2 * x[i])" in message
    assert message.endswith("; make parts of it statements of their own, or derive without --strict\n")

    (folder / "waves.py").write_text(WAVES.replace("2 - 4", "2 - 3"), encoding="utf-8")
    assert main(["derive", "waves.py", "-o", "out.py"]) == 1
    message = capsys.readouterr().err
    assert "wrong: " in message
    assert "not proved" not in message


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2 * f[w, k] * r[w, k])", "f[w, k] * r[w, k])", "wrong: "),
        ("f[w, k] * r[w, k] ** 2", "f[w, k] * sign(r[w, k])", "sign jumps at 0"),
        ("C[i, k]) +", "C[k, i]) +", "runs over d, got one into V"),
        ("log(X[w, k])", "log(Y[w, k])", "Y: not a floating argument"),
        ("loss = sum", "cost = sum", "loss: no statement computes it"),
        ("LOSS = Loss(", "OTHER = Loss(", "expected a w2v_verified.symbolic.Loss called LOSS"),
        ("axes=(", "axes=((", "glove.py: raises SyntaxError: '(' was never closed (line 4)"),
        ('summary="', "1 / 0, 'summary': \"", "glove.py"),
        (
            "LOSS = Loss(",
            "1 / 0\nLOSS = Loss(",
            "glove.py: raises ZeroDivisionError: division by zero (line 4)",
        ),
        ("LOSS = Loss(", "raise ValueError\nLOSS = Loss(", "glove.py: raises ValueError (line 4)"),
        ("LOSS = Loss(", "raise GeneratorExit\nLOSS = Loss(", "raises GeneratorExit (line 4)"),
        ("LOSS = Loss(", "import nothing_of_that_name\nLOSS = Loss(", "raises ModuleNotFoundError"),
    ],
)
def test_a_definition_that_is_wrong_gets_one_line_and_nothing_is_written(
    here: Outcome, folder: Path, old: str, new: str, reason: str
) -> None:
    (folder / "glove.py").write_text(GLOVE.replace(old, new, 1), encoding="utf-8")
    (folder / "out.py").write_text("kept", encoding="utf-8")
    status, message = here("glove.py", "-o", "out.py")
    assert status == (2 if "raises" in reason or "called LOSS" in reason or reason == "glove.py" else 1)
    assert reason in message
    assert len(message.splitlines()) == 1
    assert "Traceback" not in message
    assert (folder / "out.py").read_text(encoding="utf-8") == "kept"
    assert sorted(p.name for p in folder.iterdir() if p.suffix) == ["glove.py", "out.py"]


def test_a_full_disk_leaves_every_file_as_it_was(
    here: Outcome, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first file could be written."""
    told: list[int] = []

    def full(descriptor: int) -> None:
        told.append(descriptor)
        if len(told) == 2:
            raise OSError(28, "No space left on device")

    (folder / "waves.py").write_text(WAVES, encoding="utf-8")
    (folder / "out.py").write_text("kept", encoding="utf-8")
    monkeypatch.setattr(os, "fsync", full)
    status, message = here("waves.py", "-o", "out.py", "--document", "out.md")
    assert status == 2
    assert message == "w2v-verified: --document: cannot write 'out.md': No space left on device\n"
    assert (folder / "out.py").read_text(encoding="utf-8") == "kept"
    assert {path.name for path in folder.iterdir()} == {"glove.py", "waves.py", "out.py"}


def test_a_wrong_claim_shows_what_was_derived_whatever_is_written(here: Outcome, folder: Path) -> None:
    (folder / "glove.py").write_text(GLOVE.replace("2 * f[w, k] * r[w, k])", "f[w, k] * r[w, k])"), "utf-8")
    status, message = here("glove.py", "-o", "out.py", "--document", "out.md")
    assert (status, len(message.splitlines())) == (1, 1)
    assert "wrong: " in message
    derived = "grad_b[w in V] = sum(k in V, delta[w, k]), with delta[w in V, k in V] = 2 * f[w, k] * r[w, k]"
    assert f"; derived is {derived}" in message
    assert sorted(p.name for p in folder.iterdir() if p.suffix) == ["glove.py"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["missing.py", "-o", "out.py"], "FILE.py: cannot read 'missing.py': No such file"),
        (["glove.py"], "--output: expected a file to write, got nothing"),
        (
            ["glove.py", "-o", "no/such/folder/out.py"],
            "--output: cannot write 'no/such/folder/out.py': there is no folder",
        ),
        (
            ["glove.py", "-o", "glove.py"],
            "--output: expected another file than FILE.py, got 'glove.py' for both",
        ),
        (
            ["glove.py", "-o", "out.py", "--document", "glove.txt"],
            "--document: expected the name of a file that ends in .md or .tex, got 'glove.txt'",
        ),
        (["glove.py", "-o", "out.py", "--document", "glove"], "that ends in .md or .tex, got 'glove'"),
    ],
)
def test_wrong_use_gets_one_line_and_status_2(
    here: Outcome, folder: Path, arguments: list[str], reason: str
) -> None:
    status, message = here(*arguments)
    assert status == 2
    assert reason in message
    assert len(message.splitlines()) == 1
    assert (folder / "glove.py").read_text(encoding="utf-8") == GLOVE
