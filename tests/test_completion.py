"""Completion: the scripts that are printed make bash and zsh complete commands, options and their values."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from w2v_verified.__main__ import main
from w2v_verified.terminal import completion

pytest.importorskip("shtab")
TYPED = {
    "w2v-verified ve": {"verify"},
    "w2v-verified train --lo": {"--loss", "--loss-plot"},
    "w2v-verified train --model ": {"skip_gram", "cbow"},
    "w2v-verified train -o ou": {"out.txt"},
    "w2v-verified check --loss naive_softmax_": {
        "naive_softmax_batch",
        "naive_softmax_counts",
        "naive_softmax_factored",
    },
    "w2v-verified properties cbow_naive": {"cbow_naive_softmax"},
    "w2v-verified derive de": {"definition.py"},
}


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--print-completion", "bash"]) == 0
    for name in ("out.txt", "definition.py"):
        (tmp_path / name).touch()
    asked = [
        f'COMP_WORDS=({line}); COMP_CWORD={line.count(" ")}; _shtab_w2v_verified; echo "${{COMPREPLY[*]}}"'
        for line in TYPED
    ]
    script = "\n".join([capsys.readouterr().out, *asked])
    run = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert [set(line.split()) for line in run.stdout.splitlines()] == list(TYPED.values())
    assert run.stderr == ""


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_reads_the_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--print-completion", "zsh"]) == 0
    script = f"autoload -Uz compinit; compinit -u -d {tmp_path}/dump\n{capsys.readouterr().out}"
    asked = 'eval "$SCRIPT"; echo $_comps[w2v-verified]; _shtab_w2v_verified_commands 2>/dev/null; true'
    run = subprocess.run(
        ["zsh", "-f", "-c", asked],
        env={"SCRIPT": script, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert (run.stdout.strip(), run.stderr) == ("_shtab_w2v_verified", "")


def test_an_unknown_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--print-completion", "fsh"]) == 2
    assert (
        capsys.readouterr().err
        == "w2v-verified: --print-completion: expected bash or zsh, got 'fsh'; did you mean zsh?\n"
    )


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delitem(sys.modules, completion.__name__)
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["--print-completion", "bash"]) == 2
    assert capsys.readouterr().err == (
        "w2v-verified: --print-completion: shtab is not installed: pip install 'w2v_verified[completion]'\n"
    )
