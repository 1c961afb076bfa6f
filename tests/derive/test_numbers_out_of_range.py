"""Drawn losses are right at numbers whose squares, exponentials and products with them leave the range of numbers."""

from collections.abc import Callable
from typing import Any, NamedTuple

import exponential_losses
import large_losses
import pytest
import square_losses
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from judged import wrong

from w2v_verified.symbolic import Loss

_MANY = settings().max_examples
FEW = settings(max_examples=_MANY if _MANY > 1000 else 5)
"""A few in `ci`, all in `thorough`: a definition takes a second to derive."""


class Kind(NamedTuple):
    """What is drawn, how often each loss is called, and what keeps it right, with one that does not."""

    losses: st.SearchStrategy[Loss]
    arguments: Callable[[int], dict[str, Any]]
    calls: int
    care: str
    careless: Callable[..., Any]

    def wrong(self, loss: Loss, seed: int) -> list[str]:
        return wrong(loss, [self.arguments(seed + n) for n in range(self.calls)])


def _left_alone(program: Any, context: Any, namer: Any) -> Any:
    return program


PIPELINE = "w2v_verified.symbolic.pipeline"
KINDS = {
    "sums of exponentials": Kind(
        exponential_losses.exponential_losses(),
        exponential_losses.arguments,
        4,
        f"{PIPELINE}.rescale",
        _left_alone,
    ),
    "sums of squares": Kind(
        square_losses.square_losses(), square_losses.arguments, 6, f"{PIPELINE}.scale", _left_alone
    ),
    "products with exponentials": Kind(
        large_losses.large_losses(),
        large_losses.arguments,
        8,
        "w2v_verified.symbolic.plan.planner.careful",
        lambda e, large: e,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_they_are_right_at_any_numbers(kind: Kind) -> None:
    @FEW
    @given(loss=kind.losses, seed=st.integers(0, 10**6))
    def search(loss: Loss, seed: int) -> None:
        assert kind.wrong(loss, seed) == []

    search()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_without_care_they_are_not(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind.care, kind.careless)

    @settings(FEW, database=None, max_examples=50, phases=[Phase.generate], report_multiple_bugs=False)
    @given(loss=kind.losses, seed=st.integers(0, 10**6))
    def search(loss: Loss, seed: int) -> None:
        assert kind.wrong(loss, seed) == []

    with pytest.raises((AssertionError, RuntimeWarning), match=r"Comparison|overflow|invalid"):
        search()
