import numpy as np
import pytest

from w2v_verified.trainer import CorpusError, Vocabulary

_TEXT = [["c", "b", "a"], ["b", "c", "d"], ["c"]]


def test_the_order_is_frequency_then_alphabet() -> None:
    vocabulary = Vocabulary.of(_TEXT, min_count=1, max_vocab=10)
    assert vocabulary.words == ("c", "b", "a", "d")
    assert vocabulary.counts.tolist() == [3, 2, 1, 1]
    assert (vocabulary.eligible, vocabulary.text_length) == (4, 7)


def test_rare_words_and_those_over_the_cap_are_left_out() -> None:
    assert Vocabulary.of(_TEXT, min_count=2, max_vocab=10).words == ("c", "b")
    capped = Vocabulary.of(_TEXT, min_count=1, max_vocab=3)
    assert capped.words == ("c", "b", "a")
    assert capped.eligible == 4
    assert capped.encode(["d", "b", "x", "c"]).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("sentences", "min_count", "message"),
    [
        ([], 1, "expected words, got none"),
        ([[]], 1, "expected words, got none"),
        ([["a", "a"]], 1, "min-count of 1, got 1"),
        (_TEXT, 3, "min-count of 3, got 1"),
        (_TEXT, 4, "min-count of 4, got 0"),
    ],
)
def test_fewer_than_two_words_are_refused(sentences: list[list[str]], min_count: int, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        Vocabulary.of(sentences, min_count=min_count, max_vocab=10)


def test_keep_probabilities_are_those_of_word2vec() -> None:
    vocabulary = Vocabulary.of([["a"] * 900 + ["b"] * 90 + ["c"] * 10], min_count=1, max_vocab=3)
    for sample in (1e-3, 0.05, 1.0):
        by_hand = [min(1, (sample / f) ** 0.5 + sample / f) for f in (0.9, 0.09, 0.01)]
        np.testing.assert_allclose(vocabulary.keep_probabilities(sample), by_hand, rtol=1e-14)
    assert vocabulary.keep_probabilities(0).tolist() == [1, 1, 1]
