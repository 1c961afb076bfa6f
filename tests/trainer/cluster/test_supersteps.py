"""Runs of shards in one process: the bytes of one machine, going on, and what is lost, damaged or of another run."""

import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from inline_cluster import read, table, training

from w2v_verified.trainer import (
    CheckpointError,
    Corpus,
    CorpusError,
    DivergenceError,
    Settings,
    Tokens,
    Training,
)
from w2v_verified.trainer.cluster import superstep
from w2v_verified.trainer.cluster.errors import ClusterError, LostRangeError
from w2v_verified.trainer.cluster.folder import Folder
from w2v_verified.trainer.cluster.lossless import ReadText
from w2v_verified.trainer.cluster.shards import Shards, weights
from w2v_verified.trainer.cluster.training import ClusterTraining
from w2v_verified.trainer.sampling.schedule import Schedule
from w2v_verified.trainer.settings import ModelKind

_SETTINGS = Settings(dimension=6, epochs=2, min_count=1, sample=0.05, seed=3)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    path = tmp_path_factory.mktemp("text") / "text"
    draw = np.random.default_rng(0)
    words = [f"w{n}" for n in draw.zipf(1.4, 12_000) % 150]
    path.write_text("\n\n".join(" ".join(words[n : n + 40]) for n in range(0, 12_000, 40)), encoding="utf-8")
    return Corpus(path)


@pytest.fixture(scope="module")
def text(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> ReadText:
    return read(corpus, tmp_path_factory.mktemp("run"), 2)


@pytest.fixture
def new(corpus: Corpus, tmp_path: Path) -> Callable[..., ClusterTraining]:
    """A run in the test's own folder, which a second one goes on with."""

    def made(settings: Settings = _SETTINGS, shards: int = 2, superstep: int | None = 3) -> ClusterTraining:
        return training(read(corpus, tmp_path / "run", shards), settings, shards, superstep)

    return made


def _to_end(run: ClusterTraining, steps: int | None = None) -> bytes:
    for number, _ in enumerate(run.steps(), 1):
        if number == steps:
            break
    made: bytes = table(run).tobytes()
    return made


@pytest.mark.parametrize("model", get_args(ModelKind))
@pytest.mark.parametrize("held_out", [0.0, 0.2])
def test_one_shard_is_one_machine(model: ModelKind, held_out: float, corpus: Corpus, text: ReadText) -> None:
    settings = replace(_SETTINGS, model=model, held_out=held_out)
    with Tokens.of(corpus, min_count=1, max_vocab=None) as tokens:
        alone = Training(tokens, settings, np.float32)
        said = list(alone.steps())
    run = training(text, settings, 1, 5)
    progress = list(run.steps())
    assert table(run).tobytes() == alone.model.input_vectors.tobytes()
    assert progress[-1] == said[-1]


def test_shards_are_another_run_and_learn_as_well(text: ReadText) -> None:
    tables, losses = [], []
    for shards in (1, 2):
        run = training(text, _SETTINGS, shards, 1)
        losses.append(list(run.steps())[-1].loss)
        tables.append(table(run).tobytes())
    assert tables[0] != tables[1]
    assert losses[1] == pytest.approx(losses[0], abs=0.05)


def test_progress_counts_every_word_once(text: ReadText, corpus: Corpus) -> None:
    run = training(text, _SETTINGS, 3, 4)
    progress = list(run.steps())
    words = int(run.vocabulary.counts.sum())
    assert [p.words for p in progress if p.ends_epoch] == [words, 2 * words]
    assert progress[-1].fraction == 1
    assert all(a.fraction < b.fraction for a, b in itertools.pairwise(progress))


def test_a_run_goes_on_where_it_was_stopped(new: Callable[..., ClusterTraining], text: ReadText) -> None:
    whole = _to_end(training(text, _SETTINGS, 2, 3))
    first = new()
    _to_end(first, 5)
    second = new()
    assert second.started
    second.resume()
    assert second.words == first.words
    assert _to_end(second) == whole


def test_the_folder_holds_two_tables_and_no_more(new: Callable[..., ClusterTraining], tmp_path: Path) -> None:
    run = new()
    _to_end(run, 4)
    steps = {path.name.split("-")[1] for path in (tmp_path / "run").glob("table-*")}
    assert steps == {"0000003", "0000004"}
    assert not list((tmp_path / "run").glob("changes-*"))
    assert not list((tmp_path / "run").glob(".*"))


@pytest.mark.parametrize("fault", ["removed", "cut", "changed", "checksum"])
def test_a_damaged_range_costs_a_superstep(
    fault: str, new: Callable[..., ClusterTraining], tmp_path: Path, text: ReadText
) -> None:
    whole = _to_end(training(text, _SETTINGS, 2, 3))
    _to_end(new(), 4)
    last = sorted((tmp_path / "run").glob("table-0000004-*"))[-1]
    data = bytearray(last.read_bytes())
    if fault == "removed":
        last.unlink()
    else:
        data[-1 if fault == "checksum" else 5] ^= 1
        last.write_bytes(data[:-4] if fault == "cut" else data)
    run = new()
    run.resume()
    assert len(list(run.steps())) == len(list(training(text, _SETTINGS, 2, 3).steps())) - 3
    assert table(run).tobytes() == whole


@pytest.mark.parametrize("lost", ["table", "changes"])
@pytest.mark.parametrize("fault", ["removed", "cut", "changed"])
def test_what_is_lost_during_a_run_is_made_again(
    lost: str,
    fault: str,
    new: Callable[..., ClusterTraining],
    monkeypatch: pytest.MonkeyPatch,
    text: ReadText,
) -> None:
    whole = _to_end(training(text, _SETTINGS, 2, 3))
    combine = superstep.combine
    losses: list[int] = []

    def losing(job: Any, step: int, number: int, state: Any, rate: float) -> Any:
        if step == 3 and not losses:
            losses.append(step)
            for path in job.folder.path.glob(f"{lost}-{step:07}-*"):
                data = bytearray(path.read_bytes())
                data[10] ^= 1
                path.unlink()
                if fault != "removed":
                    path.write_bytes(data[:-5] if fault == "cut" else data)
        return combine(job, step, number, state, rate)

    run = new()
    original = run._carrier.all

    def all_(tasks: Any) -> Any:
        tasks = list(tasks)
        if tasks[0].function is combine:
            return [losing(*task.arguments) for task in tasks]
        return original(tasks)

    monkeypatch.setattr(run._carrier, "all", all_)
    assert _to_end(run) == whole
    assert losses == [3]


@pytest.mark.parametrize("when", ["after the first", "at the end", "twice"])
def test_a_table_that_is_lost_is_made_again_wherever_it_is(
    when: str, new: Callable[..., ClusterTraining], tmp_path: Path, text: ReadText
) -> None:
    whole = _to_end(training(text, _SETTINGS, 2, 3))
    run = new()
    if when == "after the first":
        run._begin()
        for path in (tmp_path / "run").glob("table-*"):
            path.unlink()
        assert _to_end(run) == whole
        return
    for number, _ in enumerate(run.steps(), 1):
        if when == "twice" and number in (4, 5):
            for path in (tmp_path / "run").glob(f"table-{run._step:07}-*"):
                path.unlink()
    for path in (tmp_path / "run").glob(f"table-{run._step:07}-*"):
        path.unlink()
    assert table(run).tobytes() == whole


def test_a_table_that_is_lost_when_a_run_was_stopped_is_that_of_the_stop(
    new: Callable[..., ClusterTraining], tmp_path: Path
) -> None:
    whole = _to_end(new(), 4)
    run = new()
    run.resume()
    for path in (tmp_path / "run").glob("table-0000004-*"):
        path.unlink()
    assert table(run).tobytes() == whole


def test_what_is_lost_again_and_again_ends_the_run(
    new: Callable[..., ClusterTraining], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new()
    original = run._carrier.all

    def all_(tasks: Any) -> Any:
        tasks = list(tasks)
        if tasks[0].function is superstep.combine:
            raise LostRangeError("gone")
        return original(tasks)

    monkeypatch.setattr(run._carrier, "all", all_)
    with pytest.raises(LostRangeError, match="gone"):
        list(run.steps())


def test_another_run_is_refused_by_what_differs(new: Callable[..., ClusterTraining]) -> None:
    _to_end(new(), 2)
    with pytest.raises(CheckpointError, match="another one: shards is 2 there and 3 here"):
        new(shards=3).resume()
    with pytest.raises(CheckpointError, match="superstep is 3 there and 2 here"):
        new(superstep=2).resume()
    with pytest.raises(CheckpointError, match="seed is 3 there and 4 here"):
        new(replace(_SETTINGS, seed=4)).resume()
    new(replace(_SETTINGS, workers=4)).resume()


def test_a_folder_without_a_superstep_or_of_something_else(
    new: Callable[..., ClusterTraining], tmp_path: Path
) -> None:
    with pytest.raises(CheckpointError, match="got none"):
        new().resume()
    odd: Any
    for odd in ({"kind": "other"}, {"kind": "w2v_verified run 1", "run": "x"}, [], None):
        (tmp_path / "run" / "manifest.json").write_text(json.dumps(odd), encoding="utf-8")
        with pytest.raises(CheckpointError, match="whose manifest is of another, or damaged"):
            new().resume()


@pytest.mark.parametrize("name", ["tokens.int32", "vocabulary.json", "text.json"])
@pytest.mark.parametrize("fault", ["removed", "cut", "changed"])
def test_a_text_that_is_not_as_it_was_written_is_read_again(
    name: str, fault: str, new: Callable[..., ClusterTraining], tmp_path: Path, text: ReadText
) -> None:
    whole = _to_end(training(text, _SETTINGS, 2, 3))
    _to_end(new(), 4)
    path = tmp_path / "run" / name
    data = bytearray(path.read_bytes())
    if fault == "removed":
        path.unlink()
    else:
        data[len(data) // 2] ^= 1
        path.write_bytes(data[: len(data) // 2] if fault == "cut" else data)
    run = new()
    run.resume()
    assert _to_end(run) == whole


def test_another_text_is_refused_and_the_one_there_is_left(
    new: Callable[..., ClusterTraining], tmp_path: Path
) -> None:
    _to_end(new(), 2)
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    other = tmp_path / "other"
    other.write_text("a b c d " * 500, encoding="utf-8")
    with pytest.raises(CheckpointError, match="which has one on another text"):
        read(Corpus(other), tmp_path / "run", 2)
    assert {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before


def test_a_folder_is_of_one_process_and_of_a_run(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    with folder.taken(), pytest.raises(ClusterError, match="another process is training in"), folder.taken():
        pass
    (tmp_path / "run" / "table-0000000-00000").write_bytes(b"x")
    mine = {"mine", "table-of-contents.txt", "part-1.txt", "manifest.md", "changes-of-mine"}
    for name in mine:
        (tmp_path / "run" / name).write_bytes(b"x")
    folder.keep_only((), 1)
    assert not (tmp_path / "run" / "table-0000000-00000").exists()
    with folder.taken():
        pass
    folder.clear()
    assert {path.name for path in (tmp_path / "run").iterdir()} == mine
    with pytest.raises(CheckpointError, match="which has other files"), folder.taken():
        pass


def test_what_a_cluster_does_not_do_is_refused_by_name(text: ReadText) -> None:
    for settings, message in (
        (replace(_SETTINGS, loss="naive_softmax"), "loss: expected negative_sampling with shards"),
        (replace(_SETTINGS, updates="asynchronous"), "updates: expected deterministic with shards"),
    ):
        with pytest.raises(ValueError, match=message):
            training(text, settings, 2)
    with pytest.raises(ValueError, match="shards: expected a whole number"):
        training(text, _SETTINGS, 0)
    with pytest.raises(ValueError, match="superstep: expected a whole number"):
        training(text, _SETTINGS, 2, 0)
    with pytest.raises(CorpusError, match="expected a text of 4000 chunks or more"):
        training(text, _SETTINGS, 4000)


def test_a_run_that_diverges_names_the_words(text: ReadText, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(superstep, "weights", lambda load, shards: np.full_like(load, 1e38))
    with pytest.raises(DivergenceError, match=r"became infinite or NaN .* through the vectors of 'w"):
        list(training(text, _SETTINGS, 2).steps())


def test_shares_of_the_text_are_whole() -> None:
    for chunks in range(1, 20):
        for count in range(1, chunks + 1):
            for each in (1, 2, 5):
                shards = Shards(count, chunks, each)
                trained = [c for k in range(shards.steps) for p in range(count) for c in shards.part(p, k)]
                assert sorted(trained) == list(range(chunks))


def test_weights_lie_between_the_mean_and_the_sum() -> None:
    load = np.array([0.0, 1e-3, 1.0, 10.0, 1e6])
    for shards in (1, 2, 8):
        found = weights(load, shards)
        assert found[0] == 1
        assert found[-1] == pytest.approx(min(1, 1.8 / shards))
        assert (np.diff(found) <= 0).all()


def test_the_rate_of_a_shard_falls_from_the_first_to_the_last() -> None:
    schedule = Schedule(2, 1000, 100, 1, 8, (0.1, 0.0), (0, 1000)).of_shard(range(5, 10))
    assert schedule.learning_rate(0, 500) == 0.1
    assert schedule.learning_rate(1, 500) == pytest.approx(0.05)
    assert schedule.learning_rate(1, 1000) == pytest.approx(0)


def test_bytes_are_as_many_as_was_worked_out(text: ReadText) -> None:
    run = training(text, replace(_SETTINGS, epochs=1), 2, 2)
    for progress in run.steps():
        read_, written = run.traffic
        if progress.fraction < 1:
            assert read_ == pytest.approx(run.needs.read, rel=0.1)
            assert written == pytest.approx(run.needs.written, rel=0.1)


def test_nothing_of_dask_is_imported_with_the_trainer() -> None:
    program = "import sys, w2v_verified.trainer; print({'dask', 'distributed', 'fsspec'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_table_of_several_ranges_begins_as_that_of_one_machine(text: ReadText) -> None:
    run = training(text, _SETTINGS, 5, 3)
    assert run._job.ranges == 5
    drawn = np.random.default_rng(_SETTINGS.seed).random((len(run.vocabulary), _SETTINGS.dimension)) - 0.5
    assert table(run).tobytes() == (drawn / _SETTINGS.dimension).astype(np.float32).tobytes()
