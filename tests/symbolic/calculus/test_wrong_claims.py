"""Unsound shortcuts are ruled out: each wrong claim about the gradients is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from w2v_verified.notation import LanguageError
from w2v_verified.symbolic import Claim, Derivation, Position, ProofError, load

NAIVE = load(Path(__file__).parents[3] / "derivations")["naive_softmax"]

RIGHT = {
    "centre": "grad_v_c[i in d] = sum(w in V, U[i, w] * (yhat[w] - y[w]))",
    "centre, other names": "grad_v_c[a in d] = sum(k in V, (yhat[k] - y[k]) * U[a, k])",
    "centre, quotient": "grad_v_c[i in d] = sum(w in V, exp(z[w]) * U[i, w]) / sum(k in V, exp(z[k])) - U[i, o]",
    "centre, terms apart": "grad_v_c[i in d] = sum(w in V, yhat[w] * U[i, w]) - U[i, o]",
    "centre, others": "grad_v_c[i in d] = sum(w in V, (w != o) * yhat[w] * U[i, w]) - (1 - yhat[o]) * U[i, o]",
    "outside": "grad_U[i in d, w in V] = v_c[i] * (yhat[w] - y[w])",
    "outside, by case": "grad_U[i in d, w in V] = (w != o) * v_c[i] * yhat[w] + (w == o) * v_c[i] * (yhat[o] - 1)",
}
WRONG = {
    "flipped sign": "grad_v_c[i in d] = sum(w in V, U[i, w] * (y[w] - yhat[w]))",
    "plus for minus": "grad_v_c[i in d] = sum(w in V, U[i, w] * (yhat[w] + y[w]))",
    "y missing": "grad_v_c[i in d] = sum(w in V, U[i, w] * yhat[w])",
    "yhat missing": "grad_v_c[i in d] = -sum(w in V, U[i, w] * y[w])",
    "factor 1/|V|": "grad_v_c[i in d] = sum(w in V, U[i, w] * (yhat[w] - y[w])) / V",
    "factor d": "grad_v_c[i in d] = d * sum(w in V, U[i, w] * (yhat[w] - y[w]))",
    "a sum too many": "grad_v_c[i in d] = sum(k in V, sum(w in V, U[i, w] * (yhat[w] - y[w])))",
    "softmax unnormalised": "grad_v_c[i in d] = sum(w in V, U[i, w] * (exp(z[w]) - y[w]))",
    "weights of another word": "grad_v_c[i in d] = sum(w in V, U[i, w] * (yhat[o] - y[w]))",
    "one column for all": "grad_v_c[i in d] = sum(w in V, U[i, o] * (yhat[w] - y[w]))",
    "free index captured": "grad_v_c[i in d] = sum(w in V, sum(a in d, U[a, w] * (yhat[w] - y[w])))",
    "logits for exponentials": "grad_v_c[i in d] = sum(w in V, z[w] * U[i, w]) / sum(k in V, z[k] ** 2 + 1) - U[i, o]",
    "second order": "grad_v_c[i in d] = sum(w in V, U[i, w] * (yhat[w] ** 2 - y[w]))",
    "outside, sign": "grad_U[i in d, w in V] = v_c[i] * (y[w] - yhat[w])",
    "outside, y missing": "grad_U[i in d, w in V] = v_c[i] * yhat[w]",
    "outside, only the true word": "grad_U[i in d, w in V] = (w == o) * v_c[i] * (yhat[w] - 1)",
    "outside, y at every word": "grad_U[i in d, w in V] = v_c[i] * (yhat[w] - 1)",
    "outside, factor 1/|V|": "grad_U[i in d, w in V] = v_c[i] * (yhat[w] - y[w]) / V",
    "outside, one entry of v": "grad_U[i in d, w in V] = sum(a in d, v_c[a]) * (yhat[w] - y[w])",
    "outside, column of o": "grad_U[i in d, w in V] = v_c[i] * (yhat[o] - y[o])",
}
OFF_THE_AXES = {
    "transposed U": "grad_v_c[i in d] = sum(w in V, U[w, i] * (yhat[w] - y[w]))",
    "sum over the wrong axis": "grad_v_c[i in d] = sum(w in d, U[i, w] * (yhat[w] - y[w]))",
    "y over the dimension": "grad_v_c[i in d] = sum(w in V, U[i, w] * (yhat[w] - y[i]))",
    "bracket across axes": "grad_v_c[i in d] = sum(w in V, U[i, w] * (yhat[w] - (i == o)))",
    "index bound twice": "grad_v_c[i in d] = sum(i in V, U[i, i] * (yhat[i] - y[i]))",
    "transposed result": "grad_U[w in V, i in d] = U[w, i]",
    "a name nobody defined": "grad_v_c[i in d] = sum(w in V, U[i, w] * (p[w] - y[w]))",
}


def prove(statement: str) -> None:
    claimed = Derivation(replace(NAIVE, claims=(Claim(statement),), sections=()))
    for step in claimed.steps.claims:
        step.check_algebra()


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_claim_is_proved_however_it_is_written(name: str) -> None:
    prove(RIGHT[name])


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_claim_is_refused(name: str) -> None:
    with pytest.raises(ProofError, match="does not follow"):
        prove(WRONG[name])


@pytest.mark.parametrize("name", OFF_THE_AXES)
def test_a_claim_that_leaves_the_axes_is_refused(name: str) -> None:
    with pytest.raises((LanguageError, ProofError)):
        prove(OFF_THE_AXES[name])


def test_square_sizes_do_not_hide_a_transpose() -> None:
    """With both axes of U the same, a transpose passes the axis check and must fail the algebra."""
    text = NAIVE.definition.replace("w in V", "w in d")
    square = replace(
        NAIVE,
        axes=(replace(NAIVE.axes[0], letters="i a b w k j"),),
        arguments=tuple(
            replace(a, into="d") if isinstance(a, Position) else replace(a, axes=a.axes.replace("V", "d"))
            for a in NAIVE.arguments
        ),
        definition=text,
        notation="yhat[w in d] = exp(z[w]) / sum(k in d, exp(z[k]))\ny[w in d] = (w == o)",
        sections=(),
        claims=(),
    )
    right = Claim("grad_v_c[i in d] = sum(w in d, U[i, w] * (yhat[w] - y[w]))")
    wrong = Claim("grad_v_c[i in d] = sum(w in d, U[w, i] * (yhat[w] - y[w]))")
    (proved,) = Derivation(replace(square, claims=(right,))).steps.claims
    proved.check_algebra()
    (refused,) = Derivation(replace(square, claims=(wrong,))).steps.claims
    with pytest.raises(ProofError):
        refused.check_algebra()
