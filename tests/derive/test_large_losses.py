"""What exponentials multiply is right where they leave the range of numbers and the products do not."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from judged import wrong
from large_losses import arguments, large_losses

from w2v_verified.symbolic import Loss

_MANY = settings().max_examples
FEW = settings(max_examples=_MANY if _MANY > 1000 else 5)
"""A few in `ci`, all in `thorough`: a definition takes a second to derive."""


def calls(seed: int) -> list[dict[str, object]]:
    return [arguments(seed + n) for n in range(8)]


@pytest.mark.slow
@FEW
@given(loss=large_losses(), seed=st.integers(0, 10**6))
def test_products_with_exponentials_are_right_at_any_numbers(loss: Loss, seed: int) -> None:
    assert wrong(loss, calls(seed)) == []


def test_without_care_they_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("w2v_verified.symbolic.plan.planner.careful", lambda e, large: e)

    @settings(FEW, database=None, max_examples=50, phases=[Phase.generate], report_multiple_bugs=False)
    @given(loss=large_losses(), seed=st.integers(0, 10**6))
    def search(loss: Loss, seed: int) -> None:
        assert wrong(loss, calls(seed)) == []

    with pytest.raises((AssertionError, RuntimeWarning), match=r"Comparison|overflow|invalid"):
        search()
