"""A cluster of separate processes on this machine: the same bytes whatever becomes of its workers."""

import importlib
import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inline_cluster import read, table, training

from w2v_verified.__main__ import main
from w2v_verified.trainer import ClusterError, Corpus, CorpusError, Progress, Settings, train_on
from w2v_verified.trainer.cluster import tasks
from w2v_verified.trainer.cluster.errors import VersionError
from w2v_verified.trainer.cluster.training import ClusterTraining

distributed: Any = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")  # what Dask warns of is its own

_SETTINGS = Settings(dimension=8, epochs=2, min_count=2)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("text") / "text"
    draw = np.random.default_rng(1)
    path.write_text(" ".join(f"w{n}" for n in draw.zipf(1.3, 40_000) % 900), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def expected(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of the same run in one process."""
    run = training(read(Corpus(corpus), tmp_path_factory.mktemp("run"), 3, 2), _SETTINGS, 3, 4)
    list(run.steps())
    made: bytes = table(run).tobytes()
    return made


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    # So that the loss of a worker is told to the run at once, which then does the task again.
    told = importlib.import_module("dask").config.set({"distributed.scheduler.allowed-failures": 0})
    with (
        told,
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as started,
    ):
        yield started


@pytest.fixture
def client(cluster: Any) -> Iterator[Any]:
    with distributed.Client(cluster, set_as_default=False) as connected:
        connected.wait_for_workers(1)
        yield connected


def _who() -> dict[str, int]:
    return {"pid": os.getpid()}


def _trained(client: Any, corpus: Path, **how: Any) -> bytes:
    made: bytes = train_on(client, corpus, _SETTINGS, shards=3, superstep=4, **how).vectors.tobytes()
    return made


def test_two_workers_give_the_bytes_of_one_process(client: Any, corpus: Path, expected: bytes) -> None:
    said: list[Progress] = []
    assert _trained(client, corpus, on_progress=said.append) == expected
    assert said[-1].fraction == 1


def test_a_worker_that_is_killed_and_one_that_comes_late_change_nothing(
    cluster: Any, client: Any, corpus: Path, expected: bytes
) -> None:
    def disturb(progress: Progress) -> None:
        pids = [worker["pid"] for worker in client.run(_who).values()]
        if progress.epoch == 1 and len(killed) < 1:
            threading.Timer(0.02, os.kill, (pids[0], signal.SIGKILL)).start()
            killed.append(pids[0])
            cluster.scale(3)

    killed: list[int] = []
    assert _trained(client, corpus, on_progress=disturb) == expected
    assert killed


def test_errors_in_a_task_name_the_file_and_the_place(client: Any, tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "bad").write_bytes(corpus.read_bytes() + b" \xff ")
    with pytest.raises(CorpusError, match=r"got byte 0xff at offset \d+ of '.*bad'"):
        train_on(client, tmp_path / "bad", _SETTINGS, shards=2)
    with pytest.raises(CorpusError, match="at least two different words"):
        train_on(client, corpus, Settings(min_count=10**6), shards=2)


def test_a_task_that_fails_is_one_line(client: Any, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with pytest.raises(
        ClusterError, match=r"^failing on the worker tcp://\S+: ZeroDivisionError: .*by zero$"
    ):
        tasks.Carrier(client).one(tasks.Task("failing", divmod, (1, 0)))


def test_a_worker_with_another_version_is_refused_by_name(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_versions", lambda: ("9.9", "1.0", "3.11"))
    with pytest.raises(
        VersionError, match=r"the worker tcp://\S+: expected w2v_verified 9\.9 as where the run"
    ):
        tasks.Carrier(client).one(tasks.Task("anything", abs, (1,)))


def test_a_task_that_loses_its_workers_again_and_again_is_given_up(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_LOST", 1)
    with pytest.raises(ClusterError, match=r"^suicide: the workers that were to do it were lost"):
        tasks.Carrier(client).one(tasks.Task("suicide", os._exit, (1,)))


def test_the_command_trains_on_a_cluster_by_its_address(
    cluster: Any, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["train", str(corpus), "--dimension", "8", "--epochs", "1", "--min-count", "2"]
    alone, sharded = tmp_path / "alone.txt", tmp_path / "sharded.txt"
    assert main([*common, "-o", str(alone)]) == 0
    capsys.readouterr()
    assert (
        main(
            [
                *common,
                "-o",
                str(sharded),
                "--shards",
                "1",
                "--superstep",
                "30",
                "--cluster",
                cluster.scheduler_address,
            ]
        )
        == 0
    )
    said = capsys.readouterr().err
    assert "dashboard: " in said
    assert "1 shard: memory: " in said
    assert sharded.read_bytes() == alone.read_bytes()
    assert not (tmp_path / "sharded.txt.run").exists()


def test_a_cluster_that_is_not_there_is_one_line(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("w2v_verified.commands._train_cluster._REACHED", 0.2)
    assert (
        main(
            [
                "train",
                str(corpus),
                "-o",
                str(tmp_path / "v"),
                "--shards",
                "2",
                "--cluster",
                "tcp://127.0.0.1:9",
            ]
        )
        == 2
    )
    said = capsys.readouterr().err
    assert said.startswith("w2v-verified: --cluster: cannot reach 'tcp://127.0.0.1:9': ")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--cluster", "tcp://x:1"], "--cluster: has no effect without --shards"),
        (["--shards", "2", "--checkpoint", "c"], "--checkpoint: has no effect with --shards"),
        (["--shards", "0"], "--shards: expected a whole number from 1"),
        (["--shards", "2", "--gradient-check", "5"], "--gradient-check: has no effect with --shards"),
    ],
)
def test_options_that_do_not_go_together(
    options: list[str], message: str, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(corpus), "-o", str(tmp_path / "v"), *options]) == 2
    assert message in capsys.readouterr().err


def test_a_folder_that_is_there_is_kept(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "v.run").mkdir()
    (tmp_path / "v.run" / "mine").write_text("x", encoding="utf-8")
    assert main(["train", str(corpus), "-o", str(tmp_path / "v"), "--shards", "2"]) == 2
    assert "--resume goes on from it" in capsys.readouterr().err
    assert (tmp_path / "v.run" / "mine").exists()


def test_ctrl_c_keeps_the_last_superstep_and_resume_ends_in_the_same_bytes(
    cluster: Any,
    corpus: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    output = tmp_path / "v.txt"
    command = [
        "train",
        str(corpus),
        "-o",
        str(output),
        "--dimension",
        "8",
        "--epochs",
        "2",
        "--min-count",
        "2",
    ]
    command += ["--shards", "3", "--superstep", "4", "--cluster", cluster.scheduler_address]
    assert main(command) == 0
    whole = output.read_bytes()
    combined = ClusterTraining._say

    def interrupted(run: ClusterTraining) -> None:
        if run.words > 40_000:
            raise KeyboardInterrupt(signal.SIGINT)
        combined(run)

    with monkeypatch.context() as patched:
        patched.setattr(ClusterTraining, "_say", interrupted)
        assert main(command) == 130
    said = capsys.readouterr().err
    assert f"% of the training; --resume goes on from {output}.run" in said
    assert output.read_bytes() != whole
    assert main(command) == 2
    assert main([*command, "--resume"]) == 0
    assert "going on from" in capsys.readouterr().err
    assert output.read_bytes() == whole
    assert not Path(f"{output}.run").exists()


def test_what_is_broken_off_before_a_superstep_leaves_no_folder(
    cluster: Any, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "v.txt"
    command = [
        "train",
        str(corpus),
        "-o",
        str(output),
        "--shards",
        "2",
        "--cluster",
        cluster.scheduler_address,
    ]
    assert main([*command, "--min-count", "1000000"]) == 2
    assert "expected at least two different words that reach the --min-count" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_somebody_else_at_the_address_is_one_line(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("w2v_verified.commands._train_cluster._REACHED", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        command = ["train", str(corpus), "-o", str(tmp_path / "v"), "--shards", "2", "--cluster"]
        assert main([*command, address]) == 2
        assert f"--cluster: cannot reach '{address}': timed out" in capsys.readouterr().err
        assert main([*command, "scheduler"]) == 2
        assert "expected an address such as tcp://scheduler:8786" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_task_whose_worker_is_lost_is_done_by_another(client: Any, tmp_path: Path) -> None:
    dies_once = "was_there = path.exists(); path.touch(); was_there or os._exit(1)"
    names = {"os": os, "path": tmp_path / "died"}
    assert tasks.Carrier(client).one(tasks.Task("dying", exec, (dies_once, names))) is None
    assert (tmp_path / "died").exists()
