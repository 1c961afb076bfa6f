"""What is said of a finding reproduces what came back on its own input; of what is near a mistake nothing is said."""

import numpy as np
import pytest
from mistaken import NAMED, NEAR, TOLD_WRONGLY_ONCE
from mutants import Array, Implementation, name_of, no_shift, right
from sampling_mutants import context_summed

from w2v_verified.verify import CONVENTIONS, check, load
from w2v_verified.verify.cases.arguments import copied
from w2v_verified.verify.diagnosis import diagnose
from w2v_verified.verify.judging.conventions import Convention
from w2v_verified.verify.judging.finding import Finding
from w2v_verified.verify.judging.judge import judge
from w2v_verified.verify.record import Record

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("function", "loss", "said"), TOLD_WRONGLY_ONCE, ids=[name_of(row[0]) for row in TOLD_WRONGLY_ONCE]
)
def test_what_was_told_wrongly_is_not_any_more(function: Implementation, loss: str, said: str | None) -> None:
    diagnoses = [each.diagnosis for each in check(function, loss, examples=0).findings if each.diagnosis]
    assert len(diagnoses) == (said is not None)
    assert all(str(said) in each for each in diagnoses)


OWN: dict[str, dict[str, object]] = {
    "naive_softmax": {
        "v_c": np.array([1.0, -2.0]),
        "o": 1,
        "U": np.array([[0.5, 1.0, -1.0], [2.0, -0.5, 1.0]]),
    },
    "naive_softmax_batch": {
        "V_c": np.array([[1.0, 0.5], [-2.0, 1.0]]),
        "o": np.array([1, 0]),
        "U": np.array([[0.5, 1.0, -1.0], [2.0, -0.5, 1.0]]),
    },
    "negative_sampling": {
        "v_c": np.array([1.0, -2.0]),
        "o": 1,
        "U": np.array([[0.5, 1.0, -1.0, 0.0, 1.5], [2.0, -0.5, 1.0, 1.0, 0.5]]),
        "negatives": np.array([2, 0]),
    },
}
"""An input on which all that is wrong shows."""


def told(
    function: Implementation, loss: str, convention: str = "columns", own: dict[str, object] | None = None
) -> str | None:
    """What is said of the finding on an input."""
    base, called = load(loss), CONVENTIONS[convention]
    found = shown(function, base, called, own or OWN[loss])
    return None if found is None else diagnose(found, function, base, called)


def shown(
    function: Implementation, base: Record, called: Convention, own: dict[str, object]
) -> Finding | None:
    """The finding on an input."""
    record = called.reworded(base)
    return judge(called.adapt(function, record), record, copied(called.given(base, own))).finding


@pytest.mark.parametrize(
    ("function", "loss", "convention", "said"), NAMED, ids=[name_of(row[0]) for row in NAMED]
)
def test_mistake_of_public_code_is_named(
    function: Implementation, loss: str, convention: str, said: str
) -> None:
    assert said in str(told(function, loss, convention))


@pytest.mark.parametrize(("function", "loss", "convention"), NEAR, ids=[name_of(row[0]) for row in NEAR])
def test_nothing_is_said_of_what_is_near(function: Implementation, loss: str, convention: str) -> None:
    base, called = load(loss), CONVENTIONS[convention]
    found = shown(function, base, called, OWN[loss])
    assert found is not None
    assert diagnose(found, function, base, called) is None


SMALL = OWN["naive_softmax"]


def test_nothing_is_said_of_an_input_on_which_nothing_is_wrong() -> None:
    def doubled(v_c: Array, o: int, U: Array) -> object:
        loss, grad_v_c, grad_U = right(v_c, o, U)
        return loss, 2 * grad_v_c, grad_U

    still = {**SMALL, "U": np.ones((2, 3))}
    finding = Finding("value", "", still)
    assert diagnose(finding, doubled, load("naive_softmax"), CONVENTIONS["columns"]) is None
    assert "grad_v_c: 2 times what it should be" in str(told(doubled, "naive_softmax"))


def test_first_sentence_is_about_the_result_of_the_finding() -> None:
    """A loss that nothing explains, and a gradient that something does, which says nothing about the loss."""

    def muddled(v_c: Array, o: int, U: Array) -> object:
        loss, grad_v_c, grad_U = right(v_c, o, U)
        return loss + 1e6 * np.cos(loss), 2 * grad_v_c, grad_U

    assert told(muddled, "naive_softmax") is None


def test_overflow_is_named_only_where_scores_are_large() -> None:
    def both(v_c: Array, o: int, U: Array) -> object:
        loss, grad_v_c, grad_U = no_shift(v_c, o, U)
        return (np.inf if v_c[0] == 3 else loss), grad_v_c, grad_U

    low = {"v_c": np.array([1.0]), "o": 0, "U": np.array([[-1000.0, -1000.0]])}
    for own, said in (
        ({**SMALL, "v_c": np.array([3.0, 1.0])}, None),
        ({**low, "U": np.array([[1000.0, 0.0]])}, "right up to logits of 700 and not beyond"),
        (low, "right down to logits of -700 and not below"),
    ):
        found = told(both, "naive_softmax", own=own)
        assert found is None if said is None else said in str(found)


def test_gradient_is_not_explained_by_the_formula_of_the_loss() -> None:
    """Where the loss is right and the gradients are those of another one, the line is that of the gradient."""

    def of_another_loss(V_context: Array, o: int, U: Array) -> object:
        summed = context_summed(V_context, o, U)
        return right(V_context.mean(axis=1), o, U)[0], *summed[1:]

    own = {"V_context": np.array([[1.0, 0.5], [-1.0, 2.0]]), "o": 1, "U": SMALL["U"]}
    said = str(told(of_another_loss, "cbow_naive_softmax", own=own))
    assert said.startswith(
        "grad_V_context and grad_U: the gradient of another loss: the division by max(m, 1)"
    )
    assert said.endswith("right is grad_U[i in d, w in V] = h[i] * delta_z[w]")
