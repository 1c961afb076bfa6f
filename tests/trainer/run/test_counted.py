from collections import Counter
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from w2v_verified.trainer import (
    CorpusError,
    DivergenceError,
    Model,
    Progress,
    Settings,
    Tokens,
    Training,
    train,
)
from w2v_verified.trainer.run.counted import Counted
from w2v_verified.trainer.sampling.pair_counts import PASSES, PairCounts
from w2v_verified.trainer.sampling.passage import SubSampling
from w2v_verified.trainer.sampling.schedule import Schedule

_TEXT = [["the", "cat", "sat"], ["the", "dog", "sat"], ["the", "cat", "ran", "off"]] * 10
_SETTINGS = Settings(
    dimension=16, window=1, epochs=150, learning_rate=0.3, min_count=1, sample=0, loss="naive_softmax", seed=4
)


def _pairs() -> Counter[tuple[str, str]]:
    return Counter(pair for sentence in _TEXT for a, b in pairwise(sentence) for pair in ((a, b), (b, a)))


def _conditional_entropy() -> float:
    """H(outside word | centre word) of all pairs: no model's mean loss is below it."""
    pairs = _pairs()
    centres = Counter(a for a, _ in pairs.elements())
    return float(-sum(n * np.log(n / centres[a]) for (a, _), n in pairs.items()) / pairs.total())


def _mean_loss(model: Model[np.float64]) -> float:
    number = {word: n for n, word in enumerate(model.words)}
    scores = model.input_vectors @ model.output_vectors.T
    losses = np.log(np.exp(scores).sum(axis=1))[:, None] - scores
    pairs = _pairs()
    return float(sum(n * losses[number[a], number[b]] for (a, b), n in pairs.items()) / pairs.total())


def test_the_loss_falls_to_the_conditional_entropy() -> None:
    shown: list[Progress] = []
    model = train(_TEXT, _SETTINGS, dtype=np.float64, on_progress=shown.append)
    entropy = _conditional_entropy()
    assert shown[0].loss == pytest.approx(np.log(len(model.words)), abs=1e-3)
    assert shown[0].pairs == PASSES * _pairs().total()
    assert entropy < _mean_loss(model) < entropy + 0.02
    assert shown[-1].loss == pytest.approx(_mean_loss(model), abs=1e-3)


@pytest.mark.parametrize("window", [1, 3, 8])
def test_pairs_are_those_of_the_passages(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("w2v_verified.trainer.sampling.pair_counts._GATHERED", 500)
    random = np.random.default_rng(2)
    numbers = np.where(random.random(900) < 0.1, -1, random.integers(0, 12, 900)).astype(np.int32)
    sampling = SubSampling(numbers, np.full(12, 0.7), Settings(window=window, seed=3))
    schedule = Schedule(1, 900, 64, 1, 8, (0.1, 0.1), (0, 900))
    expected: Counter[tuple[int, int]] = Counter()
    for pass_ in range(PASSES):
        passage = sampling.passage(pass_, 0, 900)
        for i in range(passage.first, passage.stop):
            for j in range(i - passage.left[i], i + passage.right[i] + 1):
                expected[int(passage.words[i]), int(passage.words[j])] += i != j
    counted = PairCounts.of(sampling, schedule, range(schedule.chunks), 12)
    assert counted.pairs == expected.total()
    rows = counted.rows(np.arange(12))
    assert {(i, j): int(rows[i, j]) for i, j in np.argwhere(rows > 0).tolist()} == +expected


def test_float32_and_float64_are_close() -> None:
    settings = replace(_SETTINGS, epochs=5)
    narrow, wide = train(_TEXT, settings), train(_TEXT, settings, dtype=np.float64)
    assert narrow.input_vectors.dtype == np.float32
    assert wide.input_vectors.dtype == np.float64
    np.testing.assert_allclose(narrow.input_vectors, wide.input_vectors, atol=1e-3)


def test_a_resumed_run_ends_in_the_same_bytes(tmp_path: Path) -> None:
    drawn = np.random.default_rng(2).zipf(1.4, 4_000) % 300
    text = [[f"w{n}" for n in line] for line in drawn.reshape(200, 20)]
    settings = replace(_SETTINGS, epochs=3, held_out=0.2, learning_rate=None, dimension=5)
    with Tokens.of(text, min_count=1, max_vocab=None) as tokens:
        whole, first, second = (Training(tokens, settings, np.float32) for _ in range(3))
        shown = list(whole.steps())
        list(islice(first.steps(), 4))
        first.save(tmp_path / "run")
        second.resume(tmp_path / "run")
        assert list(second.steps()) == shown[4:]
        assert second.model.input_vectors.tobytes() == whole.model.input_vectors.tobytes()
        held_out = [progress.held_out for progress in shown if progress.held_out is not None]
        assert len(set(held_out)) == 3
        minibatch = first.minibatch()
        assert minibatch is not None
        assert minibatch.function == "naive_softmax_counts"


def test_a_large_vocabulary_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("w2v_verified.trainer.run.counted._WORDS_AT_MOST", 5)
    with pytest.raises(
        CorpusError, match="expected at most 5 different words with the loss naive_softmax, got 6"
    ):
        train(_TEXT, _SETTINGS)


def test_a_loss_that_is_not_finite_names_the_words() -> None:
    with Tokens.of(_TEXT, min_count=1, max_vocab=None) as tokens:
        training = Training(tokens, _SETTINGS, np.float32)
        assert isinstance(training._engine, Counted)
        training.model.output_vectors[2] = np.inf
        word = training.model.words[2]
        with pytest.raises(DivergenceError, match=rf"at step 1, in epoch 1 of 150, .* vectors of '{word}'"):
            next(training.steps())
