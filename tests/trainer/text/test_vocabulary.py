import numpy as np
import pytest

from w2v_verified.trainer import CorpusError, Vocabulary


def _vocabulary(counts: dict[str, int], *, min_count: int = 1, max_vocab: int | None = None) -> Vocabulary:
    return Vocabulary.of(
        list(counts), np.array([*counts.values()], np.int64), min_count=min_count, max_vocab=max_vocab
    )


_TEXT = {"a": 1, "d": 1, "c": 3, "b": 2}


def test_the_order_is_frequency_then_alphabet() -> None:
    vocabulary = _vocabulary(_TEXT)
    assert vocabulary.words == ("c", "b", "a", "d")
    assert vocabulary.counts.tolist() == [3, 2, 1, 1]
    assert (vocabulary.eligible, vocabulary.text_length) == (4, 7)


def test_rare_words_and_those_over_the_cap_are_left_out() -> None:
    assert _vocabulary(_TEXT, min_count=2).words == ("c", "b")
    capped = _vocabulary(_TEXT, max_vocab=3)
    assert capped.words == ("c", "b", "a")
    assert capped.eligible == 4
    assert "b" in capped
    assert "d" not in capped


@pytest.mark.parametrize(
    ("counts", "min_count", "message"),
    [
        ({}, 1, "expected words, got none"),
        ({"a": 2}, 1, "min_count of 1, got 1"),
        (_TEXT, 3, "min_count of 3, got 1"),
        (_TEXT, 4, "min_count of 4, got 0"),
    ],
)
def test_fewer_than_two_words_are_refused(counts: dict[str, int], min_count: int, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        _vocabulary(counts, min_count=min_count)


def test_keep_probabilities_are_those_of_word2vec() -> None:
    vocabulary = _vocabulary({"a": 900, "b": 90, "c": 10})
    for sample in (1e-3, 0.05, 1.0):
        by_hand = [min(1, (sample / f) ** 0.5 + sample / f) for f in (0.9, 0.09, 0.01)]
        np.testing.assert_allclose(vocabulary.keep_probabilities(sample), by_hand, rtol=1e-14)
    assert vocabulary.keep_probabilities(0).tolist() == [1, 1, 1]
