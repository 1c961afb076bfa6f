from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from w2v_verified import naive_softmax_batch
from w2v_verified.trainer import CorpusError, DivergenceError, Model, Progress, Settings, train

_TEXT = [["the", "cat", "sat"], ["the", "dog", "sat"], ["the", "cat", "ran", "off"]] * 10
_SETTINGS = Settings(
    dimension=16, window=1, epochs=150, learning_rate=0.3, min_count=1, sample=0, batch=20, seed=4
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
    centres, outsides = np.array([[number[a], number[b]] for a, b in _pairs().elements()]).T
    loss = naive_softmax_batch(model.input_vectors[centres].T, outsides, model.output_vectors.T).loss
    return loss / len(centres)


def test_the_loss_falls_to_the_conditional_entropy() -> None:
    shown: list[Progress] = []
    model = train(_TEXT, _SETTINGS, dtype=np.float64, on_progress=shown.append)
    entropy = _conditional_entropy()
    assert shown[0].loss == pytest.approx(np.log(len(model.words)), abs=1e-3)
    assert entropy < _mean_loss(model) < entropy + 0.02


def test_progress_tells_the_truth() -> None:
    shown: list[Progress] = []
    train(_TEXT, Settings(window=1, min_count=1, sample=0, batch=32, epochs=3), on_progress=shown.append)
    assert [progress.step for progress in shown] == list(range(1, len(shown) + 1))
    assert [progress.epoch for progress in shown] == sorted(progress.epoch for progress in shown)
    assert {progress.epoch: progress.pairs for progress in shown} == dict.fromkeys(
        (1, 2, 3), _pairs().total()
    )
    fractions = [progress.fraction for progress in shown]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)
    rates = [progress.learning_rate for progress in shown]
    assert rates[0] == Settings().learning_rate
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] > 0


def test_the_same_seed_gives_the_same_bits_and_another_does_not() -> None:
    settings = [Settings(min_count=1, epochs=2, sample=0, seed=seed) for seed in (5, 5, 6)]
    once, again, other = (train(_TEXT, each).input_vectors.tobytes() for each in settings)
    assert once == again != other


def test_words_of_the_same_contexts_are_near() -> None:
    text = [["the", "cat", "sat"], ["the", "dog", "sat"], ["my", "car", "ran"], ["a", "sat"]] * 10
    model = train(text, _SETTINGS)
    assert model.most_similar("cat", 1)[0][0] == "dog"


@pytest.mark.parametrize("learning_rate", [1e4, 1e30, 1e308])
def test_divergence_names_the_step(learning_rate: float) -> None:
    settings = Settings(min_count=1, learning_rate=learning_rate, epochs=50, batch=4, sample=0)
    with pytest.raises(DivergenceError, match=r"the loss became (nan|inf) at step \d+, in epoch \d+ of 50"):
        train(_TEXT, settings)


def test_words_that_are_never_together_are_refused() -> None:
    with pytest.raises(CorpusError, match="expected two words within reach of each other, got none"):
        train([["a"], ["b"], ["a"]], Settings(min_count=1))


def test_what_can_be_read_only_once_is_refused() -> None:
    with pytest.raises(TypeError, match="several times, got an iterator"):
        train(iter(_TEXT), Settings(min_count=1))
