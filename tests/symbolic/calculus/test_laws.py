"""Laws: equalities are proved with all calls unfolded, wrong ones are refused, and relabelling comes for free."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from followed import LOSSES
from hypothesis import given, settings
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
    files,
    record,
    replay,
)
from w2v_verified.symbolic.calculus.law_lines import Derived
from w2v_verified.symbolic.calculus.laws import LawSteps
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
    made = steps(law, loss)
    made.sample()
    _ = made.unproved
    return [line.is_proved for line in made.held]


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
    "a bound for moderate numbers": Law("", ("loss <= 10 ** 5",)),
    "nearly not positive": Law("", ("v_c[i] ** 2 / 10 ** 24 <= 0",), over="i in d"),
    "a turn without reflection": Law(
        "", ("Q[i, i] >= 0",), over="i in d", sizes={"d": 1}, letting=(Array("Q", "d d", orthogonal=True),)
    ),
    "nearly equal": Law(
        "", ("x[i] ** 2 == (1 + cos(2 * x[i])) / 2 + 1 / 10 ** 25",), over="i in d", letting=(x,)
    ),
}


@pytest.mark.parametrize("law", WRONG.values(), ids=WRONG)
def test_a_wrong_law_is_refused(law: Law) -> None:
    with pytest.raises(ProofError, match=r"wrong: |not proved"):
        standing(law)
    assert not all(line.is_proved for line in steps(law).held)


def test_a_permutation_of_a_permutation_is_not_the_permutation() -> None:
    """Wrong where numbers are large, at which no step is evaluated: nothing but algebra keeps it from being proved."""
    above = "relu(U[i, p[p[w]]] - 10 ** 9) * relu(U[i, p[w]] - 10 ** 9)"
    right, wrong = "relu(U[i, p[w]] - 10 ** 9) * relu(U[i, w] - 10 ** 9)", "relu(U[i, w] - 10 ** 9) ** 2"
    permutation = (Position("p", "V", axes="V", one_to_one=True),)
    holds = tuple(f"sum(w in V, {above}) == sum(w in V, {other})" for other in (right, wrong))
    law = Law("", holds, over="i in d", letting=permutation)
    assert [line.is_proved for line in steps(law).held] == [True, False]


TIGHT = {
    "one term of a sum": Law("", ("sum(j in d, v_c[j] ** 2) >= v_c[i] ** 2",), over="i in d"),
    "the same on both sides": Law("", ("loss <= loss",)),
    "probabilities": Law("", ("sum(w in V, yhat[w]) <= 1",)),
    "a share of them": Law(
        "",
        ("sum(k in K, v_c[p[k]] ** 2) <= sum(i in d, v_c[i] ** 2)",),
        axes=(Axis("K", minimum=0),),
        letting=(Position("p", "d", axes="K", one_to_one=True),),
    ),
}


@pytest.mark.parametrize("law", TIGHT.values(), ids=TIGHT)
def test_an_inequality_may_be_tight(law: Law) -> None:
    assert standing(law) == [False]


NOWHERE = {
    "more places than there are": Law(
        "",
        ("loss == -5",),
        axes=(Axis("K"),),
        sizes={"V": 1, "K": 2},
        letting=(Position("p", "V", axes="K", one_to_one=True),),
    ),
    "no place": Law(
        "", ("v_c[i] >= 50",), over="i in d, n in N", axes=(Axis("N", minimum=0),), sizes={"N": 0}
    ),
}


@pytest.mark.parametrize("law", NOWHERE.values(), ids=NOWHERE)
def test_what_is_tried_out_nowhere_is_not_accepted(law: Law) -> None:
    with pytest.raises(ProofError, match="not proved, and evaluated at 0 of the 5 points"):
        standing(law)


REFUSED = {
    "no Python": (Law("l", ("loss == == 0",)), "not Python syntax"),
    "no Python in a call": (Law("l", ("c_loss == 0",), calls=(Call("c", "c_o = "),)), "not Python syntax"),
    "a number for a vector": (
        Law("l", ("loss == 0",), given="v_c = 3"),
        r"expected v_c\[\.\.\. in d\] = \.\.\.",
    ),
    "a quantity over no axis": (
        Law("l", ("loss == 0",), letting=(Array("q", "Z"),)),
        "letting q: expected axes",
    ),
    "a place of no axis": (
        Law("l", ("loss == 0",), letting=(Position("q", "Z"),)),
        "letting q: expected axes",
    ),
    "too many places": (Law("l", ("loss == 0",), sizes={"V": 10**9}), "sizes: expected 1 <= V <= 12"),
    "a choice": (Law("l", ("(1 if loss < 2 else 0) == 0",)), "expected an expression without 'if'"),
    "a quantity for an argument": (
        Law("l", ("c_loss == loss",), letting=(Array("c_v_c", "d"),), calls=(Call("c", ""),)),
        "c_v_c: the name of something else",
    ),
    "a keyword for a call": (Law("l", ("for_loss == 0",), calls=(Call("for", ""),)), "call 'for'"),
    "an axis twice": (
        Law("l", ("loss == 0",), axes=(Axis("K"), Axis("K"))),
        "axes: expected names of their own",
    ),
    "too short an axis for a call": (
        Law(
            "l",
            ("c_loss == 0",),
            axes=(Axis("K", minimum=0),),
            sizes={"K": 0},
            calls=(Call("c", "c_v_c[k in K] = sum(i in d, v_c[i])\nc_U[k in K, w in V] = U[i, w]"),),
        ),
        "K",
    ),
    "an axis for two": (
        Law(
            "l",
            ("c_loss == 0",),
            axes=(Axis("K"),),
            calls=(Call("c", "c_v_c[k in K] = sum(i in d, v_c[i])\nc_U[i in d, w in V] = U[i, w]"),),
        ),
        "d is K and d at once",
    ),
    "no name of a call": (
        Law("l", ("c_loss == 0",), calls=(Call("c", "v_c[i in d] = 0"),)),
        "begins with c_",
    ),
    "a default": (Law("l", ("loss == 0",), letting=(Array("q", "", default=1.0),)), "expected no default"),
    "no such name": (Law("l", ("gain == loss",)), "gain: neither a scalar nor an axis"),
    "an index out of place": (Law("l", ("grad_U[w, i] == 0",), over="i in d, w in V"), "index 1 runs over d"),
    "no relation": (Law("l", ("loss",)), "expected 'left == right'"),
    "nothing": (Law("l", ()), "expected something that holds, got nothing"),
    "not equal": (Law("l", ("loss != 0",)), "expected 'left == right'"),
    "undefined": (Law("l", ("1 / loss == 1 / loss",)), "a divisor must be provably positive"),
    "a call of nothing": (
        Law("l", ("c_loss == loss",), calls=(Call("c", "", of="nothing"),)),
        "of: expected one of cbow_naive_softmax, ",
    ),
    "an argument it has not": (
        Law("l", ("c_loss == loss",), calls=(Call("c", "c_x = 1"),)),
        "expected an argument of the call c: v_c, U, o",
    ),
    "other axes": (
        Law("l", ("c_loss == loss",), calls=(Call("c", "c_v_c[w in V] = sum(i in d, U[i, w])"),)),
        r"expected a statement c_U = \.\.\.",
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
    "a size it may not have": (
        Law("l", ("loss == 0",), sizes={"V": 0}),
        "sizes: expected 1 <= V <= 12, got 0",
    ),
    "an axis there is not": (
        Law("l", ("loss == 0",), sizes={"B": 1}),
        "sizes: expected axes out of d, V, got B",
    ),
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
    assert found.laws == 3
    (problem,) = found.problems
    assert problem.startswith("law 'odd': turned_loss = -loss: wrong: ")


@pytest.mark.parametrize("name", ["", " ", "!", "two\nlines", 'a "quoted" one', "a \\ slash"])
def test_a_name_is_words_on_one_line(name: str) -> None:
    with pytest.raises(LanguageError, match="name: expected words on one line"):
        _ = Derivation(small("loss = sum(i in d, x[i] ** 2)", x, laws=(Law(name, ("loss >= 0",)),))).laws


def test_what_a_law_alone_may_declare_is_refused_of_an_argument() -> None:
    with pytest.raises(LanguageError, match="argument Q: orthogonal: expected it for what a law is about"):
        _ = Derivation(small("loss = sum(i in d, Q[i, i])", Array("Q", "d d", orthogonal=True))).problem
    p = Position("p", "d", axes="d", one_to_one=True)
    with pytest.raises(LanguageError, match="argument p: one_to_one: expected it"):
        _ = Derivation(small("loss = sum(i in d, x[p[i]])", x, p)).problem


FREE = {
    "a square array": small("loss = sum(i in d, sum(j in d, Q[i, j] * x[i]))", x, Array("Q", "d d")),
    "five equal axes": small("loss = sum(i in d, T[i, i, i, i, i])", Array("T", "d d d d d")),
    "names that are taken": small(
        "loss = sum(i in d, relabelled_x[i] * order[i])", Array("relabelled_x", "d"), Array("order", "d")
    ),
    "many axes": Loss(
        "many",
        "",
        tuple(Axis(f"A{n}") for n in range(12)),
        tuple(Array(f"x{n}", f"A{n} A{n}") for n in range(12)),
        "loss = " + " + ".join(f"sum(i in A{n}, x{n}[i, i])" for n in range(12)),
    ),
}


@pytest.mark.parametrize("loss", FREE.values(), ids=FREE)
def test_relabelling_stands_in_no_losss_way(loss: Loss) -> None:
    laws = Derivation(loss).laws
    assert len(laws) == len(loss.axes)
    assert all(line.is_proved for line in laws[0].held)


def test_a_wrong_law_goes_into_no_record_and_no_file() -> None:
    loss = small("loss = sum(i in d, x[i] ** 2)", x, laws=(Law("it is two", ("loss == 2",)),))
    with pytest.raises(ProofError, match=r"law 'it is two': .*wrong: "):
        record(Derivation(loss))
    with pytest.raises(ProofError, match=r"law 'it is two': .*wrong: "):
        files(loss)


def test_an_equality_that_is_not_proved_is_a_shortcoming_and_no_argument() -> None:
    """As a claim is: to be told apart from an inequality."""
    squared = Law("half an angle", ("4 * sin(x[i]) ** 2 == 2 - 2 * cos(2 * x[i])",), over="i in d")
    above = Law("at least 0", ("loss >= 0",))
    found = replay(Derivation(small("loss = sum(i in d, x[i] ** 2)", x, laws=(squared, above))))
    (unproved,) = found.unproved
    assert unproved.startswith("law 'half an angle': ")
    assert "checked at sampled points, not proved" in unproved
    assert found.argued == ("at least 0: loss >= 0",)


def test_two_laws_of_one_name_are_refused() -> None:
    law = Law("even", ("loss == loss",))
    with pytest.raises(LanguageError, match="law 'even': name: expected one that no other law has"):
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
_MANY = settings().max_examples
SOME = settings(max_examples=_MANY if _MANY > 1000 else max(10, _MANY // 4))
"""Some 50 in `ci`, all in `thorough`: each is a loss with a law of its own."""
MOVES = ("x[i]", "-x[i]", "2 * x[i]", "x[i] + y[i]", "x[i] - sum(j in d, x[j])", "y[i]")


@SOME
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
        derivation.laws[0].sample()
    else:
        assert not line.is_proved
        with pytest.raises(ProofError, match="wrong: "):
            _ = derivation.laws[0].unproved
