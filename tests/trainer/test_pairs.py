from collections import Counter

import numpy as np
import pytest

from w2v_verified.trainer import Settings
from w2v_verified.trainer import pairs as pairs_module
from w2v_verified.trainer.pairs import Minibatch, minibatches

_Pairs = Counter[tuple[int, int]]


def _run(sentences: list[list[int]], settings: Settings, keep: float = 1.0) -> list[Minibatch]:
    encoded = [np.array(sentence, np.int32) for sentence in sentences]
    size = max(map(max, filter(None, sentences))) + 1
    return list(
        minibatches(encoded, np.full(size, keep), settings.window, settings.batch, np.random.default_rng(3))
    )


def _counted(batches: list[Minibatch]) -> _Pairs:
    return Counter(
        pair
        for batch in batches
        for pair in zip(batch.centres.tolist(), batch.outsides.tolist(), strict=True)
    )


def _by_hand(sentences: list[list[int]], window: int) -> _Pairs:
    return Counter(
        (sentence[i], sentence[j])
        for sentence in sentences
        for i in range(len(sentence))
        for j in range(len(sentence))
        if 0 < abs(i - j) <= window
    )


def test_window_one_pairs_every_two_neighbours_both_ways() -> None:
    sentences = [[0, 1, 2], [], [3], [2, 2], [4, 0, 4]]
    assert _counted(_run(sentences, Settings(window=1))) == _by_hand(sentences, 1)


def test_pairs_do_not_depend_on_where_chunks_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    sentences = [random.integers(0, 9, size).tolist() for size in random.integers(0, 12, 200)]
    for chunk in (1, 7, 64, 10_000):
        monkeypatch.setattr(pairs_module, "_CHUNK", chunk)
        assert _counted(_run(sentences, Settings(window=1, batch=10))) == _by_hand(sentences, 1)
        wide = _counted(_run(sentences, Settings(window=4, batch=10)))
        assert wide <= _by_hand(sentences, 4)
        assert wide >= _by_hand(sentences, 1)


def test_the_reach_is_uniform() -> None:
    line = list(range(20_000))
    distances = Counter(abs(a - b) for a, b in _counted(_run([line], Settings(window=4))).elements())
    expected = np.array([4, 3, 2, 1]) / 4 * 2 * len(line)
    observed = np.array([distances[distance] for distance in (1, 2, 3, 4)])
    # Both neighbours at a distance share one draw: the deviation is at most 2 sqrt(n / 4).
    assert (abs(observed - expected) < 6 * len(line) ** 0.5).all()
    assert set(distances) == {1, 2, 3, 4}


def test_sub_sampling_thins_before_pairing() -> None:
    line = list(range(20_000))
    pairs = _counted(_run([line], Settings(window=1), keep=0.25))
    kept = {a for a, _ in pairs}
    assert abs(len(kept) - 5_000) < 6 * (20_000 * 0.25 * 0.75) ** 0.5
    ordered = sorted(kept)
    assert pairs == _by_hand([ordered], 1)


def test_batches_are_full_but_the_last_and_words_read_ends_at_all() -> None:
    sentences = [[0, 1, 2, 3, 4]] * 50
    batches = _run(sentences, Settings(window=2, batch=64))
    assert {len(batch.centres) for batch in batches[:-1]} == {64}
    assert 0 < len(batches[-1].centres) <= 64
    read = [batch.words_read for batch in batches]
    assert read == sorted(read)
    assert read[-1] == pytest.approx(250)


def test_pairs_are_shuffled() -> None:
    batches = _run([list(range(1000))], Settings(window=1, batch=2000))
    order = batches[0].centres
    assert abs(np.corrcoef(order, np.arange(len(order)))[0, 1]) < 0.2
