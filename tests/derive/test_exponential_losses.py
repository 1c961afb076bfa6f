"""Sums of exponentials are right wherever they stand, at numbers at which they overflow as they are written."""

import pytest
from exponential_losses import arguments, exponential_losses
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from judged import wrong

from w2v_verified.symbolic import Loss

_MANY = settings().max_examples
FEW = settings(max_examples=_MANY if _MANY > 1000 else 5)
"""A few in `ci`, all in `thorough`: a definition takes a second to derive."""


def calls(seed: int) -> list[dict[str, object]]:
    return [arguments(seed + n) for n in range(4)]


@pytest.mark.slow
@FEW
@given(loss=exponential_losses(), seed=st.integers(0, 10**6))
def test_sums_of_exponentials_are_right_at_any_numbers(loss: Loss, seed: int) -> None:
    assert wrong(loss, calls(seed)) == []


@pytest.mark.slow
def test_without_a_shift_they_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("w2v_verified.symbolic.pipeline.rescale", lambda program, context, namer: program)

    @settings(FEW, database=None, max_examples=50, phases=[Phase.generate], report_multiple_bugs=False)
    @given(loss=exponential_losses(), seed=st.integers(0, 10**6))
    def search(loss: Loss, seed: int) -> None:
        assert wrong(loss, calls(seed)) == []

    with pytest.raises((AssertionError, RuntimeWarning), match=r"Comparison|overflow|invalid"):
        search()
