"""Whatever the notation can say derives, prints, and is printed right: random definitions over the grammar."""

from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from random_losses import losses

from w2v_verified.symbolic import Derivation, Loss, Position, record
from w2v_verified.symbolic.printing.elementwise import Printer
from w2v_verified.verify import Record, compare

_MANY = settings().max_examples
SMALL = settings(max_examples=_MANY if _MANY > 1000 else max(10, _MANY // 7))
"""Some 30 in `ci`, all in `thorough`: a definition takes as long to derive as other examples seven times."""


def arguments(loss: Loss, seed: int, dtype: Any) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    sizes = {axis.name: int(random.integers(1, 4)) for axis in loss.axes}
    found: dict[str, Any] = {}
    for a in loss.arguments:
        shape = [sizes[axis] for axis in a.axes.split()]
        if isinstance(a, Position):
            places = random.integers(0, sizes[a.into], shape)
            found[a.name] = places if shape else int(places)
        else:
            values = np.asarray(random.normal(size=shape), dtype)
            if a.admitted:
                values = np.asarray(
                    np.abs(values) + 0.1 if a.positive else np.exp(-np.abs(values) - 0.1), dtype
                )
            found[a.name] = values
    return found


def wrong(loss: Loss, seed: int) -> list[str]:
    """What the printed function of a loss computes that the judge does not find right."""
    derivation = Derivation(loss)
    namespace: dict[str, Any] = {}
    exec(compile(derivation.standalone("x.py"), "generated.py", "exec"), namespace)
    judge = Record.from_json(record(derivation))
    found = []
    for n in range(3):
        given_ = arguments(loss, seed + n, np.float32 if n == 2 else np.float64)
        result = tuple(namespace[loss.name](**given_))
        verdict = compare(judge, given_, result)
        found += [] if verdict.ok else [str(verdict)]
        room = tuple(np.full(np.shape(g), np.nan, np.float32 if n == 2 else np.float64) for g in result[1:])
        again = tuple(namespace[loss.name](**given_, out=room))
        for gradient, kept, buffer in zip(result[1:], again[1:], room, strict=True):
            found += (
                [] if np.asarray(gradient).dtype == buffer.dtype else [f"dtype {np.asarray(gradient).dtype}"]
            )
            found += [] if kept is buffer and np.array_equal(gradient, buffer) else ["not what is in out"]
    return found


@SMALL
@given(loss=losses(), seed=st.integers(0, 10**6))
def test_a_random_loss_is_derived_printed_and_right(loss: Loss, seed: int) -> None:
    assert wrong(loss, seed) == []


def test_a_mistake_in_the_last_resort_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Brackets that are printed the other way round."""
    right = Printer._bracket

    def turned(self: Any, e: Any, frame: Any, counts: bool = True) -> str:
        text = right(self, e, frame, counts)
        return text.replace("==", "#").replace("!=", "==").replace("#", "!=")

    monkeypatch.setattr(Printer, "_bracket", turned)

    @settings(SMALL, database=None, max_examples=200, phases=[Phase.generate])
    @given(loss=losses(), seed=st.integers(0, 10**6))
    def search(loss: Loss, seed: int) -> None:
        assert wrong(loss, seed) == []

    with pytest.raises(AssertionError):
        search()
