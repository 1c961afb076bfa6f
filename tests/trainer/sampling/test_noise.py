import numpy as np
import pytest

from w2v_verified.runtime.arrays import Integers, Vector
from w2v_verified.trainer.sampling import noise as noise_module
from w2v_verified.trainer.sampling.noise import Noise, noise_probabilities

_COUNTS = np.array([100_000, 30_000, 7_000, 500, 499, 20, 5, 5, 1, 1], np.int64)
_DRAWS = 400_000


def _by_hand(exponent: float) -> list[float]:
    total = sum(int(count) ** exponent for count in _COUNTS)
    return [int(count) ** exponent / total for count in _COUNTS]


@pytest.mark.parametrize("exponent", [0.75, 0.0, 1.0, -0.5, 10.0, -10.0])
def test_probabilities_are_counts_to_a_power(exponent: float) -> None:
    np.testing.assert_allclose(noise_probabilities(_COUNTS, exponent), _by_hand(exponent), rtol=1e-13)


@pytest.mark.parametrize("words", [1, 2, 3, 10, 1000])
def test_the_cells_add_up_to_the_probabilities(words: int) -> None:
    probabilities = noise_probabilities(np.arange(words, 0, -1) ** 2, 0.75)
    noise = Noise(probabilities)
    chances = noise.threshold / words
    np.add.at(chances, noise.alias, (1 - noise.threshold) / words)
    np.testing.assert_allclose(chances, probabilities, rtol=1e-12)


def _chi_square() -> float:
    """Pearson's statistic of draws against the formula, by hand; 9 degrees of freedom."""
    noise = Noise(noise_probabilities(_COUNTS, 0.75))
    drawn = noise.draw(np.random.default_rng(5).random(_DRAWS))
    observed = np.bincount(drawn, minlength=len(_COUNTS))
    expected = np.array(_by_hand(0.75)) * _DRAWS
    return float(((observed - expected) ** 2 / expected).sum())


def test_draws_have_the_probabilities() -> None:
    assert _chi_square() < 27.9  # exceeded once in a thousand


def test_a_count_times_the_power_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(counts: Integers[np.int64], exponent: float) -> Vector[np.float64]:
        wrong: Vector[np.float64] = counts * exponent / (counts * exponent).sum()
        return wrong

    monkeypatch.setitem(globals(), "noise_probabilities", planted)
    assert _chi_square() > 10_000


def test_a_table_without_its_thresholds_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = noise_module._cells

    def planted(probabilities: Vector[np.float64]) -> tuple[Vector[np.float64], Integers[np.intp]]:
        threshold, alias = right(probabilities)
        return np.ones_like(threshold), alias

    monkeypatch.setattr(noise_module, "_cells", planted)
    assert _chi_square() > 10_000


def test_the_ends_of_the_unit_interval_are_words() -> None:
    noise = Noise(noise_probabilities(_COUNTS, 0.75))
    ends = noise.draw(np.array([0.0, np.nextafter(1.0, 0.0)]))
    assert ((ends >= 0) & (ends < len(_COUNTS))).all()
