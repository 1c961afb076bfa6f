import numpy as np
import pytest

from w2v_verified.arrays import Matrix
from w2v_verified.trainer import sgd
from w2v_verified.trainer.integers import Integers
from w2v_verified.trainer.sgd import Sgd

_Tables = tuple[Matrix[np.float64], Matrix[np.float64]]
_CENTRES = np.array([3, 0, 3, 5, 3, 0, 1], np.int32)
_OUTSIDES = np.array([0, 0, 2, 4, 2, 5, 1], np.int32)


def _tables() -> _Tables:
    random = np.random.default_rng(7)
    return random.standard_normal((6, 4)), random.standard_normal((6, 4))


def _by_hand(learning_rate: float) -> tuple[Matrix[np.float64], Matrix[np.float64], float]:
    """Every pair on its own, all gradients at the tables as they were."""
    inputs, outputs = _tables()
    new_inputs, new_outputs, loss = inputs.copy(), outputs.copy(), 0.0
    for c, o in zip(_CENTRES, _OUTSIDES, strict=True):
        weights = np.exp(outputs @ inputs[c])
        delta = weights / weights.sum()
        loss -= float(np.log(delta[o]))
        delta[o] -= 1
        new_inputs[c] -= learning_rate * (delta @ outputs)
        new_outputs -= learning_rate * np.outer(delta, inputs[c])
    return new_inputs, new_outputs, loss


def _distance_from_hand_written() -> float:
    tables = _tables()
    loss = Sgd(*tables, batch=10).step(_CENTRES, _OUTSIDES, 0.3)
    *expected, expected_loss = _by_hand(0.3)
    return max(
        abs(loss - expected_loss),
        *(float(abs(got - want).max()) for got, want in zip(tables, expected, strict=True)),
    )


def test_a_step_is_the_sum_of_the_pairs() -> None:
    assert _distance_from_hand_written() < 1e-14


def test_losing_duplicates_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(
        words: Integers[np.int32], rows: Matrix[np.float64]
    ) -> tuple[Integers[np.int32], Matrix[np.float64]]:
        return words, rows.copy()

    monkeypatch.setattr(sgd, "_summed_by_word", losing)
    assert _distance_from_hand_written() > 1e-2


def test_buffers_carry_nothing_from_step_to_step() -> None:
    kept, fresh = _tables(), _tables()
    one = Sgd(*kept, batch=7)
    for length in (7, 2, 5, 1):
        one.step(_CENTRES[:length], _OUTSIDES[:length], 0.1)
        Sgd(*fresh, batch=7).step(_CENTRES[:length], _OUTSIDES[:length], 0.1)
    np.testing.assert_array_equal(kept[0], fresh[0])
    np.testing.assert_array_equal(kept[1], fresh[1])


def test_float32_stays_float32_and_close_to_float64() -> None:
    inputs, outputs = (table.astype(np.float32) for table in _tables())
    Sgd(inputs, outputs, batch=10).step(_CENTRES, _OUTSIDES, 0.3)
    for got, want in zip((inputs, outputs), _by_hand(0.3)[:2], strict=True):
        assert got.dtype == np.float32
        assert abs(got - want).max() < 3e-6


def test_a_loss_that_is_not_finite_changes_nothing() -> None:
    inputs, outputs = _tables()
    outputs[4] = np.inf
    before = inputs.copy(), outputs.copy()
    assert not np.isfinite(Sgd(inputs, outputs, batch=10).step(_CENTRES, _OUTSIDES, 0.3))
    np.testing.assert_array_equal(inputs, before[0])
    np.testing.assert_array_equal(outputs, before[1])
