"""The trainer's benchmark: ratios are of one round, the loss is the one of the formula, both trainers run."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import reading, trainer
from benchmarks.__main__ import main
from benchmarks.exact_loss import exact_loss
from w2v_verified.trainer import Settings, Tokens


def test_ratios_are_taken_round_by_round(monkeypatch: pytest.MonkeyPatch) -> None:
    speeds = {"w2v_verified": iter([100e3, 900e3, 400e3]), "gensim": iter([50e3, 300e3, 100e3])}

    def measured(name: str, *_: object, judge: str | None, **__: object) -> dict[str, float]:
        return {"words_per_second": next(speeds[name])} if judge is None else {"exact loss": 2.25}

    plan = trainer.Plan([trainer.Size("skip_gram", 100, 1)], 3, 1, 1)
    monkeypatch.setattr(trainer, "_train", measured)
    monkeypatch.setattr(trainer, "_QUICK", plan)
    monkeypatch.setattr(trainer, "find_spec", lambda name: name)
    monkeypatch.setattr(reading, "sheet", lambda *_: None)
    _, speed, quality = trainer.sheets(True, lambda text: None)
    assert speed.rows[0] == ("w2v_verified", "skip-gram", "whole", "100", "1", "400", "3.00", "1.00")
    assert speed.rows[1] == ("gensim", "skip-gram", "whole", "100", "1", "100", "1.00", "1.00")
    assert quality.rows[0] == ("w2v_verified", "-", "-", "-", "-", "2.250")


def test_reading_is_timed_in_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1, 1, 3, 3, 7, 7, 8])
    monkeypatch.setattr("benchmarks.reading.time.perf_counter", lambda: next(clock))
    monkeypatch.setattr(reading, "_counted", lambda text: 8_000)
    (tmp_path / "text").write_text("a b c d\n" * 2_000)
    sheet = reading.sheet(tmp_path / "text", ["w2v_verified", "gensim"], 2, lambda text: None)
    assert sheet.rows == [("w2v_verified", "5", "1.12"), ("gensim", "6", "1.00")]


def test_a_folder_without_the_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["trainer", "--data", str(tmp_path)])
    assert stopped.value.code == 2
    assert f"--data {tmp_path}: expected a folder with wiki4m.txt" in capsys.readouterr().err


def test_the_exact_loss_is_the_mean_over_pairs_and_all_negative_words() -> None:
    text = [["a", "b"], ["b", "c"], ["a", "c"], ["a", "b"]]
    settings = Settings(window=1, sample=0, min_count=1, negative=3)
    random = np.random.default_rng(0)
    with Tokens.of(text, min_count=1, max_vocab=None) as tokens:
        V_c, U = random.normal(size=(3, 4)), random.normal(size=(3, 4))
        got = exact_loss(tokens, settings, V_c, U)
        words, counts = tokens.vocabulary.words, tokens.vocabulary.counts
    noise = counts**0.75 / (counts**0.75).sum()

    def of_pair(centre: str, outside: str) -> Any:
        scores = U @ V_c[words.index(centre)]
        return np.log1p(np.exp(-scores[words.index(outside)])) + 3 * noise @ np.log1p(np.exp(scores))

    by_hand = [of_pair(*pair) for a, b in text for pair in ((a, b), (b, a))]
    assert got == pytest.approx(np.mean(by_hand), rel=1e-12)


@pytest.mark.slow
def test_both_trainers_run(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["trainer", "--quick"]) == 0
    assert "w2v_verified" in capfd.readouterr().out
