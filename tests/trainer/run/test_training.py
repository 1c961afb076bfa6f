import hashlib
import math
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from w2v_verified.errors import SpelledError
from w2v_verified.trainer import (
    CheckpointError,
    CorpusError,
    DivergenceError,
    Progress,
    Settings,
    Tokens,
    Training,
    WorkerError,
    train,
)
from w2v_verified.trainer.run.sampled import Sampled
from w2v_verified.trainer.team.member import Member
from w2v_verified.trainer.team.pace import Pace
from w2v_verified.trainer.team.team import Team

_TEXT = [["the", "cat", "sat"], ["the", "dog", "sat"], ["the", "cat", "ran", "off"]] * 10
_SETTINGS = Settings(dimension=16, window=1, epochs=150, learning_rate=0.1, min_count=1, sample=0, seed=4)


def _text(words: int = 8_000) -> list[list[str]]:
    """Sentences of words with the frequencies of a natural text."""
    drawn = np.random.default_rng(2).zipf(1.4, words) % 300
    return [[f"w{number}" for number in sentence] for sentence in np.array_split(drawn, words // 15)]


@pytest.fixture(scope="module")
def tokens() -> Iterator[Tokens]:
    with Tokens.of(_text(), min_count=2, max_vocab=None) as made:
        yield made


_RUN = Settings(dimension=8, epochs=2, window=3, sample=0.01, learning_rate=0.01)


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train every chunk with the whole team, be it worth it or not."""
    start = Team.start

    def started(team: Team[Any]) -> None:
        start(team)
        team._start_others()

    monkeypatch.setattr(Team, "start", started)
    monkeypatch.setattr(Pace, "is_alone", lambda pace, team: False)


def _digest(training: Training[np.float32]) -> str:
    model = training.model
    return hashlib.sha256(model.input_vectors.tobytes() + model.output_vectors.tobytes()).hexdigest()


def _processes(training: Training[np.float32]) -> list[subprocess.Popen[bytes]]:
    engine = training._engine
    assert isinstance(engine, Sampled)
    return engine._team._processes


def _trained(tokens: Tokens, settings: Settings) -> tuple[str, list[Progress]]:
    training = Training(tokens, settings, np.float32)
    shown = list(training.steps())
    return _digest(training), shown


@pytest.mark.slow
@pytest.mark.usefixtures("together")
def test_bytes_and_losses_depend_on_the_seed_and_not_on_the_workers(tokens: Tokens) -> None:
    alone = _trained(tokens, _RUN)
    assert alone[1][0].loss == pytest.approx(6 * math.log(2), abs=0.01)
    for workers in (2, 4):
        assert _trained(tokens, replace(_RUN, workers=workers)) == alone
    assert _trained(tokens, replace(_RUN, seed=9))[0] != alone[0]


@pytest.mark.usefixtures("together")
def test_chunks_alone_and_together_go_with_each_other(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways: list[bool] = []

    def in_turns(pace: Pace, team: bool) -> bool:
        ways.append(len(ways) % 3 == 0)
        return ways[-1]

    monkeypatch.setattr(Pace, "is_alone", in_turns)
    turned = _trained(tokens, replace(_RUN, workers=2))
    assert set(ways) == {True, False}
    monkeypatch.setattr(Pace, "is_alone", lambda pace, team: True)
    assert _trained(tokens, _RUN) == turned


def test_a_team_is_started_where_it_is_worth_it(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the time that is spent, which is made up."""
    for spent, wanted in ((0.001, False), (100.0, True)):
        monkeypatch.setattr("w2v_verified.trainer.team.team.time.perf_counter", count(0.0, spent).__next__)
        training = Training(tokens, replace(_RUN, workers=2), np.float32)
        steps: Any = training.steps()
        next(steps)
        assert bool(_processes(training)) is wanted
        steps.close()
        assert _processes(training) == []


@pytest.mark.slow
@pytest.mark.usefixtures("together")
def test_cbow_does_not_depend_on_the_workers_either(tokens: Tokens) -> None:
    settings = replace(_RUN, model="cbow", epochs=1)
    assert _trained(tokens, replace(settings, workers=3)) == _trained(tokens, settings)


def test_updates_in_another_order_are_noticed(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    right, original = _trained(tokens, _RUN)[0], Member._write

    def backwards(self: Member[np.float32], slot: int, start: int, stop: int) -> None:
        other = 3 - slot
        original(self, other, 0, int(self._board.splits[other, -1]))

    monkeypatch.setattr(Member, "_write", backwards)
    assert _trained(tokens, _RUN)[0] != right


def test_asynchronous_workers_train_as_well(tokens: Tokens) -> None:
    settings = replace(_RUN, held_out=0.2, learning_rate=0.05)
    together = _trained(tokens, settings)[1]
    apart = _trained(tokens, replace(settings, updates="asynchronous", workers=2))[1]
    assert (apart[-1].words, apart[-1].fraction) == (together[-1].words, 1)
    assert (apart[-1].step, apart[-1].pairs) == (together[-1].step, together[-1].pairs)
    assert together[-1].held_out is not None
    assert apart[-1].held_out == pytest.approx(together[-1].held_out, abs=0.1)


def test_an_asynchronous_worker_diverges_with_a_name(tokens: Tokens) -> None:
    training = Training(tokens, replace(_RUN, updates="asynchronous", workers=2), np.float32)
    training.model.input_vectors[:] = np.nan
    with pytest.raises(DivergenceError, match=r"at step 1, .* the vectors of 'w"):
        next(training.steps())


@pytest.mark.parametrize("stop", [1, 3])
def test_a_resumed_run_ends_in_the_same_bytes(tokens: Tokens, tmp_path: Path, stop: int) -> None:
    settings = replace(_RUN, held_out=0.2)
    whole, shown = _trained(tokens, settings)
    first = Training(tokens, settings, np.float32)
    list(islice(first.steps(), stop))
    first.save(tmp_path / "run")
    second = Training(tokens, replace(settings, workers=2), np.float32)
    second.resume(tmp_path / "run")
    assert (second.step, second.words, second.fraction) == (first.step, first.words, first.fraction)
    assert list(second.steps()) == shown[stop:]
    assert _digest(second) == whole


def test_a_finished_run_has_nothing_left_to_do(tokens: Tokens, tmp_path: Path) -> None:
    first = Training(tokens, _RUN, np.float32)
    list(first.steps())
    first.save(tmp_path / "run")
    second = Training(tokens, _RUN, np.float32)
    second.resume(tmp_path / "run")
    assert list(second.steps()) == []
    assert _digest(second) == _digest(first)


def test_a_checkpoint_of_another_run_is_refused_with_the_difference(tokens: Tokens, tmp_path: Path) -> None:
    Training(tokens, _RUN, np.float32).save(tmp_path / "run")
    other = Training(tokens, replace(_RUN, window=4, seed=2), np.float32)
    before = _digest(other)
    with pytest.raises(CheckpointError, match="window is 3 there and 4 here; seed is 1 there and 2 here"):
        other.resume(tmp_path / "run")
    assert _digest(other) == before
    with pytest.raises(CheckpointError, match="dtype is float32 there and float64 here"):
        Training(tokens, _RUN, np.float64).resume(tmp_path / "run")
    with (
        Tokens.of([*_text(), ["w1"]], min_count=2, max_vocab=None) as longer,
        pytest.raises(CheckpointError, match=r"corpus is \w+ there and \w+ here"),
    ):
        Training(longer, _RUN, np.float32).resume(tmp_path / "run")


def test_progress_tells_the_truth(tokens: Tokens) -> None:
    shown = _trained(tokens, _RUN)[1]
    assert [progress.epoch for progress in shown] == sorted(progress.epoch for progress in shown)
    assert shown[-1].words == 2 * int(tokens.vocabulary.counts.sum())
    fractions = [progress.fraction for progress in shown]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    rates = [progress.learning_rate for progress in shown]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] == pytest.approx(_RUN.min_learning_rate)
    steps = [progress.step for progress in shown]
    assert steps == sorted(steps)
    assert shown[-1].loss < shown[0].loss


def test_words_of_the_same_contexts_are_near() -> None:
    text = [["the", "cat", "sat"], ["the", "dog", "sat"], ["my", "car", "ran"], ["a", "sat"]] * 10
    model = train(text, _SETTINGS)
    assert model.vectors.most_similar("cat", topn=1)[0][0] == "dog"


def test_held_out_text_is_measured_and_not_trained_on(tokens: Tokens) -> None:
    settings = replace(_RUN, held_out=0.3)
    _, shown = _trained(tokens, settings)
    assert shown[0].held_out is None
    measured = [progress.held_out for progress in shown if progress.held_out is not None]
    assert len(set(measured)) == 2
    assert all(1 < loss < 6 for loss in measured)
    everything = _trained(tokens, _RUN)[1][-1].words
    assert 0.6 * everything < shown[-1].words < 0.8 * everything


def test_patience_ends_the_run(tokens: Tokens) -> None:
    settings = replace(_RUN, held_out=0.2, patience=2, epochs=60, learning_rate=0.1, min_learning_rate=0.1)
    shown = _trained(tokens, settings)[1]
    assert 2 < shown[-1].epoch < 60
    by_epoch = {progress.epoch: progress.held_out for progress in shown}
    losses = [loss for loss in by_epoch.values() if loss is not None]
    assert min(losses[:-2]) <= min(losses[-2:])


def test_a_text_too_short_to_hold_out_is_refused() -> None:
    with pytest.raises(SpelledError, match=r"held_out: expected 0 for a text as short as this one, got 0\.5"):
        train(_TEXT, replace(_SETTINGS, held_out=0.5))


@pytest.mark.parametrize("learning_rate", [1e4, 1e30, 1e308])
def test_divergence_names_step_and_words(learning_rate: float) -> None:
    settings = replace(_SETTINGS, learning_rate=learning_rate)
    expected = r"the loss became infinite or NaN at step \d+, in epoch \d+ of 150, .* the vectors of '\w+'"
    with pytest.raises(DivergenceError, match=expected):
        train(_TEXT, settings)


def test_words_that_are_never_together_are_refused() -> None:
    with pytest.raises(CorpusError, match="expected two words within reach of each other, got none"):
        train([["a"], ["b"], ["a"]], Settings(min_count=1))


def test_a_text_so_short_that_sub_sampling_leaves_no_pair_is_trained_all_the_same() -> None:
    shown: list[Progress] = []
    model = train([["a", "b"]], Settings(min_count=1, sample=1e-9), on_progress=shown.append)
    assert shown[-1].epoch == 5
    assert math.isnan(shown[0].loss)
    assert np.isfinite(model.input_vectors).all()


def test_float64_stays_float64_and_close_to_float32() -> None:
    wide = train(_TEXT, replace(_SETTINGS, epochs=3), dtype=np.float64)
    assert wide.input_vectors.dtype == np.float64
    narrow = train(_TEXT, replace(_SETTINGS, epochs=3))
    np.testing.assert_allclose(narrow.input_vectors, wide.input_vectors, atol=1e-5)


def test_what_does_not_fit_is_refused_before_it_is_allocated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("w2v_verified.trainer.memory._free", lambda: 1 << 20)
    with pytest.raises(MemoryError, match=r"6 words of dimension 10000 need .* MiB, and 1\.0 MiB are free"):
        train(_TEXT, replace(_SETTINGS, dimension=10_000))


@pytest.mark.usefixtures("together")
def test_a_worker_that_is_killed_ends_the_run_with_its_name(tokens: Tokens) -> None:
    training = Training(tokens, replace(_RUN, workers=2, epochs=1000), np.float32)
    steps = training.steps()
    next(steps)
    os.kill(_processes(training)[0].pid, signal.SIGKILL)
    with pytest.raises(WorkerError, match="a worker process ended early, with status -9"):
        list(steps)
    assert _processes(training) == []


def _naps(process: int) -> int | None:
    """How often a process has given up the core of itself, as a worker does before it looks again; None at its end."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return None
    (count,) = re.findall(r"^voluntary_ctxt_switches:\s+(\d+)$", status, flags=re.MULTILINE)
    return int(count)


@pytest.mark.slow
def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    code = (
        "import os, numpy as np\n"
        "from w2v_verified.trainer import Settings, Tokens, Training\n"
        "tokens = Tokens.of([[f'w{n % 700}' for n in range(5000)]], min_count=1, max_vocab=None)\n"
        "training = Training(tokens, Settings(workers=2, sample=0, epochs=10**6), np.float32)\n"
        "from w2v_verified.trainer.team.pace import Pace\n"
        "Pace.wants_team = lambda *how: True\n"
        "steps = training.steps(); next(steps); next(steps)\n"
        "print(training._engine._team._processes[0].pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    said = tmp_path / "said.txt"
    with said.open("w", encoding="utf-8") as output:  # no pipe: a worker that stays would keep it open
        done = subprocess.run([sys.executable, "-c", code], stdout=output, check=False)
    assert done.returncode == -9
    worker = int(said.read_text(encoding="utf-8"))
    first = _naps(worker)
    while (naps := _naps(worker)) is not None:
        assert first is not None
        if naps > first + 10_000:
            os.kill(worker, signal.SIGKILL)
            pytest.fail("the worker is still there")
        time.sleep(0.01)
