import numpy as np
import pytest

from w2v_verified.runtime.arrays import Integers, Vector
from w2v_verified.trainer.sampling.passage import Passage, SubSampling
from w2v_verified.trainer.settings import Settings

_KEEP = np.array([0.2, 0.5, 0.9, 1.0])


def _numbers(length: int = 3_000) -> Integers[np.int32]:
    """Sentences of 1 to 40 words, each word as likely as another."""
    random = np.random.default_rng(1)
    numbers = random.integers(0, len(_KEEP), length).astype(np.int32)
    numbers[random.random(length) < 0.05] = -1
    numbers[-1] = -1
    return numbers


def _sampling(
    numbers: Integers[np.int32], window: int = 5, keep: Vector[np.float64] = _KEEP, seed: int = 3
) -> SubSampling:
    return SubSampling(numbers, keep, Settings(window=window, seed=seed))


def _centres(passage: Passage) -> list[tuple[int, list[int]]]:
    """Every centre's place in the text, with the places of its context."""
    position = passage.position.tolist()
    return [
        (
            position[i],
            position[i - passage.left[i] : i] + position[i + 1 : i + 1 + passage.right[i]],
        )
        for i in range(passage.first, passage.stop)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("window", [1, 4, 60])
def test_it_does_not_matter_where_chunks_meet(window: int) -> None:
    numbers = _numbers()
    sampling = _sampling(numbers, window)
    whole = _centres(sampling.passage(2, 0, len(numbers)))
    for length in (1, 7, 250):
        cuts = range(0, len(numbers), length)
        pieces = [sampling.passage(2, start, min(start + length, len(numbers))) for start in cuts]
        assert [centre for piece in pieces for centre in _centres(piece)] == whole


def test_contexts_are_the_kept_words_of_the_sentence_within_reach() -> None:
    numbers = _numbers()
    window = 4
    passage = _sampling(numbers, window).passage(0, 0, len(numbers))
    kept = passage.position.tolist()
    sentence = np.cumsum(numbers < 0)
    for i, (place, context) in enumerate(_centres(passage)):
        assert all(sentence[other] == sentence[place] for other in context)
        own = [other for other in kept if sentence[other] == sentence[place]]
        at = own.index(place)
        reaches = [
            r for r in range(1, window + 1) if own[max(0, at - r) : at] + own[at + 1 : at + 1 + r] == context
        ]
        assert reaches, (i, place, context)
    assert (passage.words == numbers[kept]).all()


def test_a_word_is_kept_as_often_as_its_probability_says() -> None:
    numbers = np.tile(np.arange(len(_KEEP), dtype=np.int32), 50_000)
    passage = _sampling(numbers).passage(0, 0, len(numbers))
    kept = np.bincount(passage.words, minlength=len(_KEEP))
    deviation = np.sqrt(50_000 * _KEEP * (1 - _KEEP))
    assert (abs(kept - 50_000 * _KEEP) <= 4 * deviation).all()
    assert kept[3] == 50_000


def test_the_reach_is_uniform_for_every_keep_probability() -> None:
    numbers = np.tile(np.arange(len(_KEEP), dtype=np.int32), 20_000)
    window = 4
    passage = _sampling(numbers, window).passage(0, 0, len(numbers))
    inside = slice(window, -window)
    for word in range(len(_KEEP)):
        reach = passage.left[inside][passage.words[inside] == word]
        observed = np.bincount(reach, minlength=window + 1)[1:]
        expected = len(reach) / window
        assert ((observed - expected) ** 2 / expected).sum() < 16.3  # 3 degrees of freedom, 1 in 1000


def test_every_epoch_and_seed_draws_anew_and_the_same_again() -> None:
    numbers = _numbers()

    def drawn(epoch: int, seed: int) -> list[int]:
        return _sampling(numbers, seed=seed).passage(epoch, 0, len(numbers)).position.tolist()

    assert drawn(0, 3) == drawn(0, 3)
    assert drawn(0, 3) != drawn(1, 3)
    assert drawn(0, 3) != drawn(0, 4)
