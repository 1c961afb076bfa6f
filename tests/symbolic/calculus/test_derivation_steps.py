"""The steps of a derivation: for each derivative, its brackets, each gradient, each claim and chain."""

import re
from dataclasses import replace

import pytest
import sympy as sp

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic import (
    Array,
    Axis,
    Chain,
    Claim,
    Derivation,
    Loss,
    Position,
    ProofError,
    Replay,
    Section,
    Step,
    replay,
)
from w2v_verified.symbolic.language.indices import array, index, label_of, total
from w2v_verified.symbolic.proof.drawing import Names
from w2v_verified.symbolic.proof.step import ProofStep
from w2v_verified.symbolic.rewrite import moderate

SMALL = Loss(
    name="small",
    summary="",
    axes=(Axis("d", letters="i a"), Axis("V", letters="w k")),
    arguments=(Array("v", "d"), Array("U", "d V"), Position("o", "V")),
    definition="z[w in V] = sum(i in d, U[i, w] * v[i])\nloss = log(sum(w in V, exp(z[w]))) - z[o]",
    notation="y[w in V] = (w == o)",
)
GRADIENTS = (
    Claim("grad_v[i in d] = sum(w in V, U[i, w] * (exp(z[w]) / sum(k in V, exp(z[k])) - y[w]))"),
    Claim("grad_U[i in d, w in V] = v[i] * (exp(z[w]) / sum(k in V, exp(z[k])) - y[w])"),
)


def problems(loss: Loss) -> tuple[str, ...]:
    return replay(Derivation(loss)).shortcomings


def of(derivation: Derivation, name: str) -> list[ProofStep]:
    """The steps of the derivative by a name."""
    (found,) = (d for d in derivation.steps.derivatives if d.adjoint.of == name)
    return [*(step for pair in found.links for step in pair), found.whole]


def test_every_use_has_a_derivative_and_its_brackets_and_every_gradient_is_compared_with_the_whole() -> None:
    made = Derivation(SMALL)
    assert [a.of for a in made.adjoints] == ["z", "v", "U"]
    for adjoint in made.adjoints:
        steps = of(made, adjoint.of)
        assert len(steps) == 2 * len(adjoint.links) + 1 == 3
        assert [(s.before, s.after) for s in steps[:2]] == [
            (adjoint.links[0].slope, adjoint.links[0].raw),
            (adjoint.links[0].raw, adjoint.links[0].collapsed),
        ]
        assert steps[-1].after == adjoint.definition.expression
        assert steps[-1].over == adjoint.definition.indices
    assert [s.rules for s in of(made, made.adjoints[0].of)][:2] == [("DIFF",), ("PICK",)]
    assert replay(made) == Replay(9, laws=6)


def test_claims_and_chains_are_steps_too() -> None:
    chain = Chain("sum(w in V, y[w] * z[w])", (Step("UNFOLD PICK", "sum(i in d, U[i, o] * v[i])"),))
    loss = replace(SMALL, claims=GRADIENTS, sections=(Section("", "[0]", (chain,)),))
    assert replay(Derivation(loss)) == Replay(12, laws=6)


@pytest.mark.parametrize("wrong", ["2 * v[i]", "v[i] * (1 + y[w])", "v[i] * y[w]"])
def test_a_wrong_claim_is_reported(wrong: str) -> None:
    (found,) = problems(replace(SMALL, claims=(Claim(f"grad_U[i in d, w in V] = {wrong}"),)))
    assert "wrong: " in found


def test_a_claim_may_be_about_the_loss() -> None:
    right = Claim("loss = log(sum(w in V, exp(z[w] - z[o])))")
    assert problems(replace(SMALL, claims=(right,))) == ()
    (found,) = problems(replace(SMALL, claims=(Claim("loss = log(sum(w in V, exp(z[w])))"),)))
    assert "wrong: " in found


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("grad_w[i in d] = v[i]", "expected a claim about one of loss, delta, grad_v, grad_U"),
        ("z[w in V] = y[w]", "expected a claim about one of"),
        ("grad_v = 0", "expected grad_v over d, got one over no axis"),
        ("grad_v[w in V] = y[w]", "expected grad_v over d, got one over V"),
        ("grad_U[w in V, i in d] = v[i]", "expected grad_U over d, V, got one over V, d"),
        ("loss[i in d] = v[i]", "expected loss over no axis, got one over d"),
        ("grad_v[i in d] = v[i]\nloss = 0", "expected one statement in a claim, got 2"),
    ],
)
def test_a_claim_about_something_else_is_refused(statement: str, reason: str) -> None:
    with pytest.raises(LanguageError, match=re.escape(reason)):
        problems(replace(SMALL, claims=(Claim(statement),)))


@pytest.mark.parametrize(
    ("letting", "orthogonal", "reason"),
    [
        ({"v": "d"}, "", "letting v: the name of something else"),
        ({"o": "d"}, "", "letting o: the name of something else"),
        ({"z": "d"}, "", "letting z: the name of something else"),
        ({"y": "d"}, "", "letting y: the name of something else"),
        ({"V": "d"}, "", "letting V: the name of something else"),
        ({"q": "E"}, "", "letting q: there is no axis E"),
        ({"q": "d E"}, "", "letting q: there is no axis E"),
        ({}, "Q", "orthogonal Q: expected a square array, got one over no axis"),
        ({"Q": "d"}, "Q", "orthogonal Q: expected a square array, got one over d"),
        ({"Q": "d V"}, "Q", "orthogonal Q: expected a square array, got one over d, V"),
        ({"Q": "d d d"}, "Q", "orthogonal Q: expected a square array, got one over d, d, d"),
        ({}, "U", "orthogonal U: expected a square array, got one over d, V"),
    ],
)
def test_what_a_chain_lets_be_is_new_and_over_axes_there_are(
    letting: dict[str, str], orthogonal: str, reason: str
) -> None:
    chain = Chain("v[i]", (Step("ALGEBRA", "v[i]"),), "i in d", letting, orthogonal)
    with pytest.raises(LanguageError, match=re.escape(reason)):
        list(Derivation(SMALL).steps.chain(chain))


def test_what_a_chain_lets_be_may_be_used_in_it() -> None:
    chain = Chain(
        "sum(i in d, Q[i, a] * q[i]) + sum(i in d, Q[i, a] * v[i])",
        (Step("ALGEBRA", "sum(i in d, Q[i, a] * (q[i] + v[i]))"),),
        "a in d",
        {"q": "d", "Q": "d d"},
        "Q",
    )
    for step in Derivation(SMALL).steps.chain(chain):
        step.check()


def test_an_axis_has_places_where_a_single_index_points_into_it() -> None:
    """An array of indices may have no entries, and then says nothing of the axis they point into."""
    empty = Axis("V", letters="w k", minimum=0)
    pointed = replace(SMALL, axes=(SMALL.axes[0], empty))
    assert Derivation(pointed).problem.context.least == {"d": 1, "V": 1}
    axes = (SMALL.axes[0], empty, Axis("K", letters="l", minimum=0))
    window = replace(
        pointed,
        axes=axes,
        arguments=(*SMALL.arguments[:2], Position("o", "V", axes="K")),
        definition="loss = log(sum(w in V, exp(sum(i in d, U[i, w] * v[i]))))",
        notation="",
    )
    with pytest.raises(LanguageError, match="the logarithm needs an argument that is provably positive"):
        assert Derivation(window).problem.stages


def test_the_axes_that_occur_are_those_of_arrays_of_index_arguments_and_those_pointed_into() -> None:
    letters = dict.fromkeys("ABCD", ("i",))
    assert Names({"x": ("B", "A")}, {}, {}, letters).axes == ("A", "B")
    assert Names({}, {}, {"n": (("D",), "C")}, letters).axes == ("C", "D")
    assert Names({"x": ("B",)}, {}, {"n": ((), "A")}, letters).axes == ("A", "B")


def test_a_derivative_by_an_earlier_statement_is_compared_at_points_too() -> None:
    def stepped(right: str) -> None:
        chain = Chain("diff(loss, z[w])", (Step("DIFF UNFOLD PICK", right),), "w in V")
        for step in Derivation(SMALL).steps.chain(chain):
            step.check()

    stepped("exp(z[w]) / sum(k in V, exp(z[k])) - y[w]")
    with pytest.raises(ProofError, match="wrong: "):
        stepped("exp(z[w]) / sum(k in V, exp(z[k])) + y[w]")


def test_a_bracket_of_another_index_argument_stays_where_one_is_set_aside() -> None:
    """The complement is of the word that the loss singles out, and of no other bracket beside it."""
    two = replace(
        SMALL,
        arguments=(*SMALL.arguments, Position("n", "V")),
        definition=f"{SMALL.definition} + 2 * z[n]",
        notation="",
    )
    made = Derivation(two)
    assert {"COMPLEMENT", "LOG1P", "SET-ASIDE"} <= set(made.stable.facts)
    delta = next(o.expression for o in made.stable.outputs if o.name == "delta")
    assert {str(label_of(p)) for b in delta.atoms(sp.KroneckerDelta) for p in b.args} == {"o", "n", "w"}
    assert "hits" not in made.stable.names
    assert replay(made).shortcomings == ()


def test_what_has_the_same_denominator_comes_under_one_line_inside_sums_too() -> None:
    x, y, e = (array(name) for name in "xye")
    w = index("w", "V")
    apart, joined = x[w] / (1 + e[w]) + y[w] / (1 + e[w]), (x[w] + y[w]) / (1 + e[w])
    other = x[w] / (2 + e[w])
    assert moderate._joined(apart) == joined
    assert moderate._joined(apart + other) == joined + other
    assert moderate._joined(total(w, apart)) == total(w, joined)
    assert moderate._joined(x[w] * total(w, apart)) == x[w] * total(w, joined)
    assert moderate._joined(x[w] * apart) == x[w] * apart
    assert moderate._joined(x[w]) == x[w]
