from itertools import pairwise

import numpy as np
import pytest

from w2v_verified.trainer import Settings
from w2v_verified.trainer.sampling.schedule import Schedule

_NATURAL = (1_000_000 / np.arange(1, 30_000)).astype(np.int64)


def _schedule(
    settings: Settings, counts: "np.ndarray[tuple[int], np.dtype[np.int64]]" = _NATURAL
) -> Schedule:
    return Schedule.of(settings, counts, np.ones(len(counts)), int(counts.sum()))


def test_sizes_do_not_depend_on_the_workers() -> None:
    assert _schedule(Settings(workers=1)) == _schedule(Settings(workers=4))


def test_what_moves_a_frequent_word_too_far_makes_rounds_smaller() -> None:
    def in_round(settings: Settings, counts: "np.ndarray[tuple[int], np.dtype[np.int64]]" = _NATURAL) -> int:
        schedule = _schedule(settings, counts)
        return schedule.blocks * schedule.centres

    few = np.array([10, 9, 8], np.int64)
    usual = in_round(Settings())
    assert in_round(Settings(window=20)) < usual
    assert in_round(Settings(negative=20)) < usual
    assert in_round(Settings(learning_rate=0.2)) < usual
    assert in_round(Settings(model="cbow", learning_rate=0.025)) == 256
    assert in_round(Settings(), few) < 40
    assert in_round(Settings(learning_rate=1e300), few) == 1


@pytest.mark.parametrize("window", [1, 5, 1000])
@pytest.mark.parametrize("words", [2, 1000, 100_000])
def test_chunks_make_up_the_text(window: int, words: int) -> None:
    schedule = _schedule(Settings(window=window), np.array([words - words // 3, words // 3 + 1], np.int64))
    places = [schedule.places(chunk) for chunk in range(schedule.chunks)]
    assert places[0][0] == 0
    assert places[-1][1] == schedule.length
    assert all(stop == start for (_, stop), (start, _) in pairwise(places))
    assert all(stop > start for start, stop in places)


def test_the_learning_rate_falls_in_a_line() -> None:
    schedule = _schedule(Settings(epochs=4, learning_rate=0.5, min_learning_rate=0.1))
    half = schedule.length // 2
    assert schedule.learning_rate(0, 0) == 0.5
    assert schedule.learning_rate(1, 0) == pytest.approx(0.4)
    assert schedule.learning_rate(1, half) == pytest.approx(0.35, abs=1e-5)
    assert schedule.learning_rate(3, schedule.length) == pytest.approx(0.1)


@pytest.mark.parametrize("length", [50_000, 500_000, 20_000_000])
def test_the_loss_of_few_rounds_is_measured_and_of_the_first(length: int) -> None:
    counts = np.maximum(_NATURAL * length // int(_NATURAL.sum()), 1)
    schedule = _schedule(Settings(), counts)
    rounds = -(-schedule.chunk // (schedule.blocks * schedule.centres))
    measured = [
        schedule.measured(chunk, number) for chunk in range(schedule.chunks) for number in range(rounds)
    ]
    assert measured[0]
    assert sum(measured) / len(measured) < 0.02
