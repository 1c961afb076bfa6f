"""`with_loss=False`: what the loss alone reads is not computed, and the gradients are the same bits."""

import re

import numpy as np
import pytest

from w2v_verified.symbolic import Array, Axis, Derivation, Loss, Position
from w2v_verified.symbolic.language.equation import names_used
from w2v_verified.symbolic.plan.operations import Computed, IfWanted
from w2v_verified.symbolic.plan.plan import walked

_DEFINITIONS = {
    "a sum within a sum": "loss = sum(n in N, w[n] * (softplus(-w[n]) + sum(h in H, softplus(X[n, h]))))",
    "a stage of its own": "s[n in N] = sum(h in H, log(1 + X[n, h] ** 2))\nloss = sum(n in N, w[n] * s[n])",
    "a stage that both read": "s[n in N] = tanh(sum(h in H, X[n, h]))\nloss = sum(n in N, w[n] * s[n])",
    "a stage in an exponential": "loss = exp(sum(n in N, w[n] * sum(h in H, X[n, h])))",
    "a gradient that the loss reads": "loss = t * sum(n in N, softplus(sum(h in H, X[n, h])))",
    "an array that the loss reads and a gradient is": "loss = sum(n in N, sum(h in H, X[n, h] * tanh(w[n])))",
    "a stage that is guarded": "s[n in N] = sum(h in H, A[n, h] * w[n])\nr[n in N] = tanh(s[n])\n"
    "loss = sum(n in N, r[n] * s[n]) + sum(n in N, sum(h in H, X[n, h] ** 2))",
    "a stage of a stage": "s[n in N] = sum(h in H, softplus(X[n, h]))\nu[n in N] = w[n] + s[n]\n"
    "loss = sum(n in N, u[n])",
}


def _loss(definition: str) -> Loss:
    return Loss(
        name="scored",
        title="Scored",
        summary="A loss.",
        axes=(Axis("N", "rows", letters="n", minimum=0), Axis("H", "columns", letters="h")),
        arguments=(
            Array("X", "N H", "numbers"),
            Array("w", "N", "weights", gradient=False),
            Array("A", "N H", "more", gradient=False),
            Array("t", "", "a factor"),
        ),
        definition=definition,
        optional=True,
    )


@pytest.mark.parametrize("definition", _DEFINITIONS.values(), ids=_DEFINITIONS)
def test_what_the_loss_alone_reads_is_computed_where_it_is_wanted(definition: str) -> None:
    derivation = Derivation(_loss(definition))
    operations = list(walked(derivation.plan.body))
    wanted = [operation for operation in operations if isinstance(operation, IfWanted)]
    assert wanted
    inside = {id(o) for choice in wanted for o in walked(choice.block)}
    computed = [o for o in operations if isinstance(o, Computed)]
    assert not any(o.formula.name.startswith("grad_") for o in computed if id(o) in inside)
    outside = [o for o in computed if id(o) not in inside]
    read = names_used(o.formula.expression for o in outside)
    assert all(o.formula.name in read or o.formula.name.startswith("grad_") for o in outside)
    assert not read & {o.formula.name for o in computed if id(o) in inside}

    module: dict[str, object] = {}
    exec(compile(derivation.module("scored.py"), "scored", "exec"), module)
    function = module["scored"]
    assert callable(function)
    for scale in (1.0, 400.0):
        random = np.random.default_rng(3)
        X, A = (random.standard_normal((4, 3)) * scale / 20 for _ in range(2))
        w, t = random.standard_normal(4), np.array(1.5)
        with_it = function(X, w, A, t)
        # What is not computed is seen in memory of the caller's.
        out = np.full_like(X, np.nan), np.full_like(t, np.nan)
        without = function(X, w, A, t, with_loss=False, out=out)
        assert np.isfinite(with_it.loss)
        assert np.isnan(without.loss)
        assert with_it.grad_X.tobytes() == without.grad_X.tobytes()
        assert np.asarray(with_it.grad_t).tobytes() == np.asarray(without.grad_t).tobytes()


def test_a_loss_that_a_gradient_reads_is_not_returned_where_it_is_not_wanted() -> None:
    loss = Loss(
        name="scored",
        title="Scored",
        summary="A loss.",
        axes=(Axis("N", "places", letters="n"),),
        arguments=(Array("v", "N", "numbers"), Position("q", "N", "a place")),
        definition="loss = tanh(v[q])",
        optional=True,
    )
    module: dict[str, object] = {}
    exec(compile(Derivation(loss).module("scored.py"), "scored", "exec"), module)
    function = module["scored"]
    assert callable(function)
    with_it, without = function(np.array([0.5, 2.0]), 1), function(np.array([0.5, 2.0]), 1, with_loss=False)
    assert with_it.loss == pytest.approx(np.tanh(2.0))
    assert np.isnan(without.loss)
    assert with_it.grad_v.tobytes() == without.grad_v.tobytes()


def test_a_derivative_that_is_an_argument_or_a_number_is_read_where_it_is() -> None:
    for weight in ("w[n] * ", ""):
        text = Derivation(
            _loss(f"loss = sum(n in N, {weight}(sum(h in H, softplus(X[n, h])) - w[n] ** 2))")
        ).module("scored.py")
        assert not re.search(r"delta_\w+ = (w\.copy\(\)|np\.full)", text)
