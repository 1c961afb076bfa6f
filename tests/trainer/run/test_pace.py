"""Whether chunks are trained alone or together: by what was faster, with the other way tried now and then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_verified.trainer.team.pace import Pace


def ways(rates: dict[bool, float], chunks: int, pace: Pace | None = None) -> list[bool]:
    """How chunks are trained where alone (True) and together have such rates."""
    pace, found = pace or Pace(), []
    for _ in range(chunks):
        alone = pace.is_alone(team=True)
        pace.took(alone, 1000, 1000 / rates[alone])
        found.append(alone)
    return found


@given(factor=st.floats(0.05, 20))
def test_little_time_is_lost_to_the_slower_way(factor: float) -> None:
    pace = Pace()
    pace.took(alone=True, words=1000, seconds=1.0)
    rates = {True: 1000.0, False: 1000.0 * factor}
    taken = ways(rates, 640, pace)
    seconds = sum(1000 / rates[alone] for alone in taken)
    best = 640 * 1000 / max(rates.values())
    assert seconds <= 1.1 * best + 2 * 1000 / min(rates.values())


def test_what_has_become_faster_is_found_out() -> None:
    pace = Pace()
    pace.took(alone=True, words=1000, seconds=1.0)
    assert ways({True: 1000, False: 400}, 100, pace).count(False) < 12
    after = ways({True: 1000, False: 2000}, 600, pace)
    assert after[-100:].count(True) <= 8
    busy = ways({True: 1000, False: 500}, 60, pace)
    assert busy[-20:].count(False) <= 3


def test_without_a_team_there_is_one_way() -> None:
    pace = Pace()
    assert pace.is_alone(team=False)
    pace.took(alone=True, words=10, seconds=1.0)
    assert pace.is_alone(team=False)
    assert not pace.is_alone(team=True)


@pytest.mark.parametrize(("seconds", "wanted"), [(0.01, False), (0.5, True)])
def test_a_team_is_wanted_for_what_takes_long(seconds: float, wanted: bool) -> None:
    pace = Pace()
    pace.took(alone=True, words=10, seconds=seconds)
    assert pace.wants_team(share=0.1, left=0.9) is wanted
    assert not pace.wants_team(share=0.9, left=0.0)
