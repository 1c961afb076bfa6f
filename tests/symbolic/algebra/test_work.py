"""Work is counted, the same whatever was worked out before, and a proof that takes more than its limit is given up."""

import pytest
from tables import step

from w2v_verified.symbolic.algebra import normal, work
from w2v_verified.symbolic.algebra.work import LIMIT, Effort, counted, extent, limited, spend
from w2v_verified.symbolic.language.errors import LimitError


@pytest.fixture
def nothing_known() -> None:
    for found in (normal.normal, normal.vanishes):
        found.cache_clear()


def test_what_takes_more_than_the_limit_is_given_up() -> None:
    with limited(5):
        spend(5)
        with pytest.raises(LimitError, match="it takes more than 5 steps of work, the limit of the prover"):
            spend(1)
    spend(10**9)


def test_what_is_known_counts_once_in_each_proof_with_all_it_rests_on() -> None:
    calls = []

    @counted(10)
    def inner(n: int) -> int:
        calls.append(n)
        spend(n)
        return n

    @counted(10)
    def outer(n: int) -> int:
        spend(1)
        return inner(n) + inner(n)

    for _ in range(3):
        with limited(100) as account:
            assert outer(7) + outer(7) + inner(7) == 35
            assert account.spent == 8
    assert calls == [7]
    with pytest.raises(LimitError), limited(7):
        outer(7)
    outer.cache_clear()
    with limited(100) as account:
        assert outer(7) == 14
        assert account.spent == 8


def test_what_failed_is_not_known() -> None:
    @counted(1)
    def failing(n: int) -> int:
        spend(n)
        return n

    with pytest.raises(LimitError), limited(3):
        failing(4)
    with limited(4) as account:
        assert failing(4) == 4
        assert account.spent == 4
    failing(5)
    assert len(failing.known) == 1


@pytest.mark.usefixtures("nothing_known")
def test_a_proof_takes_as_much_work_whatever_was_proved_before() -> None:
    texts = {
        "(c + m + x[n]) ** 6": "(c + m + x[n]) ** 2 * (x[n] ** 2 + 2 * x[n] * (c + m) + (c + m) ** 2) ** 2",
        "(c + m) ** 6 * sum(w in V, x[w] * exp(x[w] + c))": (
            "(c + m) ** 5 * (c + m) * exp(c) * sum(w in V, x[w] * exp(x[w]))"
        ),
    }
    efforts = []
    for order in (list(texts), list(texts)[::-1], list(texts)):
        spent = {}
        for text in order:
            effort = Effort()
            made = step(text, texts[text], rules="EXP")
            made.check_algebra()
            spent[text] = effort.left - made.effort.left
        efforts.append(spent)
    assert efforts[0] == efforts[1] == efforts[2]
    assert min(efforts[0].values()) > 100


def test_the_proofs_of_a_derivation_have_what_is_left_and_a_little_at_any_rate() -> None:
    effort = Effort(LIMIT + 30_001)
    for limit in (LIMIT, 30_000, work._AT_LEAST, work._AT_LEAST):
        with pytest.raises(LimitError, match=f"{limit:,} "), effort.spent():
            spend(limit + 1)
    assert effort.left < 0


def test_the_extent_is_that_of_the_tree() -> None:
    made = step("c + c * exp(c)", "c")
    assert extent(made.after) == 1
    assert extent(made.before) == 6


def test_a_step_that_takes_too_much_work_is_confirmed_and_not_proved() -> None:
    made = step(
        "(c + m + x[n] + y[n]) ** 40",
        "(x[n] + m + c + y[n]) ** 39 * (c + m) + (c + m + x[n] + y[n]) ** 39 * (x[n] + y[n])",
    )
    made.check()
    assert not made.is_proved
    assert "more than" in made.unproved
