"""The benchmark of users' losses: contenders agree, have the same grade, and a wrong one is not timed."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from benchmarks import losses
from benchmarks.__main__ import main
from benchmarks.losses import NAMES, measuring, table
from benchmarks.losses.measuring import Measured, careful, case, measured, peak_of, printed
from benchmarks.losses.user_loss import drawn
from benchmarks.timing import Effort
from w2v_verified.symbolic import Derivation, record
from w2v_verified.verify import Record, check

_QUICK = ("hopfield_energy", "mixture_of_experts")
_EVERY = 10
"""One loss in so many is asked for its grade; all of them are in `thorough`."""
_THOROUGH = settings.get_current_profile_name() == "thorough"
_ASKED = NAMES if _THOROUGH else (*_QUICK, *[n for n in NAMES if n not in _QUICK][::_EVERY])


def _marks(name: str) -> list[Any]:
    return [pytest.mark.slow] * (name not in _QUICK)


@pytest.mark.parametrize("name", [pytest.param(n, marks=_marks(n)) for n in _ASKED])
def test_what_is_printed_has_the_grade_of_what_is_written_by_hand(name: str) -> None:
    user = case(name)
    derivation = Derivation(user.loss)
    judge = Record.from_json(record(derivation))
    grades = [check(f, judge, examples=20).grade for f in (printed(derivation), careful(user))]
    assert grades == ["componentwise accurate"] * 2


@pytest.mark.parametrize("name", NAMES)
def test_the_loss_in_jax_is_the_loss_by_hand(name: str) -> None:
    user = case(name)
    arguments = drawn(user.loss, {axis: 3 + n for n, axis in enumerate(user.sizes)})
    assert float(user.in_jax(np, *arguments)) == pytest.approx(careful(user)(*arguments)[0], rel=1e-12)


@pytest.mark.parametrize("sizes", [{"N": 5, "d": 3}, {"N": 9, "d": 20}])
def test_both_ways_of_the_kernel_agree_with_differences_pair_by_pair(sizes: dict[str, int]) -> None:
    user = case("rbf_kernel_ridge")
    a, g, X, y, lam = drawn(user.loss, sizes)
    X[1] = X[0] + 1e-9
    X += 100
    apart = X[:, None] - X
    D = (apart**2).sum(axis=2)
    G = np.exp(-g * D)
    delta = G @ a - y + lam / 2 * a
    W = G * np.add.outer(np.zeros_like(a), a) * delta[:, None]
    expected = -2 * g * ((W + W.T)[:, :, None] * apart).sum(axis=1)
    _, _, grad_g, grad_X = careful(user)(a, g, X, y, lam)
    assert grad_g == pytest.approx(-(W * D).sum(), rel=1e-12)
    assert np.abs(grad_X - expected).max() < 1e-12 * np.abs(expected).max()


def test_a_wrong_contender_is_not_timed_and_the_benchmark_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    user = case("hopfield_energy")

    def forgets(*arguments: Any) -> tuple[Any, ...]:
        loss, grad_x, grad_Y = user.by_hand(*arguments)
        return loss, grad_x - arguments[0], grad_Y

    monkeypatch.setattr(measuring, "case", lambda _: replace(user, by_hand=forgets))
    found = measured("hopfield_energy", True, Effort(1, 1e-4))
    assert list(found.refused) == ["by hand"]
    assert "w2v_verified" in found.seconds
    assert "by hand" not in found.seconds
    made = table([found])
    assert not made.ok
    assert made.rows[0][2:4] == ("wrong", "-")
    assert "hopfield_energy: by hand is wrong and was not timed: grad_x differs" in made.notes[0]


def test_the_table_has_medians_of_ratios_and_the_ratio_of_peaks() -> None:
    seconds = {"w2v_verified": [1.0, 2.0, 4.0], "by hand": [2.0, 9.0, 4.0]}
    made = table([Measured("x", {"d": 3}, seconds, {"w2v_verified": 30, "by hand": 20}, {})])
    assert made.rows == [("x", "d 3", "4e+03 ms", "2.00", "-", "1.50")]
    assert made.notes == ["jax.jit(value_and_grad) was left out: jax is not installed"]
    with_jax = {**seconds, "jax.jit(value_and_grad)": [4.0, 9.0, 8.0]}
    made = table([Measured("x", {"d": 3}, with_jax, {"w2v_verified": 30, "by hand": 20}, {})])
    assert made.rows[0][4] == "0.50"
    assert made.notes == []


def test_the_peak_has_what_is_freed_within_the_call() -> None:
    def run() -> Any:
        return np.ones(100_000).sum()

    assert 800_000 <= peak_of(run) < 900_000


@pytest.mark.slow
def test_a_smoke_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses, "NAMES", _QUICK)
    assert main(["losses", "--quick"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in _QUICK)
