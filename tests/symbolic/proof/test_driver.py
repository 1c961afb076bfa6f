"""The driver applies rows of the table of facts where they stand, and what is cited was applied."""

from typing import Any

import pytest
import sympy as sp
from followed import LOSSES, derived

from w2v_verified.symbolic import Array, Axis, Derivation, Loss, Position, ProofError
from w2v_verified.symbolic.language.functions import Sigmoid, Softplus
from w2v_verified.symbolic.language.indices import array, index, pointer, total
from w2v_verified.symbolic.language.operators import Choose
from w2v_verified.symbolic.pipeline import replay
from w2v_verified.symbolic.proof.driver import Rewriting, naming
from w2v_verified.symbolic.proof.facts import FACTS

X, M, C = array("x"), sp.Symbol("m", real=True), sp.Symbol("c", real=True)
W, K, O = index("w", "A"), index("k", "A"), pointer("o", "A")


def loss(definition: str) -> Loss:
    return Loss(
        name="small",
        summary="",
        axes=(Axis("V", letters="w k"), Axis("T", letters="t", minimum=0)),
        arguments=(
            Array("x", "V"),
            Array("a", "V", gradient=False),
            Array("p", "V", positive=True),
            Array("u", "T"),
            Array("c", ""),
            Position("o", "V"),
            Position("n", "V", axes="T"),
        ),
        definition=definition,
    )


APPLIED = {
    "SOFTPLUS": "loss = log(1 + exp(c))",
    "LOG-SIGMOID": "loss = log(sigmoid(c))",
    "SIGMOID": "loss = 1 / (1 + exp(-c))",
    "SIGMOID-RATIO": "loss = c * exp(c) * sigmoid(-c)",
    "ONE-MINUS-SIGMOID": "loss = c * (1 - sigmoid(c)) ** 2",
    "LOG-PRODUCT": "loss = log(p[o] * exp(c) * sum(w in V, p[w]))",
    "LOG-POWER": "loss = log(p[o] ** c)",
    "POWER-OF-EXP": "loss = (p[o] * exp(c)) ** (c + 1 / 2)",
    "LOG-OF-ONE-PLUS": "loss = log(1 + p[o])",
    "EXP-MINUS-ONE": "loss = (exp(c) - 1) ** 2",
    "SHIFT-LOG": "z[w in V] = c * x[w]\nloss = log(sum(w in V, exp(z[w])))",
    "SHIFT-LOG-OF-TERMS": "loss = log(exp(c) + p[o] * exp(-c))",
    "SHIFT-LOG1P": "loss = log(1 + exp(c) + exp(-c))",
    "SHIFT-RATIO": "z[w in V] = c * x[w]\nloss = exp(z[o]) / sum(w in V, exp(z[w]))",
    "SHIFT-RATIO-OF-SUMS": "z[w in V] = c * x[w]\nloss = sum(w in V, a[w] * exp(z[w])) / sum(w in V, exp(z[w]))",
    "SCALE": "loss = 1 / (1 + c ** 2)",
    "SCALE-LOG": "loss = log(2 + c ** 2)",
    "SCALE-LOG1P": "loss = log(1 + c ** 2)",
    "SET-ASIDE": "z[w in V] = c * x[w]\nloss = log(sum(w in V, exp(z[w]))) - z[o]",
    "COMPLEMENT": "z[w in V] = c * x[w]\nloss = log(sum(w in V, exp(z[w]))) - z[o]",
    "COMPLEMENT-OF-WINDOW": "z[w in V] = c * x[w]\nloss = sum(t in T, log(sum(w in V, exp(z[w]))) - z[n[t]])",
    "LOG1P": "z[w in V] = c * x[w]\nloss = log(sum(w in V, exp(z[w]))) - z[o]",
    "SIGMOID-BY-EXP": "z[w in V] = c * x[w]\nloss = sigmoid(z[o])",
    "SIGMOID-OF-MINUS-BY-EXP": "z[w in V] = c * x[w]\nloss = sigmoid(-z[o])",
    "SOFTPLUS-BY-EXP": "z[w in V] = c * x[w]\nloss = softplus(z[o])",
    "SOFTPLUS-OF-MINUS-BY-EXP": "z[w in V] = c * x[w]\nloss = softplus(-z[o])",
}
"""For each row a definition in which it is applied."""


def cited(derivation: Derivation) -> set[str]:
    moderate = derivation.moderate
    return {*derivation.stable.facts, *(moderate.facts if moderate is not None else ())}


def test_every_row_is_applied_somewhere() -> None:
    assert set(APPLIED) == set(FACTS)


@pytest.mark.parametrize("fact", APPLIED)
def test_a_row_is_applied_and_cited(fact: str) -> None:
    derivation = Derivation(loss(APPLIED[fact]))
    assert fact in cited(derivation)
    assert replay(derivation).shortcomings == ()


def test_what_is_not_applied_is_not_cited() -> None:
    assert cited(Derivation(loss("loss = c ** 2"))) == set()
    assert "SHIFT-RATIO-OF-SUMS" not in cited(derived("naive_softmax"))
    assert "COMPLEMENT" not in cited(derived("skip_gram_naive_softmax"))
    assert "SET-ASIDE" not in cited(derived("naive_softmax_counts"))


@pytest.mark.parametrize("name", ["naive_softmax", "negative_sampling", "skip_gram_naive_softmax"])
def test_without_a_row_what_it_is_cited_for_is_not_done(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each citation is evidence: a driver that refuses the row stops the derivation."""
    apply = Rewriting.apply
    for fact in cited(derived(name)):

        def refusing(self: Rewriting, row: str, *rest: Any, refused: str = fact, **more: Any) -> Any:
            if row == refused:
                raise ProofError(f"{row} is refused")
            return apply(self, row, *rest, **more)

        monkeypatch.setattr(Rewriting, "apply", refusing)
        with pytest.raises(ProofError, match=f"{fact} is refused"):
            cited(Derivation(LOSSES[name]))


def test_a_row_is_exchanged_as_a_whole_among_terms_and_among_factors() -> None:
    rewriting = Rewriting()
    s, t = sp.exp(M) * Sigmoid(-M), 1 - Sigmoid(M)
    assert rewriting.apply("SIGMOID-RATIO", s, {"m": M}) == Sigmoid(M)
    assert rewriting.apply("SIGMOID-RATIO", C * s, {"m": M}) == C * Sigmoid(M)
    assert rewriting.apply("ONE-MINUS-SIGMOID", X[W] + t, {"m": M}) == X[W] + Sigmoid(-M)
    assert rewriting.apply("ONE-MINUS-SIGMOID", X[W] + sp.expand(C * t), {"m": M}, times=C) == X[
        W
    ] + C * Sigmoid(-M)
    assert list(rewriting.applied) == ["SIGMOID-RATIO", "ONE-MINUS-SIGMOID"]


@pytest.mark.parametrize(
    ("fact", "e"),
    [
        ("SOFTPLUS", sp.log(2 + sp.exp(M))),
        ("SIGMOID-RATIO", sp.exp(M) * Sigmoid(M)),
        ("SIGMOID-RATIO", sp.exp(M) + Sigmoid(-M)),
        ("ONE-MINUS-SIGMOID", 1 + Sigmoid(M)),
        ("ONE-MINUS-SIGMOID", -Sigmoid(M)),
    ],
)
def test_a_row_that_does_not_stand_there_is_refused(fact: str, e: Any) -> None:
    rewriting = Rewriting()
    with pytest.raises(ProofError, match=f"{fact}: .* does not stand in"):
        rewriting.apply(fact, e, {"m": M})
    assert rewriting.applied == {}


def test_a_sum_in_a_row_is_one_over_the_axis_meant_whatever_that_is_called() -> None:
    """An axis, an array or a scalar of the loss may have the name of a letter of the row."""
    for axis in ("A", "V", "m", "x", "w"):
        w, k, n = index("w", axis), index("k", axis), pointer("n", axis)
        e = total(k, X[k])
        made = Rewriting().apply("SET-ASIDE", e, {"e": lambda i: X[i], "n": n}, {"V": axis})
        away = (1 - sp.KroneckerDelta(w, n)) * X[w]
        assert made.xreplace(dict.fromkeys(made.atoms(sp.Sum), C)) == C + X[n]
        (others,) = made.atoms(sp.Sum)
        assert others.function.xreplace({others.limits[0][0]: w}) == away


def test_a_choice_has_the_left_side_where_it_is_not_below() -> None:
    made = Rewriting().apply("SOFTPLUS", sp.log(1 + sp.exp(M)), {"m": M}, below=(M, C))
    assert made == Choose(M, C, Softplus(M), sp.log(1 + sp.exp(M)))


def test_names_stand_for_what_they_are_defined_to_be_wherever_it_stands() -> None:
    named = naming((total(K, sp.exp(X[K])), C), (sp.exp(X[W]), M))
    e = sp.exp(X[W]) * X[O] / total(index("j", "A"), sp.exp(X[index("j", "A")]))
    assert named(e + 1) == M * X[O] / C + 1


def test_names_stand_where_what_they_are_defined_to_be_is_subtracted_or_a_factor_of_a_multiple() -> None:
    terms, square = X[W] + C * X[O], X[W] ** 2 / 2
    named = naming((terms, M))
    assert named(sp.exp(X[K] - terms) + 1) == sp.exp(X[K] - M) + 1
    assert named(C - 2 * terms) == C - 2 * terms
    assert naming((square, M))(C - 3 * square) == C - 3 * M
    assert naming((square, M))(C * X[W] ** 2) == 2 * C * M
    assert naming((square, M))(C + X[W]) == C + X[W]


def test_an_exponent_is_found_where_it_is_weighted_so_that_its_softmax_is_kept_accurate() -> None:
    derivation = Derivation(loss("loss = p[o] * log(sum(w in V, exp(c * x[w]))) - p[o] * c * x[o]"))
    assert {"LOG1P", "COMPLEMENT"} <= cited(derivation)
    assert replay(derivation).shortcomings == ()


SUM = "sum(t in T, {} * (log(sum(w in V, exp(z[w]))) - z[n[t]]))"
WEIGHTED = {
    SUM.format("1"): "(T - hits[w]) / Z",
    SUM.format("3"): "(3 * T - hits[w]) / Z",
    f"{SUM.format('3')} + {SUM.format('u[t]')}": "(3 * T - hits[w]) / Z",
}
"""Sums over places with what each derivative is made of, where one sum alone is set aside."""


@pytest.mark.parametrize("definition", WEIGHTED)
def test_places_that_are_summed_over_are_set_aside_with_their_weights(definition: str) -> None:
    derivation = Derivation(loss(f"z[w in V] = c * x[w]\nloss = {definition}"))
    assert "COMPLEMENT-OF-WINDOW" in cited(derivation)
    assert any(WEIGHTED[definition] in line for line in derivation.explained())
    assert derivation.module()
    assert replay(derivation).shortcomings == ()
