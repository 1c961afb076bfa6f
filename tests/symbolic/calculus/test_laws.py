"""Laws: equalities are proved with all calls unfolded, wrong ones are refused, and relabelling comes for free."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from followed import LOSSES
from hypothesis import given
from hypothesis import strategies as st

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic import (
    Array,
    Axis,
    Call,
    Claim,
    Derivation,
    Law,
    Loss,
    Position,
    ProofError,
    record,
    replay,
)
from w2v_verified.symbolic.calculus.laws import LawSteps
from w2v_verified.symbolic.calculus.unfolding import Derived
from w2v_verified.symbolic.definition.catalogue import registered

x, y = Array("x", "d"), Array("y", "d")


@cache
def derived(name: str) -> Derived:
    derivation = Derivation(LOSSES[name] if name in LOSSES else registered(name))
    return Derived(derivation.problem, derivation.adjoints)


def steps(law: Law, loss: str = "naive_softmax") -> LawSteps:
    return LawSteps(derived(loss), law, derived)


def standing(law: Law, loss: str = "naive_softmax") -> list[bool]:
    """Whether each line is proved; every line is looked at."""
    lines = steps(law, loss).held
    for line in lines:
        line.check()
    return [line.is_proved for line in lines]


def small(
    definition: str, *arguments: Any, laws: tuple[Law, ...] = (), claims: tuple[Claim, ...] = ()
) -> Loss:
    axes = (Axis("d", letters="i j"), Axis("N", letters="n m", minimum=0))
    used = {name for a in arguments for name in a.axes.split()}
    return Loss(
        "small",
        "",
        tuple(a for a in axes if a.name in used),
        arguments,
        definition,
        laws=laws,
        claims=claims,
    )


def own_laws(name: str) -> list[Law]:
    return list(LOSSES[name].laws)


@pytest.mark.parametrize(
    ("loss", "law"),
    [pytest.param(name, law, id=f"{name}-{law.name}") for name in LOSSES for law in own_laws(name)],
)
@pytest.mark.slow
def test_every_equality_of_our_own_is_proved(loss: str, law: Law) -> None:
    lines = steps(law, loss).held
    assert [line.text for line in lines if line.relation == "==" and not line.is_proved] == []
    assert law.reason


WRONG = {
    "a number": Law("", ("loss == 1",)),
    "a sum over too few": Law("", ("sum(w in V, (w != o) * grad_U[i, w]) == 0",), over="i in d"),
    "a shift that is seen": Law(
        "",
        ("moved_loss == loss",),
        letting=(Array("q", "V"),),
        calls=(Call("moved", "moved_U[i in d, w in V] = U[i, w] + q[w]"),),
    ),
    "an order that changes something": Law(
        "",
        ("other_loss == loss",),
        letting=(Position("p", "V", axes="V", one_to_one=True),),
        calls=(Call("other", "other_U[i in d, w in V] = U[i, p[w]]"),),
    ),
    "any places for a permutation": Law(
        "",
        ("other_loss == loss",),
        given="o = p[t]",
        letting=(Position("p", "V", axes="V"), Position("t", "V")),
        calls=(Call("other", "other_U[i in d, w in V] = U[i, p[w]]\nother_o = t"),),
    ),
    "a turn that is none": Law(
        "",
        ("turned_loss == loss",),
        letting=(Array("Q", "d d"),),
        calls=(
            Call(
                "turned",
                "turned_v_c[i in d] = sum(a in d, Q[i, a] * v_c[a])\n"
                "turned_U[i in d, w in V] = sum(a in d, Q[i, a] * U[a, w])",
            ),
        ),
    ),
    "at most too little": Law("", ("loss <= 1",)),
    "at least too much": Law("", ("loss >= 1",)),
    "concave": Law(
        "",
        ("between_loss >= share * there_loss + (1 - share) * loss",),
        letting=(Array("x", "d"), Array("share", "", between=(0, 1))),
        calls=(
            Call("there", "there_v_c[i in d] = x[i]"),
            Call("between", "between_v_c[i in d] = share * x[i] + (1 - share) * v_c[i]"),
        ),
    ),
    "two words for one": Law("", ("loss == 0",), sizes={"V": 2}),
}


@pytest.mark.parametrize("law", WRONG.values(), ids=WRONG)
def test_a_wrong_law_is_refused(law: Law) -> None:
    with pytest.raises(ProofError, match="wrong: "):
        standing(law)


REFUSED = {
    "no such name": (Law("l", ("gain == loss",)), "gain: neither a scalar nor an axis"),
    "an index out of place": (Law("l", ("grad_U[w, i] == 0",), over="i in d, w in V"), "index 1 runs over d"),
    "no relation": (Law("l", ("loss",)), "expected 'left == right'"),
    "nothing": (Law("l", ()), "expected something that holds, got nothing"),
    "not equal": (Law("l", ("loss != 0",)), "expected 'left == right'"),
    "undefined": (Law("l", ("1 / loss == 1 / loss",)), "a divisor must be provably positive"),
    "a call of nothing": (
        Law("l", ("c_loss == loss",), calls=(Call("c", "", of="nothing"),)),
        "there is no loss nothing",
    ),
    "an argument it has not": (
        Law("l", ("c_loss == loss",), calls=(Call("c", "c_x = 1"),)),
        "expected an argument of the call c: v_c, U, o",
    ),
    "other axes": (
        Law("l", ("c_loss == loss",), calls=(Call("c", "c_v_c[w in V] = U[0, w]"),)),
        "index",
    ),
    "an argument that is missing": (
        Law("l", ("c_loss == loss",), calls=(Call("c", "", of="skip_gram_naive_softmax"),)),
        r"expected a statement c_outside = \.\.\.",
    ),
    "round and round": (
        Law("l", ("c_loss == loss",), calls=(Call("c", "c_v_c[i in d] = v_c[i] - c_grad_v_c[i]"),)),
        "nothing with this name can be computed before it is used",
    ),
    "an index for a number": (
        Law("l", ("c_loss == loss",), calls=(Call("c", "c_o = v_c"),)),
        "neither a bound index nor an index argument",
    ),
    "an index into another axis": (
        Law("l", ("c_loss == loss",), letting=(Position("t", "d"),), calls=(Call("c", "c_o = t"),)),
        "expected an index into V, got one into d",
    ),
    "a size it may not have": (Law("l", ("loss == 0",), sizes={"V": 0}), "expected V >= 1, got 0"),
    "an axis there is not": (Law("l", ("loss == 0",), sizes={"B": 1}), "there is no axis B"),
    "a name that is taken": (
        Law("l", ("loss == 0",), letting=(Array("U", "d"),)),
        "U: the name of something",
    ),
    "orthogonal and no square": (
        Law("l", ("loss == 0",), letting=(Array("Q", "d V", orthogonal=True),)),
        "expected a square array to be orthogonal",
    ),
    "one to one and no vector": (
        Law("l", ("loss == 0",), letting=(Position("p", "V", one_to_one=True),)),
        "expected one axis of an index that is one to one, got 0",
    ),
}


@pytest.mark.parametrize(("law", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_law_that_means_nothing_is_refused_in_its_own_notation(law: Law, reason: str) -> None:
    with pytest.raises(LanguageError, match=reason):
        standing(law)


RANGES = {
    "half of it": ("positive", "half_w[i in d] = w[i] / 2", True),
    "less than it": ("positive", "half_w[i in d] = w[i] - 1", False),
    "half of a share": ("between", "half_w[i in d] = w[i] / 2", True),
    "twice a share": ("between", "half_w[i in d] = w[i] * 2", False),
    "a share and no more": ("between", "half_w[i in d] = w[i] + 1", False),
}


@pytest.mark.parametrize(("kind", "made", "known"), RANGES.values(), ids=RANGES)
def test_an_argument_of_a_range_needs_a_proof_that_it_lies_there(kind: str, made: str, known: bool) -> None:
    within: Any = {"positive": True} if kind == "positive" else {"between": (0, 1)}
    w = Array("w", "d", gradient=False, **within)
    law = Law("half", ("half_loss == half_loss",), calls=(Call("half", made),))
    loss = small("loss = sum(i in d, x[i] * w[i])", x, w, laws=(law,))
    if known:
        assert replay(Derivation(loss)).problems == ()
    else:
        with pytest.raises(LanguageError, match=r"half_w: expected it to be .*, which is not known"):
            replay(Derivation(loss))


def test_an_argument_that_is_handed_on_or_given_needs_one_too() -> None:
    w, v = Array("w", "d", positive=True), Array("w", "d")
    logs, plain = small("loss = sum(i in d, log(w[i]))", w), small("loss = sum(i in d, w[i])", v)
    handed_on = Law("same", ("c_loss == c_loss",), calls=(Call("c", "", of="small"),))
    derivation = Derivation(replace(plain, name="plain", laws=(handed_on,)), {"small": logs})
    with pytest.raises(LanguageError, match="c_w: expected it to be positive"):
        replay(derivation)
    given = Law("given", ("loss == loss",), letting=(Array("q", "d"),), given="w[i in d] = q[i]")
    with pytest.raises(LanguageError, match="w: expected it to be positive"):
        replay(Derivation(replace(logs, laws=(given,))))


def test_relabelling_comes_for_free_where_no_order_is_compared() -> None:
    z = Array("z", "N")
    plain = Derivation(small("loss = sum(n in N, z[n] ** 3)", z))
    assert [law.law.name for law in plain.laws] == ["N has no order"]
    assert all(line.is_proved for law in plain.laws for line in law.held)
    ordered = Derivation(small("loss = sum(n in N, sum(m in N, (n < m) * z[n] * z[m] ** 2))", z))
    assert ordered.laws == ()


def test_relabelling_is_refuted_where_it_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps the free law from being stated where there is an order is needed."""
    monkeypatch.setattr("w2v_verified.symbolic.definition.common_laws.Order", ())
    z = Array("z", "N")
    (problem, *_) = replay(
        Derivation(small("loss = sum(n in N, sum(m in N, (n < m) * z[n] * z[m] ** 2))", z))
    ).problems
    assert "law 'N has no order'" in problem
    assert "wrong: " in problem


def test_laws_are_told_from_steps_and_a_wrong_one_is_a_problem() -> None:
    right, wrong = Law("even", ("turned_loss == loss",)), Law("odd", ("turned_loss == -loss",))
    turned = (Call("turned", "turned_x[i in d] = -x[i]"),)
    laws = (replace(right, calls=turned), replace(wrong, calls=turned))
    found = replay(Derivation(small("loss = sum(i in d, x[i] ** 2)", x, laws=laws)))
    assert found.laws + len(found.argued) == 4
    (problem,) = found.problems
    assert problem.startswith("law 'odd': turned_loss = -loss: wrong: ")


def test_two_laws_of_one_name_are_refused() -> None:
    law = Law("even", ("loss == loss",))
    with pytest.raises(LanguageError, match="law 'even': two laws have this name"):
        _ = Derivation(small("loss = sum(i in d, x[i] ** 2)", x, laws=(law, law))).laws


def test_the_record_says_what_is_proved_and_what_is_argued() -> None:
    laws = (Law("at least 0", ("loss >= 0",), "squares are"), Law("its double", ("2 * loss == loss + loss",)))
    made: Any = record(Derivation(small("loss = sum(i in d, x[i] ** 2)", x, laws=laws)))["laws"]
    assert [(law["name"], [line["proved"] for line in law["holds"]]) for law in made[:2]] == [
        ("at least 0", [False]),
        ("its double", [True]),
    ]
    assert made[0]["holds"][0]["latex"] == r"J \geq 0"
    assert made[0]["reason"] == "squares are"


TERMS = (
    "x[i] * y[i]",
    "x[i] ** 2",
    "exp(x[i])",
    "sin(y[i]) * x[i]",
    "softplus(x[i] - y[i])",
    "y[i] / (1 + x[i] ** 2)",
)
MOVES = ("x[i]", "-x[i]", "2 * x[i]", "x[i] + y[i]", "x[i] - sum(j in d, x[j])", "y[i]")


@given(st.sampled_from(TERMS), st.sampled_from(TERMS), st.sampled_from(MOVES), st.integers(-2, 2))
def test_a_call_is_the_definition_at_other_arguments(one: str, other: str, move: str, offset: int) -> None:
    """What a call is unfolded to equals the definition with the argument written in, and nothing else."""
    loss = small(f"loss = sum(i in d, {one} - {other})", x, y)
    there = f"sum(i in d, {one} - {other})".replace("x[i]", f"({move})")
    law = Law(
        "there", (f"moved_loss == {there} + {offset}",), calls=(Call("moved", f"moved_x[i in d] = {move}"),)
    )
    derivation = Derivation(replace(loss, laws=(law,)))
    (line,) = derivation.laws[0].held
    if offset == 0:
        assert line.is_proved
        line.check()
    else:
        assert not line.is_proved
        with pytest.raises(ProofError, match="wrong: "):
            line.check()
