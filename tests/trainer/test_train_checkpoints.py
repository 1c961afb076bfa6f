"""`w2v-verified train --checkpoint`: killed at any moment, it goes on to the same bytes."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from w2v_verified import NegativeSamplingBlock, negative_sampling_block
from w2v_verified.__main__ import main
from w2v_verified.commands import _gradient_check, _training_run
from w2v_verified.trainer import Minibatch, Training, WorkerError
from w2v_verified.trainer.team.team import Team

_EPOCHS = "3"
_PROGRAM = """
import os, signal, sys
from w2v_verified.__main__ import main
from w2v_verified.trainer import Training

signal.signal(signal.SIGINT, signal.default_int_handler)
save, saved = Training.save, []

def stopping(self, path):
    if len(saved) == 1:
        os.kill(os.getpid(), signal.SIGSTOP)
    saved.append(path)
    save(self, path)

Training.save = stopping
sys.exit(main())
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    drawn = np.random.default_rng(3).zipf(1.5, 10_000) % 150
    path = tmp_path / "corpus.txt"
    path.write_text("\n\n".join(" ".join(f"w{n}" for n in line) for line in drawn.reshape(200, 50)))
    return path


def _arguments(corpus: Path, *more: str) -> list[str]:
    fixed = ["--dimension", "8", "--epochs", _EPOCHS, "--checkpoint-every", "0", "--min-count", "1"]
    output, checkpoint = corpus.with_name("vectors.txt"), corpus.with_name("run")
    return ["train", str(corpus), "-o", str(output), "--checkpoint", str(checkpoint), *fixed, *more]


def _bytes(corpus: Path) -> bytes:
    return corpus.with_name("vectors.txt").read_bytes()


def _uninterrupted(corpus: Path) -> bytes:
    assert main(_arguments(corpus)) == 0
    vectors = _bytes(corpus)
    corpus.with_name("vectors.txt").unlink()
    corpus.with_name("run").unlink()
    return vectors


def _stopped(corpus: Path, by: signal.Signals, *more: str) -> tuple[int, str]:
    """Train, and send a signal to the process and its workers when it is about to save a second checkpoint."""
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *_arguments(corpus, *more)],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        stopped = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        if stopped is not None and stopped.si_code == os.CLD_STOPPED:
            os.killpg(process.pid, by)
            os.killpg(process.pid, signal.SIGCONT)
        said = process.communicate()[1]
    return process.returncode, said


@pytest.mark.slow
def test_killed_again_and_again_it_ends_in_the_same_bytes(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = _uninterrupted(corpus)
    assert _stopped(corpus, signal.SIGKILL)[0] == -signal.SIGKILL
    assert _stopped(corpus, signal.SIGKILL, "--resume", "--workers", "2")[0] == -signal.SIGKILL
    assert not corpus.with_name("vectors.txt").exists()
    capsys.readouterr()
    assert main(_arguments(corpus, "--resume")) == 0
    assert re.search(r"going on from \S+run after \d+% of the training", capsys.readouterr().err)
    assert _bytes(corpus) == expected


@pytest.mark.slow
@pytest.mark.parametrize(("by", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_keeps_vectors_and_checkpoint(corpus: Path, by: signal.Signals, status: int) -> None:
    expected = _uninterrupted(corpus)
    returned, said = _stopped(corpus, by, "--workers", "2")
    assert returned == status
    assert re.search(r"interrupted after \d+% of the training; --resume goes on from \S", said)
    assert _bytes(corpus) != expected
    assert main(_arguments(corpus, "--resume")) == 0
    assert _bytes(corpus) == expected


def test_the_end_of_a_worker_is_one_line(
    corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(_: Team[np.float32]) -> None:
        raise WorkerError("a worker process ended early, with status -9")

    monkeypatch.setattr(Team, "start", ended)
    assert main(_arguments(corpus)) == 1
    assert capsys.readouterr().err.endswith(
        "w2v-verified: a worker process ended early, with status -9; nothing was written\n"
    )


def test_there_may_be_no_checkpoint_yet(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(_arguments(corpus, "--resume")) == 0
    assert "run' yet: starting at the beginning" in capsys.readouterr().err


def test_an_earlier_checkpoint_is_not_replaced_by_another_run(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus.with_name("run").write_text("precious")
    assert main(_arguments(corpus)) == 2
    assert "is there already: --resume goes on from it, another name keeps it" in capsys.readouterr().err
    assert main(_arguments(corpus, "--resume")) == 2
    assert "expected a checkpoint of w2v-verified train, got another kind of file" in capsys.readouterr().err
    assert corpus.with_name("run").read_text() == "precious"


def test_resuming_with_other_settings_is_refused(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(_arguments(corpus)) == 0
    assert main(_arguments(corpus, "--resume", "--window", "2", "--workers", "2")) == 2
    assert "got another one: --window is 5 there and 2 here\n" in capsys.readouterr().err
    corpus.write_text(corpus.read_text() + " w1")
    assert main(_arguments(corpus, "--resume")) == 2
    assert re.search(r": CORPUS is \w+ there and \w+ here\n", capsys.readouterr().err)


def test_resuming_needs_a_name(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(corpus), "-o", str(corpus.with_name("v.txt")), "--resume"]) == 2
    assert "--resume: has no effect without --checkpoint" in capsys.readouterr().err


def test_a_full_disk_leaves_the_earlier_checkpoint(
    corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _stopped(corpus, signal.SIGKILL)[0] == -signal.SIGKILL
    before = corpus.with_name("run").read_bytes(), set(os.listdir(corpus.parent))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert main(_arguments(corpus, "--resume")) == 2
    assert "--checkpoint: cannot write" in capsys.readouterr().err
    assert (corpus.with_name("run").read_bytes(), set(os.listdir(corpus.parent))) == before


def test_divergence_names_the_last_checkpoint(
    corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Training.save

    def poisoned(self: Training[np.float32], path: str) -> None:
        original(self, path)
        self.model.input_vectors[3] = np.nan

    monkeypatch.setattr(Training, "save", poisoned)
    assert main(_arguments(corpus)) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert re.search(
        r"infinite or NaN at step \d+, .* through the vectors of 'w\d+'; the last checkpoint, ", said
    )
    assert re.search(r"the last checkpoint, \S+run, is of step \d+; nothing was written", said)


@pytest.mark.slow
def test_gradients_are_judged_on_the_way(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[Minibatch] = []

    def noting(minibatch: Minibatch) -> str | None:
        judged.append(minibatch)
        return _gradient_check.judged(minibatch)

    monkeypatch.setattr(_training_run, "judged", noting)
    assert main(_arguments(corpus, "--gradient-check", "150")) == 0
    assert len(judged) > 1
    assert all(abs(minibatch.arguments["V_c"]).max() > 0 for minibatch in judged)
    first, last = judged[0].arguments, judged[-1].arguments
    assert first["U"].tobytes() != last["U"].tobytes()


def test_a_gradient_that_is_wrong_stops_the_run_and_is_saved(
    corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def planted(**given: Any) -> NegativeSamplingBlock[Any]:
        result: NegativeSamplingBlock[Any] = negative_sampling_block(**given)
        return result._replace(grad_U=result.grad_U * 1.001)

    monkeypatch.setattr("w2v_verified.generated.negative_sampling_block", planted)
    assert main(_arguments(corpus, "--gradient-check", "100")) == 1
    said = capsys.readouterr().err
    found = re.search(
        r"after step \d+ the gradient is wrong: grad_U at .*; the minibatch is in (\S+\.npz)", said
    )
    assert found
    with np.load(found.group(1)) as minibatch:
        assert sorted(minibatch) == ["U", "V_c", "negative", "positive"]
    assert not corpus.with_name("vectors.txt").exists()


def test_training_alone_makes_no_checkpoint(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Training, "save", None)
    assert main(["train", str(corpus), "-o", str(corpus.with_name("v.txt")), "--epochs", "1"]) == 0
