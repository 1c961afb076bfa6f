"""`with_loss=False`: what the loss alone reads is not computed, and the gradients are the same bits."""

import re

import numpy as np
import pytest

from w2v_verified.symbolic import Array, Axis, Derivation, Loss
from w2v_verified.symbolic.language.equation import names_used
from w2v_verified.symbolic.plan.operations import Computed, IfWanted
from w2v_verified.symbolic.plan.plan import walked

_DEFINITIONS = {
    "a sum within a sum": "loss = sum(n in N, w[n] * (softplus(-w[n]) + sum(h in H, softplus(X[n, h]))))",
    "a stage of its own": "s[n in N] = sum(h in H, log(1 + X[n, h] ** 2))\nloss = sum(n in N, w[n] * s[n])",
    "a stage that both read": "s[n in N] = tanh(sum(h in H, X[n, h]))\nloss = sum(n in N, w[n] * s[n])",
    "a loss its gradient reads": "loss = exp(sum(n in N, w[n] * sum(h in H, X[n, h])))",
    "a stage of a stage": "s[n in N] = sum(h in H, softplus(X[n, h]))\nt[n in N] = w[n] + s[n]\n"
    "loss = sum(n in N, t[n])",
}


def _loss(definition: str) -> Loss:
    return Loss(
        name="scored",
        title="Scored",
        summary="A loss.",
        axes=(Axis("N", "rows", letters="n", minimum=0), Axis("H", "columns", letters="h")),
        arguments=(Array("X", "N H", "numbers"), Array("w", "N", "weights", gradient=False)),
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
        X, w = random.standard_normal((4, 3)) * scale / 20, random.standard_normal(4)
        with_it, without = function(X, w), function(X, w, with_loss=False)
        assert np.isfinite(with_it.loss)
        assert np.isnan(without.loss)
        assert with_it.grad_X.tobytes() == without.grad_X.tobytes()


def test_a_derivative_that_is_an_argument_or_a_number_is_read_where_it_is() -> None:
    for weight in ("w[n] * ", ""):
        text = Derivation(
            _loss(f"loss = sum(n in N, {weight}(sum(h in H, softplus(X[n, h])) - w[n] ** 2))")
        ).module("scored.py")
        assert not re.search(r"delta_\w+ = (w\.copy\(\)|np\.full)", text)
