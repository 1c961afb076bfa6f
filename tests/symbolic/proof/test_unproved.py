"""Steps that algebra cannot decide: confirmed at sampled points and said to be so, or refused; never called proved."""

from dataclasses import replace
from typing import Any

import pytest
from tables import step

from w2v_verified.symbolic.language.errors import LimitError, ProofError
from w2v_verified.symbolic.proof.drawing import more_sizes
from w2v_verified.symbolic.proof.step import ProofStep
from w2v_verified.symbolic.proof.watching import watched


@pytest.fixture
def undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """An algebra that gives up on everything."""

    def equal(left: Any, right: Any, context: Any) -> bool:
        raise LimitError("planted")

    monkeypatch.setattr("w2v_verified.symbolic.proof.step.equal", equal)


def blind(*sizes: int) -> str:
    return " * ".join(f"(V - {n})" for n in sizes)


@pytest.mark.usefixtures("undecided")
@pytest.mark.parametrize("last", [4, 7, 8, 11])
def test_a_claim_that_is_blind_up_to_a_size_is_seen_at_another(last: int) -> None:
    made = step(f"{blind(*range(1, last + 1))} * x[n]", f"{blind(*range(1, last + 1))} * y[n]")
    with pytest.raises(ProofError) as raised:
        made.check()
    assert raised.value.wrong


@pytest.mark.parametrize("undecidable", [True, False])
def test_a_claim_that_is_blind_everywhere_is_not_proved(
    undecidable: bool, request: pytest.FixtureRequest
) -> None:
    if undecidable:
        request.getfixturevalue("undecided")
    made = step(f"{blind(*range(1, 13))} * x[n]", f"{blind(*range(1, 13))} * y[n]")
    made.check()
    assert not made.is_proved
    with pytest.raises(ProofError, match="does not follow"):
        made.check_algebra()


@pytest.mark.usefixtures("undecided")
@pytest.mark.parametrize("off", ["1 / 10 ** 22", "1 / 10 ** 50"])
def test_a_difference_that_is_too_small_for_a_proved_step_to_matter_is_seen(off: str) -> None:
    with pytest.raises(ProofError, match="wrong: "):
        step("x[n]", f"x[n] + {off}").check()


@pytest.mark.usefixtures("undecided")
@pytest.mark.parametrize(
    ("left", "right", "over"),
    [
        ("sum(w in V, x[w] + c)", "V * c + sum(w in V, x[w])", ""),
        ("sum(k in V, (k == w) * x[k])", "x[w]", "w in V"),
        ("diff(sum(w in V, x[w] ** 3), x[k])", "3 * x[k] ** 2", "k in V"),
        ("sum(i in d, Q[i, a] * Q[i, b])", "(a == b)", "a in d, b in d"),
        ("c", "c", ""),
    ],
)
def test_what_is_true_is_confirmed(left: str, right: str, over: str) -> None:
    made = step(left, right, over)
    made.check()
    assert not made.is_proved
    assert made.unproved.endswith("not proved: the prover cannot decide it by ALGEBRA: planted")


@pytest.mark.usefixtures("undecided")
def test_what_cannot_be_evaluated_is_not_confirmed() -> None:
    tower = "exp(exp(exp(exp(exp(3 + x[n] ** 2)))))"
    with pytest.raises(ProofError) as raised:
        step(tower, f"{tower} + c").check()
    assert not raised.value.wrong
    assert "not proved, and evaluated at 0 of the 5 points that would confirm it" in str(raised.value)


@pytest.mark.usefixtures("undecided")
def test_points_without_a_place_confirm_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = [{"V": 1, "d": 0}] * 9
    monkeypatch.setattr(ProofStep, "_sizes", lambda self, closely: iter(nothing))
    with pytest.raises(ProofError, match="evaluated at 0 of the 5 points"):
        step("sum(w in V, x[w])", "sum(w in V, x[w])").check()


def test_what_is_not_defined_is_refused_though_evaluation_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    def equal(left: Any, right: Any, context: Any) -> bool:
        raise ProofError("the derivative by x is not defined everywhere")

    monkeypatch.setattr("w2v_verified.symbolic.proof.step.equal", equal)
    with pytest.raises(ProofError, match=r"the derivative by x is not defined everywhere: not proved$"):
        step("c + m", "m + c").check()


def test_a_citation_of_too_few_rules_is_refused_with_those_that_do() -> None:
    made = replace(step("exp(c + m)", "exp(c) * exp(m)"), cited=True)
    with pytest.raises(ProofError, match=r"does not follow by ALGEBRA: not proved, though it does by EXP$"):
        made.check()


def test_further_sizes_are_those_left_out_and_each_axis_has_each_with_others_and_alone() -> None:
    tried = list(more_sizes(("V", "d"), {"V": 1, "d": 0}))
    assert len(tried) == 3 * 7
    for axis, other in (("V", "d"), ("d", "V")):
        assert {s[axis] for s in tried} >= {4, 6, 8, 9, 10, 11, 12}
        assert {s[axis] for s in tried if s[other] <= 4} >= {6, 8, 9, 10, 11, 12}
    assert tried == list(more_sizes(("V", "d"), {"V": 1, "d": 0}))
    assert min(s["V"] for s in more_sizes(("V", "d"), {"V": 9})) >= 9


def test_those_who_watch_hear_what_is_taken_up() -> None:
    told: list[str] = []
    with watched(told.append):
        step("x[n] + c", "c + x[n]").check()
    assert told == ["c + x[n] = c + x[n]"]
    step("x[n] + m", "m + x[n]").check()
    assert len(told) == 1
