"""Steps of proofs: the points they are tried at, the rules they may cite, and what is said where they fail."""

import itertools
import random
from dataclasses import replace
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import DERIVATION, step

from w2v_verified.symbolic.language.equation import Equation
from w2v_verified.symbolic.language.errors import ProofError, UndefinedError
from w2v_verified.symbolic.language.indices import array, index
from w2v_verified.symbolic.language.operators import Slope
from w2v_verified.symbolic.proof.drawing import entries_of, sizes_to_try, values_for
from w2v_verified.symbolic.proof.step import SAMPLED, ProofStep

AXES = ("B", "K", "V", "d")


@given(st.integers(1, 4), st.dictionaries(st.sampled_from(AXES), st.integers(0, 9)), st.integers(0, 6))
def test_sizes_are_admissible_and_differ(count: int, least: dict[str, int], across: int) -> None:
    axes = AXES[:count]
    tried = list(sizes_to_try(axes, least, across))
    assert len(tried) == 6 or max([7, *(n + 1 for n in least.values())]) ** across > 20_000
    for sizes in tried:
        assert tuple(sizes) == axes
        assert all(sizes[a] >= least.get(a, 0) for a in axes)
    assert all(
        max(sizes.values()) ** across <= (200_000 if max(sizes.values()) <= 3 else 20_000) for sizes in tried
    )


def test_no_two_axes_have_the_same_sizes_at_every_point() -> None:
    axes = tuple("abcdefgh")
    tried = list(sizes_to_try(axes, {}, 0))
    for one, other in itertools.combinations(axes, 2):
        assert any(sizes[one] != sizes[other] for sizes in tried), (one, other)


def test_every_axis_takes_every_size_once() -> None:
    tried = list(sizes_to_try(AXES, {}, 0))
    assert len(tried) == 6
    for axis in AXES:
        assert sorted(sizes[axis] for sizes in tried) == [0, 1, 2, 3, 5, 7]
    assert {max(sizes.values()) for sizes in tried[:1]} == {3}


def test_an_axis_with_few_admissible_sizes_takes_them_with_every_other() -> None:
    tried = list(sizes_to_try(("B", "K"), {"B": 8, "K": 8}, 0))
    assert {s["B"] for s in tried} == {s["K"] for s in tried} == {8, 9}
    assert len({(s["B"], s["K"]) for s in tried}) == 4


def test_large_sizes_are_left_out_where_many_indices_are_summed_over() -> None:
    assert max(max(s.values()) for s in sizes_to_try(AXES, {}, 5)) == 7
    assert max(max(s.values()) for s in list(sizes_to_try(AXES, {}, 6))[2:]) <= 5
    assert len(list(sizes_to_try(AXES, {}, 11))) >= 2
    assert list(sizes_to_try(AXES, {"B": 10**6}, 2)) == []


def test_values_are_admissible() -> None:
    sizes = {"d": 4, "V": 30}
    values = values_for(replace(DERIVATION.steps.names, orthogonal=frozenset({"Q"})), sizes, random.Random(0))
    assert values is not None
    assert values["U"].shape == (4, 30)
    assert values["c"].shape == values["n"].shape == ()
    assert 0.25 <= values["p"].real.min() < 0.6
    assert 1.2 < values["p"].real.max() <= 1.5
    assert -1.5 <= values["U"].real.min() < -1.2
    assert 1.2 < values["U"].real.max() <= 1.5
    assert values["r"].shape == (30,)
    assert set(values["r"]) <= set(range(30))
    assert values["r"].min() < 5
    assert values["r"].max() > 24
    with mp.workdps(40):
        product = values["Q"].T @ values["Q"]
        assert max(abs(product[i, j] - (i == j)) for i in range(4) for j in range(4)) < mp.mpf(10) ** -35
    assert abs(values["Q"][0, 1]) > 0.01


def test_an_axis_that_is_pointed_into_has_places() -> None:
    assert values_for(DERIVATION.steps.names, {"d": 2, "V": 0}, random.Random(0)) is None
    assert values_for(DERIVATION.steps.names, {"d": 0, "V": 2}, random.Random(0)) is not None


def test_entries_are_taken_by_their_places() -> None:
    assert entries_of(np.array([[1.5, -2]], complex)) == {(0, 0): 1.5, (0, 1): -2}
    assert entries_of(np.array([3, 1])) == {(0,): 3, (1,): 1}
    assert entries_of(np.array(2)) == 2
    assert isinstance(entries_of(np.array(2)), int)
    assert entries_of(np.array(0.5 + 0j)) == mp.mpf(1) / 2


@pytest.mark.parametrize(
    ("left", "right", "rules", "idle"),
    [
        ("exp(x[n] + c)", "exp(x[n]) * exp(c)", "EXP", None),
        ("exp(x[n] + c)", "exp(x[n]) * exp(c)", "EXP ALGEBRA", "ALGEBRA"),
        ("exp(x[n] + c)", "exp(x[n]) * exp(c)", "EXP EXP", "EXP"),
        ("exp(x[n] + c)", "exp(x[n]) * exp(c)", "EXP PICK", "PICK"),
        ("c + c", "2 * c", "ALGEBRA", None),
        ("c + c", "2 * c", "ALGEBRA ALGEBRA", "ALGEBRA"),
        ("c + c", "2 * c", "PICK", "PICK"),
        ("sum(w in V, (w == n) * half[w])", "x[n] / 2", "PICK UNFOLD", None),
        ("sum(w in V, (w == n) * half[w])", "x[n] / 2", "PICK UNFOLD LOG", "LOG"),
    ],
)
def test_a_cited_rule_has_to_be_needed(left: str, right: str, rules: str, idle: str | None) -> None:
    made = replace(step(left, right, rules=rules), cited=True)
    step(left, right, rules=rules).check()
    for check in (made.check, made.check_algebra):
        if idle is None:
            check()
        else:
            with pytest.raises(ProofError, match=f": names {idle}, which it does not need"):
                check()


def test_a_step_by_no_rule_is_refused() -> None:
    with pytest.raises(ProofError, match="names no rule; known: ALGEBRA, "):
        replace(step("c", "c"), rules=()).check_algebra()


@pytest.mark.parametrize(
    ("left", "right", "choices", "rules"),
    [
        ("c + c", "2 * c", ((), ("PICK",)), ("ALGEBRA",)),
        ("c + c", "2 * c", (("PICK", "EXP"),), ("ALGEBRA",)),
        ("exp(c + m)", "exp(c) * exp(m)", ((), ("PICK",), ("LOG", "PICK", "EXP")), ("EXP",)),
        ("exp(c + m)", "exp(c) * exp(m)", (("PICK",), ("LOG", "EXP"), ("FUNCTION",)), ("EXP",)),
        ("exp(c + m)", "exp(c) + exp(m)", ((), ("LOG",), ("LOG", "EXP")), ("LOG", "EXP")),
    ],
)
def test_a_step_is_given_the_fewest_rules_of_the_first_choice_that_will_do(
    left: str, right: str, choices: tuple[tuple[str, ...], ...], rules: tuple[str, ...]
) -> None:
    assert step(left, right).by_least(*choices).rules == rules


def failure(made: ProofStep) -> ProofError:
    with pytest.raises(ProofError) as raised:
        made.check()
    return raised.value


def test_what_is_wrong_is_said_with_a_point() -> None:
    error = failure(step("x[w]", "x[w] + (w == k)", "w in V, k in V"))
    assert error.wrong
    assert "x[w] = (k == w) + x[w]: wrong: " in str(error)
    assert " is not " in str(error)
    assert "d = " in str(error)
    assert "w = " in str(error)


def test_what_is_true_and_cannot_be_decided_is_confirmed_and_not_proved() -> None:
    made = step("exp(c + m)", "exp(c) * exp(m)")
    made.check()
    assert not made.is_proved
    assert made.why == SAMPLED == "checked at sampled points, not proved"
    assert made.unproved == (
        "exp(c + m) = exp(c) * exp(m): checked at sampled points, not proved: the prover cannot decide it by ALGEBRA"
    )


def test_what_is_wrong_at_one_size_alone_is_found() -> None:
    for size in (1, 2, 3, 5, 7):
        others = " * ".join(f"(V - {n})" for n in (1, 2, 3, 5, 7) if n != size)
        assert failure(step(f"c * {others}", "0")).wrong, size


@pytest.mark.parametrize("off", ["1 / 10 ** 8", "1 / 10 ** 15", "1 / 10 ** 19"])
def test_small_differences_are_found_at_the_first_point(off: str) -> None:
    with pytest.raises(ProofError, match=" is not "):
        step("x[n]", f"x[n] + {off}").sample()
    step("x[n]", "x[n] + 1 / 10 ** 22").sample()


def test_what_is_not_defined_at_a_point_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def undefined(*_: Any, exactly: bool, closely: bool) -> None:
        raise UndefinedError("a divisor is 0")

    monkeypatch.setattr(ProofStep, "_compare", undefined)
    with pytest.raises(ProofError, match=r"c = c: a divisor is 0 at V = \d, d = \d") as raised:
        step("c", "c").sample()
    assert raised.value.wrong


def test_a_condition_is_that_of_the_rules_that_have_one() -> None:
    assert step("c", "c", rules="LOG").condition == "a > 0 and b > 0"
    assert step("c", "c", rules="EXP").condition == ""
    assert step("c", "c", rules="LOG EXP FUNCTION").condition == "a > 0 and b > 0; x > -1 for log1p"


def test_stages_that_are_held_have_the_values_they_take() -> None:
    """A name that is held is evaluated; it is varied by itself, not through what it is made of."""
    w = index("w", "V")
    half = Equation("half", (w,), array("x")[w] / 2)
    made = step("x[w]", "x[w]", "w in V", "DIFF")
    slope = Slope(array("half")[w] ** 2 + array("x")[w], array("half")[w])
    made = replace(made, before=slope, names=replace(made.names, held=(half,)))
    made.sample()
    with pytest.raises(ProofError, match=" is not "):
        replace(made, after=made.after + 1).sample()
